"""A lane's loop is woken by its own work, once for each commit, and looks without writing."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from gensvar.core import clock, events, runner, wake
from gensvar.core.models import Event, Topic
from gensvar.core.tests import flow


@pytest.fixture(autouse=True)
def own_flow(settings: Settings) -> Iterator[None]:
    settings.GENSVAR_FLOW = "gensvar.core.tests.flow"
    for cached in (events.flow, events.fact_named, events.handler_at):
        cached.cache_clear()
    yield
    for cached in (events.flow, events.fact_named, events.handler_at):
        cached.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_many_facts_of_one_commit_wake_each_lane_once() -> None:
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        for word in ("snö", "is", "grus"):
            events.emit(flow.WordSaid(word))
        events.emit(flow.Called("mejl"))
    told = sorted(str(one["sql"]) for one in captured if "NOTIFY" in str(one["sql"]))
    assert told == {
        "postgresql": ["NOTIFY gensvar_events", "NOTIFY gensvar_sendings"],
        "sqlite": [],  # its data_version tells everybody
    }.get(connection.vendor)


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_wakes_nobody() -> None:
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        try:
            with transaction.atomic():
                events.emit(flow.WordSaid("snö"))
                raise RuntimeError
        except RuntimeError:
            pass
    assert not [one for one in captured if "NOTIFY" in str(one["sql"])]


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_is_woken_for_nothing_writes_nothing() -> None:
    stopped, claims, looks = threading.Event(), [], threading.Semaphore(0)

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE core_event SET run_at"):
            claims.append(sql)
        result = execute(sql, *rest)
        if sql.startswith("SELECT ") and "core_event" in sql:
            looks.release()
        return result

    def loop() -> None:
        try:
            with connection.execute_wrapper(note):
                runner.run_forever(Event.Lane.NETWORK, stopped)
        finally:
            connection.close()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        assert looks.acquire(timeout=120)
        idle = len(claims)
        with transaction.atomic():
            events.emit(flow.WordSaid("för den andra"))
        assert looks.acquire(timeout=120)
        assert len(claims) == idle
        with transaction.atomic():
            events.emit(flow.Called("mejl"))
        until = clock.now() + dt.timedelta(seconds=120)
        while not Topic.objects.filter(slug="mejl").exists():
            assert clock.now() < until, "the sender did not wake"
    finally:
        stopped.set()
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_one_loop_of_a_process_looks_for_all_and_each_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    looking, at_once, woken = set[int](), [0], threading.Semaphore(0)
    look = wake._look

    def noted(seconds: float) -> None:
        looking.add(threading.get_ident())
        at_once.append(len(looking))
        look(seconds)
        looking.discard(threading.get_ident())

    def loop() -> None:
        try:
            wake.listen(Event.Lane.DATABASE)
            wake.wait(600)
            woken.release()
        finally:
            connection.close()

    monkeypatch.setattr(wake, "_look", noted)
    threads = [threading.Thread(target=loop, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    until = clock.now() + dt.timedelta(seconds=120)
    for _ in threads:
        while not woken.acquire(timeout=0.05):  # who was not waiting yet hears of the next commit
            assert clock.now() < until, "not every loop was woken"
            with transaction.atomic():
                events.emit(flow.WordSaid("snö"))
    for thread in threads:
        thread.join()
    assert max(at_once) == {"sqlite": 1, "postgresql": 0}[connection.vendor]
