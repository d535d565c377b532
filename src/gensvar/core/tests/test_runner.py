"""The runner: what is in the database happens once, whatever fails, dies or is taken over meanwhile."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from pytest_django import Settings

from gensvar.core import clock, events, runner
from gensvar.core.models import Event, Topic
from gensvar.core.tests import flow

DATABASE, NETWORK = Event.Lane.DATABASE, Event.Lane.NETWORK


@pytest.fixture(autouse=True)
def own_flow(settings: Settings) -> Iterator[None]:
    settings.GENSVAR_FLOW = "gensvar.core.tests.flow"
    for cached in (events.flow, events.fact_named, events.handler_at):
        cached.cache_clear()
    flow.gave_up_on.clear()
    flow.prepared_words.clear()
    yield
    for cached in (events.flow, events.fact_named, events.handler_at):
        cached.cache_clear()


def say(fact: events.Fact, at: dt.datetime | None = None) -> int:
    with transaction.atomic():
        return events.emit(fact, at=at)[0]


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        events.emit(flow.WordSaid("snö"))


@pytest.mark.django_db
def test_a_fact_that_the_flow_does_not_know_is_refused() -> None:
    with pytest.raises(LookupError, match="unknown"):
        say(flow.Unknown())


@pytest.mark.django_db(transaction=True)
def test_a_fact_rolled_back_with_its_rows_starts_nothing() -> None:
    with transaction.atomic():
        events.emit(flow.WordSaid("snö"))
        transaction.set_rollback(True)
    assert runner.run_waiting() == 0
    assert not Topic.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_each_fact_is_handled_once_and_in_batches() -> None:
    for number in range(45):
        say(flow.WordSaid(f"ord-{number}"))
    assert runner.run_batch(DATABASE) == runner.BATCH
    assert runner.run_waiting() == 25
    assert Topic.objects.count() == 45
    assert set(Event.objects.values_list("state", flat=True)) == {Event.State.DONE}


@pytest.mark.django_db(transaction=True)
def test_a_fact_for_later_waits_for_its_time() -> None:
    say(flow.WordSaid("senare"), at=clock.now() + dt.timedelta(hours=2))
    assert runner.run_waiting() == 0
    with clock.moved(dt.timedelta(hours=3)):
        assert runner.run_waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_one_bad_row_in_a_batch_does_not_stop_the_others() -> None:
    Topic.objects.create(slug="upptagen", name="upptagen")
    say(flow.Nonsense("tal"))  # what it asked the database for cannot be: it is not the database that is away
    for word in ("före", "upptagen", "efter"):
        say(flow.WordSaid(word))
    runner.run_batch(DATABASE)
    assert set(Topic.objects.values_list("slug", flat=True)) == {"före", "upptagen", "efter"}
    failed = Event.objects.get(payload__word="upptagen")
    assert failed.state == Event.State.WAITING
    assert failed.failures == 1
    assert "IntegrityError" in failed.error


@pytest.mark.django_db(transaction=True)
def test_what_always_fails_is_given_up_and_its_owner_is_told() -> None:
    say(flow.Nonsense("gurgel"))
    for hours in range(runner.MOST_FAILURES):
        with clock.moved(dt.timedelta(hours=2 * hours)):
            runner.run_batch(DATABASE)
    row = Event.objects.get()
    assert row.state == Event.State.FAILED
    assert flow.gave_up_on == [("gurgel", "ValueError: no sense in gurgel")]


@pytest.mark.django_db(transaction=True)
def test_work_that_never_ends_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.05)
    say(flow.Slow())
    runner.run_batch(DATABASE)
    assert "TookTooLong" in Event.objects.get().error


@pytest.mark.django_db(transaction=True)
def test_a_row_whose_process_died_is_done_after_its_lease_and_alone() -> None:
    for word in ("ett", "två"):
        say(flow.WordSaid(word))
    assert len(runner.claim(DATABASE)) == 2  # and then the process died
    assert runner.run_batch(DATABASE) == 0
    with clock.moved(runner.LEASE + dt.timedelta(seconds=1)):
        assert runner.run_batch(DATABASE) == 1
        assert runner.run_batch(DATABASE) == 1
    assert Topic.objects.count() == 2


@pytest.mark.parametrize("lane", [DATABASE, NETWORK])
@pytest.mark.django_db(transaction=True)
def test_what_a_dead_process_left_behind_does_not_wait_until_nothing_new_comes(lane: Event.Lane) -> None:
    said = flow.WordSaid if lane is DATABASE else flow.Called
    left = say(said("kvar"))
    assert [one.id for one in runner.claim(lane)] == [left]  # and then the process died
    for number in range(2 * runner.TRIED_TURN):
        say(said(f"nytt {number}"))
    with clock.moved(runner.LEASE + dt.timedelta(seconds=1)):
        taken = [one.id for _turn in range(runner.TRIED_TURN) for one in runner.claim(lane, 1)]
    assert left in taken
    assert len(taken) == runner.TRIED_TURN, "and the others had their turns"


@pytest.mark.django_db(transaction=True)
def test_a_row_that_kills_its_process_again_and_again_is_given_up() -> None:
    say(flow.WordSaid("gift"))
    for times in range(runner.MOST_CRASHES):
        with clock.moved(times * (runner.LEASE + dt.timedelta(seconds=1))):
            assert len(runner.claim(DATABASE)) == 1
    with clock.moved(runner.MOST_CRASHES * (runner.LEASE + dt.timedelta(seconds=1))):
        assert runner.claim(DATABASE) == []
    assert Event.objects.get().state == Event.State.FAILED


@pytest.mark.django_db(transaction=True)
def test_work_of_a_lost_claim_is_undone() -> None:
    say(flow.WordSaid("dubbel"))
    (slow,) = runner.claim(DATABASE)
    with clock.moved(runner.LEASE + dt.timedelta(seconds=1)):
        assert runner.run_batch(DATABASE) == 1
    Topic.objects.all().delete()
    runner._settle([slow])
    assert not Topic.objects.exists()
    assert Event.objects.get().state == Event.State.DONE


@pytest.mark.django_db(transaction=True)
def test_a_handler_may_ask_to_run_again() -> None:
    say(flow.Returning())
    runner.run_batch(DATABASE)
    assert runner.run_batch(DATABASE) == 0
    with clock.moved(dt.timedelta(minutes=61)):
        assert runner.run_batch(DATABASE) == 1
    assert Topic.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_somebody_waits_for_is_sent_before_a_letter_to_many_and_the_letter_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "_turns", itertools.count(1))
    with transaction.atomic():
        for number in range(3):
            events.emit(flow.Called(f"brev-{number}"), later=True)
    with transaction.atomic():
        for number in range(runner.OTHERS_TURN):
            events.emit(flow.Called(f"svar-{number}"))
    sent: list[str] = []
    while runner.run_batch(NETWORK, 1):
        sent += Topic.objects.exclude(slug__in=sent).values_list("slug", flat=True)
    first, turn = runner.OTHERS_TURN - 1, runner.OTHERS_TURN
    assert sent[:first] == [f"svar-{number}" for number in range(first)]
    assert sent[first:turn] == ["brev-0"], "however much else is to be sent"
    assert sent[turn:] == [f"svar-{first}", "brev-1", "brev-2"]


@pytest.mark.django_db
def test_the_version_before_sends_what_waits_in_the_last_lane() -> None:
    later, done = (
        Event.objects.create(
            fact="called",
            handler="x",
            lane=Event.Lane.LATER,
            state=state,
            run_at=clock.now(),
            created_at=clock.now(),
        )
        for state in (Event.State.WAITING, Event.State.DONE)
    )
    import_module("gensvar.core.migrations.0008_last_lane").with_the_rest(apps, None)
    assert Event.objects.get(pk=later.pk).lane == Event.Lane.NETWORK
    assert Event.objects.get(pk=done.pk).lane == Event.Lane.LATER


@pytest.mark.django_db(transaction=True)
def test_the_lanes_do_not_wait_for_each_other() -> None:
    say(flow.Called("utåt"))
    say(flow.WordSaid("inåt"))
    assert runner.run_batch(DATABASE) == 1
    assert flow.prepared_words == []
    assert runner.run_batch(NETWORK) == 1
    assert flow.prepared_words == ["utåt"]


@pytest.mark.django_db(transaction=True)
def test_one_event_can_be_run_here_and_now_and_only_once() -> None:
    event = say(flow.WordSaid("nu"))
    assert runner.run_event(event) is True
    assert runner.run_event(event) is False
    assert Topic.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_without_doing_any_twice() -> None:
    for number in range(60):
        say(flow.WordSaid(f"ord-{number}"))
    errors: list[BaseException] = []
    start = threading.Barrier(2)

    def work() -> None:
        try:
            start.wait()
            runner.run_waiting()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Topic.objects.count() == 60
    assert not Event.objects.exclude(state=Event.State.DONE).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_woken_by_a_fact_also_when_its_server_ended_while_it_waited_and_stops_when_told() -> None:
    stopped = threading.Event()

    def loop() -> None:
        try:
            runner.run_forever(DATABASE, stopped)
        finally:
            connection.close()

    thread = threading.Thread(target=loop)
    thread.start()

    def wakes_for(word: str) -> None:
        say(flow.WordSaid(word))
        deadline = clock.now() + dt.timedelta(seconds=120)
        while not Topic.objects.filter(slug=word).exists():
            assert clock.now() < deadline, "the worker did not wake"
            assert thread.is_alive(), "the worker ended with its line"

    try:
        wakes_for("vaken")
        end_the_line_of_who_waits()
        wakes_for("vaken igen")
    finally:
        stopped.set()
        thread.join()


def end_the_line_of_who_waits() -> None:
    """As a server that is started anew does; a file has none."""
    looked = (
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state = 'idle' AND query LIKE 'SELECT 1 AS%core_event%'"
    )
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(looked)
            if cursor.fetchall():
                return
            cursor.execute("SELECT pg_sleep(0.05)")


@pytest.mark.django_db(transaction=True)
def test_what_a_lost_database_broke_off_is_done_when_it_is_back_and_not_after_the_lease() -> None:
    assert dt.timedelta(seconds=120) <= runner.LEASE
    stopped = threading.Event()
    claimed: list[Any] = []
    refused: list[Any] = []

    def away(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        if claimed and len(refused) < 3:
            refused.append(sql)
            raise OperationalError("the database has gone away")
        result = execute(sql, *rest)
        if str(sql).startswith("UPDATE core_event SET run_at"):
            claimed.append(sql)
        return result

    def loop() -> None:
        try:
            with connection.execute_wrapper(away):
                runner.run_forever(DATABASE, stopped)
        finally:
            connection.close()

    say(flow.WordSaid("tillbaka"))
    thread = threading.Thread(target=loop)
    thread.start()
    try:
        until = clock.now() + dt.timedelta(seconds=60)
        while not Topic.objects.filter(slug="tillbaka").exists():
            assert clock.now() < until, "what was claimed waits for its lease"
    finally:
        stopped.set()
        thread.join()
    assert len(refused) == 3
    assert Event.objects.get(fact="word_said").attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_held_back_is_left_to_its_writer_and_taken_when_the_writer_is_gone() -> None:
    with transaction.atomic():
        (number,) = events.emit(flow.WordSaid("min egen"))
        runner.hold_back([number])
    assert runner.run_batch(DATABASE) == 0
    assert runner.run_event(number)
    with transaction.atomic():
        runner.hold_back(events.emit(flow.WordSaid("övergiven")))
    with clock.moved(runner.HEAD_START + dt.timedelta(seconds=1)):
        assert runner.run_batch(DATABASE) == 1
