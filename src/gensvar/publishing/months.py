"""In which months something stands, asked of each month: the first row that is found answers for it, however many there are.

To tell the month of every row, all of them were judged first. Neighbours: gate and posts.gate, which say what may be seen.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import connection
from django.db.models import Max, Min, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from gensvar.core import clock

BEGINS: Final = RawSQL(
    "span.begins", []
)  # when the month begins that is asked about, in what `holding` is given
_ENDS: Final = RawSQL("span.ends", [])


def holding(rows: QuerySet[Any], column: str, among: QuerySet[Any]) -> tuple[dt.date, ...]:
    """The months in which the time in that column of one of these rows lies, newest first, as their first days.

    `among` holds them all and has an index of that column, which tells where months begin and end. Two statements.
    """
    ends = among.aggregate(first=Min(column), last=Max(column))
    if ends["first"] is None:
        return ()
    asked = _between(ends["first"], ends["last"])
    spans: list[Any] = []
    for place, day in enumerate(asked):
        span = clock.span_of(day.year, day.month)
        spans += [place, *map(connection.ops.adapt_datetimefield_value, span)]
    one = rows.filter(**{f"{column}__gte": BEGINS, f"{column}__lt": _ENDS})
    sql, given = one.order_by().values("pk")[:1].query.sql_with_params()
    # A value and not EXISTS: PostgreSQL would make a join of that, and judge every row for it.
    values = ", ".join(["(%s, %s, %s)"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH span (place, begins, ends) AS (VALUES {values})"
            f" SELECT place FROM span WHERE ({sql}) IS NOT NULL ORDER BY place",
            [*spans, *given],
        )
        return tuple(asked[place] for (place,) in cursor.fetchall())


def _between(first: dt.datetime, last: dt.datetime) -> list[dt.date]:
    """The first days of all months from the one time (aware) to the other, by the municipality's clock, newest first."""
    first_day, last_day = timezone.localdate(first), timezone.localdate(last)
    months = range(first_day.year * 12 + first_day.month - 1, last_day.year * 12 + last_day.month)
    return [dt.date(month // 12, month % 12 + 1, 1) for month in reversed(months)]
