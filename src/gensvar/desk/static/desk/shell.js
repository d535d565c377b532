/* For every page of Wagtail's shell. Its choosers of days and times start from their <template data-chooser>, since the
   strict policy runs no inline script; the way home is named by what stands in it, not by a fixed word. */
(() => {
    const starters = { date: "initDateChooser", time: "initTimeChooser", datetime: "initDateTimeChooser" };

    function start(root) {
        for (const found of root.querySelectorAll("template[data-chooser]:not([data-started])")) {
            const begin = window[starters[found.dataset.chooser]];
            if (!begin || !document.getElementById(found.dataset.for)) continue;
            found.setAttribute("data-started", "");
            begin(found.dataset.for, JSON.parse(found.dataset.options));
        }
    }

    function nameHome() {
        document.querySelector(".sidebar-custom-branding[aria-label]")?.removeAttribute("aria-label");
    }

    function look() {
        start(document);
        nameHome();
    }

    function startAll() {
        look();
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    }

    if (document.readyState === "complete") startAll();
    else window.addEventListener("load", startAll);
})();
