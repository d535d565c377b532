"""Keeps the log to what its reader can use: what strangers send, and a database that is away, must not fill it.

Named in settings.LOGGING; square.logs hides private links there.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from typing import Final

from django.core.exceptions import SuspiciousOperation

from gensvar.core import absence

LONGEST_LINE: Final = 600  # characters: a header may have hundreds of thousands
SELDOM: Final = 600.0  # seconds in which one kind of what strangers send wrongly is said once
_LONG: Final = re.compile(rf"^(.{{{LONGEST_LINE}}})(.+)$", re.MULTILINE)


class Short(logging.Formatter):
    """Cuts every line that is longer than anybody reads, and says by how much."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if len(text) <= LONGEST_LINE:
            return text
        return _LONG.sub(lambda found: f"{found[1]} … ({len(found[2])} characters more)", text)


class AwayOnce(logging.Filter):
    """Stops what is logged with the error that the database is away: `core.absence` says that once for all."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and absence.tell(record.exc_info[1]))


class StrangersSeldom(logging.Filter):
    """Says of a request that cannot be right (a wrong Host, too many fields) one line of each kind in ten minutes.

    Without a traceback: it is their fault and tells nothing of ours. The next line says how many were not said.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._said: dict[str, tuple[float, int]] = {}  # by the error's name: when, and how many since

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, SuspiciousOperation):
            return True
        unsaid = self._count(type(error).__name__)
        if unsaid is None:
            return False
        record.exc_info = record.exc_text = None
        if unsaid:
            record.msg = f"({unsaid} more like this since the last such line) {record.getMessage()}"
            record.args = ()
        return True

    def _count(self, kind: str) -> int | None:
        """How many were not said since the last, or None where this one is not said either."""
        now = time.monotonic()
        with self._lock:
            at, unsaid = self._said.get(kind, (float("-inf"), 0))
            if now - at < SELDOM:
                self._said[kind] = (at, unsaid + 1)
                return None
            self._said[kind] = (now, 0)
            return unsaid
