"""Since when an answer counts, by what became of its deliveries (TOLD of config/flow.py). Neighbours: outbox, services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from gensvar.answers.models import Delivery
from gensvar.answers.outbox import SAID, UNSETTLED


def since(messages: Collection[int]) -> dict[int, dt.datetime | None]:
    """Those of these answers that were to go somewhere: None where none has left us and none may still.

    It counts as it was written, or as it left where it had failed before that: a refused address does not make us quick.
    """
    found: dict[int, dt.datetime | None] = {}
    rows = Delivery.objects.filter(message__in=list(messages), kind__in=SAID).select_related("message")
    for row in rows.only("message__at", "state", "sent_at", "send_after", "retried_at"):
        assert row.message_id is not None
        assert row.message is not None
        at = None
        if row.sent_at is not None or row.state in {*UNSETTLED, Delivery.State.BY_HAND}:
            at = (row.sent_at or row.send_after) if row.retried_at is not None else row.message.at
        before = found.get(row.message_id)
        found[row.message_id] = min(at, before) if at and before else at or before
    return found
