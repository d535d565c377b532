"""Takes a word of ours back while it still waits: the conversation is as it would be had it not been written.

Neighbours: outgoing writes the words and keeps what was before them; answers decides whether it is not too late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from gensvar.conversations import index
from gensvar.conversations.answered import answered_since
from gensvar.conversations.changing import changing
from gensvar.conversations.events import OurTurnAgain
from gensvar.conversations.forwards import FORWARD
from gensvar.conversations.models import Conversation, Mention, Message
from gensvar.conversations.outgoing import ASKED, OUTCOME, as_kept, kept_before
from gensvar.conversations.states import Move, State, after
from gensvar.core.events import emit

PROMISED: Final = (State.OPEN, State.SPAM)  # a day stands there: spam keeps its own for a mistake


def take_back_outgoing(message: Message) -> None:
    """Inside the time to undo: the word leaves the thread, and the conversation is as it was before it.

    Where anything was written in the meantime, what it changed stays, and what was before this word is handed on to the
    next ones of ours: whoever takes those back too finds the question as it was.
    """
    with changing(message.conversation) as found:
        message.refresh_from_db(fields=["before"])  # another one may have handed on meanwhile
        before = kept_before(message)
        said = Message.objects.filter(conversation=found)
        newer = list(said.filter(pk__gt=message.pk).exclude(direction=Message.Direction.NOTE).order_by("pk"))
        if before and FORWARD in message.marks:  # it left the turn as it was, and so does this
            found.has_files = found.has_files if newer else before["has_files"]
        elif before and not newer and not _failed_since(found, before):
            _put_back(found, before)
        elif before:
            _leave_out(found, message, before, newer)
        found.message_count = max(0, found.message_count - 1)
        index.remove(message.pk)
        message.attachments.all().delete()
        Mention.objects.filter(message=message).delete()
        Mention.objects.filter(pk__in=(message.before or {}).get(ASKED, [])).update(seen_at=None)
        Message.objects.filter(pk=message.pk).delete()
        found.answered_at = answered_since(found)
        if found.state == State.OPEN and found.due_at is None and (since := _last_asked(found)):
            emit(OurTurnAgain(found.pk, since.isoformat()))  # it was answered before it was promised a day


def _failed_since(found: Conversation, before: dict[str, Any]) -> bool:
    return found.delivery_failed and not before["delivery_failed"]


def _put_back(found: Conversation, before: dict[str, Any]) -> None:
    """As it was; but what somebody has marked as spam meanwhile stays so."""
    spam = {"state": State.SPAM, "snoozed_until": None} if found.state == State.SPAM else {}
    for name, value in (before | spam).items():
        setattr(found, name, value)


def _leave_out(
    found: Conversation, message: Message, before: dict[str, Any], newer: Sequence[Message]
) -> None:
    """What the conversation is without that answer, of which something newer stands there, or an older one has failed."""
    answer = _hand_on(message, before, newer)
    if answer is not None:
        return  # whose turn it is follows from that one
    if found.state == State.WAITING:  # nobody wrote since
        _put_back(found, before | {"has_files": found.has_files})
        return
    if found.last_at == message.at:
        found.last_at, found.preview = before["last_at"], before["preview"]
    if found.state in PROMISED:
        found.due_at = before["due_at"] or found.due_at
    found.delivery_failed = found.delivery_failed or before["delivery_failed"]


def _hand_on(message: Message, before: dict[str, Any], newer: Sequence[Message]) -> Message | None:
    """Let our words after it, up to the next answer, keep what was before this one; gives that answer, if there is one."""
    for one in newer:
        if one.before:
            kept = one.before | as_kept(_without(message, before, kept_before(one)))
            Message.objects.filter(pk=one.pk).update(before=kept)
        if one.direction == Message.Direction.OUT and not {FORWARD, OUTCOME} & set(one.marks):
            return one
    return None


def _without(message: Message, before: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """What a later word of ours would have kept, had that answer not been written."""
    as_left = (after(before["state"], Move.ANSWER), message.at, False)
    if (kept["state"], kept["last_at"], kept["delivery_failed"]) == as_left:
        return before
    due_at = before["due_at"] or kept["due_at"] if kept["state"] in PROMISED else kept["due_at"]
    return kept | {"due_at": due_at}


def _last_asked(found: Conversation) -> dt.datetime | None:
    theirs = Message.objects.filter(
        conversation=found, direction=Message.Direction.IN, author=Message.Author.RESIDENT
    )
    return theirs.order_by("-at", "-pk").values_list("at", flat=True).first()
