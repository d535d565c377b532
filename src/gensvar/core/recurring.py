"""Work that comes back by the clock: one event row for each name in `config/flow.py` (RECURRING), made at worker start.

Neighbours: core.runner runs the rows like any other; the command line calls `ensure`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from django.db import transaction

from gensvar.core import clock, handed
from gensvar.core.events import Fact, Handler, Manner, lane_of, path_of
from gensvar.core.models import Event


@dataclass(frozen=True, slots=True)
class TimeCame(Fact):
    """It is time again. A handler does its work and gives back `next_time()`; its row is never done."""

    name: ClassVar[str] = "time_came"
    key: str
    every: float  # seconds

    def next_time(self) -> dt.datetime:
        """When the same work is due again."""
        return clock.now() + dt.timedelta(seconds=self.every)


def recurring(handler: Handler) -> Handler:
    """Mark a handler of TimeCame: where the runner would give it up, it comes back at its next time instead."""
    handler.manner = Manner(gave_up=_come_back)  # type: ignore[attr-defined]
    return handler


def recurring_apart(handler: Handler) -> Handler:
    """Mark a handler of TimeCame that reads for long: outside any transaction, in nobody's way (the network's lane).

    It gives back what writes, which gives `next_time()`.
    """
    handler.manner = Manner(prepared=True, network=True, gave_up=_come_back)  # type: ignore[attr-defined]
    return handler


def _come_back(fact: TimeCame, error: str) -> None:
    Event.objects.filter(key=fact.key).update(
        state=Event.State.WAITING, run_at=fact.next_time(), attempts=0, failures=0
    )


def table() -> Mapping[str, tuple[dt.timedelta, Handler]]:
    """The table RECURRING of config/flow.py: how often, and which handler, by name."""
    found: Mapping[str, tuple[dt.timedelta, Handler]] = handed.table("GENSVAR_FLOW", "RECURRING", {})
    return found


@transaction.atomic
def ensure() -> None:
    """See to it that each recurring work has its one row, waiting; a row that was given up wakes again.

    Called at worker start, by any number of workers; rows that no longer stand in the table are taken away.
    """
    now = clock.now()
    for key, (every, handler) in table().items():
        said = {
            "fact": TimeCame.name,
            "handler": path_of(handler),
            "payload": asdict(TimeCame(key, every.total_seconds())),
            "lane": lane_of(handler),
        }
        row = Event(key=key, run_at=now, created_at=now, **said)
        Event.objects.bulk_create([row], ignore_conflicts=True)
        Event.objects.filter(key=key).update(**said)
        # Where the clock was set back, the next time would lie as far ahead.
        Event.objects.filter(key=key, attempts=0, run_at__gt=now + every).update(run_at=now)
        Event.objects.filter(key=key).exclude(state=Event.State.WAITING).update(
            state=Event.State.WAITING, run_at=now, attempts=0, failures=0
        )
    Event.objects.filter(key__isnull=False).exclude(key__in=list(table())).delete()
