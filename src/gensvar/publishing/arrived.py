"""A word that came by the form with a fact beside it: when it is read and routed, and how it moves to who shall answer it.

Neighbours: comments.taking and about.tying wait for it here; routing has placed it before.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from gensvar.contract.values import Kind
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.intake.models import Envelope
from gensvar.people.models import Function
from gensvar.routing import services as routing

SOON: Final = dt.timedelta(milliseconds=300)
LATEST: Final = dt.timedelta(hours=1)  # between two looks at a word that could not be read


def read(envelope_id: int) -> Message | None:
    """The word of that envelope; None as long as it has not been read."""
    return (
        Message.objects.select_related("conversation__function", "conversation__contact_point", "contact")
        .filter(envelope=envelope_id)
        .first()
    )


def routed(message: Message) -> bool:
    """Whether routing has given its conversation a day."""
    return message.conversation.due_at is not None or message.conversation.state != State.OPEN


def later(envelope_id: int) -> dt.datetime:
    """Look again soon; ever more seldom for what waits for a person."""
    now = clock.now()
    waited = now - Envelope.objects.only("received_at").get(pk=envelope_id).received_at
    return now + min(max(waited / 4, SOON), LATEST)


def opened_by(message: Message) -> bool:
    """Whether a resident's word has opened its conversation."""
    first = Message.objects.filter(conversation=message.conversation_id).order_by("pk").first()
    return (
        message.direction == Message.Direction.IN
        and message.author == Message.Author.RESIDENT
        and message.kind == Kind.MESSAGE
        and first is not None
        and first.pk == message.pk
    )


def link(conversation: Conversation, other: int | None) -> None:
    """Say that it has to do with that other conversation, where nothing is said yet."""
    if other is not None:
        Conversation.objects.filter(pk=conversation.pk, linked_from__isnull=True).update(linked_from=other)


def pass_to(conversation: Conversation, function: Function | None) -> None:
    """To that function, in its queue; where nobody holds it, as routing says."""
    if function is None or function.pk == conversation.function_id:
        return
    conversations.place_ids(
        conversation.pk, function_id=function.pk, assignee_id=None, due_at=conversation.due_at
    )
    routing.reroute([conversation.pk])
