/* Saves the draft as one types, lays files beside it at once, and helps to find a colleague after an @. */
(() => {
    const PAUSE = 800; // milliseconds after the last key
    let timer = 0;
    let list = null; // the colleagues offered: {box, options, at, from}

    let saving = null; // the saving that is under way: nothing is sent before it is done

    const form = () => document.querySelector("form[data-composer]");

    function save(now, options) {
        const begun = put(now, options);
        saving = begun;
        return begun.finally(() => {
            if (saving === begun) saving = null;
        });
    }

    async function put(now, { leaving = false } = {}) {
        clearTimeout(timer);
        const data = new FormData(now);
        data.set("act", "save");
        if (leaving) data.delete("files");
        try {
            const answer = await fetch(now.action, {
                method: "POST",
                body: data,
                keepalive: leaving,
                headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
            });
            if (answer.status === 409) return elsewhere(now, await answer.json());
            if (answer.status === 401 || answer.status === 403) return say(now, "refused"); // and so is every other try
            if (!answer.ok) throw new Error(answer.statusText);
            const saved = await answer.json();
            now.querySelector("[data-saved]").textContent = saved.saved;
            say(now, null);
            if (now.elements.text.value === data.get("text")) now.removeAttribute("data-dirty"); // else one has typed on
            now.elements.version.value = saved.version;
            const files = now.querySelector("[data-draft-files]");
            const picker = now.querySelector("input[type=file]");
            if (files) files.innerHTML = saved.files;
            if (picker && !leaving) picker.value = "";
        } catch {
            say(now, "unsaved");
            if (now.isConnected) timer = setTimeout(() => save(now), 5000);
        }
    }

    /* Why the words are not kept: "unsaved" is tried again, "refused" is asked once more by a button; null: they are kept. */
    function say(now, why) {
        for (const one of ["unsaved", "refused"]) now.querySelector(`[data-${one}]`).hidden = one !== why;
        if (!why) now.querySelector("[data-leave]").hidden = true;
        return null;
    }

    /* One would go on, and the words would be lost: they stay in sight, with a button for whoever wants that. */
    function hold(now, go) {
        const leave = now.querySelector("[data-leave]");
        leave.hidden = false;
        leave.onclick = () => {
            clearTimeout(timer);
            now.removeAttribute("data-dirty");
            go();
        };
        leave.scrollIntoView({ block: "center" });
        document.dispatchEvent(new Event("desk:held"));
    }

    /* Another window was before this one: what stands here is kept beside the draft, and its writer chooses. */
    function elsewhere(now, told) {
        now.removeAttribute("data-dirty");
        say(now, null);
        now.querySelector("[data-saved]").textContent = "";
        now.querySelector("[data-conflict]").hidden = false;
        const text = now.querySelector("[data-conflict-text]");
        if (text.textContent !== told.conflict) text.textContent = told.conflict;
        return null;
    }

    document.addEventListener("input", (event) => {
        const now = event.target.closest?.("form[data-composer]");
        if (!now || event.target.type === "file") return;
        now.setAttribute("data-dirty", "");
        clearTimeout(timer);
        timer = setTimeout(() => save(now), PAUSE);
        if (event.target.dataset.mentions) offer(event.target);
    });
    document.addEventListener("change", (event) => {
        const now = event.target.closest?.("form[data-composer]");
        if (now && event.target.type === "file" && event.target.files.length) save(now);
    });
    document.addEventListener("submit", (event) => {
        if (!event.target.matches("form[data-composer]")) return;
        clearTimeout(timer);
        event.target.removeAttribute("data-dirty");
        if (!saving) return;
        event.preventDefault(); // else the draft could be saved once more after its words have gone
        const button = event.submitter;
        saving.finally(() => event.target.requestSubmit(button));
    });

    function flush() {
        const now = form();
        if (now?.hasAttribute("data-dirty")) return save(now, { leaving: true });
        return null;
    }
    document.addEventListener("htmx:confirm", (event) => {
        const target = event.detail.target;
        if (!form()?.hasAttribute("data-dirty") || !["desk", "desk-conversation"].includes(target?.id)) return;
        event.preventDefault(); // keep what was typed first, then go
        const now = form();
        const { elt, issueRequest } = event.detail;
        // News may have laid the same link anew meanwhile, or taken it away: nothing is asked for in the name of what is gone.
        const go = () => {
            if (elt.isConnected) return issueRequest(true);
            const anew = document.getElementById(elt.id);
            return anew ? anew.click() : document.dispatchEvent(new Event("desk:held"));
        };
        flush().then(() => (now.isConnected && now.hasAttribute("data-dirty") ? hold(now, go) : go()));
    });
    window.addEventListener("pagehide", flush);

    /* What one types on while the answer to a press is on its way stands in the field that comes: the same words go on. */
    let typedOn = null;
    const isPane = (target) => ["desk", "desk-conversation"].includes(target?.id);
    document.addEventListener("htmx:beforeSwap", (event) => {
        if (isPane(event.detail.target)) typedOn = form()?.hasAttribute("data-dirty") ? form() : null;
    });
    document.addEventListener("htmx:afterSwap", (event) => {
        const before = typedOn;
        if (!before || !isPane(event.detail.target)) return;
        typedOn = null;
        const now = form();
        const same = (one) => `${new URL(one.action).pathname} ${one.elements.kind?.value}`;
        if (!now || now === before || same(now) !== same(before)) return; // the old field saves its own words still
        clearTimeout(timer);
        Promise.resolve(saving).finally(() => {
            if (Number(before.elements.version.value) > Number(now.elements.version.value)) now.elements.version.value = before.elements.version.value;
            now.elements.text.value = before.elements.text.value;
            now.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
        });
    });

    /* --- @colleague ---------------------------------------------------------------------------- */

    function close() {
        if (!list) return;
        list.box.remove();
        list.field.removeAttribute("aria-activedescendant");
        list.field.removeAttribute("aria-controls");
        list = null;
    }

    async function offer(field) {
        const before = field.value.slice(0, field.selectionStart);
        const found = /(?:^|\s)@([\p{L}\p{M}'-]{1,30})$/u.exec(before);
        if (!found) return close();
        const url = new URL(field.dataset.mentions, location.origin);
        url.searchParams.set("q", found[1]);
        const answer = await fetch(url);
        if (!answer.ok || field.value.slice(0, field.selectionStart) !== before) return null;
        const { people } = await answer.json();
        close();
        if (people.length) show(field, people, before.length - found[1].length);
        return null;
    }

    function show(field, people, from) {
        const box = document.createElement("ul");
        box.className = "desk-mentions";
        box.id = "desk-mentions";
        box.setAttribute("role", "listbox");
        box.setAttribute("aria-label", field.dataset.mentionsCalled);
        const options = people.map((person, index) => {
            const option = document.createElement("li");
            option.id = `desk-mention-${index}`;
            option.setAttribute("role", "option");
            option.textContent = person.title ? `${person.name}, ${person.title}` : person.name;
            option.addEventListener("mousedown", (event) => {
                event.preventDefault();
                choose(index);
            });
            box.append(option);
            return option;
        });
        field.after(box);
        field.setAttribute("aria-controls", box.id);
        list = { box, options, people, field, from, at: 0 };
        mark(0);
    }

    function mark(index) {
        list.at = (index + list.options.length) % list.options.length;
        list.options.forEach((option, i) => option.setAttribute("aria-selected", String(i === list.at)));
        list.field.setAttribute("aria-activedescendant", list.options[list.at].id);
    }

    function choose(index) {
        const { field, from, people } = list;
        const after = field.value.slice(field.selectionStart);
        const start = field.value.slice(0, from) + people[index].name + " ";
        field.value = start + after;
        field.setSelectionRange(start.length, start.length);
        close();
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    document.addEventListener("keydown", (event) => {
        if (!list || event.target !== list.field) return;
        const does = {
            ArrowDown: () => mark(list.at + 1),
            ArrowUp: () => mark(list.at - 1),
            Enter: () => choose(list.at),
            Tab: () => choose(list.at),
            Escape: close,
        }[event.key];
        if (!does) return;
        event.preventDefault();
        event.stopPropagation();
        does();
    }, true);
    document.addEventListener("focusout", (event) => {
        if (list && event.target === list.field) close();
    });
})();
