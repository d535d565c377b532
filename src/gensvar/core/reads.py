"""Which tables somebody reads, also those of what is remembered from an earlier reading.

Neighbours: remembering tells of what it gives back unread, config.pages keeps a page only where all its tables are watched.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

# PostgreSQL's EXTRACT(... FROM CASE WHEN ...) reads none.
_READ: Final = re.compile(r'\b(?:FROM|JOIN)\s+(?!CASE\b)"?(\w+)', re.IGNORECASE)
# What a statement defines itself (WITH line (one, other) AS (...), found AS (...)) is no table.
_DEFINED: Final = re.compile(
    r'(?:\bWITH(?:\s+RECURSIVE)?|,)\s+"?(\w+)"?\s*(?:\([^()]*\)\s*)?AS\s*\(', re.IGNORECASE
)
_here = threading.local()


@contextmanager
def seen() -> Iterator[set[str]]:
    """The tables, in lower case, that are read inside, in this thread and on its connection; the set grows as they are."""
    tables: set[str] = set()

    def see(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        tables.update(tables_of(str(sql)))
        return execute(sql, params, many, context)

    before: tuple[set[str], ...] = getattr(_here, "watching", ())
    _here.watching = (*before, tables)
    try:
        with connection.execute_wrapper(see):
            yield tables
    finally:
        _here.watching = before


@functools.lru_cache(maxsize=2048)  # most are asked again and again
def tables_of(sql: str) -> frozenset[str]:
    """The tables, in lower case, that a statement reads."""
    read = frozenset(table.lower() for table in _READ.findall(sql))
    if sql.lstrip()[:4].upper() != "WITH":
        return read
    return read - {name.lower() for name in _DEFINED.findall(sql)}


def tell(tables: Iterable[str]) -> None:
    """Let whoever looks on know that what is given back now was read from these."""
    for watching in getattr(_here, "watching", ()):
        watching.update(tables)
