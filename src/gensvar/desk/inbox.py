"""The inbox: queues with their counts, the list, and the question of what is new. Plain pages; HTMX asks for a pane of one.

Neighbours: place (the address), rows (how a line reads), pane (the conversation beside it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gensvar.contract.channel import channels
from gensvar.conversations import queries
from gensvar.conversations.forwards import is_ours
from gensvar.conversations.models import Conversation
from gensvar.conversations.queries import QueueName
from gensvar.conversations.states import State
from gensvar.core.ids import row_id
from gensvar.core.models import User
from gensvar.core.roles import May, Role
from gensvar.desk import pane, refused, saved_screens
from gensvar.desk.access import READING, may_any, needs, user_of
from gensvar.desk.place import Place
from gensvar.desk.rows import Row, form_of, rows_of
from gensvar.people.models import Function, Person
from gensvar.people.queries import functions_of, person_of

QUEUES: Final[dict[str, tuple[Promise, str]]] = {
    QueueName.MINE: (gettext_lazy("Mine"), "user"),
    QueueName.ASKED: (gettext_lazy("Asked of me"), "comment"),
    QueueName.FUNCTIONS: (gettext_lazy("My functions"), "group"),
    QueueName.UNASSIGNED: (gettext_lazy("Nobody's yet"), "help"),
    QueueName.WAITING: (gettext_lazy("Waiting for them"), "history"),
    QueueName.LATE: (gettext_lazy("Late"), "warning"),
    QueueName.SNOOZED: (gettext_lazy("Asleep"), "time"),
    QueueName.FAILED: (gettext_lazy("Not delivered"), "circle-xmark"),
    QueueName.ALL: (gettext_lazy("All"), "list-ul"),
    QueueName.CLOSED: (gettext_lazy("Closed"), "check"),
    QueueName.SPAM: (gettext_lazy("Spam"), "bin"),
}
EMPTY: Final[dict[str, Promise]] = {
    QueueName.MINE: gettext_lazy("Nothing is waiting for you. Well done."),
    QueueName.ASKED: gettext_lazy("No colleague waits for your word."),
    QueueName.FUNCTIONS: gettext_lazy("Your functions have answered everybody."),
    QueueName.UNASSIGNED: gettext_lazy("Every conversation has somebody who takes care of it."),
    QueueName.LATE: gettext_lazy("No promise is broken."),
    QueueName.WAITING: gettext_lazy("We wait for nobody's reply."),
    QueueName.FAILED: gettext_lazy("Every answer has found its way."),
    QueueName.SPAM: gettext_lazy("No spam."),
}


@dataclass(frozen=True, slots=True)
class Queue:
    """One line of the first column."""

    name: str
    label: str
    icon: str
    count: int | None
    url: str
    selected: bool
    indented: bool = False


@needs(*READING, May.SEE_ENVELOPES, May.SEE_OUTBOX, May.MANAGE_PEOPLE, May.MANAGE_PLACES, May.MANAGE_DAYS)
def home(request: HttpRequest) -> HttpResponseBase:
    """Where one lands after log-in: the inbox, or the first screen that the role has."""
    user = user_of(request)
    landings = (
        (READING, "desk:inbox"),
        ((May.MANAGE_PEOPLE,), "desk:people"),
        ((May.MANAGE_PLACES,), "desk:contact_points"),
        ((May.SEE_ENVELOPES,), "desk:envelopes"),
        ((May.SEE_OUTBOX,), "desk:outbox"),
    )
    return redirect(next((name for needed, name in landings if may_any(user, needed)), "desk:days"))


@needs(*READING)
def inbox(request: HttpRequest) -> HttpResponseBase:
    """Queues and list, with no conversation open."""
    return show(request, number="")


@needs(*READING)
def conversation(request: HttpRequest, number: str) -> HttpResponseBase:
    """Queues and list with one conversation beside them; only its pane when HTMX asks for that."""
    return show(request, number=number)


def show(request: HttpRequest, *, number: str, **more: Any) -> HttpResponse:
    """One screen of the inbox, or the part of it that HTMX names. `more` is given to the conversation's pane."""
    place = Place.read(request.GET)
    user = user_of(request)
    me = person_of(user)
    if not _known(place.queue):
        place = place.but(queue=_first_queue(user, me))
    target = request.headers.get("HX-Target", "") if request.headers.get("HX-Request") else ""
    context: dict[str, Any] = {"place": place, "number": number}
    if number:
        opened = queries.get_visible(user, number)
        context |= pane.context(request, opened, place, me, **more)
        context["refused"] = refused.take(request, number)
    if target == "desk-conversation":
        return render(request, "desk/conversation.html", context)
    if target == "desk-earlier" and number:
        return render(request, "desk/words.html", context)
    # The version before the list: what comes while it is read is new to this page, and not lost to it.
    context["inbox_version"] = queries.version_for(user)
    context |= list_context(user, place, me, number)
    if target == "desk-more":
        return render(request, "desk/rows.html", context)
    context |= shell_context(user, place, me)
    return render(request, "desk/panes.html" if target == "desk" else "desk/inbox.html", context)


def list_context(user: User, place: Place, me: Person | None, number: str = "") -> dict[str, Any]:
    """The 25 rows of a place, and where the next ones are."""
    found = _page(user, place)
    rows: list[Row] = rows_of(found.rows, place, me, number, found.hits)
    return {
        "rows": rows,
        "more_url": place.but(before=found.next).url if found.next else "",
        "empty": EMPTY.get(place.queue, _("Nothing here.")),
    }


def _page(user: User, place: Place) -> queries.Page:
    """Raises LookupError for a queue whose name is none."""
    function = Function.objects.filter(slug=place.function).first() if place.function else None
    if place.q:
        state = State.SPAM if place.queue == QueueName.SPAM else None
        return queries.search_messages(
            user, place.q, before=place.before, function=function, channel=place.channel or None, state=state
        )
    found = queries.queue(user, place.queue)
    if function is not None:
        found = found.filter(function=function)
    if place.channel:
        found = found.filter(channel=place.channel)
    return queries.page(found, before=place.before)


def shell_context(user: User, place: Place, me: Person | None) -> dict[str, Any]:
    """What stands round the list: queues and filters."""
    held = list(functions_of(user))
    mine = [one for one in held if one.active]
    functions = list(Function.objects.filter(active=True)) if user.may(May.READ_ALL) else mine
    own = bool(mine) or not user.may(May.READ_ALL)
    views = saved_screens.lines(user, me, place)
    here = next((view for view in views if view.selected), None)
    queues = queues_of(user, place if here is None else Place(), mine or functions, held, own=own)
    return {
        "queues": queues,
        "waits_besides": _waits_besides(queues, place),
        "saved_views": views,
        "share_with": mine if Role.EXTERNAL not in user.roles else [],
        "may_save": me is not None and here is None and place.filtered,
        "functions": functions,
        "forms": [(name, form_of(name)) for name in channels()],
        "title": here.name if here is not None else title_of(place, functions, own=own),
        "may_write_first": user.may(May.WRITE_FIRST) and me is not None,
    }


def _waits_besides(queues: list[Queue], place: Place) -> list[Queue]:
    """What may wait for whoever has nothing of their own: a colleague's question, or what nobody takes care of yet."""
    if place.queue != QueueName.MINE or place.filtered:
        return []
    return [one for one in queues if one.name in {QueueName.ASKED, QueueName.UNASSIGNED} and one.count]


def title_of(place: Place, functions: list[Function], *, own: bool) -> str:
    """The name of the list."""
    if place.q:
        words = _("Search in spam: %(words)s") if place.queue == QueueName.SPAM else _("Search: %(words)s")
        return words % {"words": place.q}
    if place.queue.startswith("function:"):
        slug = place.queue.partition(":")[2]
        return next((str(f) for f in functions if f.slug == slug), _("Function"))
    return _name_of(place.queue, own=own) if place.queue in QUEUES else _("Inbox")


def _name_of(queue: str, *, own: bool) -> str:
    """Whoever reads all and holds no function, as a registrar, finds everybody's functions where others find their own."""
    return str(QUEUES[queue][0]) if own or queue != QueueName.FUNCTIONS else _("All functions")


def queues_of(
    user: User, place: Place, functions: list[Function], held: list[Function], *, own: bool
) -> list[Queue]:
    """The queues with their counts; those of single functions stand under "my functions"."""
    counts = queries.queue_counts(user, held)
    found: list[Queue] = []
    for name, (_label, icon) in QUEUES.items():
        if name not in counts and name not in {QueueName.CLOSED, QueueName.ALL}:
            continue
        found.append(_queue(place, name, _name_of(name, own=own), icon, counts.get(name)))
        if name == QueueName.FUNCTIONS and len(functions) > 1:
            found.extend(
                _queue(
                    place,
                    f"function:{f.slug}",
                    str(f),
                    "",
                    counts.get(f"function:{f.slug}", 0),
                    indented=True,
                )
                for f in functions
            )
    return found


def _queue(
    place: Place, name: str, label: str, icon: str, count: int | None, *, indented: bool = False
) -> Queue:
    url = Place(queue=name).url
    return Queue(name, label, icon, count, url, place.queue == name and not place.q, indented)


def _known(queue: str) -> bool:
    return queue in QUEUES or queue.startswith("function:")


def _first_queue(user: User, me: Person | None) -> str:
    """What is mine; for whoever is given nothing, as a registrar, all that comes, the newest first."""
    return QueueName.MINE if me is not None and user.may(May.ANSWER) else QueueName.ALL


@needs(*READING)
def news(request: HttpRequest) -> HttpResponseBase:
    """What changed since `version`: nothing (204), or the queues and the first rows anew."""
    user = user_of(request)
    version = str(queries.version_for(user))
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    me = person_of(user)
    place = Place.read(request.GET).but(before=None)
    if not _known(place.queue):
        place = place.but(queue=_first_queue(user, me))
    number = request.GET.get("open", "")[:20]
    context: dict[str, Any] = {"place": place, "number": number}
    context |= list_context(user, place, me, number) | shell_context(user, place, me)
    return JsonResponse(
        {
            "version": version,
            "queues": render_to_string("desk/queues.html", context, request),
            "rows": render_to_string("desk/rows.html", context, request),
            "newer": _newer(request, user, me, number),
        }
    )


def _newer(request: HttpRequest, user: User, me: Person | None, number: str) -> str:
    """What the open conversation holds more than its page shows; what oneself did in another window is told as one's own."""
    seen = row_id(request.GET.get("seen"))
    if not number or not seen:
        return ""
    try:
        newer = queries.get_visible(user, number).messages.filter(pk__gt=seen)
    except Conversation.DoesNotExist:  # the list goes on telling what is new
        return _("This conversation is not among those that you may see any more.")
    rows = list(newer.only("person_id", "direction", "author", "marks"))
    own = [row for row in rows if me is not None and row.person_id == me.pk]
    told = []
    if count := len(rows) - len(own):
        came = ngettext("One new word came here.", "%(count)s new words came here.", count)
        told.append(came % {"count": count})
    if any(is_ours(row) for row in own):
        told.append(_("You answered here in another window."))
    elif own:
        told.append(_("You wrote or changed something here in another window."))
    return " ".join(told)
