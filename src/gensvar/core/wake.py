"""How a worker learns that something waits: PostgreSQL's NOTIFY, or SQLite's data_version looked at every 10 ms.

Neighbours: events tells, after a commit; runner listens, each loop to its own lane.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Final

from django.db import connection, transaction

from gensvar.core.models import Event

CHANNELS: Final = {  # one for each loop of the worker: a word that came wakes nobody who sends
    Event.Lane.FIRST: "gensvar_events",
    Event.Lane.DATABASE: "gensvar_events",
    Event.Lane.NETWORK: "gensvar_sendings",
    Event.Lane.LATER: "gensvar_sendings",
}
SQLITE_STEP: Final = 0.01  # seconds
LONGEST: Final = 1.0  # seconds; also finds rows whose time has come
_turn: Final = threading.Condition()  # of this process's loops: one looks for all of them
_taken: set[int] = set()  # by whom


def on_commit(lane: Event.Lane) -> None:
    """Wake that lane's workers after the caller's commit, once however much was written for them in it.

    SQLite needs no word: its data_version has changed. Where the line breaks before the word is said, nobody is told of an
    error: what was committed is, and the workers look by themselves.
    """
    if connection.vendor != "postgresql":
        return
    tell = _telling(CHANNELS[lane])
    if all(waiting[1] is not tell for waiting in connection.run_on_commit):
        transaction.on_commit(tell, robust=True)


@functools.cache
def _telling(channel: str) -> Callable[[], None]:
    def tell() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {channel}")

    return tell


def listen(lane: Event.Lane) -> None:
    """Begin to listen on this connection."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNELS[lane]}")


def wait(seconds: float = LONGEST) -> None:
    """Return when something was committed elsewhere, or after that many seconds. Raises DatabaseError."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with (
            connection.wrap_database_errors
        ):  # a server that ends says so here, where most of the time is spent
            for _ in connection.connection.notifies(timeout=seconds, stop_after=1):
                pass
        return
    with _turn:
        if _taken:
            _turn.wait(seconds)
            return
        _taken.add(threading.get_ident())
    try:
        _look(seconds)
    finally:
        with _turn:
            _taken.clear()
            _turn.notify_all()


def _look(seconds: float) -> None:
    """For all of the process that wait: the end of this turn wakes them, and who waits next has the next one."""
    before = _data_version()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(SQLITE_STEP)
        if _data_version() != before:
            return


def _data_version() -> int:
    """Asked of SQLite itself: by a cursor of Django's it takes four times as long, a hundred times a second."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return int(connection.connection.execute("PRAGMA data_version").fetchone()[0])
