/* Starts Wagtail's choosers of days and times from their <template data-chooser>: the strict policy runs no inline script. */
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

    function startAll() {
        start(document);
        new MutationObserver(() => start(document)).observe(document.body, { childList: true, subtree: true });
    }

    if (document.readyState === "complete") startAll();
    else window.addEventListener("load", startAll);
})();
