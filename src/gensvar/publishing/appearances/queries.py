"""What is read of appearances by the gate and by the desk: pages by key, newest day first."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from gensvar.core import keyset
from gensvar.publishing.appearances.models import Appearance

Key = tuple[dt.date, int]
"""The day and the id of the last one that was read."""


def page(rows: QuerySet[Appearance], before: Key | None, size: int) -> tuple[list[Appearance], Key | None]:
    """At most `size` of these after the key, with person and function, and where the next ones begin (None at the end)."""
    return keyset.newest(rows.select_related("person", "function"), "day", before, size)


def in_address(key: Key | None) -> str:
    """A key for an address, as `key_of` reads it; empty for none."""
    return f"{key[0].isoformat()}~{key[1]}" if key is not None else ""


def key_of(text: str) -> Key | None:
    """Where a page begins, as `in_address` wrote it; None for anything else."""
    day, _mark, pk = text.partition("~")
    try:
        return (dt.date.fromisoformat(day), int(pk)) if 0 <= int(pk) < 2**63 else None
    except ValueError:
        return None
