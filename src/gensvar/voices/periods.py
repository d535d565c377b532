"""A period as whole months and the days beside them: what it has of a month is read from its sums, the rest from the days'.

Neighbour: shares asks; counting and sums keep both kinds of sums in step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import DateField, Q, QuerySet, Sum, Value

from gensvar.voices.models import SaidDay, SaidMonth

Days = tuple[dt.date, dt.date]  # both included


def following(month: dt.date) -> dt.date:
    """The first day of the month after that of this day."""
    return (month.replace(day=1) + dt.timedelta(days=31)).replace(day=1)


def months_in(starts: dt.date, ends: dt.date) -> list[dt.date]:
    """The first day of each month that any of the days lies in, in order."""
    found = [starts.replace(day=1)]
    while (after := following(found[-1])) <= ends:
        found.append(after)
    return found


def parts(starts: dt.date, ends: dt.date) -> tuple[list[dt.date], list[Days]]:
    """The whole months in these days, by their first, and the days beside them, each time within one month."""
    whole: list[dt.date] = []
    beside: list[Days] = []
    for month in months_in(starts, ends):
        last = following(month) - dt.timedelta(days=1)
        if starts <= month and last <= ends:
            whole.append(month)
        else:
            beside.append((max(starts, month), min(last, ends)))
    return whole, beside


def amounts(days: Days, narrowed: Q, names: tuple[str, ...], unit: str) -> Iterator[tuple[Any, ...]]:
    """The sums of these days told apart by these names (of MONTH in counting), narrowed by channel. One query.

    The same names may come several times, each with a part of the sum.
    """
    whole, beside = parts(*days)
    read: list[QuerySet[Any]] = []
    if whole:
        read.append(SaidMonth.objects.filter(narrowed, month__gte=whole[0], month__lte=whole[-1]))
    for first, last in beside:
        month = Value(first.replace(day=1), output_field=DateField())
        read.append(SaidDay.objects.filter(narrowed, day__gte=first, day__lte=last).annotate(month=month))
    summed = [rows.order_by().values_list(*names).annotate(sum=Sum(unit)) for rows in read]
    return iter(summed[0].union(*summed[1:], all=True) if len(summed) > 1 else summed[0])
