"""Which whole days a calendar says that its owner is away. Pure: bytes in, days out; nothing else of it is kept.

Source: RFC 5545; X-MICROSOFT-CDO-BUSYSTATUS as in MS-OXCICAL 2.1.3.1.1.20.31. Neighbour: reading fetches and stores.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import recurring_ical_events
from django.utils import timezone
from icalendar import Calendar, Event
from icalendar.prop import vCategory, vRecur

HORIZON: Final = 400  # days ahead that are looked at
BEHIND: Final = 366  # days back to which an absence that still lasts may reach
MOST_EVENTS: Final = 20_000  # in one calendar
MOST_SERIES: Final = 60  # that recur and may be absences
CORE: Final = (dt.time(9), dt.time(15))  # hours that an event must cover for the day to count
RULES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_BY_THE_HOUR: Final = ("BYHOUR", "BYMINUTE", "BYSECOND", "BYYEARDAY", "BYWEEKNO")
_ASIDE: Final = re.compile(
    rb"^BEGIN:(VTIMEZONE|VALARM)\s*$.*?^END:\1\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL
)


class NotACalendar(Exception):
    """What came is no iCalendar."""


class TooMuch(Exception):
    """The calendar holds more than is looked at."""


Span = tuple[dt.date, dt.date]
"""The first and the last day, both included."""


def absent_days(body: bytes, *, today: dt.date, words: Iterable[str]) -> frozenset[dt.date]:
    """The days, from today's absences on and at most HORIZON ahead, on which an event says that its owner is away.

    An event says so when its status is "out of office" and it does not say that the time is free, or when its title
    begins with one of the words, or a category is one of them. It counts for the days of which it covers the CORE hours,
    by the municipality's clock. Raises NotACalendar, TooMuch.
    """
    said = re.compile(rf"(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?!\w)", re.IGNORECASE)
    try:
        return frozenset(_absent(_events(body), said, today))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError) as error:
        raise NotACalendar from error  # the readers raise whatever they stumble on


def _absent(events: list[Event], said: re.Pattern[str], today: dt.date) -> set[dt.date]:
    keys = {_key(event) for event in events if _says_away(event, said)}
    last = today + dt.timedelta(days=HORIZON)
    small = _calendar([one for one in events if _key(one) in keys and _is_bounded(one)])
    found = set[dt.date]()
    for event in _occurrences(small, today, last):
        if _says_away(event, said):
            found.update(_days(event, today - dt.timedelta(days=BEHIND), last))
    return found


def spans(days: Iterable[dt.date], *, today: dt.date) -> list[Span]:
    """The days as spans without gaps, in order; those that were over before today are left out."""
    made: list[Span] = []
    for day in sorted(days):
        if made and day - made[-1][1] == dt.timedelta(days=1):
            made[-1] = (made[-1][0], day)
        else:
            made.append((day, day))
    return [(first, last) for first, last in made if last >= today]


def _events(body: bytes) -> list[Event]:
    """Its events. Time zones are known by name: those that a calendar describes itself could keep us busy for ever."""
    if not body.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR":
        raise NotACalendar
    found = Calendar.from_ical(_ASIDE.sub(b"", body))
    events = [
        one for one in found.walk("VEVENT") if isinstance(one, Event) and one.get("DTSTART") is not None
    ]
    if len(events) > MOST_EVENTS:
        raise TooMuch
    return events


def _calendar(events: list[Event]) -> Calendar:
    if sum("RRULE" in event or "RDATE" in event for event in events) > MOST_SERIES:
        raise TooMuch
    made = Calendar()
    for event in events:
        event.pop("EXRULE", None)
        made.add_component(event)
    return made


def _key(event: Event) -> str:
    return str(event.get("UID", ""))


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


def _is_bounded(event: Event) -> bool:
    """Whether its recurrence can be read, and followed in little time; one by the second or minute is no absence."""
    rules: Any = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, vRecur):
            return False
        frequency = [str(one).upper() for one in rule.get("FREQ", [])]
        if len(frequency) != 1 or frequency[0] not in RULES or any(name in rule for name in _BY_THE_HOUR):
            return False
        if any(int(one) < 1 for one in rule.get("INTERVAL", [1])):
            return False
        if frequency[0] in {"DAILY", "WEEKLY"} and "BYMONTHDAY" in rule:
            return False  # RFC 5545 allows a DAILY one that never happens, and looking for it takes for ever
    return True


def _occurrences(calendar: Calendar, first: dt.date, last: dt.date) -> list[Event]:
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    found = query.between(first, last + dt.timedelta(days=1))
    return [one for one in found if isinstance(one, Event)]


def _days(event: Event, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    start: Any = event["DTSTART"].dt  # type: ignore[union-attr]  # its value types are open
    end: Any = event["DTEND"].dt if "DTEND" in event else None  # type: ignore[union-attr]
    if not isinstance(start, dt.datetime):
        until = end - dt.timedelta(days=1) if isinstance(end, dt.date) and end > start else start
        yield from _between(max(start, first), min(until, last))
        return
    if not isinstance(end, dt.datetime):
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
