"""The facts of conversations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from gensvar.conversations.models import Conversation
from gensvar.core.events import Fact, emit


@dataclass(frozen=True, slots=True)
class MessageReceived(Fact):
    """A resident's word (or a machine's) stands in its conversation. `new`: it opened that conversation."""

    name: ClassVar[str] = "message_received"
    message_id: int
    new: bool


@dataclass(frozen=True, slots=True)
class ReportReceived(Fact):
    """A bounce or complaint was read: conversation rows are not its place, the outbox settles it.

    `message_id` is None where it stands in no conversation, since what it is about belongs to none.
    """

    name: ClassVar[str] = "report_received"
    message_id: int | None
    token: str
    original_message_id: str
    recipient: str
    status: str
    action: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class PersonMentioned(Fact):
    """A note asked a colleague."""

    name: ClassVar[str] = "person_mentioned"
    mention_id: int


@dataclass(frozen=True, slots=True)
class AboutChanged(Fact):
    """A conversation is about other topics now, or has taken over the words of another one."""

    name: ClassVar[str] = "about_changed"
    conversation_id: int


@dataclass(frozen=True, slots=True)
class OurTurnAgain(Fact):
    """Staff say that somebody waits for us after all. `since` (ISO 8601, aware): from when the promised days are counted."""

    name: ClassVar[str] = "our_turn_again"
    conversation_id: int
    since: str


@dataclass(frozen=True, slots=True)
class SightChanged(Fact):
    """What the public may see of these conversations is another now, or nothing, by what was done to them or to who wrote there."""

    name: ClassVar[str] = "sight_changed"
    conversations: list[int]


def tell_sight(conversations: Iterable[int]) -> None:
    """Emit SightChanged for those of these conversations (their ids) that were made public, in the caller's transaction."""
    public = Conversation.objects.filter(
        pk__in=list(conversations), visibility=Conversation.Visibility.PUBLIC
    )
    if found := sorted(public.values_list("pk", flat=True)):
        emit(SightChanged(found))
