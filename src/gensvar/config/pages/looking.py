"""Looks once a second for changes that nobody told this machine of, and for posts whose time is over.

A thread of each web process. Neighbours: core.freshness, publishing.posts.clockwork.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from typing import Final

from django.db import DatabaseError, connection

from gensvar.core import absence, clock, freshness
from gensvar.core.generation import generation
from gensvar.publishing.posts import clockwork

STEP: Final = 1.0  # seconds
LATEST: Final = 2.0  # seconds; what ended before is as old as can be (front.OLD)

logger = logging.getLogger(__name__)


def begin() -> None:
    """Look from now on, until this process ends."""
    threading.Thread(target=_look_forever, name="pages", daemon=True).start()


class Ends:
    """When the time of the next post is over: no kept page outlives it, whether or not a worker is there to withdraw it.

    It only makes pages old, as a change that adds does: while the database is away they stand in for what cannot be made.
    """

    def __init__(self) -> None:
        self._next: dt.datetime | None = None
        self._asked_in = -1  # the generation in which that was read; whoever sets a time raises it

    def tell(self) -> None:
        """Make pages old where a time is over. Asks no database."""
        if self._next is None:
            return
        late = (clock.now() - self._next).total_seconds()
        if late >= 0:
            self._next = None
            generation().raise_(takes_away=False, late=min(late, LATEST))

    def ask(self) -> None:
        """Read when the next time is over, where that may have changed. Raises DatabaseError."""
        number = generation().number
        if number != self._asked_in:
            self._next, self._asked_in = clockwork.next_end(clock.now()), number

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        if self._next is None:
            return STEP
        return min(STEP, max(0.0, (self._next - clock.now()).total_seconds()))


def _look_forever() -> None:
    pause, away, ends = threading.Event(), False, Ends()
    while True:
        try:
            ends.tell()
            freshness.look(late=STEP)
            ends.ask()
            away = False
        except (DatabaseError, OSError) as error:
            if not absence.tell(error) and not away:
                logger.warning("The database does not answer; kept pages are shown meanwhile: %s", error)
            away = True
            connection.close()
        except Exception:
            logger.exception("Looking for changes of public pages failed; it is tried again.")
            connection.close()
        pause.wait(ends.pause)
