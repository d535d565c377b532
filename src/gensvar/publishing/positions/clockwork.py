"""Wordings whose day has come are told by themselves. The gate shows them by the clock, whether or not this ran; neighbour: config.flow."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction

from gensvar.core import clock
from gensvar.core.recurring import TimeCame, recurring
from gensvar.publishing.positions import telling
from gensvar.publishing.positions.models import Wording

logger = logging.getLogger(__name__)


@recurring
def keep_times(fact: TimeCame) -> dt.datetime:
    """Recurring: tells of each wording since its time came; each by itself, so that none stands in another's way."""
    due = Wording.objects.filter(
        decided_at__isnull=False, holds_from__lte=clock.now(), told_at__isnull=True
    ).select_related("position__function", "decided_by")
    for wording in due.order_by("holds_from", "pk"):
        try:
            with transaction.atomic():
                telling.tell(wording)
        except Exception:
            logger.exception(
                "Wording %s is public, but its coming could not be told; it is tried again.", wording.pk
            )
    return fact.next_time()
