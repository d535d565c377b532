"""The clock may be set back: what was due at once, and what comes back by the clock, does not wait until it is there again.

Where it was set back while no worker looked, rows tell: they wait for longer than their kind ever does.
Neighbours: runner looks in the database's loop; a time that somebody chose is a time of the new clock, and stays.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from gensvar.core import clock, recurring
from gensvar.core.fairness import writing
from gensvar.core.models import Event

logger = logging.getLogger(__name__)

SLACK: Final = dt.timedelta(seconds=2)  # by so much clocks are set back all the time
APART: Final = dt.timedelta(minutes=5)  # by so much the clocks of several machines may differ
EACH: Final = 600.0  # seconds between two looks for rows that wait too long
LEASE: Final = dt.timedelta(seconds=settings.GENSVAR_LEASE_SECONDS)  # longer than a whole batch may take
LONGEST_WAIT: Final = dt.timedelta(hours=1)  # between two tries of what failed


class Backwards:
    """Remembers the latest time that one loop saw."""

    def __init__(self) -> None:
        self._latest = clock.now()
        self._looked = float("-inf")

    def look(self) -> None:
        """Let waiting rows be due by the clock as it is now, where it was set back since the last look. Raises DatabaseError."""
        now = clock.now()
        if now < self._latest - SLACK:
            logger.warning(
                "The clock was set back by %s; what waits is due by the new one.", self._latest - now
            )
            with writing():
                Event.objects.filter(
                    state=Event.State.WAITING, attempts=0, run_at__gt=now, run_at=F("created_at")
                ).update(run_at=now)
            self._looked = float("-inf")
        if time.monotonic() - self._looked > EACH:
            set_right()
            self._looked = time.monotonic()
        self._latest = now


def waiting_too_long() -> QuerySet[Event]:
    """Rows that wait for a time that only a clock which was ahead can have set, but for recurring work's next time."""
    far = clock.now() + APART
    at_once = Q(created_at__gt=far, run_at=F("created_at"), key=None)
    failed = Q(failures__gt=0, run_at__gt=far + LONGEST_WAIT)
    held = Q(attempts__gt=0, failures=0, run_at__gt=far + LEASE)
    return Event.objects.filter(at_once | failed | held, state=Event.State.WAITING)


def set_right() -> int:
    """Let what waits for such a time wait for as long as it would have from now on; gives how many rows did."""
    with writing(), transaction.atomic():
        recurring.ensure()
        found = list(waiting_too_long().order_by("pk")[:1000])
        for row in found:
            _shorten(row)
    if found:
        logger.warning(
            "The clock was ahead, or is behind now: %s rows of work waited for a time that has not come, and are due by the"
            " clock as it is.",
            len(found),
        )
    return len(found)


def _shorten(row: Event) -> None:
    now = clock.now()
    held = row.attempts and not row.failures
    wait = LEASE if held else dt.timedelta()  # whoever holds it may still be at work
    same = Event.objects.filter(pk=row.pk, attempts=row.attempts, state=Event.State.WAITING)
    same.update(run_at=now + wait, created_at=min(row.created_at, now))
