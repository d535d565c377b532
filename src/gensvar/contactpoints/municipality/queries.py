"""Who provides this service now, and every open counter with its week and the days that differ. Neighbour: the square's pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, Q

from gensvar.contactpoints.municipality import hours
from gensvar.contactpoints.municipality.hours import Span
from gensvar.contactpoints.municipality.models import WEEKDAYS, Office, OfficeDay, Provider

AHEAD: Final = dt.timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Row:
    """The days of the week from `first` to `last` (0 is Monday), which have the same hours."""

    first: int
    last: int
    spans: tuple[Span, ...]

    @property
    def days(self) -> range:
        """Each of them."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A day that is not as the week says; no spans: closed."""

    date: dt.date
    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class OpenOffice:
    """A counter with its hours as they are shown."""

    office: Office
    week: tuple[Row, ...]
    deviations: tuple[Deviation, ...]


def provider() -> Provider:
    """What the municipality says of itself now; empty fields where it has said nothing yet."""
    return Provider.objects.order_by("-pk").first() or Provider()


def offices(today: dt.date, holidays: Mapping[dt.date, str]) -> tuple[OpenOffice, ...]:
    """Every open counter; `holidays` are days that are not worked, on which it is closed unless it says otherwise itself.

    Two queries however many there are.
    """
    until = today + AHEAD
    days = OfficeDay.objects.filter(date__gte=today, date__lte=until, taken_back=False).order_by("date")
    rows = (
        Office.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today))
        .select_related("function")
        .prefetch_related(Prefetch("days", days, to_attr="coming"))
    )
    return tuple(OpenOffice(row, week_of(row), _deviations(row, today, until, holidays)) for row in rows)


def week_of(office: Office) -> tuple[Row, ...]:
    """The ordinary week, days with the same hours side by side made one row."""
    found: list[Row] = []
    for number, day in enumerate(WEEKDAYS):
        open_ = hours.spans(getattr(office, day))
        if found and found[-1].spans == open_:
            found[-1] = Row(found[-1].first, number, open_)
        else:
            found.append(Row(number, number, open_))
    return tuple(found)


def _deviations(
    office: Office, today: dt.date, until: dt.date, holidays: Mapping[dt.date, str]
) -> tuple[Deviation, ...]:
    own: list[OfficeDay] = office.coming  # type: ignore[attr-defined]
    found = {
        date: Deviation(date, name, ())
        for date, name in holidays.items()
        if today <= date <= until and office.on(date)
    }
    found |= {one.date: Deviation(one.date, one.name, hours.spans(one.hours)) for one in own}
    return tuple(found[date] for date in sorted(found))
