"""Makes the sums of whole days and months and the last days from the words' rows, inside the database: we read none of them.

Neighbours: counting keeps one sum at a time as words go out; rebuilding calls this for all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from django.db import connection

from gensvar.voices.models import LastAnswer, SaidDay, SaidMonth, SaidWord
from gensvar.voices.periods import following

DAYS: Final = 31  # in one statement
_KEY: Final = "day, person_id, function_id, contact_point_id, channel, topics"
_PLACE: Final = "contact_point_id, person_id, topics"
_OF_MONTH: Final = "month, person_id, function_id, channel"
_WORD, _SUM, _MONTH, _LAST = (model._meta.db_table for model in (SaidWord, SaidDay, SaidMonth, LastAnswer))
_ANEW: Final = (
    f"SELECT {_KEY}, count(*) AS messages, sum(words) AS words FROM {_WORD} WHERE day IN (%s) GROUP BY {_KEY}"
)
# Each word adds to its sum what the kept sum takes away: nothing is left of a right one.
_WRONG: Final = f"""
SELECT DISTINCT day FROM (
    SELECT {_KEY}, 1 AS messages, words, 1 AS said, 0 AS kept FROM {_WORD} WHERE day IN (%s)
    UNION ALL SELECT {_KEY}, -messages, -words, 0, 1 FROM {_SUM} WHERE day IN (%s)
) both_of_them GROUP BY {_KEY} HAVING sum(messages) <> 0 OR sum(words) <> 0 OR max(said) <> max(kept)
"""


def spans(days: Collection[dt.date]) -> list[list[dt.date]]:
    """These days in order, as many at a time as one statement takes."""
    ordered = sorted(days)
    return [ordered[at : at + DAYS] for at in range(0, len(ordered), DAYS)]


def write_days(days: Collection[dt.date]) -> None:
    """Every sum of these days as the words' rows have it, whatever stood there. In a `counting.turn`."""
    for some in spans(days):
        _run(f"DELETE FROM {_SUM} WHERE day IN (%s)", some)
        _run(f"INSERT INTO {_SUM} ({_KEY}, messages, words) {_ANEW}", some)


def write_months(days: Collection[dt.date]) -> None:
    """Every sum of the months of these days as the days have it, whatever stood there. In a `counting.turn`."""
    for month in sorted({day.replace(day=1) for day in days}):
        first, after = (connection.ops.adapt_datefield_value(day) for day in (month, following(month)))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {_MONTH} WHERE month = %s", [first])
            cursor.execute(_months("WHERE day >= %s AND day < %s"), [first, after])


def write_all_months() -> None:
    """Every sum of a month anew from those of the days. In a `counting.turn`."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_MONTH}")
        cursor.execute(_months())


def _months(where: str = "") -> str:
    return (
        f"INSERT INTO {_MONTH} ({_OF_MONTH}, messages, words)"
        f" SELECT {_month()}, person_id, function_id, channel, sum(messages), sum(words) FROM {_SUM} {where}"
        " GROUP BY 1, 2, 3, 4"
    )


def _month() -> str:
    """The first of a day's month, as the database has it."""
    if connection.vendor == "postgresql":
        return "CAST(date_trunc('month', day) AS date)"
    return "date(day, 'start of month')"


def wrong_days(days: Collection[dt.date]) -> list[dt.date]:
    """Those of these days, at most DAYS, of which any sum is not what the words' rows have."""
    return _in_order(_run(_WRONG, days, times=2))


def wrong_months() -> list[dt.date]:
    """The first days of the months of which any sum is not what the days have. One reading of all days: 2 s for a million."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT month FROM (SELECT {_month()} AS month, person_id, function_id, channel,"
            f" sum(messages) AS messages, sum(words) AS words, 1 AS said, 0 AS kept FROM {_SUM} GROUP BY 1, 2, 3, 4"
            f" UNION ALL SELECT {_OF_MONTH}, -messages, -words, 0, 1 FROM {_MONTH}) both_of_them GROUP BY {_OF_MONTH}"
            " HAVING sum(messages) <> 0 OR sum(words) <> 0 OR max(said) <> max(kept)"
        )
        return _in_order(cursor.fetchall())


def _in_order(rows: Sequence[tuple[dt.date | str]]) -> list[dt.date]:
    return sorted(row[0] if isinstance(row[0], dt.date) else dt.date.fromisoformat(row[0]) for row in rows)


def raise_last(days: Collection[dt.date]) -> None:
    """Let who answered on these days have answered last then, unless later. What has no contact point covers none."""
    for some in spans(days):
        _run(
            f"INSERT INTO {_LAST} ({_PLACE}, day) SELECT {_PLACE}, max(day) FROM {_SUM}"
            f" WHERE day IN (%s) AND contact_point_id IS NOT NULL GROUP BY {_PLACE}"
            f" ON CONFLICT ({_PLACE}) DO UPDATE SET day = excluded.day WHERE {_LAST}.day < excluded.day",
            some,
        )


def write_last() -> None:
    """Every last day anew from the sums. In a `counting.turn`."""
    LastAnswer.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_LAST} ({_PLACE}, day) SELECT {_PLACE}, max(day) FROM {_SUM}"
            f" WHERE contact_point_id IS NOT NULL GROUP BY {_PLACE}"
        )


def _run(sql: str, days: Collection[dt.date], *, times: int = 1) -> Sequence[tuple[dt.date | str]]:
    """Ask with the days in place of each %s."""
    asked = [connection.ops.adapt_datefield_value(day) for day in days]
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("%s", ", ".join(["%s"] * len(asked))), asked * times)
        return cursor.fetchall() if cursor.description else []
