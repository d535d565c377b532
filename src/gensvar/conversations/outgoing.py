"""Our own words in a conversation, and conversations that we begin.

Neighbours: taking_back undoes them while they wait; answers calls this in the transaction that also writes the deliveries.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import cleaning, counts
from gensvar.conversations.asked import seen_to
from gensvar.conversations.changing import changing, put_in_index, require_visible
from gensvar.conversations.counts import Standing
from gensvar.conversations.forwards import FORWARD
from gensvar.conversations.models import Attachment, Conversation, Message, Participant
from gensvar.conversations.numbering import next_number
from gensvar.conversations.states import Move, State, after
from gensvar.conversations.stems import indexed
from gensvar.conversations.turns import turn
from gensvar.conversations.typed_keys import told_of_what_is_said_now
from gensvar.conversations.writers import contact_at, stand_in, who
from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Function, Person

__all__ = ["as_before", "as_it_is", "as_kept", "begin", "kept_before", "record_outcome", "record_outgoing"]

NEEDS: Final = {"answer": May.ANSWER, "forward": May.FORWARD, "first": May.WRITE_FIRST}
OUTCOME: Final = "outcome"  # the kind of a message that tells what a conversation led to
ASKED: Final = "asked"  # in `Message.before`: the questions to its writers that it has seen to
_KEPT: Final = (
    "state",
    "last_at",
    "due_at",
    "closed_at",
    "snoozed_until",
    "preview",
    "unread",
    "delivery_failed",
    "has_files",
)
_MOMENTS: Final = frozenset({"last_at", "due_at", "closed_at", "snoozed_until"})


class SomeFile(Protocol):
    """A file whose bytes are kept already, such as a draft's."""

    filename: str
    content_type: str
    size: int
    sha256: str


def record_outgoing(
    conversation: Conversation,
    *,
    person: Person,
    function: Function | None,
    text: str,
    subject: str,
    files: Iterable[Any],
    by: User,
    kind: str,
    to: Sequence[Participant] | None = None,
    co_signer: Person | None = None,
) -> Message:
    """Write an outgoing word: "answer" and "first" make it their turn, "forward" leaves the turn as it is.

    `to`: for whom it is, and so who sees it at their private link (default: everybody who wrote; a forward: nobody).
    Raises NotAllowed, ImpossibleMove.
    """
    require(by, NEEDS[str(kind)])
    with changing(conversation) as found:
        require_visible(found, by)
        if to is None:
            to = [] if kind == FORWARD else list(found.participants.filter(author=True))
        asked = seen_to(found, person, co_signer)
        message = _write(
            found,
            person,
            function,
            subject,
            text,
            to,
            marks=[str(kind)],
            before=as_it_is(found) | ({ASKED: asked} if asked else {}),
            co_signer=co_signer,
        )
        names = [one.name for one in (person, co_signer) if one is not None]
        kept = Attachment.objects.bulk_create(_attachment(message, file) for file in files)
        put_in_index(
            message,
            found,
            indexed(message.subject, message.text, *names, " ".join(one.filename for one in kept)),
        )
        found.message_count += 1
        found.has_files = found.has_files or bool(kept)
        if kind != FORWARD:
            _give_them_the_turn(found, message.at, text)
    return message


def record_outcome(
    conversation: Conversation,
    *,
    person: Person,
    function: Function,
    text: str,
    subject: str,
    language: str,
    to: Sequence[Participant],
) -> Message:
    """Write in the conversation what it led to, for those of `to`; whose turn it is and what is promised stay as they are.

    For a handler: whoever may say it was asked when it was decided (learning).
    """
    with changing(conversation) as found:
        message = _write(
            found, person, function, subject, text, to, kind=OUTCOME, language=language, marks=[OUTCOME]
        )
        put_in_index(message, found, indexed(message.subject, message.text, person.name))
        found.message_count += 1
    return message


def _write(
    conversation: Conversation,
    person: Person,
    function: Function | None,
    subject: str,
    text: str,
    to: Sequence[Participant],
    **more: Any,
) -> Message:
    now = clock.now()
    return Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.OUT,
        author=Message.Author.STAFF,
        channel=conversation.channel,
        person=person,
        function=function,
        sender_name=person.name,
        at=now,
        sent_at=now,
        recipients=[[part.address, ""] for part in to if part.address],
        subject=cleaning.line(subject, 998),
        text=cleaning.text(text),
        shown_to=[part.pk for part in to],
        shown_typed=told_of_what_is_said_now(conversation, to) or None,
        **more,
    )


def _give_them_the_turn(conversation: Conversation, now: dt.datetime, text: str) -> None:
    conversation.state = after(conversation.state, Move.ANSWER)
    conversation.last_at, conversation.preview = now, cleaning.preview_of(text)
    conversation.answered_at = conversation.answered_at or now
    conversation.due_at = conversation.snoozed_until = None
    conversation.delivery_failed = conversation.unread = False


def _attachment(message: Message, file: SomeFile) -> Attachment:
    return Attachment(
        message=message,
        filename=cleaning.filename(file.filename),
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
    )


def as_it_is(conversation: Conversation) -> dict[str, Any]:
    """What a word keeps of its conversation, to be put back where the word is taken back (`Message.before`)."""
    return as_kept({name: getattr(conversation, name) for name in _KEPT})


def as_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those values as a word keeps them; `kept_before` reads them again."""
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()
    }


def kept_before(message: Message) -> dict[str, Any]:
    """What that word of ours kept of its conversation; empty where it kept nothing."""
    kept = message.before or {}
    return {
        name: dt.datetime.fromisoformat(kept[name]) if name in _MOMENTS and kept[name] else kept[name]
        for name in _KEPT
        if name in kept
    }


def as_before(conversation: Conversation, message: Message) -> Conversation:
    """A copy, not stored, of the conversation as it was before that word of ours."""
    was = copy.copy(conversation)
    for name, value in kept_before(message).items():
        setattr(was, name, value)
    return was


def begin(
    place: ContactPoint,
    *,
    address: str,
    subject: str,
    function: Function,
    person: Person,
    by: User,
    name: str = "",
) -> Participant:
    """A conversation that we begin, from that contact point with whoever is at that address (in normal form).

    Gives the participant; the first word is written by `record_outgoing`. Raises NotAllowed.
    """
    require(by, May.WRITE_FIRST)
    with turn():
        now = clock.now()
        known = who(place.channel, [address]).contacts.get(address)
        known = known or contact_at(place.channel, address, name=name, language="", now=now)
        if known.protected:
            known = stand_in(address, now=now)
        conversation = Conversation.objects.create(
            number=next_number(),
            subject=cleaning.subject_line(subject),
            channel=place.channel,
            contact_point=place,
            function=function,
            assignee=person,
            contact_id=known.id,
            contact_name=(known.name or address)[:200],
            state=State.OPEN,
            opened_at=now,
            last_at=now,
            unread=False,
        )
        counts.moved(None, Standing.of(conversation))
        audit.note(by, "conversation.begin", conversation)
        return Participant.objects.create(
            conversation=conversation, contact_id=known.id, channel=place.channel, address=address
        )
