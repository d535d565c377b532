"""Which whole days a calendar says that its owner is away. Pure: bytes in, days out; nothing else of it is kept.

Source: RFC 5545; X-MICROSOFT-CDO-BUSYSTATUS as in MS-OXCICAL 2.1.3.1.1.20.31. Neighbours: entries takes it apart, reading
fetches and stores.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import recurring_ical_events
from django.utils import timezone
from icalendar import Calendar, Event
from icalendar.prop import vCategory, vRecur

from gensvar.people.absences.entries import NotACalendar, TooMuch, parsed, require_times, series

__all__ = ["NotACalendar", "Span", "TooMuch", "Understood", "absent_days", "spans"]

HORIZON: Final = 400  # days ahead that are looked at
BEHIND: Final = 366  # days back to which an absence that still lasts may reach
MOST_SERIES: Final = 60  # that recur and may be absences
LONGEST: Final = 30.0  # seconds for all of it
CORE: Final = (dt.time(9), dt.time(15))  # hours that an event must cover for the day to count
RULES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_BY_THE_HOUR: Final = ("BYHOUR", "BYMINUTE", "BYSECOND", "BYYEARDAY", "BYWEEKNO")
_AWAY: Final = re.compile(r"^X-MICROSOFT-CDO-BUSYSTATUS[;:].*OOF", re.IGNORECASE | re.MULTILINE)

Span = tuple[dt.date, dt.date]
"""The first and the last day, both included."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The days, and how many entries that say that their owner is away could not be understood or followed."""

    days: frozenset[dt.date]
    left: int = 0


def absent_days(body: bytes, *, today: dt.date, words: Iterable[str]) -> Understood:
    """The days, from today's absences on and at most HORIZON ahead, on which an event says that its owner is away.

    An event says so when its status is "out of office" and it does not say that the time is free, or when its title
    begins with one of the words, or a category is one of them. It counts for the days of which it covers the CORE hours,
    by the municipality's clock. Raises NotACalendar, TooMuch.
    """
    names = "|".join(map(re.escape, words)) or "(?!)"
    said, anywhere = re.compile(rf"(?:{names})(?!\w)", re.IGNORECASE), re.compile(names, re.IGNORECASE)
    ends, found, left, recurring = time.monotonic() + LONGEST, set[dt.date](), 0, 0
    for entries in series(
        body, lambda text: bool(_AWAY.search(text) or anywhere.search(text.replace("\\", "")))
    ):
        try:
            events = parsed(entries)
            if not any(_says_away(event, said) for event in events):
                continue
            require_times(events)
            recurring += any("RRULE" in event or "RDATE" in event for event in events)
            if recurring > MOST_SERIES or time.monotonic() > ends:
                raise TooMuch
            found.update(_of_series(events, said, today))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError):
            left += 1
    return Understood(frozenset(found), left)


def _of_series(events: list[Event], said: re.Pattern[str], today: dt.date) -> set[dt.date]:
    first, last = today - dt.timedelta(days=BEHIND), today + dt.timedelta(days=HORIZON)
    for event in events:
        event.pop("EXRULE", None)
        _require_bounds(event)
    if any(name in event for event in events for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
        events = _occurrences(events, today, last)
    return {day for event in events if _says_away(event, said) for day in _days(event, first, last)}


def spans(days: Iterable[dt.date], *, today: dt.date) -> list[Span]:
    """The days as spans without gaps, in order; those that were over before today are left out."""
    made: list[Span] = []
    for day in sorted(days):
        if made and day - made[-1][1] == dt.timedelta(days=1):
            made[-1] = (made[-1][0], day)
        else:
            made.append((day, day))
    return [(first, last) for first, last in made if last >= today]


def _says_away(event: Event, said: re.Pattern[str]) -> bool:
    if _text(event, "STATUS") == "CANCELLED":
        return False
    if _text(event, "X-MICROSOFT-CDO-BUSYSTATUS") == "OOF" and _text(event, "TRANSP") != "TRANSPARENT":
        return True
    title = str(event.get("SUMMARY", "")).strip()
    return said.match(title) is not None or any(said.fullmatch(one.strip()) for one in _categories(event))


def _text(event: Event, name: str) -> str:
    return str(event.get(name, "")).strip().upper()


def _categories(event: Event) -> Iterator[str]:
    given: Any = event.get("CATEGORIES", [])
    for one in given if isinstance(given, list) else [given]:
        yield from map(str, one.cats if isinstance(one, vCategory) else [one])


def _require_bounds(event: Event) -> None:
    """Raise ValueError unless its recurrence can be followed in little time; one by the second or minute is no absence."""
    rules: Any = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, vRecur):
            raise ValueError("RRULE")
        frequency = [str(one).upper() for one in rule.get("FREQ", [])]
        if len(frequency) != 1 or frequency[0] not in RULES or any(name in rule for name in _BY_THE_HOUR):
            raise ValueError("FREQ")
        if any(int(one) < 1 for one in rule.get("INTERVAL", [1])):
            raise ValueError("INTERVAL")
        if frequency[0] in {"DAILY", "WEEKLY"} and "BYMONTHDAY" in rule:
            raise ValueError("BYMONTHDAY")  # a DAILY one may never happen, and looking for it takes for ever


def _occurrences(events: list[Event], first: dt.date, last: dt.date) -> list[Event]:
    calendar = Calendar()
    for event in events:
        calendar.add_component(event)
    found = recurring_ical_events.of(calendar).between(first, last + dt.timedelta(days=1))
    return [one for one in found if isinstance(one, Event)]


def _days(event: Event, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    start, end = event.start, event.end
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        until = end - dt.timedelta(days=1) if end > start else start
        yield from _between(max(start, first), min(until, last))
        return
    begins, ends = _local(start), _local(end)
    for day in _between(max(begins.date(), first), min(ends.date(), last)):
        if begins <= dt.datetime.combine(day, CORE[0]) and ends >= dt.datetime.combine(day, CORE[1]):
            yield day


def _local(moment: dt.datetime) -> dt.datetime:
    """By the municipality's clock, without zone; a floating time is taken as that already."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(timezone.get_default_timezone()).replace(tzinfo=None)


def _between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)
