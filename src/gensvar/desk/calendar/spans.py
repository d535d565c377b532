"""Which days a calendar shows, as its address says it. Weeks are those of ISO 8601: they begin on Monday. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from gensvar.desk.fields import day_in

WEEK: Final = "week"
MONTH: Final = "month"
LIST: Final = "list"
VIEWS: Final = {WEEK: _("Week"), MONTH: _("Month"), LIST: _("List")}
IN_LIST: Final = 30  # days
_YEARS: Final = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both included, and the days by which one goes back and on."""

    view: str
    day: dt.date
    first: dt.date
    last: dt.date
    before: dt.date
    after: dt.date

    @property
    def days(self) -> list[dt.date]:
        """All of them in order."""
        return [self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def week(self) -> int:
        """The number of the week (ISO 8601)."""
        return self.first.isocalendar().week

    @property
    def query(self) -> str:
        """What stands in the address."""
        return f"view={self.view}&day={self.day.isoformat()}"


def chosen(given: Mapping[str, str], today: dt.date) -> Span:
    """The span of an address; what it does not say, or says wrongly, is this week."""
    view = given.get("view", "")
    return span(view if view in VIEWS else WEEK, _day(given.get("day", "")) or today)


def span(view: str, day: dt.date) -> Span:
    """The days around that day in that view."""
    if view == MONTH:
        begins = day.replace(day=1)
        following = (begins + dt.timedelta(days=31)).replace(day=1)
        last = following - dt.timedelta(days=1)
        earlier = (begins - dt.timedelta(days=1)).replace(day=1)
        return Span(view, day, _monday(begins), _monday(last) + dt.timedelta(days=6), earlier, following)
    first, days = (day, IN_LIST) if view == LIST else (_monday(day), 7)
    length = dt.timedelta(days=days)
    return Span(view, day, first, first + length - dt.timedelta(days=1), day - length, day + length)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _day(text: str) -> dt.date | None:
    found = day_in(text)
    return found if found is not None and found.year in _YEARS else None
