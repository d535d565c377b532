"""Statements that run thousands of times an hour: on PostgreSQL their plans are kept, and several travel together.

Reading mail pays for each journey to the database and for each plan that is made anew; the ORM's statements are not
in its way, so they stay as they are. Neighbours: conversations.rows and events write by it, runner claims.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final, overload

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

Statement = tuple[str, Sequence[Any]]
"""SQL and its values; nobody waits for what it gives."""

_NO_JIT: Final = (
    "SELECT set_config('jit', 'off', false) FROM pg_settings"
    " WHERE name = 'jit' AND source IN ('default', 'configuration file')"
)
TIMES: Final = 2  # a statement that ran so often on a connection is prepared there


@contextmanager
def cursor() -> Iterator[CursorWrapper]:
    """A cursor whose statements PostgreSQL prepares when they come again; on SQLite the usual one.

    One statement at a time, and the values' types must follow from it: they travel beside the text.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as usual:
            yield usual
        return
    import psycopg

    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = TIMES
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(psycopg.Cursor(raw)) as prepared:  # type: ignore[arg-type]  # any DB-API cursor will do
        yield prepared


def run(*statements: Statement) -> None:
    """Run statements in their order, in the caller's transaction; on PostgreSQL in one journey there and back."""
    if connection.vendor == "postgresql" and len(statements) > 1:
        with connection.wrap_database_errors, cursor() as prepared, connection.connection.pipeline():
            for sql, values in statements:
                prepared.execute(sql, values)
        return
    with cursor() as one_by_one:
        for sql, values in statements:
            one_by_one.execute(sql, values)


def ask(*statements: Statement) -> list[list[Any]]:
    """The rows that each of these statements gives, in their order; on PostgreSQL in one journey there and back."""
    if connection.vendor == "postgresql" and len(statements) > 1:
        with connection.wrap_database_errors, ExitStack() as open_cursors:
            asked = []
            with connection.connection.pipeline():
                for sql, values in statements:
                    asked.append(open_cursors.enter_context(cursor()))
                    asked[-1].execute(sql, values)
            return [one.fetchall() for one in asked]
    found = []
    with cursor() as one_by_one:
        for sql, values in statements:
            one_by_one.execute(sql, values)
            found.append(one_by_one.fetchall())
    return found


@overload
def moment(value: dt.datetime | str) -> dt.datetime: ...
@overload
def moment(value: dt.datetime | str | None) -> dt.datetime | None: ...
def moment(value: dt.datetime | str | None) -> dt.datetime | None:
    """An aware time from what a cursor gives: SQLite keeps UTC without saying so."""
    if value is None:
        return None
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def prefer_indexes() -> None:
    """Tell PostgreSQL what the worker's work is like: rows looked up by key, in tables that grow faster than their statistics.

    A plan that is kept from the day when a table had one page would read all of it for ever.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as plain:
            plain.execute("SET enable_seqscan = off")


def compile_nothing(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Turn PostgreSQL's jit off on this new connection (signal connection_created): it pays for reports, and ours are short.

    Whoever chose in DATABASE_URL, for the role or for the database has the last word. Not by an option of the connection:
    PgBouncer refuses those that it does not know.
    """
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors:  # by no cursor of Django's: no page is made of this (reads)
            connection.connection.execute(_NO_JIT)
