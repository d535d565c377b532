/* A screen of several forms: a button sends its own form alone, and the page comes anew. What had been typed in the others,
   and in its own where it was refused, is laid back into them, and each of these says that it is not saved yet. Nothing of
   it outlasts the next page of the desk, and nobody else who logs in meets it. */
(() => {
    const SHELF = "desk-still-typed";
    const MOMENT = 2000; // milliseconds in which a page usually comes
    const notice = document.getElementById("desk-still-typed");
    const TYPED =
        "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button])";

    const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches(TYPED));
    const ticked = (field) => field.type === "checkbox" || field.type === "radio";

    function changed(field) {
        if (ticked(field)) return field.checked !== field.defaultChecked;
        if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
        const options = [...field.options];
        const first = options.findIndex((option) => option.defaultSelected);
        return !field.multiple && field.selectedIndex !== Math.max(first, 0);
    }

    /* The same field on the page that comes: by what its form is about, since other forms may have come or gone. */
    function keyOf(form, field) {
        const about = [...form.querySelectorAll("input[type=hidden]")]
            .filter((hidden) => hidden.name !== "csrfmiddlewaretoken")
            .map((hidden) => [hidden.name, hidden.value]);
        return JSON.stringify([form.getAttribute("action"), about, field.name, ticked(field) ? field.value : ""]);
    }

    function eachField(does) {
        for (const form of document.querySelectorAll(".desk-page-body form[method=post]"))
            for (const field of fieldsOf(form)) does(form, field);
    }

    function lay(sent) {
        const typed = [];
        eachField((form, field) => {
            if (!changed(field)) return;
            const value = ticked(field) ? field.checked : field.value;
            typed.push({ key: keyOf(form, field), value, sent: form === sent });
        });
        const shelf = { at: location.pathname, who: notice.dataset.who, typed };
        sessionStorage.setItem(SHELF, JSON.stringify(shelf));
    }

    function layBack() {
        const shelf = JSON.parse(sessionStorage.getItem(SHELF) || "null");
        sessionStorage.removeItem(SHELF);
        if (!shelf || shelf.at !== location.pathname || shelf.who !== notice.dataset.who) return;
        const refused = document.querySelector(".messages .error") !== null;
        const wanted = new Map(shelf.typed.filter((one) => refused || !one.sent).map((one) => [one.key, one.value]));
        const told = new Set();
        eachField((form, field) => {
            const key = keyOf(form, field);
            if (!wanted.has(key)) return;
            const value = wanted.get(key);
            wanted.delete(key);
            if (value === (ticked(field) ? field.checked : field.value)) return;
            if (ticked(field)) field.checked = value;
            else field.value = value;
            told.add(form);
        });
        for (const form of told) form.prepend(notice.content.cloneNode(true));
    }

    /* A form that came back stands at what has to be mended in it, however far down the page that is. */
    function standAtFirstFault() {
        const fault = document.querySelector(".desk-page-body .desk-field-error[role=alert]");
        if (!fault) return;
        const around = fault.closest(".desk-field, fieldset, form");
        const field = around && [...around.querySelectorAll(TYPED)].find((one) => !one.disabled);
        if (field) field.focus({ preventScroll: true });
        fault.scrollIntoView({ block: "center" });
    }

    /* A second click while the first is on its way would do it twice: invite a guest, say, or begin an outcome. */
    function isSecondClick(form) {
        if (form.matches("[data-composer]")) return false; // it sends itself once more when its draft is saved
        if (form.hasAttribute("data-sent")) return true;
        form.setAttribute("data-sent", "");
        setTimeout(() => form.removeAttribute("data-sent"), MOMENT);
        return false;
    }

    layBack();
    standAtFirstFault();
    document.addEventListener("submit", (event) => {
        if (event.defaultPrevented || !event.target.closest(".desk-page-body")) return;
        if (isSecondClick(event.target)) event.preventDefault();
        else lay(event.target);
    });
})();
