/* Keeps the inbox alive: asks what is new, lays new rows into the list without moving what one reads, marks the open row. */
(() => {
    const EVERY = 1500; // milliseconds
    const desk = () => document.querySelector(".desk");
    const thread = () => document.querySelector(".desk-thread");
    let asking = false;
    let waitUntil = 0;

    function address() {
        const now = desk();
        const url = new URL(now.dataset.newsUrl, location.origin);
        for (const [name, value] of new URLSearchParams(now.dataset.query)) url.searchParams.set(name, value);
        url.searchParams.set("version", now.dataset.version);
        const open = thread();
        if (open) {
            url.searchParams.set("open", open.dataset.number);
            url.searchParams.set("seen", open.dataset.seen);
        }
        return url;
    }

    function elements(html) {
        const holder = document.createElement("template");
        holder.innerHTML = html;
        return holder.content;
    }

    function withFocusKept(change) {
        const id = document.activeElement && document.activeElement.id;
        change();
        const again = id && document.getElementById(id);
        if (again && again !== document.activeElement) again.focus({ preventScroll: true });
    }

    function place(key) {
        const [at, id] = (key || "0-0").split("-").map(Number);
        return { at, id };
    }

    function older(a, b) {
        return a.at < b.at || (a.at === b.at && a.id < b.id);
    }

    /* The first rows come anew; rows further down, which one has asked for with "more", stay where they are. */
    function mergeRows(html) {
        const list = document.getElementById("desk-rows");
        const fresh = [...elements(html).children];
        const rows = fresh.filter((row) => row.classList.contains("desk-row"));
        const names = new Set(rows.map((row) => row.id));
        const before = new Map([...list.querySelectorAll(".desk-row")].map((row) => [row.id, row.dataset.key]));
        const last = rows.length ? place(rows[rows.length - 1].dataset.key) : null;
        const more = fresh.find((row) => row.id === "desk-more");
        const kept = [...list.querySelectorAll(".desk-row")].filter(
            (row) => more && last && !names.has(row.id) && older(place(row.dataset.key), last),
        );
        const end = kept.length ? list.querySelector("#desk-more") : more;
        const scroll = document.getElementById("desk-list").scrollTop;
        withFocusKept(() => {
            list.replaceChildren(...(rows.length ? rows : fresh.filter((row) => row !== more)), ...kept);
            if (end) list.append(end);
            window.htmx?.process(list);
        });
        document.getElementById("desk-list").scrollTop = scroll;
        markOpen();
        return rows.filter((row) => row.classList.contains("is-unread") && before.get(row.id) !== row.dataset.key).length;
    }

    function tell(count) {
        if (!count) return;
        const words = count === 1 ? desk().dataset.one : desk().dataset.many.replace("{count}", count);
        document.getElementById("desk-announce").textContent = words;
    }

    function showNewer(sentence) {
        const notice = document.querySelector("[data-newer]");
        if (!notice) return;
        notice.hidden = !sentence;
        if (sentence) notice.querySelector("[data-newer-text]").textContent = sentence;
    }

    async function ask() {
        if (asking || !desk() || document.hidden || Date.now() < waitUntil) return;
        asking = true;
        try {
            const url = address();
            const answer = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
            document.getElementById("desk-logged-out").hidden = answer.status !== 401;
            document.getElementById("desk-not-allowed").hidden = answer.status !== 403;
            if ([401, 403].includes(answer.status)) waitUntil = Date.now() + 10000; // one may log in again in another tab
            if (answer.status !== 200) return;
            const news = await answer.json();
            if (url.search !== address().search) return; // one has gone elsewhere meanwhile
            desk().dataset.version = news.version;
            withFocusKept(() => {
                const queues = document.getElementById("desk-queues");
                queues.innerHTML = news.queues;
                window.htmx?.process(queues);
            });
            const here = new URLSearchParams(desk().dataset.query);
            if (!here.has("before") && !here.has("q")) tell(mergeRows(news.rows)); // a search stays as it was asked
            showNewer(news.newer);
        } catch {
            waitUntil = Date.now() + 10000; // the network is away: ask more seldom
        } finally {
            asking = false;
        }
    }

    function markOpen() {
        const open = thread();
        for (const link of document.querySelectorAll(".desk-row a")) {
            const is = Boolean(open) && link.id === `open-${open.dataset.number}`;
            if (is) {
                link.setAttribute("aria-current", "true");
                link.closest(".desk-row").classList.remove("is-unread");
            } else link.removeAttribute("aria-current");
        }
    }

    /* The head covers what lies under it, and is as high as its subject is long: nothing that one goes to stands there. */
    function roomForHead() {
        const head = document.querySelector(".desk-thread-head");
        document.documentElement.style.setProperty("--head", `${stays(head) ? head.offsetHeight : 0}px`);
    }

    /* In a low window the head goes out of sight with the words, which would have no room beside it. */
    const stays = (head) => Boolean(head) && getComputedStyle(head).position === "sticky";

    /* Where what one reads begins. */
    function underHead() {
        const head = document.querySelector(".desk-thread-head");
        const pane = document.getElementById("desk-conversation").getBoundingClientRect();
        return (stays(head) ? head.getBoundingClientRect().bottom : pane.top) + 12;
    }

    /* The newest word and the field under it are what one came for; a short thread stays as it is. */
    function toNewest() {
        const words = document.querySelectorAll(".desk-word-list > li");
        if (document.querySelector(".desk-later")) return;
        if (words.length < 2 || window.matchMedia("(max-width: 50rem)").matches) return;
        if (words[words.length - 1].contains(document.activeElement)) return;
        const pane = document.getElementById("desk-conversation");
        pane.scrollTop += words[words.length - 1].getBoundingClientRect().top - underHead();
    }

    /* The field that one asked for comes to where one reads. Only the pane moves; on a phone, where it has no end, the page. */
    function showField(field) {
        const composer = field.closest(".desk-composer") || field;
        if (window.matchMedia("(max-width: 50rem)").matches) return composer.scrollIntoView();
        document.getElementById("desk-conversation").scrollTop += composer.getBoundingClientRect().top - underHead();
        return window.scrollTo(0, 0);
    }

    /* What the page said when it came is over once something else is done, or once nothing can be taken back any more. */
    function saidBefore() {
        for (const told of document.querySelectorAll(".messages li.success")) told.remove();
    }

    document.addEventListener("htmx:afterSettle", (event) => {
        const over = !document.querySelector(".desk-deliveries form[action*='/angra/']");
        if (event.detail.target.id === "desk-conversation" || (over && event.detail.elt.classList.contains("desk-deliveries"))) saidBefore();
        if (event.detail.target.id === "desk") document.title = `${document.getElementById("desk-list-title").textContent.trim()} - Gensvar`;
        if (event.detail.target.id !== "desk-conversation") return;
        desk().dataset.view = "conversation";
        markOpen();
        event.detail.target.scrollTop = 0;
        roomForHead();
        toNewest();
        const asked = event.detail.target.querySelector("textarea[autofocus]");
        if (asked) {
            asked.focus({ preventScroll: true });
            showField(asked);
        }
        else if (!event.detail.target.contains(document.activeElement)) event.detail.target.focus({ preventScroll: true });
        const title = document.getElementById("desk-subject");
        if (title) document.title = `${title.textContent.trim()} - Gensvar`;
    });
    document.addEventListener("desk:changed", ask);
    document.addEventListener("visibilitychange", ask);
    document.addEventListener("click", (event) => {
        for (const open of document.querySelectorAll(".desk-act-more[open]")) if (!open.contains(event.target)) open.open = false;
    });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        for (const open of document.querySelectorAll(".desk-act-more[open]")) {
            open.open = false;
            open.querySelector("summary").focus();
        }
    });
    /* A link to a word that lies further back than this part of the thread: fetch the part that holds it. */
    function toWord() {
        const word = /^#word-(\d+)$/.exec(location.hash)?.[1];
        if (!word || !thread() || document.getElementById(`word-${word}`)) return;
        const url = new URL(location.href);
        if (url.searchParams.get("word") === word) return; // asked for already, and not there
        url.searchParams.delete("until");
        url.searchParams.set("word", word);
        location.replace(url);
    }
    /* After sending, a new page comes: reading goes on at the newest word, one step from taking it back, and not at the top. */
    function toSent() {
        const told = document.querySelector(".messages li");
        const newest = document.querySelector(".desk-word-list > li:last-child .desk-word");
        if (!told || !newest || document.activeElement !== document.body) return;
        told.id = "desk-told";
        newest.setAttribute("aria-describedby", told.id);
        newest.tabIndex = -1;
        newest.focus({ preventScroll: true });
    }
    /* An address that leads to the field moves the whole page under what was said at its top. */
    function toField() {
        const asked = document.querySelector("textarea[autofocus]");
        if (asked && location.hash) showField(asked);
    }
    window.addEventListener("load", () => requestAnimationFrame(() => (roomForHead(), toSent(), toField())));
    window.addEventListener("resize", roomForHead);
    window.addEventListener("hashchange", toWord);
    toWord();
    setInterval(ask, EVERY);
    if (!location.hash) toNewest();
})();
