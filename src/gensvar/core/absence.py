"""Tells the log once that the database is away, once more each ten minutes, and once that it is back; not at every try.

Each process tells for itself. Neighbours: runner and the mail listener tell what they meet, config.logs what others log.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final

from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)

AGAIN: Final = 600.0  # seconds after which it is said once more
GONE: Final = (
    "57P01",
    "57P02",
    "57P03",
    "53300",
)  # it stops, has crashed, is starting, or lets nobody more in
LOGGED: Final = "logged"  # stands for whoever has no loop of its own: a new connection says that it is over


class Absence:
    """One outage, met by several threads. It is over when each that met it has been answered again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._met_by: set[object] = set()
        self._since = self._said = 0.0

    def met(self, error: BaseException, by: object = None) -> None:
        """`by` (the calling thread, unless given) got no answer."""
        now = time.monotonic()
        with self._lock:
            if not self._met_by:
                self._since = now
            elif now - self._said < AGAIN:
                self._met_by.add(by or threading.get_ident())
                return
            self._met_by.add(by or threading.get_ident())
            self._said = now
        logger.error(
            "The database does not answer: %s. What was accepted is kept; what comes meanwhile is put off, and all goes on by"
            " itself once it answers. Start it, or see “gensvar check”. While it is away this is said every ten minutes.",
            " ".join(str(error).split()).rstrip("."),
            exc_info=None if _is_gone(error) else error,  # another trouble, maybe of ours: where it was asked
        )

    def over(self, by: object = None) -> None:
        """`by` (the calling thread, unless given) was answered."""
        if not self._met_by:
            return
        with self._lock:
            if (by or threading.get_ident()) not in self._met_by:
                return
            self._met_by.discard(by or threading.get_ident())
            if self._met_by:
                return
            lasted = time.monotonic() - self._since
        logger.warning("The database answers again, after %.0f s. What waited goes on.", lasted)


database: Final = Absence()


def tell(error: BaseException | None) -> bool:
    """Whether the error is that the database is away; it has then been told, unless it was told lately."""
    if error is None or not _is_gone(error):
        return False
    database.met(error, LOGGED)
    return True


def answered(**_: Any) -> None:
    """A connection was made (signal connection_created): what was told for want of one is over."""
    database.over(LOGGED)


def _is_gone(error: BaseException) -> bool:
    """Whether no statement at all gets an answer, as opposed to this one."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause: Any = error.__cause__
    if type(cause).__module__.startswith("sqlite3"):
        return "unable to open database file" in str(cause)
    state = str(getattr(cause, "sqlstate", None) or "")
    return not state or state in GONE or state.startswith("08")
