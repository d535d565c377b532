"""How much each person and function said in a period, by channel and topic; read from the sums of the days alone.

Days are the municipality's, both ends included. Neighbours: counting keeps the sums, measures says what they mean.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from gensvar.core.models import Topic
from gensvar.voices.models import SaidDay


class Unit(enum.StrEnum):
    """What is counted."""

    MESSAGES = "messages"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Selection:
    """What one looks at: days (both included), and only one channel or topic where one is chosen."""

    starts: dt.date
    ends: dt.date
    channel: str = ""
    topic: int | None = None

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError("The last day lies before the first.")

    @property
    def before(self) -> Selection:
        """The same for the period of the same length just before."""
        length = self.ends - self.starts + dt.timedelta(days=1)
        return Selection(self.starts - length, self.starts - dt.timedelta(days=1), self.channel, self.topic)


def alike_topics(pk: int) -> set[int]:
    """The topic and those that became it."""
    found, wider = {pk}, {pk}
    while wider:
        wider = set(Topic.objects.filter(merged_into__in=wider).values_list("pk", flat=True)) - found
        found |= wider
    return found


def said_in(chosen: Selection) -> QuerySet[SaidDay]:
    """The sums of those days."""
    rows = SaidDay.objects.filter(day__gte=chosen.starts, day__lte=chosen.ends).order_by()
    if chosen.channel:
        rows = rows.filter(channel=chosen.channel)
    if chosen.topic is not None:
        about = Q()
        for pk in alike_topics(chosen.topic):
            about |= Q(topics__contains=f",{pk},")
        rows = rows.filter(about)
    return rows


def by_person(chosen: Selection, unit: Unit) -> dict[int, int]:
    """How much each person said, by id."""
    return _summed(said_in(chosen), "person_id", unit)


def by_function(chosen: Selection, unit: Unit) -> dict[int, int]:
    """How much was said for each function, by id."""
    return _summed(said_in(chosen), "function_id", unit)


def by_channel(chosen: Selection, unit: Unit) -> Mapping[str, dict[int, int]]:
    """How much each person said, by channel and id; the chosen channel alone where there is one."""
    found: dict[str, dict[int, int]] = {}
    rows = said_in(chosen).values_list("channel", "person_id").annotate(sum=Sum(unit.value))
    for channel, person, amount in rows:
        found.setdefault(channel, {})[person] = amount
    return found


def _summed(rows: QuerySet[SaidDay], name: str, unit: Unit) -> dict[int, int]:
    return dict(rows.values_list(name).annotate(sum=Sum(unit.value)).order_by(name))
