"""A clock that is set back keeps nobody waiting who was due at once, and moves no time that somebody chose."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.core import clock, recurring
from gensvar.core.backwards import Backwards
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
