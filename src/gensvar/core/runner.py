"""Runs the handlers of facts: claim a few rows under a lease, prepare outside a transaction, settle inside one.

What is in the database happens once (a row is marked done in the transaction of its handler, and only by the claim that
holds it); what is sent happens at least once. Neighbours: core.events writes the rows, config.cli starts the loops.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import F, Q

from gensvar.core import absence, backwards, clock, statements, wake
from gensvar.core.events import Again, Fact, Handler, Settle, fact_named, handler_at, manner_of
from gensvar.core.fairness import writing
from gensvar.core.models import Event
from gensvar.core.stops import stop

logger = logging.getLogger(__name__)

BATCH: Final = 20
LANES: Final = {  # what each loop takes, in this order
    Event.Lane.DATABASE: (Event.Lane.FIRST, Event.Lane.DATABASE),
    Event.Lane.NETWORK: (Event.Lane.NETWORK, Event.Lane.LATER),
}
OTHERS_TURN: Final = 16  # one batch in so many is not of those that go first
TRIED_TURN: Final = 15  # one claim in so many begins with what was tried before
LEASE: Final = backwards.LEASE
HEAD_START: Final = dt.timedelta(seconds=5)  # for who runs a row in the process that wrote it
TIME_LIMIT: Final = 10.0  # seconds for one preparation in the database lane
MOST_CRASHES: Final = 5  # a row that ended its process this often is given up; three can be chance where a machine kills at random
MOST_FAILURES: Final = 8
OWN_FAULTS: Final = (
    DataError,
    IntegrityError,
)  # of what was asked, not of the database: given back, the row would hold up its lane for ever


class TookTooLong(Exception):
    """The work took longer than its limit and was broken off; nothing of it was stored."""


@dataclass(slots=True)
class Claim:
    """One row that this process holds until its lease ends."""

    id: int
    fact: Fact
    handler: Handler
    attempts: int
    failures: int
    settle: Settle | None = None


def claim(lane: Event.Lane, limit: int = BATCH) -> list[Claim]:
    """Take up to `limit` fresh rows, or one that was tried before: whatever kills its process kills nobody else's turn.

    Fresh rows go first, but not for ever: what a dead process left behind must not wait until nothing new comes.
    """
    turn = next(_turns)
    kinds = [("attempts = 0", limit), ("attempts > 0", 1)]
    if turn % TRIED_TURN == 0:
        kinds.reverse()
    for which, most in kinds:
        for one in _order(lane, turn):
            if found := _claim(one, most, which):
                return found
    return []


_turns = itertools.count(1)


def _order(lane: Event.Lane, turn: int) -> tuple[Event.Lane, ...]:
    """Each loop takes what goes first before the rest, but not for ever: every so often the rest has its turn."""
    return LANES[lane] if turn % OTHERS_TURN else LANES[lane][::-1]


def _claim(lane: Event.Lane, limit: int, which: str) -> list[Claim]:
    now = clock.now()
    lock = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    sql = (
        "UPDATE core_event SET run_at = %s, attempts = attempts + 1 WHERE id IN ("
        f"SELECT id FROM core_event WHERE state = 0 AND lane = %s AND run_at <= %s AND {which} "
        f"ORDER BY run_at, id LIMIT %s {lock}) RETURNING id, fact, handler, payload, attempts, failures"
    )
    adapt = connection.ops.adapt_datetimefield_value
    with writing(), statements.cursor() as cursor:
        cursor.execute(sql, [adapt(now + LEASE), int(lane), adapt(now), limit])
        rows = sorted(cursor.fetchall())
    if not rows:
        return []
    stop("worker.after_claim")
    return [found for row in rows if (found := _understand(_event(row)))]


def _event(row: tuple[Any, ...]) -> Event:
    number, fact, handler, payload, attempts, failures = row
    if isinstance(payload, str):
        payload = json.loads(payload)
    return Event(pk=number, fact=fact, handler=handler, payload=payload, attempts=attempts, failures=failures)


def _understand(row: Event) -> Claim | None:
    try:
        fact = fact_named(row.fact)(**row.payload)
        handler = handler_at(row.handler)
    except (LookupError, ImportError, TypeError) as error:
        Event.objects.filter(pk=row.pk).update(state=Event.State.FAILED, error=str(error))
        logger.error("Event %s cannot be understood by this version: %s", row.pk, error)
        return None
    found = Claim(row.pk, fact, handler, row.attempts, row.failures)
    if row.attempts > MOST_CRASHES:
        _give_up(found, f"The process ended {row.attempts - 1} times while this was being done.")
        return None
    return found


def run_batch(lane: Event.Lane, limit: int = BATCH, held: list[Claim] | None = None) -> int:
    """Claim and run one batch; returns how many rows were claimed. `held` holds them as long as that is not done."""
    claims = claim(lane, limit)
    if held is not None:
        held[:] = claims
    ready: list[Claim] = []
    for one in claims:
        manner = manner_of(one.handler)
        if not manner.prepared:
            ready.append(one)
        elif _prepare(one, limited=not manner.network):
            if manner.network:
                _settle([one])
            else:
                ready.append(one)
    if ready:
        stop("worker.after_prepare")
        for some in _transactions(ready):
            _settle(some)
    if held is not None:
        held.clear()
    return len(claims)


def _transactions(ready: list[Claim]) -> Iterator[list[Claim]]:
    """What is settled together, and then each that wants to be alone."""
    if together := [one for one in ready if not manner_of(one.handler).alone]:
        yield together
    yield from ([one] for one in ready if manner_of(one.handler).alone)


def _give_back(held: list[Claim]) -> None:
    """What the database's absence broke off is due again at once, and not under suspicion: nobody waits for our lease."""
    if not held:
        return
    ours = Q()
    for one in held:
        ours |= Q(pk=one.id, attempts=one.attempts)
    with writing():
        Event.objects.filter(ours, state=Event.State.WAITING).update(
            run_at=clock.now(), attempts=F("attempts") - 1
        )
    held.clear()


def hold_back(event_ids: list[int]) -> None:
    """Let no worker take these rows for some seconds, in the transaction that writes them: the caller runs them at once.

    Where the caller dies before, a worker has them after that time.
    """
    Event.objects.filter(pk__in=event_ids).update(run_at=clock.now() + HEAD_START)


def run_event(event_id: int) -> bool:
    """Run one waiting row here and now, in this process; returns whether it is done. The worker has it otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_event SET run_at = %s, attempts = attempts + 1 "
            "WHERE id = %s AND state = 0 AND attempts = 0 "
            "RETURNING id, fact, handler, payload, attempts, failures",
            [connection.ops.adapt_datetimefield_value(clock.now() + LEASE), event_id],
        )
        rows = cursor.fetchall()
    one = _understand(_event(rows[0])) if rows else None
    if one is None:
        return False
    if not manner_of(one.handler).prepared or _prepare(one, limited=False):
        _settle([one])
    return Event.objects.filter(pk=event_id, state=Event.State.DONE).exists()


def run_waiting(*, network: bool = True) -> int:
    """Run everything whose time has come until nothing is left; returns how many rows ran. For commands and tests."""
    lanes = [Event.Lane.DATABASE, Event.Lane.NETWORK] if network else [Event.Lane.DATABASE]
    total = 0
    while ran := sum(run_batch(lane) for lane in lanes):
        total += ran
    return total


def run_forever(lane: Event.Lane, stopped: threading.Event) -> None:
    """The worker's loop for one lane, until `stopped` is set. The database may go away and come back meanwhile.

    A sender takes one row at a time: behind a slow server a whole batch would outlast its lease.
    """
    listening = False
    held: list[Claim] = []
    clocks = backwards.Backwards() if lane is Event.Lane.DATABASE else None
    while not stopped.is_set():
        try:
            if not listening or connection.connection is None:
                wake.listen(lane)
                statements.prefer_indexes()
                listening = True
            _give_back(held)
            if clocks is not None:
                clocks.look()
            if not run_batch(lane, 1 if lane is Event.Lane.NETWORK else BATCH, held):
                _wait_for_work(lane, stopped)
        except DatabaseError as error:
            absence.database.met(error)
            listening = False
            connection.close()
            stopped.wait(1)
        else:
            absence.database.over()
            if connection.connection is None:
                close_old_connections()


def _wait_for_work(lane: Event.Lane, stopped: threading.Event) -> None:
    """Return when a row of the lane is due. A look only reads: to claim for nothing would take SQLite's one write lock."""
    while not stopped.is_set():
        wake.wait()
        if Event.objects.filter(
            state=Event.State.WAITING, lane__in=LANES[lane], run_at__lte=clock.now()
        ).exists():
            return


def _prepare(one: Claim, *, limited: bool) -> bool:
    try:
        with _time_limit(TIME_LIMIT if limited else None):
            one.settle = one.handler(one.fact)
    except Exception as error:
        if isinstance(error, DatabaseError) and not isinstance(error, OWN_FAULTS):
            raise
        _failed(one, error)
        return False
    return True


def _settle(claims: list[Claim]) -> None:
    """Write what several claims prepared, in one transaction; where that fails, each alone."""
    try:
        with writing(), transaction.atomic():
            _mark_done([one for one in claims if _write(one) is None])
            stop("worker.before_commit")
    except Exception as error:
        if len(claims) == 1:
            if isinstance(error, DatabaseError) and connection.connection is None:
                raise
            _failed(claims[0], error)
            return
        for one in claims:
            _settle([one])
        return
    stop("worker.after_commit")


def _write(one: Claim) -> Again:
    """Let the handler write; gives when it wants to run again, which is noted here, or None when it is done."""
    work: Callable[[], Any] | None
    work = one.settle if manner_of(one.handler).prepared else lambda: one.handler(one.fact)
    again: Again = work() if work is not None else None
    if again is not None:
        changed = Event.objects.filter(pk=one.id, attempts=one.attempts, state=Event.State.WAITING).update(
            run_at=again, attempts=0, failures=0, error=""
        )
        if changed != 1:
            raise LostClaim([one.id])
    return again


def _mark_done(claims: list[Claim]) -> None:
    """Mark all of them in one statement, each only if this claim still holds it."""
    if not claims:
        return
    held = " OR ".join(["(id = %s AND attempts = %s)"] * len(claims))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE core_event SET state = 1, error = '' WHERE state = 0 AND ({held})",
            [value for one in claims for value in (one.id, one.attempts)],
        )
        if cursor.rowcount != len(claims):
            raise LostClaim([one.id for one in claims])


class LostClaim(Exception):
    """The lease ran out while the work was done; the other holder's work counts."""

    def __init__(self, ids: list[int]) -> None:
        said = ", ".join(map(str, ids))
        super().__init__(
            f"Of the events {said} one was taken over by another worker; what was done here is undone."
        )


def _failed(one: Claim, error: Exception) -> None:
    if isinstance(error, LostClaim):
        logger.warning("%s", error)
        return
    logger.error("Event %s (%s) failed: %r", one.id, one.fact.name, error, exc_info=error)
    failures = one.failures + 1
    text = f"{type(error).__name__}: {error}"
    if failures >= MOST_FAILURES:
        _give_up(one, text)
        return
    wait = min(dt.timedelta(seconds=2**failures), backwards.LONGEST_WAIT)
    with writing():
        Event.objects.filter(pk=one.id, attempts=one.attempts).update(
            run_at=clock.now() + wait, attempts=1, failures=failures, error=text
        )


def _give_up(one: Claim, text: str) -> None:
    with writing(), transaction.atomic():
        Event.objects.filter(pk=one.id).update(state=Event.State.FAILED, error=text)
        if gave_up := manner_of(one.handler).gave_up:
            gave_up(one.fact, text)


@contextmanager
def _time_limit(seconds: float | None) -> Iterator[None]:
    """Break off the block by SIGALRM; only the main thread can be interrupted, others run unlimited."""
    if seconds is None or threading.current_thread() is not threading.main_thread():
        yield
        return

    def break_off(number: int, frame: FrameType | None) -> None:
        raise TookTooLong(f"This took longer than {seconds:.0f} seconds and was broken off.")

    before = signal.signal(signal.SIGALRM, break_off)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
