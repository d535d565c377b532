"""How much of what residents asked in a period was answered, and how soon: never shown apart from who says it.

A conversation counts on the day of its first word, if a resident began it; spam, old words brought home, those merged
into another and those of people with a protected identity are left out. One that was closed without an answer counts as unanswered.
They are read once and then told apart by month, channel, function and topic in memory.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.states import State
from gensvar.voices.cells import WITHOUT, living_topics
from gensvar.voices.shares import Selection, alike_topics

Key = TypeVar("Key", bound=Hashable)


class Asked(NamedTuple):
    """One conversation that a resident began; `answered` is None where no person has answered it (times aware)."""

    pk: int
    opened: dt.datetime
    answered: dt.datetime | None
    channel: str
    function: int | None  # the id of that with which it lies today


@dataclass(frozen=True, slots=True)
class Heard:
    """`asked` conversations, of which so many are unanswered today; `hours` is the median time to the first answer."""

    asked: int
    unanswered: int
    hours: float | None

    @property
    def unanswered_share(self) -> float | None:
        """Between 0 and 1; None where nobody asked."""
        return self.unanswered / self.asked if self.asked else None


def asked_in(chosen: Selection) -> QuerySet[Conversation]:
    """The conversations that residents began on those days."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start = timezone.make_aware(dt.datetime.combine(chosen.starts, dt.time()), zone)
    end = timezone.make_aware(dt.datetime.combine(chosen.ends + dt.timedelta(days=1), dt.time()), zone)
    theirs = Message.objects.filter(conversation=OuterRef("pk"), direction=Message.Direction.IN)
    found = Conversation.objects.filter(
        Exists(theirs),
        last_at__gte=start,  # follows from the next line; by it the database finds them in an index
        opened_at__gte=start,
        opened_at__lt=end,
        imported=False,
        merged_into=None,
    ).exclude(Q(state=State.SPAM) | Q(contact__protected=True))
    if chosen.channel:
        found = found.filter(channel=chosen.channel)
    if chosen.topic is not None:
        links = Conversation.topics.through.objects.filter(topic_id__in=alike_topics(chosen.topic))
        found = found.filter(Q(pk__in=links.values("conversation_id")))
    return found


def read(chosen: Selection) -> list[Asked]:
    """All of them; one query."""
    rows = asked_in(chosen).values_list("pk", "opened_at", "answered_at", "channel", "function_id")
    return [Asked(*row) for row in rows]


def heard_in(chosen: Selection) -> Heard:
    """What was asked and answered; one query."""
    return heard_of(read(chosen))


def heard_of(asked: Iterable[Asked]) -> Heard:
    """What came of these."""
    asked = list(asked)
    waits = [(one.answered - one.opened).total_seconds() / 3600 for one in asked if one.answered is not None]
    return Heard(
        asked=len(asked),
        unanswered=len(asked) - len(waits),
        hours=statistics.median(waits) if waits else None,
    )


def heard_by_month(chosen: Selection, asked: Iterable[Asked]) -> dict[dt.date, Heard]:
    """What came of these in each month (its first day) that the days lie in."""
    found = _apart(asked, lambda one: [timezone.localdate(one.opened).replace(day=1)])
    return {month: heard_of(found.get(month, ())) for month in chosen.months}


def heard_by_channel(asked: Iterable[Asked]) -> dict[str, Heard]:
    """What came of these by the channel of the conversation."""
    return {channel: heard_of(those) for channel, those in _apart(asked, lambda one: [one.channel]).items()}


def by_function(asked: Iterable[Asked]) -> Mapping[int | None, Sequence[Asked]]:
    """These by the function (its id) with which they lie today; None: with none."""
    return _apart(asked, lambda one: [one.function])


def heard_by_function(asked: Iterable[Asked]) -> dict[int | None, Heard]:
    """What came of these by the function (its id) with which they lie today; None: with none."""
    return {function: heard_of(those) for function, those in by_function(asked).items()}


def heard_by_topic(chosen: Selection, asked: Iterable[Asked]) -> dict[int, Heard]:
    """What came of these by topic (its id) as topics are today; WITHOUT where none is given. Two queries.

    A conversation about two topics counts with both.
    """
    living, about = living_topics(), {}  # type: dict[int, int], dict[int, set[int]]
    links = Conversation.topics.through.objects.filter(conversation__in=asked_in(chosen).values("pk"))
    for pk, topic in links.values_list("conversation_id", "topic_id"):
        about.setdefault(pk, set()).add(living[topic])
    found = _apart(asked, lambda one: about.get(one.pk) or {WITHOUT})
    return {topic: heard_of(those) for topic, those in found.items()}


def _apart(asked: Iterable[Asked], keys: Callable[[Asked], Iterable[Key]]) -> Mapping[Key, Sequence[Asked]]:
    found: dict[Key, list[Asked]] = {}
    for one in asked:
        for key in keys(one):
            found.setdefault(key, []).append(one)
    return found
