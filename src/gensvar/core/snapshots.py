"""Reads much in pieces as it stood at one moment, whatever others write meanwhile: what they move is neither missed nor met twice.

Neighbour: conversations.export.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """What is read inside is of one moment; nothing is written there, and nobody waits for it. Inside a transaction it is that one.

    Where it lasts, SQLite's log grows by what is written meanwhile, and PostgreSQL keeps dead rows for so long.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    sqlite: Any = connection
    sqlite.ensure_connection()
    usual = sqlite.transaction_mode  # IMMEDIATE: it would keep every writer waiting
    sqlite.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            sqlite.transaction_mode = usual
            yield
    finally:
        sqlite.transaction_mode = usual
