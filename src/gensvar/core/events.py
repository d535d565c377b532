"""Facts and who handles them: a stage writes its rows and a fact in one transaction; `config/flow.py` says what follows.

Neighbours: core.runner runs what is written here.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Final, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from gensvar.core import clock, handed, statements, wake
from gensvar.core.models import Event

Again = dt.datetime | None
"""What a handler may give back: a time (aware) at which it wants to run once more, or None when it is done."""

Settle = Callable[[], Again]
"""The second half of a prepared handler: writes its rows, inside the transaction that also marks the event done."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that has happened, in the past tense; its fields are ids and plain values that JSON can carry."""

    name: ClassVar[str]


AnyFact = TypeVar("AnyFact", bound=Fact)
Handler = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Manner:
    """How the runner treats a handler."""

    prepared: bool = False  # called outside any transaction; gives a Settle
    network: bool = False  # runs in the network lane and is settled at once
    first: bool = False  # goes before the others of the database lane
    alone: bool = False  # settled in a transaction of its own
    gave_up: Callable[[Any, str], None] | None = None  # called when the runner stops trying


_PLAIN: Final = Manner()


def prepared(
    *, gave_up: Callable[[Any, str], None] | None = None, first: bool = False
) -> Callable[[Handler], Handler]:
    """Mark a handler that first works (reading, parsing) without a transaction, and then gives back what writes."""
    return functools.partial(_mark, manner=Manner(prepared=True, first=first, gave_up=gave_up))


def network(*, gave_up: Callable[[Any, str], None] | None = None) -> Callable[[Handler], Handler]:
    """Mark a handler that talks to the network: never inside a transaction, never in the way of those that do not."""
    return functools.partial(_mark, manner=Manner(prepared=True, network=True, gave_up=gave_up))


def at_once(handler: Handler) -> Handler:
    """Mark a handler that only writes, and goes before the others of the database lane: somebody looks at the clock."""
    return _mark(handler, Manner(first=True))


def alone(handler: Handler) -> Handler:
    """Mark a handler that writes for as long as others may be kept waiting: with nineteen more they would wait too long.

    What is left then it leaves to another turn (`Again`).
    """
    return _mark(handler, replace(manner_of(handler), alone=True))


def _mark(handler: Handler, manner: Manner) -> Handler:
    handler.manner = manner  # type: ignore[attr-defined]
    return handler


def manner_of(handler: Handler) -> Manner:
    """How a handler wants to be run."""
    manner: Manner = getattr(handler, "manner", _PLAIN)
    return manner


def path_of(handler: Handler) -> str:
    """The dotted path under which an event names its handler."""
    return f"{handler.__module__}.{handler.__qualname__}"


@functools.cache
def handler_at(path: str) -> Handler:
    """The handler of that dotted path. Raises ImportError when the code no longer has it."""
    handler: Handler = import_string(path)
    return handler


@functools.cache
def flow() -> Mapping[type[Fact], Sequence[Handler]]:
    """The table of config/flow.py: which fact starts which handlers."""
    table: Mapping[type[Fact], Sequence[Handler]] = handed.table("GENSVAR_FLOW", "FLOW")
    return table


@functools.cache
def fact_named(name: str) -> type[Fact]:
    """The class of a fact by its name. Raises LookupError."""
    for fact in flow():
        if fact.name == name:
            return fact
    raise LookupError(f"No fact is called “{name}” in {settings.GENSVAR_FLOW}.")


def emit(fact: Fact, *, at: dt.datetime | None = None, later: bool = False) -> list[int]:
    """Write the fact for each of its handlers, in the caller's transaction; returns the ids of the rows.

    `at` (aware) lets it wait; `later` lets what is sent go after whatever somebody waits for. Raises LookupError for a fact
    that the flow does not know, TransactionManagementError outside a transaction: a fact without its rows would be a lie.
    """
    return [int(rows[0][0]) for rows in statements.ask(*emitting(fact, at=at, later=later))]


def emitting(fact: Fact, *, at: dt.datetime | None = None, later: bool = False) -> list[statements.Statement]:
    """The statements of `emit`, for a caller who runs them with others of the same transaction. Raises as `emit` does."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "A fact is written in the transaction of the rows that it tells of."
        )
    try:
        handlers = flow()[type(fact)]
    except KeyError:
        raise LookupError(f"“{fact.name}” stands in no row of {settings.GENSVAR_FLOW}.") from None
    now = clock.now()
    if at is None or at <= now:
        for lane in {lane_of(handler, later=later) for handler in handlers}:
            wake.on_commit(lane)
    return [_writing(fact, handler, lane_of(handler, later=later), at or now, now) for handler in handlers]


def lane_of(handler: Handler, *, later: bool = False) -> Event.Lane:
    """Which loop runs a handler, and when among the others."""
    manner = manner_of(handler)
    if manner.network:
        return Event.Lane.LATER if later else Event.Lane.NETWORK
    return Event.Lane.FIRST if manner.first else Event.Lane.DATABASE


def _writing(
    fact: Fact, handler: Handler, lane: Event.Lane, run_at: dt.datetime, now: dt.datetime
) -> statements.Statement:
    """One row in one plain statement: every step of every word passes here, several times."""
    adapt = connection.ops.adapt_datetimefield_value
    payload = Event._meta.get_field("payload").get_db_prep_save(asdict(fact), connection)
    sql = (
        "INSERT INTO core_event"
        " (fact, handler, payload, lane, state, run_at, attempts, failures, error, created_at)"
        " VALUES (%s, %s, %s, %s, 0, %s, 0, 0, '', %s) RETURNING id"
    )
    values = [fact.name, path_of(handler), payload, int(lane), adapt(run_at), adapt(now)]
    return sql, values
