"""A conversation as a row of the list says it: who, about what, by which form, whose turn, how urgent. Words and shapes, no queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gensvar.contract.channel import channel as channel_named
from gensvar.conversations.models import Conversation
from gensvar.conversations.states import State
from gensvar.core import clock, times
from gensvar.desk.place import Place, write_key
from gensvar.desk.subjects import as_read
from gensvar.people.models import Function, Person


@dataclass(frozen=True, slots=True)
class Form:
    """A channel as the desk shows it."""

    icon: str
    label: str


def form_of(channel: str) -> Form:
    """Icon and word of a channel; one that is no longer installed keeps its name."""
    try:
        found = channel_named(channel)
    except LookupError:
        return Form("mail", channel)
    return Form(found.icon, str(found.label()))


@dataclass(frozen=True, slots=True)
class Mark:
    """A word with a shape: `kind` is a class of the style sheet, `icon` one of Wagtail's."""

    kind: str
    icon: str
    text: str


def turn_of(conversation: Conversation, now: dt.datetime) -> Mark:
    """Whose turn it is."""
    if conversation.snoozed_until and conversation.snoozed_until > now:
        return Mark(
            "snoozed", "time", _("asleep until %(time)s") % {"time": times.said(conversation.snoozed_until)}
        )
    return {
        State.OPEN: Mark("ours", "arrow-right-full", _("waiting for us")),
        State.WAITING: Mark("theirs", "history", _("waiting for them")),
        State.CLOSED: Mark("closed", "check", _("closed")),
        State.SPAM: Mark("spam", "circle-xmark", _("spam")),
    }[State(conversation.state)]


def urgency_of(conversation: Conversation, now: dt.datetime, *, short: bool = False) -> Mark | None:
    """How urgent it is: late, promised within a day, promised later; None where nothing is promised."""
    due = conversation.due_at
    if due is None or conversation.state != State.OPEN:
        return None
    if due < now:
        return Mark(
            "late",
            "warning",
            _("late since %(time)s") % {"time": times.brief(due) if short else times.said(due)},
        )
    if due - now < dt.timedelta(hours=24):
        return Mark("soon", "time", _("answer %(time)s at the latest") % {"time": times.said(due)})
    return Mark(
        "later", "", _("answer by %(time)s") % {"time": times.brief(due) if short else times.said(due)}
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, ready to be shown."""

    number: str
    url: str
    key: str
    who: str
    subject: str
    preview: str
    at: dt.datetime
    form: Form
    turn: Mark
    urgency: Mark | None
    owner: str
    function: str
    unread: bool
    files: bool
    doubted: bool  # our own mail server says that their newest word is not from its sender
    selected: bool


def rows_of(
    found: Iterable[Conversation],
    place: Place,
    me: Person | None,
    selected: str = "",
    hits: Mapping[int, int] | None = None,
) -> list[Row]:
    """The lines for these conversations; two queries for the names of all functions and persons in them.

    `hits` names the message (by conversation, ids) that a line's address leads to.
    """
    found, hits = list(found), hits or {}
    functions = {
        f.pk: str(f) for f in Function.objects.filter(pk__in={c.function_id for c in found} - {None})
    }
    persons = dict(
        Person.objects.filter(pk__in={c.assignee_id for c in found} - {None}).values_list("pk", "name")
    )
    now = clock.now()
    return [
        Row(
            number=c.number,
            url=place.url_of(c.number, word=hits.get(c.pk)),
            key=write_key((c.last_at, c.pk)),
            who=c.contact_name or _("unknown"),
            subject=as_read(c) or _("no subject"),
            preview=c.preview,
            at=c.last_at,
            form=form_of(c.channel),
            turn=turn_of(c, now),
            urgency=urgency_of(c, now, short=True),
            owner=owner_word(c.assignee_id, persons, me),
            function=functions.get(c.function_id or 0, ""),
            unread=c.unread,
            files=c.has_files,
            doubted=c.doubted,
            selected=c.number == selected,
        )
        for c in found
    ]


def owner_word(assignee: int | None, persons: dict[int, str], me: Person | None) -> str:
    """Whose it is: "you", a colleague's name, or nobody's."""
    if assignee is None:
        return _("nobody's yet")
    if me is not None and assignee == me.pk:
        return _("yours")
    return persons.get(assignee, "")
