"""Which days are worked, and by when a word is answered; times are the municipality's own (settings.TIME_ZONE).

Neighbours: routing.days changes the week and the special days; routing.services promises by this calendar.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.utils import timezone

from gensvar.routing.models import SpecialDay, WorkingWeek

REMEMBERED: Final = 60  # seconds that a process may go by an older calendar than the database holds
KEY: Final = "routing.calendar"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_WITHOUT_WORK: Final = 366  # days; a calendar with a longer rest is a mistake


class NoWorkingDays(Exception):
    """The calendar has no working day for a year on end: look at the working week and the special days."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The week and the days that differ from it; pure, so that a promise can be tried without a database."""

    weekdays: frozenset[int]  # 0 is Monday
    day_ends: dt.time
    special: Mapping[dt.date, bool]  # whether that day is worked

    def is_working_day(self, day: dt.date) -> bool:
        """Whether anybody answers on that day."""
        return self.special.get(day, day.weekday() in self.weekdays)

    def ends(self, day: dt.date) -> dt.datetime:
        """The end of that working day, aware; daylight saving is as on that very day."""
        return dt.datetime.combine(day, self.day_ends, tzinfo=timezone.get_default_timezone())

    def next_working_day(self, day: dt.date) -> dt.date:
        """The first working day after that day. Raises NoWorkingDays."""
        for _ in range(LONGEST_WITHOUT_WORK):
            day += dt.timedelta(days=1)
            if self.is_working_day(day):
                return day
        raise NoWorkingDays(NoWorkingDays.__doc__)

    def add(self, start: dt.datetime, days: int) -> dt.datetime:
        """The end of the working day that many working days after `start`; the day of `start` does not count.

        With 0: the end of that day if it is worked and not over, else of the next working day.
        """
        day = local_date(start)
        if days == 0 and self.is_working_day(day) and start <= self.ends(day):
            return self.ends(day)
        for _ in range(max(days, 1)):
            day = self.next_working_day(day)
        return self.ends(day)

    def between(self, first: dt.datetime, last: dt.datetime) -> int:
        """How many working days lie after the day of `first`, up to and with the day of `last`; 0 where it is earlier."""
        day, end = local_date(first), local_date(last)
        return sum(self.is_working_day(day + dt.timedelta(days=n)) for n in range(1, (end - day).days + 1))


def local_date(moment: dt.datetime) -> dt.date:
    """The municipality's date at that moment."""
    return timezone.localdate(moment, timezone.get_default_timezone())


_remembered: tuple[str, Calendar | None] = ("", None)


def load() -> Calendar:
    """The calendar as the database has it, remembered for a minute."""
    global _remembered
    mark = cache.get(KEY)
    if mark is not None and mark == _remembered[0] and _remembered[1] is not None:
        return _remembered[1]
    week = WorkingWeek.objects.order_by("pk").first() or WorkingWeek()
    calendar = Calendar(
        weekdays=frozenset(number for number, name in enumerate(WEEKDAYS) if getattr(week, name)),
        day_ends=week.day_ends,
        special=dict(SpecialDay.objects.values_list("date", "worked")),
    )
    mark = (
        uuid.uuid4().hex
    )  # the cache holds only the mark: a whole calendar would be unpickled at every question
    _remembered = (mark, calendar)
    cache.set(KEY, mark, REMEMBERED)
    return calendar


def forget() -> None:
    """Read the calendar anew at the next question, in this process; the others follow within a minute."""
    cache.delete(KEY)


def is_working_day(day: dt.date) -> bool:
    """Whether the municipality works on that day."""
    return load().is_working_day(day)


def add_working_days(start: dt.datetime, days: int) -> dt.datetime:
    """The promised time, aware: the end of the working day that many working days after `start` (aware).

    Raises NoWorkingDays where the calendar has none.
    """
    return load().add(start, days)


def working_days_between(first: dt.datetime, last: dt.datetime) -> int:
    """How many working days an answer took (aware times): 0 on the same day, 1 on the next working day."""
    return load().between(first, last)
