"""How a worker learns that something waits: PostgreSQL's NOTIFY, or SQLite's data_version looked at every 10 ms."""

from __future__ import annotations

import time

from django.db import connection

CHANNEL = "gensvar_events"
SQLITE_STEP = 0.01  # seconds
LONGEST = 1.0  # seconds; also finds rows whose time has come


def tell() -> None:
    """Wake the workers; called after a commit. SQLite needs no word: its data_version has changed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def listen() -> None:
    """Begin to listen on this connection."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")


def wait(seconds: float = LONGEST) -> None:
    """Return when something was committed elsewhere, or after that many seconds."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        raw = connection.connection
        for _ in raw.notifies(timeout=seconds, stop_after=1):
            pass
        return
    before = _data_version()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(SQLITE_STEP)
        if _data_version() != before:
            return


def _data_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])
