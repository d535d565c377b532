"""Takes away sessions that have run out: words that a refused form gave back may still lie in one (desk.refused)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.contrib.sessions.models import Session

from gensvar.core import clock
from gensvar.core.events import alone
from gensvar.core.recurring import TimeCame, recurring

CHUNK: Final = (
    1000  # rows in one transaction: SQLite overwrites what goes, and took half a minute for a million
)


@alone
@recurring
def forget_expired(fact: TimeCame) -> dt.datetime:
    """Recurring: Django leaves them where they are. Piece by piece, since whoever writes waits meanwhile."""
    run_out = Session.objects.filter(expire_date__lt=clock.now()).order_by("expire_date")
    old = list(run_out.values_list("pk", flat=True)[:CHUNK])
    Session.objects.filter(pk__in=old).delete()
    return clock.now() if len(old) == CHUNK else fact.next_time()
