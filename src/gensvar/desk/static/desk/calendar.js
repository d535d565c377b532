/* Moves what stands in the calendar, by mouse or by keys. It fills in and sends the plain form of each item, nothing else. */
(() => {
    const root = document.querySelector("[data-calendar]");
    if (!root) return;
    const announcer = root.querySelector("[data-announce]");
    const settings = JSON.parse(document.getElementById("wagtail-config")?.textContent || "{}");
    const DAY = 24 * 60 * 60 * 1000;
    const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const names = new Intl.DateTimeFormat(document.documentElement.lang, {
        weekday: "long",
        day: "numeric",
        month: "long",
        timeZone: "UTC",
    });
    let moving = null; // { item, day } while keys choose
    let dragged = null;

    function name(day) {
        return names.format(new Date(`${day}T00:00:00Z`));
    }

    function say(words, item, day) {
        announcer.textContent = words.replace("{title}", item.dataset.title).replace("{day}", name(day));
    }

    function mark(day) {
        root.querySelectorAll(".is-target").forEach((cell) => cell.classList.remove("is-target"));
        const cell = day && root.querySelector(`[data-day="${day}"]`);
        cell?.classList.add("is-target");
        cell?.scrollIntoView({ block: "nearest" });
    }

    function send(item, day) {
        const form = item.querySelector("form");
        form.elements.day.value = day;
        say(announcer.dataset.sent, item, day);
        form.requestSubmit();
    }

    function begin(item) {
        const first = root.querySelector(".is-today[data-day]") || root.querySelector("[data-day]");
        moving = { item, day: item.dataset.on || first.dataset.day };
        item.classList.add("is-moving");
        root.classList.add("is-choosing");
        item.querySelector("a").focus();
        mark(moving.day);
        say(announcer.dataset.begun, item, moving.day);
    }

    function leave(words) {
        const { item, day } = moving;
        item.classList.remove("is-moving");
        root.classList.remove("is-choosing");
        mark(null);
        moving = null;
        if (words) say(words, item, item.dataset.on || day);
        item.querySelector("a").scrollIntoView({ block: "nearest" });
    }

    function choose(event) {
        const step = STEPS[event.key];
        if (step) {
            moving.day = new Date(Date.parse(`${moving.day}T00:00:00Z`) + step * DAY).toISOString().slice(0, 10);
            mark(moving.day);
            say(announcer.dataset.onDay, moving.item, moving.day);
        } else if (event.key === "Enter") {
            const { item, day } = moving;
            leave("");
            send(item, day);
        } else if (event.key === "Escape" || event.key === "Tab") {
            leave(announcer.dataset.left);
            if (event.key === "Tab") return;
        } else return;
        event.preventDefault();
        event.stopPropagation();
    }

    document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (moving) return choose(event);
        if (event.key !== "m" || settings.KEYBOARD_SHORTCUTS_ENABLED === false) return;
        const item = event.target.closest("[data-item]");
        if (!item || event.target.closest("input, select")) return;
        event.preventDefault();
        event.stopPropagation();
        begin(item);
    }, true);

    root.querySelectorAll("[data-item]").forEach((item) => {
        item.draggable = true;
        const grab = item.querySelector("[data-grab]");
        grab.hidden = false;
        grab.addEventListener("click", () => begin(item));
        item.addEventListener("dragstart", (event) => {
            dragged = item;
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", item.dataset.title);
        });
        item.addEventListener("dragend", () => {
            dragged = null;
            mark(null);
        });
    });

    root.querySelectorAll("[data-day]").forEach((cell) => {
        cell.addEventListener("dragover", (event) => {
            if (!dragged) return;
            event.preventDefault();
            if (!cell.classList.contains("is-target")) mark(cell.dataset.day);
        });
        cell.addEventListener("drop", (event) => {
            if (!dragged) return;
            event.preventDefault();
            if (dragged.dataset.on === cell.dataset.day) return;
            send(dragged, cell.dataset.day);
        });
    });

    root.querySelector("[data-how]").hidden = false;
    const here = location.hash && document.getElementById(location.hash.slice(1));
    if (here && root.contains(here)) {
        // The browser's own way to the fragment takes the focus away until the page has come.
        window.addEventListener("load", () => requestAnimationFrame(() => here.querySelector("a").focus()));
    }
    const told = document.querySelector(".messages li");
    if (told) announcer.textContent = told.textContent.trim().replace(/\s+/g, " ");
})();
