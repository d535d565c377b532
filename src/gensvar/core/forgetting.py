"""Takes away the rows of work that was done long ago: ids, handlers and times, of use to nobody any more.

What happened stands in the rows that the facts told of, and what somebody did in the audit log. Neighbours: runner marks them done.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from gensvar.core import clock
from gensvar.core.events import alone
from gensvar.core.models import Event
from gensvar.core.recurring import TimeCame, recurring

KEPT: Final = dt.timedelta(days=30)  # since they were written: long enough to look into what went wrong
CHUNK: Final = 1000  # rows in one transaction


@alone
@recurring
def forget_done(fact: TimeCame) -> dt.datetime:
    """Recurring: the oldest, piece by piece. What waits or was given up stays."""
    done = Event.objects.filter(state=Event.State.DONE).order_by("pk").values_list("pk", "created_at")
    before = clock.now() - KEPT
    rows = list(done[:CHUNK])
    old = [pk for pk, at in rows if at < before]
    Event.objects.filter(pk__in=old).delete()
    # One that a wrong clock dated in the future stays among the oldest: the others go on going.
    return clock.now() if old and len(rows) == CHUNK else fact.next_time()
