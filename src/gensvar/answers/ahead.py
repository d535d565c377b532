"""Lets no word of ours wait for a time that only a clock which was ahead can have set (see core.backwards).

Neighbours: queueing gives such times, outbox asks them before it sends; config.flow has it looked at again and again.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db.models import Q

from gensvar.answers import queueing
from gensvar.answers.models import Delivery
from gensvar.answers.outbox import LONGEST_WAIT, UNSETTLED
from gensvar.core import clock
from gensvar.core.backwards import APART
from gensvar.core.events import alone
from gensvar.core.recurring import TimeCame, recurring

logger = logging.getLogger(__name__)


@alone
@recurring
def mend_times(fact: TimeCame) -> dt.datetime:
    """Send now what waits longer than a word can be taken back, or than any mail server may ask for.

    Alone: whoever holds a delivery must never wait for the conversations (see outbox).
    """
    now = clock.now()
    undone = Q(send_after__gt=now + queueing.undo_time() + APART)
    asked = Q(next_try_at__gt=now + LONGEST_WAIT + APART)
    rows = list(Delivery.objects.filter(undone | asked, state__in=UNSETTLED).order_by("pk")[:500])
    for row in rows:
        Delivery.objects.filter(pk=row.pk).update(
            send_after=min(row.send_after, now), next_try_at=None if row.next_try_at is None else now
        )
        queueing.put_again(row)
    if rows:
        logger.warning(
            "%s words of ours waited for a time that a wrong clock had set; they go now.", len(rows)
        )
    return fact.next_time()
