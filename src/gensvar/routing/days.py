"""Changes the working week and the special days, and fills in each year's Swedish holidays once.

Neighbours: routing.calendar reads what is written here; the desk's screens for administrators call it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import holidays
from django.db import transaction

from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.recurring import TimeCame, recurring
from gensvar.core.roles import May
from gensvar.routing import calendar
from gensvar.routing.models import FilledYear, SpecialDay, WorkingWeek

# Public holidays (lag 1989:253), and the eves of midsummer, Christmas and the new year, which count as holidays in
# semesterlagen 3 a § and in the municipalities' collective agreement.
CATEGORIES: Final = ("public", "de_facto")
YEARS_AHEAD: Final = 2


def holidays_of(years: Iterable[int]) -> dict[dt.date, str]:
    """The holidays of those years, as they are filled in."""
    found = holidays.country_holidays("SE", years=sorted(years), categories=CATEGORIES, language="sv")
    return {date: name[:80] for date, name in found.items()} if years else {}


@transaction.atomic
def ensure_holidays(years: Iterable[int]) -> int:
    """Fill in the holidays of years that were never filled in; gives how many days were added.

    What somebody changed or took away stays so: a year is filled once.
    """
    new = sorted(set(years) - set(FilledYear.objects.values_list("year", flat=True)))
    if not new:
        return 0
    FilledYear.objects.bulk_create([FilledYear(year=year) for year in new], ignore_conflicts=True)
    found = holidays_of(new)
    known = set(SpecialDay.objects.filter(date__in=list(found)).values_list("date", flat=True))
    days = [SpecialDay(date=date, name=name) for date, name in sorted(found.items()) if date not in known]
    SpecialDay.objects.bulk_create(days, ignore_conflicts=True)
    calendar.forget()
    return len(days)


@recurring
def fill_coming_years(fact: TimeCame) -> dt.datetime:
    """Recurring: this year and the next two have their holidays."""
    this_year = clock.today().year
    ensure_holidays(range(this_year, this_year + YEARS_AHEAD + 1))
    return fact.next_time()


@transaction.atomic
def save_day(date: dt.date, name: str, *, worked: bool, by: User) -> SpecialDay:
    """Say that a day is not as the week says. Promises already made stay. Raises NotAllowed."""
    require(by, May.MANAGE_DAYS)
    day, _ = SpecialDay.objects.update_or_create(date=date, defaults={"name": name, "worked": worked})
    audit.note(by, "routing.save_day", day, date=date.isoformat(), worked=worked)
    transaction.on_commit(calendar.forget)
    return day


@transaction.atomic
def remove_day(day: SpecialDay, *, by: User) -> None:
    """Let a day be as the week says. Raises NotAllowed."""
    require(by, May.MANAGE_DAYS)
    audit.note(by, "routing.remove_day", day, date=day.date.isoformat())
    day.delete()
    transaction.on_commit(calendar.forget)


@transaction.atomic
def save_week(week: WorkingWeek, *, by: User) -> WorkingWeek:
    """Store the one working week. Raises NotAllowed, and ValidationError where no day of it is worked."""
    require(by, May.MANAGE_DAYS)
    week.pk = 1
    week.full_clean()
    week.save()
    audit.note(
        by, "routing.save_week", week, days=[name for name in calendar.WEEKDAYS if getattr(week, name)]
    )
    transaction.on_commit(calendar.forget)
    return week
