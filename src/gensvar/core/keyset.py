"""Lists page by page, by key: the next page begins where this one ended, whatever is written meanwhile and however far back.

Neighbours: the gates, the inbox and threads. Without OFFSET, whose cost grows with the page.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
When = TypeVar("When", bound=dt.date)  # a day, or an aware time


def newest(
    rows: QuerySet[Row], column: str, before: tuple[When, int] | None, size: int, *, then: str = "pk"
) -> tuple[list[Row], tuple[When, int] | None]:
    """At most `size` rows after the key, newest first by that column and then by `then`; and the next key, None at the end.

    One query. No row may have NULL in the column.
    """
    if before is not None:
        rows = rows.filter(older(column, before, then=then))
    found = list(rows.order_by(f"-{column}", f"-{then}")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return found[:size], (getattr(last, column), getattr(last, then)) if last is not None else None


def older(column: str, key: tuple[When, int], *, then: str = "pk") -> Q:
    """What comes after that key, newest first."""
    at, place = key
    tied: dict[str, Any] = {f"{then}__lt": place}
    # The first condition is implied by the second; it is the one that an index can follow.
    return Q(**{f"{column}__lte": at}) & (Q(**{f"{column}__lt": at}) | Q(**tied))
