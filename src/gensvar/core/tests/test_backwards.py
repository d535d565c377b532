"""A clock that is set back keeps nobody waiting who was due at once, and moves no time that somebody chose."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.core import clock, recurring
from gensvar.core.backwards import LEASE, Backwards, waiting_too_long
from gensvar.core.models import Event

pytestmark = pytest.mark.django_db


def test_what_was_due_at_once_does_not_wait_until_the_clock_is_there_again() -> None:
    recurring.ensure()
    by_the_clock = Event.objects.filter(key__isnull=False)
    with clock.moved(dt.timedelta(hours=1)):
        clocks, then = Backwards(), clock.now()
        at_once = Event.objects.create(payload={}, run_at=then, created_at=then)
        chosen = Event.objects.create(payload={}, run_at=then + dt.timedelta(minutes=1), created_at=then)
        by_the_clock.update(run_at=then)
    clocks.look()
    now = clock.now()
    at_once.refresh_from_db()
    assert at_once.run_at <= now
    assert Event.objects.get(pk=chosen.pk).run_at == chosen.run_at
    late = {one.key: one.run_at for one in by_the_clock if one.key is not None}
    assert all(late[key] <= now + every for key, (every, _handler) in recurring.table().items())


def test_what_a_clock_that_was_ahead_let_wait_is_due_by_the_clock_as_it_is() -> None:
    year, now = dt.timedelta(days=365), clock.now()
    recurring.ensure()
    Event.objects.filter(key__isnull=False).update(run_at=now + year)

    def row(created: dt.datetime, due: dt.datetime, **tried: int) -> Event:
        return Event.objects.create(payload={}, created_at=created, run_at=due, **tried)

    mended = [
        row(now + year, now + year),
        row(now, now + year, failures=2, attempts=1),
        row(now, now + year, attempts=1),
    ]
    chosen = row(now, now + year)
    with_retry = row(now, now + dt.timedelta(minutes=50), failures=6, attempts=1)
    Backwards().look()  # a worker that was started after it had been set back
    longest = clock.now() + LEASE
    assert all(Event.objects.get(pk=one.pk).run_at <= longest for one in mended)
    for left in (chosen, with_retry):
        assert Event.objects.get(pk=left.pk).run_at == left.run_at
    assert not Event.objects.filter(key__isnull=False, run_at__gt=clock.now() + dt.timedelta(days=1)).exists()
    assert not waiting_too_long().exists()
