"""Gives out consecutive numbers inside the caller's transaction."""

from __future__ import annotations

from gensvar.core import statements


def next_value(name: str) -> int:
    """The next number of that name, from 1. Rolled back with the caller's transaction, so that no number is skipped."""
    with statements.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (name, value) VALUES (%s, 1) "
            "ON CONFLICT (name) DO UPDATE SET value = core_counter.value + 1 RETURNING value",
            [name],
        )
        row = cursor.fetchone()
    return int(row[0])
