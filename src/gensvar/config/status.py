"""How much is where, in a few counts: for `gensvar status` and for whoever watches over it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TypedDict

from django.db.models import Count, Min, Model, TextChoices

from gensvar.answers.models import Delivery
from gensvar.conversations.models import Conversation
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.core.models import Event
from gensvar.intake.models import Envelope


class Status(TypedDict):
    """Counts by state, every state named, and the age in seconds of the oldest thing that should have been done by now."""

    envelopes: dict[str, int]
    conversations: dict[str, int]
    deliveries: dict[str, int]
    oldest_waiting_s: float


def status() -> Status:
    """Count. A fixed number of queries; `oldest_waiting_s` is 0 when nothing waits that is due."""
    return {
        "envelopes": _envelopes(),
        "conversations": _by_state(Conversation, State),
        "deliveries": _by_state(Delivery, Delivery.State),
        "oldest_waiting_s": round(oldest_waiting().total_seconds(), 1),
    }


def oldest_waiting() -> dt.timedelta:
    """For how long the oldest due work has waited: an envelope to be read, a delivery to be sent, a fact to be handled."""
    now = clock.now()
    times: Iterable[dt.datetime | None] = (
        Envelope.objects.filter(state=Envelope.State.RECEIVED).aggregate(at=Min("received_at"))["at"],
        Delivery.objects.filter(state=Delivery.State.WAITING, send_after__lte=now).aggregate(
            at=Min("send_after")
        )["at"],
        Event.objects.filter(state=Event.State.WAITING, run_at__lte=now).aggregate(at=Min("run_at"))["at"],
    )
    return max((now - at for at in times if at is not None), default=dt.timedelta())


def _envelopes() -> dict[str, int]:
    """By the indexes alone, also of those that are read: the bytes lie in the rows, and SQLite would read all of them."""
    unsettled = {
        state.value: Envelope.objects.filter(state=state.value).count()
        for state in (Envelope.State.RECEIVED, Envelope.State.FAILED)
    }
    read = Envelope.objects.count() - sum(unsettled.values())
    return dict.fromkeys(Envelope.State.values, 0) | unsettled | {Envelope.State.READ.value: max(read, 0)}


def _by_state(model: type[Model], states: type[TextChoices]) -> dict[str, int]:
    rows = model._default_manager.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(states.values, 0) | dict(rows)
