"""Finds and mends sums of months that are not what their days have, each hour.

Words, days and months are written in one transaction, so they agree, unless a process of a version that knew no months
counted something: one that ran on during an upgrade, on this machine or another. Neighbours: counting, sums, config.flow.
"""

from __future__ import annotations

import logging

from gensvar.core.events import Again, Settle
from gensvar.core.recurring import TimeCame, recurring_apart
from gensvar.voices import counting, sums

logger = logging.getLogger(__name__)


@recurring_apart
def mend_months(fact: TimeCame) -> Settle:
    """Recurring: read first, in nobody's way; then the months that are wrong are made anew from their days."""
    wrong = sums.wrong_months()

    def settle() -> Again:
        if wrong:
            logger.warning(
                "The sums of these months were not those of their days, and are made anew: %s", wrong
            )
            with counting.turn():
                sums.write_months(wrong)
        return fact.next_time()

    return settle
