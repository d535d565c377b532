"""The clock may be set back: what was due at once, and what comes back by the clock, does not wait until it is there again.

Neighbours: runner looks in the database's loop; a time that somebody chose is a time of the new clock, and stays.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from django.db.models import F

from gensvar.core import clock, recurring
from gensvar.core.fairness import writing
from gensvar.core.models import Event

logger = logging.getLogger(__name__)

SLACK: Final = dt.timedelta(seconds=2)  # by so much clocks are set back all the time


class Backwards:
    """Remembers the latest time that one loop saw."""

    def __init__(self) -> None:
        self._latest = clock.now()

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
                recurring.ensure()
        self._latest = now
