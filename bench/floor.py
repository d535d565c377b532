"""The floor: what the standard library's parse of the same mails and one durable commit for each cost on this machine."""

from __future__ import annotations

import email
import email.policy
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.mails import Mail


def measure(mails: Sequence[Mail], url: str, folder: Path) -> float:
    """Mails a second, one after the other on one core."""
    connection, sql = _postgresql(url) if url.startswith("postgres") else _sqlite(folder / "floor.sqlite3")
    try:
        began = time.perf_counter()
        for mail in mails:
            subject = parse(mail.raw)
            connection.execute(sql, (subject, mail.raw))
        return len(mails) / (time.perf_counter() - began)
    finally:
        connection.execute("DROP TABLE floor")
        connection.close()


def parse(raw: bytes) -> str:
    """Read what any mail program would: the headers that matter, the text, the files; with the library's own policy."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for name in ("From", "To", "Date", "Message-ID", "In-Reply-To", "References"):
        str(message[name])
    body = message.get_body(("plain", "html"))
    if body is not None:
        body.get_content()
    for part in message.iter_attachments():
        part.get_content()
    return str(message["Subject"])


def _sqlite(path: Path) -> tuple[Any, str]:
    import sqlite3

    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE floor (subject text, raw blob)")
    return connection, "INSERT INTO floor VALUES (?, ?)"


def _postgresql(url: str) -> tuple[Any, str]:
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    connection.execute("DROP TABLE IF EXISTS floor")
    connection.execute("CREATE TABLE floor (subject text, raw bytea)")
    return connection, "INSERT INTO floor VALUES (%s, %s)"
