"""Makes the index of messages anew from what is kept, when stems have changed or search misses what is there.

Neighbours: index holds it, the command line calls this. The house may run meanwhile: each step is a turn of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from django.db.models import Max, Min

from gensvar.conversations import index
from gensvar.conversations.cleaning import LONGEST_QUOTED
from gensvar.conversations.models import Attachment, Conversation, Mention, Message
from gensvar.conversations.stems import indexed
from gensvar.conversations.turns import turn
from gensvar.core.fairness import writing

STEP: Final = 100  # messages in one turn: some tenths of a second in which nobody else writes
LOOKED_AT: Final = 100  # messages at either end, to see whether the index is of this version

_TEXTS: Final = (
    "id",
    "conversation_id",
    "subject",
    "sender_name",
    "sender_address",
    "text",
    "place",
    "quoted",
)


def rebuild(
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> int | None:
    """Index every message anew, the newest first; gives how many, or None where `stopped` said so in between.

    What was done before a stop stays done, and doing it again does no harm. `progress` gets (done, total) messages.
    """
    ceiling = Message.objects.aggregate(last=Max("pk"))["last"] or 0  # whatever comes now indexes itself
    total, done = Message.objects.filter(pk__lte=ceiling).count(), 0
    while ceiling:
        if stopped():
            return None
        found, ceiling = _step(ceiling)
        done += found
        progress(done, total)
    return done


def _step(ceiling: int) -> tuple[int, int]:
    """Index the newest messages up to `ceiling` anew; gives how many, and the next ceiling (0: none is left)."""
    with writing(), turn():
        found = list(Message.objects.filter(pk__lte=ceiling).only(*_TEXTS).order_by("-pk")[:STEP])
        floor = found[-1].pk if len(found) == STEP else 0
        index.remove_between(floor, ceiling)
        marks = _marks_of({message.conversation_id for message in found})
        for message, words in _stemmed(found):
            index.add(message.pk, words, marks[message.conversation_id])
    return len(found), max(floor - 1, 0)


def is_stale() -> bool:
    """Whether the oldest or the newest messages stand in the index with other words than this version would give them."""
    ends = Message.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return False
    some = Message.objects.only(*_TEXTS)
    rows = {
        message.pk: message
        for message in (*some.order_by("pk")[:LOOKED_AT], *some.order_by("-pk")[:LOOKED_AT])
    }
    kept = index.words_of(list(rows))
    return any(kept.get(message.pk) != set(words) for message, words in _stemmed(rows.values()))


def _stemmed(messages: Iterable[Message]) -> list[tuple[Message, list[str]]]:
    """Each message with all stems by which it is found: of what was said, who said it, and the names of its files."""
    messages = list(messages)
    names = defaultdict(list)
    for attachment in (
        Attachment.objects.filter(message__in=messages).only("message_id", "filename").order_by("pk")
    ):
        names[attachment.message_id].append(attachment.filename)
    return [
        (
            one,
            indexed(
                one.subject,
                one.sender_name,
                one.sender_address,
                one.text,
                one.place,
                one.quoted[:LONGEST_QUOTED],
                " ".join(names[one.pk]),
            ),
        )
        for one in messages
    ]


def _marks_of(conversations: set[int]) -> dict[int, list[str]]:
    """What the index says of who may see each conversation's messages, as changing.marks_of says it of one."""
    persons: dict[int, set[int]] = defaultdict(set)
    asked = Mention.objects.filter(message__conversation__in=conversations)
    for conversation, person in asked.values_list("message__conversation_id", "person_id"):
        persons[conversation].add(person)
    found = {}
    rows = Conversation.objects.filter(pk__in=conversations)
    for pk, function, assignee, channel in rows.values_list("pk", "function_id", "assignee_id", "channel"):
        if assignee is not None:
            persons[pk].add(assignee)
        found[pk] = index.marks_of(function, persons[pk], channel)
    return found
