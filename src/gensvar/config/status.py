"""How much is where, in a few counts: for `gensvar status` and for whoever watches over it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final, TypedDict

from django.db.models import Count, Min, Model, Q, QuerySet, TextChoices

from gensvar.answers.models import Delivery
from gensvar.conversations.models import Conversation
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.core.models import Event
from gensvar.intake.models import Envelope

LEISURE: Final = dt.timedelta(hours=1)


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
    """For how long the oldest due work has waited: an envelope to be read, a delivery to be sent, a fact to be handled.

    Letters to those who follow us go after all others, however many they are; they are due LEISURE after their time.
    """
    now = clock.now()
    sendings = Delivery.objects.filter(state=Delivery.State.WAITING)
    facts = Event.objects.filter(state=Event.State.WAITING)
    letters, last = Q(kind=Delivery.Kind.NEWS), Q(lane=Event.Lane.LATER)
    times: Iterable[dt.datetime | None] = (
        Envelope.objects.filter(state=Envelope.State.RECEIVED).aggregate(at=Min("received_at"))["at"],
        sendings.exclude(letters).filter(send_after__lte=now).aggregate(at=Min("send_after"))["at"],
        facts.exclude(last).filter(run_at__lte=now).aggregate(at=Min("run_at"))["at"],
        _later(sendings.filter(letters), "send_after"),
        _later(facts.filter(last), "run_at"),
    )
    return max((now - at for at in times if at is not None and at <= now), default=dt.timedelta())


def _later(rows: QuerySet[Any], column: str) -> dt.datetime | None:
    at: dt.datetime | None = rows.aggregate(at=Min(column))["at"]
    return at + LEISURE if at is not None else None


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
