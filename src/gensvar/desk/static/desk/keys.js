/* Keys of the inbox. They do what buttons and links do, nothing else, and are off where the person turned shortcuts off.
   They are for the conversation that one stands at: while another one, or another field, is on its way, they wait for it. */
(() => {
    const QUEUES = { m: "mine", q: "asked", f: "functions", u: "unassigned", w: "waiting", l: "late", a: "all", s: "snoozed" };
    const PANES = ["desk", "desk-conversation"];
    const SETTLED = 200; // milliseconds after an answer in which it stands in its place, if it ever does
    const ASKED = "asked for";
    let going = false;
    let coming = null; // the request of a pane that is on its way: what one presses meanwhile is not for what it replaces
    let pressed = []; // the keys that wait for it

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

    const OF_CONVERSATION = "rnaest";
    const here = () => document.activeElement?.closest(".desk-row a");

    /* Whether the key was ours. At a row whose conversation is not the open one, that one is opened first. */
    function does(key) {
        if (going) {
            going = false;
            return Boolean(QUEUES[key] && press(`#queue-${QUEUES[key]}`));
        }
        if (!ACTS[key]) return false;
        const row = here();
        if (row && !row.getAttribute("aria-current") && OF_CONVERSATION.includes(key)) {
            row.click();
            pressed.unshift(key);
        } else ACTS[key]();
        return true;
    }

    function arrived() {
        coming = null;
        while (pressed.length && !coming) {
            const field = document.activeElement;
            if (field.matches("textarea")) { // what was typed on after r or n stands in the field
                document.execCommand("insertText", false, pressed.map((key) => (key === "Enter" ? "\n" : key)).join(""));
                pressed = [];
            } else if (writing(field)) {
                pressed = [];
            } else {
                const key = pressed.shift();
                if (key === "Enter") here()?.click();
                else does(key);
            }
        }
    }

    function stayedAway() {
        coming = null;
        pressed = [];
    }

    const ofPane = (then) => (event) => PANES.includes(event.detail.target?.id) && then(event);
    document.addEventListener("htmx:confirm", ofPane((event) => {
        coming ||= ASKED;
        setTimeout(() => coming === ASKED && !event.defaultPrevented && stayedAway()); // composer.js may hold it back, and says so
    }));
    document.addEventListener("htmx:beforeRequest", ofPane(({ detail: { xhr } }) => {
        coming = xhr;
        xhr.addEventListener("loadend", () => setTimeout(() => coming === xhr && stayedAway(), SETTLED)); // also where news took away what asked
    }));
    document.addEventListener("htmx:afterSettle", ofPane(({ detail: { xhr } }) => setTimeout(() => coming === xhr && arrived()))); // once the field has the focus
    document.addEventListener("desk:held", stayedAway);

    document.addEventListener("keydown", (event) => {
        if (writing(event.target) || event.isComposing) return;
        const letter = event.getModifierState("AltGraph"); // "@" on a Swedish keyboard, which Windows calls Ctrl and Alt
        if ((event.ctrlKey || event.metaKey || event.altKey) && !letter) return;
        if (coming) {
            if (event.key === "Backspace") pressed.pop();
            else if (event.key.length === 1 || event.key === "Enter") pressed.push(event.key);
            else return;
            event.preventDefault();
            event.stopPropagation();
        } else if (does(event.key)) {
            event.preventDefault();
            event.stopPropagation();
        }
    }, true);
})();
