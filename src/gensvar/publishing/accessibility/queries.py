"""The published statement and its earlier versions; neighbour: the square's page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gensvar.publishing.accessibility import values
from gensvar.publishing.accessibility.models import StatementVersion
from gensvar.publishing.accessibility.values import ShownStatement


@dataclass(frozen=True, slots=True)
class Version:
    """One line of the history."""

    number: int
    published_at: dt.datetime  # aware
    note: str


def published(number: int | None = None) -> ShownStatement | None:
    """That version, by default the newest; None where there is none. Two queries at most."""
    rows = StatementVersion.objects.all()
    row = rows.filter(number=number).first() if number is not None else rows.first()
    if row is None:
        return None
    first = row.published_at if row.number == 1 else rows.order_by("number")[0].published_at
    return values.statement(
        row.content,
        number=row.number,
        published_at=row.published_at,
        first_published_at=first,
        note=row.note,
    )


def history() -> tuple[Version, ...]:
    """Every version, newest first."""
    rows = StatementVersion.objects.values_list("number", "published_at", "note")
    return tuple(Version(*row) for row in rows)
