"""The words of a conversation in the order they were said: all of them, or the part that a screen has room for.

Neighbours: queries hands it on; the desk's pane shows a part at a time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, QuerySet

from gensvar.conversations.models import Attachment, Conversation, Mention, Message
from gensvar.core import keyset

PART: Final = 50  # words on one screen

Key = tuple[dt.datetime, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Some words that follow each other, oldest first; whether there are earlier ones, and whether the newest is here."""

    words: list[Message]
    earlier: bool
    newest: bool


def thread(conversation: Conversation) -> list[Message]:
    """All words of a conversation, oldest first, with people, files, mentions and deliveries to whom; six queries."""
    return list(_words(conversation).order_by("at", "pk"))


def thread_part(
    conversation: Conversation, *, until: int | None = None, around: int | None = None, size: int = PART
) -> Part:
    """At most `size` words: the newest; or those before the word `until`; or those on both sides of the word `around`.

    A word that is not of this conversation names nothing: the newest are given.
    """
    end = _key(conversation, until)
    if end is None and around is not None:
        end = _some_way_after(conversation, around, size // 2)
    found = _words(conversation)
    if end is not None:
        found = found.filter(keyset.older("at", end))
    rows = list(found.order_by("-at", "-pk")[: size + 1])
    return Part(rows[:size][::-1], earlier=len(rows) > size, newest=end is None)


def _words(conversation: Conversation) -> QuerySet[Message]:
    return (
        Message.objects.filter(conversation=conversation)
        .select_related("person", "co_signer", "function", "contact")
        .prefetch_related(
            Prefetch("attachments", Attachment.objects.order_by("pk")),
            Prefetch("mentions", Mention.objects.select_related("person").order_by("pk")),
            "deliveries__participant__contact",
        )
    )


def _key(conversation: Conversation, pk: int | None) -> Key | None:
    if pk is None:
        return None
    return Message.objects.filter(conversation=conversation, pk=pk).values_list("at", "pk").first()


def _some_way_after(conversation: Conversation, pk: int, steps: int) -> Key | None:
    """The key of the word that comes so many after that one; None where there are not so many."""
    here = _key(conversation, pk)
    if here is None:
        return None
    later = (
        Message.objects.filter(conversation=conversation)
        .exclude(keyset.older("at", here))
        .order_by("at", "pk")
    )
    return later.values_list("at", "pk")[steps : steps + 1].first()
