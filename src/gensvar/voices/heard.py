"""How much of what residents asked in a period was answered, and how soon: never shown apart from who says it.

A conversation counts on the day of its first word, if a resident began it; spam, old words brought home (what is asked
there later counts), those merged into another and those of people with a protected identity are left out. One that was
closed without an answer counts as unanswered, and waits on.
Of each of them the database tells when it began, how long it waited and to which groups it belongs, in one query: exact
medians of so many groups are a hundred times as much work there. Only the waits are held, less than a hundred bytes of each.
"""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, CharField, F, Func, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gensvar.conversations.models import Conversation
from gensvar.conversations.queries import begun_by_residents
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.voices.cells import WITHOUT, living_topics
from gensvar.voices.shares import Selection, alike_topics
from gensvar.voices.survival import median_wait


@dataclass(frozen=True, slots=True)
class Heard:
    """`asked` conversations, of which so many are unanswered today.

    `hours` is the time within which half get their first answer, those who wait counted in; None where fewer than half have one.
    """

    asked: int
    unanswered: int
    hours: float | None

    @property
    def unanswered_share(self) -> float | None:
        """Between 0 and 1; None where nobody asked."""
        return self.unanswered / self.asked if self.asked else None

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return self.asked - self.unanswered

    @property
    def mostly_waiting(self) -> bool:
        """Whether fewer than half have an answer."""
        return self.answered * 2 < self.asked


NOTHING: Final = Heard(0, 0, None)
ROWS: Final = 100  # that are on their way at once


def asked_in(chosen: Selection) -> QuerySet[Conversation]:
    """The conversations that residents began on those days."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start = timezone.make_aware(dt.datetime.combine(chosen.starts, dt.time()), zone)
    end = timezone.make_aware(dt.datetime.combine(chosen.ends + dt.timedelta(days=1), dt.time()), zone)
    found = (
        begun_by_residents()
        .filter(
            last_at__gte=start,  # follows from the next line; by it the database finds them in an index
            begun__gte=start,
            begun__lt=end,
            merged_into=None,
        )
        .exclude(Q(state=State.SPAM) | Q(contact__protected=True))
    )
    if chosen.channel:
        found = found.filter(channel=chosen.channel)
    if chosen.topic is not None:
        links = Conversation.topics.through.objects.filter(topic_id__in=alike_topics(chosen.topic))
        found = found.filter(Q(pk__in=links.values("conversation_id")))
    return found


@dataclass(frozen=True)
class Apart:
    """What was asked and answered, in all and told apart; keys are there where anybody asked.

    Functions are ids of those with which the conversations lie today, None: with none. Topics are ids as topics are today;
    WITHOUT is that of what is about none. What is about two counts with both, and once with two that have become one.
    """

    all: Heard
    months: Mapping[dt.date, Heard]
    channels: Mapping[str, Heard]
    functions: Mapping[int | None, Heard]
    topics: Mapping[int, Heard]


@dataclass(slots=True)
class _Group:
    """How long those waited who were answered, and how long the others have waited, in microseconds."""

    waits: array[int] = field(default_factory=lambda: array("q"))
    waiting: array[int] = field(default_factory=lambda: array("q"))

    def heard(self) -> Heard:
        """With the median."""
        found = Heard(len(self.waits) + len(self.waiting), len(self.waiting), None)
        if found.mostly_waiting or (median := median_wait(self.waits, self.waiting)) is None:
            return found
        return replace(found, hours=median / 1_000_000 / 3600)


class _Moment(Func):
    """A moment in whole microseconds since 1970: said by the database itself, without a call of Python for each row."""

    output_field = BigIntegerField()

    def get_db_converters(self, _connection: Any) -> list[Any]:
        """None: it comes as a whole number."""
        return []

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Whole seconds, and what is written behind them."""
        template = (
            "(CAST(strftime('%%%%s', %(expressions)s) AS integer) * 1000000"
            " + CAST(substr(substr(%(expressions)s, 21) || '000000', 1, 6) AS integer))"
        )
        sql, values = self.as_sql(compiler, connection, template=template, **more)
        return sql, (*values, *values)  # what is measured stands there twice

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """The seconds are a decimal number there, so nothing is rounded."""
        template = "(extract(epoch FROM %(expressions)s) * 1000000)::bigint"
        return self.as_sql(compiler, connection, template=template, **more)


def read(chosen: Selection, *, by_topic: bool = True) -> Apart:
    """Told apart by all that a page shows; one query, and with topics two.

    Not `by_topic`: topics are not read, so that a page of these stays as it is while staff say what words are about.
    """
    every, of_month = _Group(), [_Group() for _month in chosen.months]
    channels, functions, topics = (defaultdict[Any, _Group](_Group) for _kind in range(3))
    begins = [int(clock.begins(month).timestamp()) * 1_000_000 for month in chosen.months]
    living = living_topics() if by_topic else {}
    about: dict[str | None, list[_Group]] = {}
    now = _now()
    for opened, answered, channel, function, *ids in _asked(chosen, about=by_topic):
        groups = [every, of_month[bisect_right(begins, opened) - 1], channels[channel], functions[function]]
        if by_topic:
            if (key := ids[0]) not in about:
                those = {living.get(int(pk), int(pk)) for pk in key.split(",")} if key else {WITHOUT}
                about[key] = [topics[pk] for pk in those]
            groups += about[key]
        _add(groups, opened, answered, now)
    return Apart(
        all=every.heard(),
        months={
            month: group.heard()
            for month, group in zip(chosen.months, of_month, strict=True)
            if group.waits or group.waiting
        },
        channels=_heard(channels),
        functions=_heard(functions),
        topics=_heard(topics),
    )


def heard_in(chosen: Selection) -> Heard:
    """What was asked and answered; one query."""
    every, now = _Group(), _now()
    for opened, answered, *_rest in _asked(chosen):
        _add((every,), opened, answered, now)
    return every.heard()


def heard_together(chosen: Selection, functions: Sequence[Collection[int]]) -> list[Heard]:
    """What came of what lies today with the functions (ids) of each of these; none is in two. One query."""
    groups = [_Group() for _those in functions]
    now = _now()
    of = {pk: group for those, group in zip(functions, groups, strict=True) for pk in those}
    if of:
        for opened, answered, _channel, function in _asked(chosen):
            if function in of:
                _add((of[function],), opened, answered, now)
    return [group.heard() for group in groups]


def _asked(chosen: Selection, *, about: bool = False) -> Iterator[tuple[Any, ...]]:
    """When each began and was answered, its channel and function, and `about` which topics it is ("3,17", None: none)."""
    rows = asked_in(chosen).annotate(opened=_Moment("begun"), answered=_Moment("answered_at"))
    names = ["opened", "answered", "channel", "function_id"]
    if about:
        links: QuerySet[Any] = Conversation.topics.through.objects.filter(conversation=OuterRef("pk"))
        rows = rows.annotate(about=Subquery(links.order_by().annotate(ids=_joined()).values("ids")))
        names.append("about")
    return rows.order_by().values_list(*names).iterator(ROWS)


def _joined() -> Func:
    template = (
        "string_agg(%(expressions)s::text, ',')"
        if connection.vendor == "postgresql"
        else "group_concat(%(expressions)s)"
    )
    return Func(F("topic_id"), template=template, output_field=CharField())


def _now() -> int:
    return int(clock.now().timestamp() * 1_000_000)


def _add(groups: Collection[_Group], opened: int, answered: int | None, now: int) -> None:
    for group in groups:
        if answered is not None:
            group.waits.append(answered - opened)
        else:
            group.waiting.append(max(0, now - opened))


def _heard(groups: Mapping[Any, _Group]) -> dict[Any, Heard]:
    return {key: group.heard() for key, group in groups.items()}
