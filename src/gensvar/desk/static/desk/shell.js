/* For every page of Wagtail's shell: what it does by inline scripts and styles, which the strict policy refuses. Choosers of
   days and times and lists of rows start from a <template>; styles written by script go into a sheet of their own. */
(() => {
    const choosers = { date: "initDateChooser", time: "initTimeChooser", datetime: "initDateTimeChooser" };

    function start(root) {
        for (const found of root.querySelectorAll("template[data-chooser]:not([data-started])")) {
            const begin = window[choosers[found.dataset.chooser]];
            if (!begin || !document.getElementById(found.dataset.for)) continue;
            found.setAttribute("data-started", "");
            begin(found.dataset.for, JSON.parse(found.dataset.options));
        }
        for (const found of root.querySelectorAll("template[data-panel]:not([data-started])")) {
            const Panel = window[found.dataset.panel];
            if (!Panel) continue;
            found.setAttribute("data-started", "");
            new Panel(...JSON.parse(found.dataset.arguments));
        }
    }

    function nameHome() {
        document.querySelector(".sidebar-custom-branding[aria-label]")?.removeAttribute("aria-label");
    }

    /* Who else has the post open is said by a picture alone until the pointer is on it; what is shown then is its name. The
       tooltip takes those words out of the button. */
    function nameOthers() {
        for (const found of document.querySelectorAll("button.w-editing-sessions__session:not([aria-label])")) {
            const words = found.querySelector(".w-editing-sessions__popup") ?? found._tippy?.props.content;
            const said = words?.textContent?.replace(/\s+/g, " ").trim();
            if (said) found.setAttribute("aria-label", said);
        }
    }

    function look() {
        start(document);
        nameHome();
        nameOthers();
    }

    function startAll() {
        look();
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    }

    /* The text editor writes the words of its empty lines into a <style>; it stays empty, which alone is allowed. */
    const sheets = new WeakMap();
    Object.defineProperty(HTMLStyleElement.prototype, "textContent", {
        configurable: true,
        set(text) {
            if (!sheets.has(this)) {
                sheets.set(this, new CSSStyleSheet());
                document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheets.get(this)];
            }
            sheets.get(this).replaceSync(text);
        },
    });

    if (document.readyState === "complete") startAll();
    else window.addEventListener("load", startAll);
})();
