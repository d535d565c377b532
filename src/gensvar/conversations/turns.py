"""Lets one writer at a time into the conversations: threads, contacts and counters then need no locks of their own.

SQLite has one writer anyway; on PostgreSQL this gives the same, and rules out that two wait for each other in a circle.
A turn is a few milliseconds long; parsing and reading happen outside of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

from gensvar.core import statements

KEY: Final = 0x47656E73  # any number of our own


def take_turn() -> None:
    """Wait until no other transaction writes conversations, and keep them out until this one ends."""
    if connection.vendor == "postgresql":
        with statements.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])


def with_turn(update: str) -> str:
    """An UPDATE (its WHERE in it) that first waits for the turn: one journey to the database instead of two."""
    if connection.vendor != "postgresql":
        return update
    head, where, condition = update.rpartition(" WHERE ")
    return f"{head} FROM (SELECT pg_advisory_xact_lock({KEY})) AS turn{where}{condition}"


@contextmanager
def turn() -> Iterator[None]:
    """A transaction (or a part of the caller's) that has its turn."""
    with transaction.atomic():
        take_turn()
        yield
