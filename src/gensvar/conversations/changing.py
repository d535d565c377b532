"""How every change to a conversation is made: one turn, one look at who may, counters, version and audit with it.

Neighbours: moves, notes, outgoing and joining change; services offers them to the other rooms.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from gensvar.contract.values import Kind
from gensvar.conversations import counts, index
from gensvar.conversations.counts import Standing
from gensvar.conversations.models import Conversation, Mention, Message
from gensvar.conversations.states import ImpossibleMove
from gensvar.conversations.turns import turn
from gensvar.conversations.visibility import visible_to
from gensvar.core import audit
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.roles import May

FIELDS: Final = tuple(
    field.attname
    for field in Conversation._meta.concrete_fields
    if field.attname not in {"id", "number", "channel", "visibility", "opened_at", "imported"}
)

OF_PERSONS: Final = Q(
    direction=Message.Direction.IN, author=Message.Author.RESIDENT, kind=Kind.MESSAGE
)  # words that somebody must have read before they leave the queues


@contextmanager
def changing(conversation: Conversation) -> Iterator[Conversation]:
    """A fresh copy to change, alone; afterwards written, counted, and the caller's own object brought up to date.

    A merged conversation gives way to the one that lives on.
    """
    with turn():
        fresh = living(Conversation.objects.get(pk=conversation.pk))
        standing = Standing.of(fresh)
        before = _values(fresh)
        yield fresh
        after = _values(fresh)
        changed = [name for name in FIELDS if before[name] != after[name]]
        if changed:
            Conversation.objects.filter(pk=fresh.pk).update(**{name: after[name] for name in changed})
        counts.moved(standing, Standing.of(fresh))
        if {"function_id", "assignee_id"} & set(changed):
            mark_anew(fresh)
    if fresh.pk == conversation.pk:
        conversation.refresh_from_db()


@contextmanager
def acting(
    conversation: Conversation, by: User, permission: May, action: str, **details: Any
) -> Iterator[Conversation]:
    """`changing` by a member of staff: they must hold the permission and see the conversation; the act is audited."""
    require(by, permission)
    with changing(conversation) as fresh:
        require_visible(fresh, by)
        yield fresh
        audit.note(by, f"conversation.{action}", fresh, **details)


def require_visible(conversation: Conversation, by: User) -> None:
    """Raise NotAllowed unless the user may see this conversation."""
    if not visible_to(by).filter(pk=conversation.pk).exists():
        raise NotAllowed(_("This conversation is not among those that you may see."))


def require_read(conversation: Conversation, seen: int | None) -> None:
    """Raise ImpossibleMove where more words of persons stand in it than `seen`, as many as there were for the screen.

    One of them would leave the queues with nobody having read it: what came since, and what came earlier in a conversation
    that was merged with this one since. None, where no screen showed anything, raises nothing.
    """
    if seen is not None and Message.objects.filter(OF_PERSONS, conversation=conversation).count() > seen:
        raise ImpossibleMove(
            _("Something new came here that you had not seen. Read it, and choose again if that still holds.")
        )


def living(conversation: Conversation) -> Conversation:
    """The conversation itself, or the one that it was merged into."""
    seen: set[int] = set()
    while conversation.merged_into is not None and conversation.pk not in seen:
        seen.add(conversation.pk)
        conversation = conversation.merged_into
    return conversation


def marks_of(conversation: Conversation) -> list[str]:
    """What the index says of who may see a conversation's messages."""
    persons = set(
        Mention.objects.filter(message__conversation=conversation).values_list("person_id", flat=True)
    )
    if conversation.assignee_id is not None:
        persons.add(conversation.assignee_id)
    return index.marks_of(conversation.function_id, persons, conversation.channel)


def mark_anew(conversation: Conversation) -> None:
    """Tell the index that others may see a conversation now."""
    index.mark_anew(conversation.pk, marks_of(conversation))


def put_in_index(message: Message, conversation: Conversation, stems: list[str]) -> None:
    """Let a new message be found."""
    index.add(message.pk, stems, marks_of(conversation))


def _values(conversation: Conversation) -> dict[str, Any]:
    return {name: getattr(conversation, name) for name in FIELDS}
