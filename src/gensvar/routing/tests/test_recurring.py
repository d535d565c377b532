"""What comes back by itself each minute or hour: one row each, whatever failed before."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session

from gensvar.conversations import services as conversations
from gensvar.core import clock, forgetting, recurring, runner
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
    monkeypatch.setattr(runner, "MOST_FAILURES", 2)
    recurring.ensure()
    later = dt.timedelta()
    for _ in range(runner.MOST_FAILURES + 1):
        with clock.moved(later):
            runner.run_waiting(network=False)
        later += dt.timedelta(hours=2)
    row = Event.objects.get(key="routing.wake_snoozed")
    assert row.state == Event.State.WAITING
    assert "the disk is full" in row.error


def test_what_was_done_long_ago_and_sessions_that_have_run_out_do_not_lie_there_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forgetting, "CHUNK", 2)
    monkeypatch.setattr("gensvar.desk.sessions.CHUNK", 2)
    now = clock.now()
    old = now - forgetting.KEPT - dt.timedelta(days=1)
    done, waiting, failed = Event.State.DONE, Event.State.WAITING, Event.State.FAILED
    later = now + dt.timedelta(days=9)
    states = [
        (later, done),
        (old, done),
        (old, failed),
        (old, done),
        (old, done),
        (old, waiting),
        (now, done),
    ]
    Event.objects.bulk_create(
        Event(fact="word", handler="x", state=state, run_at=later, created_at=at) for at, state in states
    )
    for key, lasts in (("ran-out", -2), ("run-out", -1), ("lasts", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + dt.timedelta(hours=lasts))
    recurring.ensure()
    Event.objects.filter(key__isnull=False).exclude(
        key__in=["core.forget_done", "desk.forget_expired"]
    ).delete()
    assert runner.run_waiting() == 6, (
        "the oldest piece by piece, beside what a wrong clock dated, and then not before tomorrow"
    )
    left = Event.objects.filter(fact="word").order_by("pk").values_list("state", flat=True)
    assert list(left) == [done, failed, waiting, done]
    assert [one.session_key for one in Session.objects.all()] == ["lasts"]
