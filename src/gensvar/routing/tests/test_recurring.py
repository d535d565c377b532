"""What comes back by itself each minute or hour: one row each, whatever failed before."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.conversations import services as conversations
from gensvar.core import clock, recurring, runner
from gensvar.core.models import Event

pytestmark = pytest.mark.django_db


def test_each_recurring_work_has_one_row_however_often_workers_start() -> None:
    recurring.ensure()
    recurring.ensure()
    assert Event.objects.filter(key__isnull=False).count() == len(recurring.table())


def test_recurring_work_that_was_given_up_comes_back_with_the_next_worker() -> None:
    recurring.ensure()
    Event.objects.filter(key="routing.wake_snoozed").update(state=Event.State.FAILED, attempts=9, failures=9)
    recurring.ensure()
    row = Event.objects.get(key="routing.wake_snoozed")
    assert (row.state, row.attempts, row.failures) == (Event.State.WAITING, 0, 0)


def test_recurring_work_that_keeps_failing_is_tried_again_at_its_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(now: dt.datetime) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(conversations, "wake_snoozed", broken)
    recurring.ensure()
    later = dt.timedelta()
    for _ in range(runner.MOST_FAILURES + 1):
        with clock.moved(later):
            runner.run_waiting(network=False)
        later += dt.timedelta(hours=2)
    row = Event.objects.get(key="routing.wake_snoozed")
    assert row.state == Event.State.WAITING
    assert "the disk is full" in row.error
