"""What every request of the desk asks about its log-in, made into SQL once: that took Django longer than the database its answer.

Neighbours: access and models, and people.access, which ask so.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

ANYBODY: Final = -1  # stands in a statement where the log-in is named that is asked about; none has that key

Statement = tuple[str, tuple[Any, ...]]


def statement(of_anybody: QuerySet[Any, Any]) -> Statement:
    """The SQL of a queryset that asks about ANYBODY, and what it is filled with. It must ask about nobody else by that number."""
    sql, given = of_anybody.query.sql_with_params()
    return sql, tuple(given)


def of_one(given: tuple[Any, ...], key: int) -> list[Any]:
    """What the statement is filled with to ask about that log-in."""
    return [key if one == ANYBODY else one for one in given]


def rows(asked: Statement, key: int) -> list[tuple[Any, ...]]:
    """What the database answers about that log-in."""
    sql, given = asked
    with connection.cursor() as cursor:
        cursor.execute(sql, of_one(given, key))
        return list(cursor.fetchall())
