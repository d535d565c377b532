/* Keys of the inbox. They do what buttons and links do, nothing else, and are off where the person turned shortcuts off. */
(() => {
    const QUEUES = { m: "mine", q: "asked", f: "functions", u: "unassigned", w: "waiting", l: "late", a: "all", s: "snoozed" };
    let going = false;

    const settings = JSON.parse(document.getElementById("wagtail-config")?.textContent || "{}");
    if (settings.KEYBOARD_SHORTCUTS_ENABLED === false) return;

    function writing(target) {
        return target.closest("input, textarea, select, [contenteditable], dialog, [role=dialog]");
    }

    function move(step) {
        const links = [...document.querySelectorAll(".desk-row a")];
        if (!links.length) return;
        const here = links.findIndex((link) => link === document.activeElement);
        const open = links.findIndex((link) => link.getAttribute("aria-current"));
        const from = here >= 0 ? here : open >= 0 ? open : step > 0 ? -1 : links.length;
        const next = links[Math.min(links.length - 1, Math.max(0, from + step))];
        next.focus();
        next.scrollIntoView({ block: "nearest" });
    }

    function press(selector) {
        const found = document.querySelector(selector);
        found?.click();
        return found;
    }

    function write(kind) {
        const tab = document.querySelector(`.desk-tab[data-kind="${kind}"]`);
        if (!tab) return;
        if (tab.getAttribute("aria-current")) document.getElementById("desk-text")?.focus();
        else tab.click();
    }

    function unfold(key) {
        const button = document.querySelector(`button[data-key="${key}"]`);
        if (button) return button.click();
        const folded = document.querySelector(`details[data-key="${key}"]`);
        if (!folded) return;
        folded.open = true;
        folded.querySelector("select, button, input:not([type=hidden])")?.focus();
    }

    const ACTS = {
        j: () => move(1),
        k: () => move(-1),
        r: () => write("answer"),
        n: () => write("note"),
        a: () => unfold("a"),
        e: () => unfold("e"),
        s: () => unfold("s"),
        t: () => unfold("t"),
        "/": () => document.getElementById("desk-q")?.focus(),
        g: () => {
            going = true;
            setTimeout(() => (going = false), 1500);
        },
    };

    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writing(event.target)) return;
        if (going) {
            going = false;
            if (!QUEUES[event.key]) return;
            event.preventDefault();
            event.stopPropagation();
            press(`#queue-${QUEUES[event.key]}`);
            return;
        }
        const act = ACTS[event.key];
        if (!act) return;
        event.preventDefault();
        if (event.key === "/") event.stopPropagation();
        act();
    }, true);
})();
