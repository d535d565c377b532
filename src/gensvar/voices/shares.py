"""How much each person and function said in a period, by channel and topic; read from the sums of months and days alone.

Only how many it is known to have reached is read from the words. Days are the municipality's, both ends included.
Neighbours: counting keeps the sums, periods reads them, recipients knows whom a word reached, measures says what they mean.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from gensvar.core.models import Topic
from gensvar.voices import periods, recipients
from gensvar.voices.cells import WITHOUT, living_topics
from gensvar.voices.models import OUTSIDE, POST, SaidDay, topics_of
from gensvar.voices.recipients import Reached

EVERYTHING: Final = Q()


class Unit(enum.StrEnum):
    """What is counted. Of recipients those that are known: 0 in a sum means not known, and its key that something was said."""

    MESSAGES = "messages"
    WORDS = "words"
    RECIPIENTS = "recipients"


@dataclass(frozen=True, slots=True)
class Known:
    """Of how many of the words and messages, counted as elsewhere, any recipient is known."""

    words: int
    of_words: int
    messages: int
    of_messages: int

    @property
    def share(self) -> float | None:
        """Of the words, between 0 and 1; None where no word was written."""
        return self.words / self.of_words if self.of_words else None


@dataclass(frozen=True, slots=True)
class Selection:
    """What one looks at: days (both included), and only one channel or topic where one is chosen."""

    starts: dt.date
    ends: dt.date
    channel: str = ""
    topic: int | None = None
    reached: tuple[Reached, ...] | None = field(default=None, compare=False, repr=False)  # with_recipients

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError("The last day lies before the first.")

    @property
    def before(self) -> Selection:
        """The same for the period of the same length just before."""
        length = self.ends - self.starts + dt.timedelta(days=1)
        return Selection(self.starts - length, self.starts - dt.timedelta(days=1), self.channel, self.topic)

    @property
    def months(self) -> list[dt.date]:
        """The first day of each month that any of the days lies in, in order."""
        return periods.months_in(self.starts, self.ends)


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


def with_recipients(chosen: Selection) -> Selection:
    """The same, with what its words are known to have reached: read once for all that is asked of it."""
    found = recipients.read(chosen.starts, chosen.ends)
    if chosen.channel:
        found = tuple(one for one in found if one.channel == chosen.channel)
    if chosen.topic is not None:
        alike = alike_topics(chosen.topic)
        found = tuple(one for one in found if not alike.isdisjoint(topics_of(one.topics)))
    return replace(chosen, reached=found)


def known_in(chosen: Selection) -> Known:
    """Of how much of it anybody is known to have got it."""
    found = _reached(chosen)
    return Known(
        words=sum(one.known_words for one in found),
        of_words=sum(one.words for one in found),
        messages=sum(one.known for one in found),
        of_messages=sum(one.messages for one in found),
    )


def by_person(chosen: Selection, unit: Unit) -> dict[int, int]:
    """How much each person said, by id."""
    return _summed(chosen, "person", unit)


def by_function(chosen: Selection, unit: Unit) -> dict[int, int]:
    """How much was said for each function, by id."""
    return _summed(chosen, "function", unit)


def by_function_and_person(chosen: Selection, unit: Unit) -> dict[int, dict[int, int]]:
    """How much each person said for each function: function, person (ids), amount. Not of recipients."""
    return _nested(_amounts(chosen, unit, "function_id", "person_id"))


def by_function_and_person_unseen(chosen: Selection, unit: Unit) -> dict[int, dict[int, int]]:
    """The same of what does not stand in public one by one: without posts and appearances."""
    unseen = ~Q(channel=POST) & ~Q(channel__startswith=OUTSIDE)
    return _nested(_amounts(chosen, unit, "function_id", "person_id", narrowed=unseen))


def by_month(chosen: Selection, unit: Unit, *, person: int | None = None) -> dict[dt.date, dict[int, int]]:
    """How much each person, or this one, said in each month (its first day), by id; months without a word are there too."""
    found = _told_apart(chosen, "month", unit, person=person)
    return {month: found.get(month, {}) for month in chosen.months}


def by_topic(chosen: Selection, unit: Unit) -> dict[int, dict[int, int]]:
    """How much each person said about each topic (ids) as topics are today; WITHOUT is the key where none was given.

    A word about two topics is counted with both.
    """
    living, found = living_topics(), {}  # type: dict[int, int], dict[int, dict[int, int]]
    for key, amounts in _told_apart(chosen, "topics", unit).items():
        for topic in {living[pk] for pk in topics_of(key) if pk in living} or {WITHOUT}:
            sums = found.setdefault(topic, {})
            for person, amount in amounts.items():
                sums[person] = sums.get(person, 0) + amount
    return found


def by_channel(chosen: Selection, unit: Unit) -> Mapping[str, dict[int, int]]:
    """How much each person said, by channel and id; the chosen channel alone where there is one."""
    return _told_apart(chosen, "channel", unit)


def _reached(chosen: Selection) -> tuple[Reached, ...]:
    return (chosen if chosen.reached is not None else with_recipients(chosen)).reached or ()


def _summed(chosen: Selection, name: str, unit: Unit) -> dict[int, int]:
    found: dict[int, int] = {}
    if unit is Unit.RECIPIENTS:
        rows: Iterable[tuple[int, int]] = ((getattr(one, name), one.recipients) for one in _reached(chosen))
    else:
        rows = _amounts(chosen, unit, f"{name}_id")
    for pk, amount in rows:
        found[pk] = found.get(pk, 0) + amount
    return dict(sorted(found.items()))


def _told_apart(
    chosen: Selection, name: str, unit: Unit, *, person: int | None = None
) -> dict[Any, dict[int, int]]:
    if unit is Unit.RECIPIENTS:
        theirs = (one for one in _reached(chosen) if person in (None, one.person))
        return _nested((getattr(one, name), one.person, one.recipients) for one in theirs)
    narrowed = EVERYTHING if person is None else Q(person=person)
    return _nested(_amounts(chosen, unit, name, "person_id", narrowed=narrowed))


def _amounts(
    chosen: Selection, unit: Unit, *names: str, narrowed: Q = EVERYTHING
) -> Iterable[tuple[Any, ...]]:
    """The sums told apart by these names; the same may come several times, with a part of it each. What is asked of topics
    is read from the days: only they have them."""
    if chosen.topic is None and "topics" not in names:
        by_channel = Q(channel=chosen.channel) if chosen.channel else EVERYTHING
        return periods.amounts((chosen.starts, chosen.ends), by_channel & narrowed, names, unit.value)
    rows: QuerySet[Any] = said_in(chosen).filter(narrowed)
    if "month" in names:
        rows = rows.annotate(month=TruncMonth("day"))
    summed: Iterable[tuple[Any, ...]] = rows.values_list(*names).annotate(sum=Sum(unit.value)).iterator()
    return summed


def _nested(rows: Iterable[tuple[Any, ...]]) -> dict[Any, dict[int, int]]:
    found: dict[Any, dict[int, int]] = {}
    for key, person, amount in rows:
        sums = found.setdefault(key, {})
        sums[person] = sums.get(person, 0) + amount
    return found
