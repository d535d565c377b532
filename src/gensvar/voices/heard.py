"""How much of what residents asked in a period was answered, and how soon: never shown apart from who says it.

A conversation counts on the day of its first word, if a resident began it; spam, old words brought home, those merged
into another and those of people with a protected identity are left out. One that was closed without an answer counts as unanswered.
They are counted in the database: what is read is a row for each group, however many asked.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber, TruncMonth
from django.utils import timezone

from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.states import State
from gensvar.voices.cells import WITHOUT, living_topics
from gensvar.voices.shares import Selection, alike_topics


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


NOTHING: Final = Heard(0, 0, None)


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


@dataclass(frozen=True)
class Apart:
    """What was asked and answered, in all and told apart; keys are there where anybody asked.

    Functions are ids of those with which the conversations lie today, None: with none. `without`: about no topic.
    """

    all: Heard
    months: Mapping[dt.date, Heard]
    channels: Mapping[str, Heard]
    functions: Mapping[int | None, Heard]
    without: Heard | None


def read(chosen: Selection, *, by_topic: bool = True) -> Apart:
    """Counted in the database, whatever their number; two queries.

    Not `by_topic`: topics are not read, so that a page of these stays as it is while staff say what words are about.
    """
    rows = asked_in(chosen).annotate(month=TruncMonth("opened_at"), every=Value(1))
    keys = ["every", "month", "channel", "function_id"]
    if by_topic:
        topics = Conversation.topics.through.objects.filter(conversation=OuterRef("pk"))
        rows = rows.annotate(without=~Exists(topics))
        keys.append("without")
    found = _heard_by(rows, keys)
    return Apart(
        all=found["every"].get(1, NOTHING),
        months={timezone.localdate(month): one for month, one in found["month"].items()},
        channels=found["channel"],
        functions=found["function_id"],
        without=found["without"].get(True) if by_topic else None,
    )


def heard_in(chosen: Selection) -> Heard:
    """What was asked and answered; two queries."""
    return _heard_by(asked_in(chosen).annotate(every=Value(1)), ("every",))["every"].get(1, NOTHING)


def heard_by_month(chosen: Selection, apart: Apart) -> dict[dt.date, Heard]:
    """What came of these in each month (its first day) that the days lie in."""
    return {month: apart.months.get(month, NOTHING) for month in chosen.months}


def heard_together(chosen: Selection, functions: Sequence[Collection[int]]) -> list[Heard]:
    """What came of what lies today with the functions (ids) of each of these; none is in two. Two queries."""
    lines = [When(function_id__in=those, then=Value(line)) for line, those in enumerate(functions) if those]
    if not lines:
        return [NOTHING for _those in functions]
    rows = asked_in(chosen).annotate(line=Case(*lines, default=Value(-1)))
    found = _heard_by(rows, ("line",))["line"]
    return [found.get(line, NOTHING) for line in range(len(functions))]


def heard_by_topic(chosen: Selection, apart: Apart) -> dict[int, Heard]:
    """What came of these by topic (its id) as topics are today; WITHOUT where none is given. Three queries.

    A conversation about two topics counts with both, and once with two topics that have become one.
    """
    became = {pk: living for pk, living in living_topics().items() if pk != living}
    today = Case(
        *(When(topic_id=pk, then=Value(living)) for pk, living in became.items()),
        default=F("topic_id"),
        output_field=BigIntegerField(),
    )
    links: QuerySet[Any] = Conversation.topics.through.objects.annotate(topic_today=today)
    rows = links.filter(conversation__in=asked_in(chosen).values("pk"))
    if became:
        same = links.filter(conversation=OuterRef("conversation"), topic_today=OuterRef("topic_today"))
        rows = rows.filter(~Exists(same.filter(pk__lt=OuterRef("pk"))))
    found = dict(_heard_by(rows, ("topic_today",), "conversation__")["topic_today"])
    return found | ({WITHOUT: apart.without} if apart.without else {})


def _heard_by(rows: QuerySet[Any], keys: Sequence[str], of: str = "") -> dict[str, dict[Any, Heard]]:
    """What came of these by each of these keys; two queries, which give a row for each group alone.

    The median is the mean of the one or two waits in the middle of each group, found by their rank in it.
    """
    counts: dict[str, dict[Any, list[int]]] = {key: {} for key in keys}
    grouped = rows.order_by().values_list(*keys).annotate(all=Count("pk"), done=Count(f"{of}answered_at"))
    for *values, asked, answered in grouped:
        for key, value in zip(keys, values, strict=True):
            sums = counts[key].setdefault(value, [0, 0])
            sums[0] += asked
            sums[1] += answered
    waits = _middles(rows, keys, of)
    return {
        key: {
            value: Heard(asked, asked - answered, statistics.median(waits[key][value]) if answered else None)
            for value, (asked, answered) in counts[key].items()
        }
        for key in keys
    }


def _middles(rows: QuerySet[Any], keys: Sequence[str], of: str) -> dict[str, dict[Any, list[float]]]:
    """The hours of the one or two answers in the middle of each group."""
    wait = ExpressionWrapper(F(f"{of}answered_at") - F(f"{of}opened_at"), output_field=DurationField())
    ranked = rows.filter(**{f"{of}answered_at__isnull": False}).annotate(wait=wait)
    middle = Q()
    for key in keys:
        rank = Window(RowNumber(), partition_by=[F(key)], order_by=["wait", "pk"])
        size = Window(Count("pk"), partition_by=[F(key)])
        # Twice the rank lies between the group's size and two more: one of an odd number, two of an even one.
        ranked = ranked.annotate(**{f"twice_{key}": rank * 2 - size})
        middle |= Q(**{f"twice_{key}__gte": 0, f"twice_{key}__lte": 2})
    found: dict[str, dict[Any, list[float]]] = {key: {} for key in keys}
    names = [*keys, *(f"twice_{key}" for key in keys)]
    for waited, *row in ranked.filter(middle).order_by().values_list("wait", *names):
        for key, value, twice in zip(keys, row, row[len(keys) :], strict=False):
            if 0 <= twice <= 2:
                found[key].setdefault(value, []).append(waited.total_seconds() / 3600)
    return found
