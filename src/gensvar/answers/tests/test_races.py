"""Two of anything at the same moment, on real committed rows: workers, colleagues, the undo button and the worker."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from gensvar.answers import drafts, outbox, services
from gensvar.answers.checks import Screen
from gensvar.answers.errors import CannotSend, SomethingNew, TooLate
from gensvar.answers.models import Delivery, Draft
from gensvar.answers.tests.scene import Town, the_delivery
from gensvar.answers.tests.sink import Sink
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import counts
from gensvar.conversations.models import Message
from gensvar.conversations.turns import take_turn
from gensvar.core import clock, runner
from gensvar.core.models import Event
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.people.tests.factories import make_person, user_of
from gensvar.routing.tests.scene import raw_mail

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gave, or the exception that it raised; all begin at the same moment, each with its own connection."""
    begin = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        begin.wait(120)
        try:
            results[number] = works[number]()
        except Exception as error:  # the test looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def unexpected(results: list[Any], *expected: type[Exception]) -> list[Exception]:
    return [one for one in results if isinstance(one, Exception) and not isinstance(one, expected)]


def test_two_workers_send_each_answer_once(town: Town) -> None:
    for number in range(12):
        message = town.asks(sender=f"Anna <anna{number}@example.org>")
        town.answer(message)
    results = at_once(runner.run_waiting, runner.run_waiting, runner.run_waiting)
    assert unexpected(results) == []
    runner.run_waiting()
    assert len(town.sink.taken) == 12
    assert len({one.message_id for one in town.sink.taken}) == 12
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}


def test_pressing_send_in_two_windows_sends_once(town: Town) -> None:
    draft = town.draft(town.asks())
    user = town.user()
    results = at_once(*[lambda: services.send_answer(draft, by=user)] * 4)
    assert unexpected(results, CannotSend) == []
    assert sum(isinstance(one, Message) for one in results) == 1
    assert Delivery.objects.count() == 1


def test_two_windows_that_save_one_draft_while_it_is_thrown_away_keep_one(town: Town) -> None:
    message = town.asks()
    writer = town.draft(message).person

    def save() -> Draft:
        return drafts.save_draft(
            person=writer, kind=Draft.Kind.ANSWER, text="Vi plogar", conversation=message.conversation
        )

    for _round in range(8):
        results = at_once(save, save, lambda: drafts.discard(Draft.objects.get()), save)
        assert unexpected(results) == []
        save()
        assert Draft.objects.get().text == "Vi plogar"


def test_of_two_colleagues_who_answer_at_once_one_is_shown_the_others_words(town: Town) -> None:
    message = town.asks()
    sam = make_person("Sam Berg", town.streets)
    first, second = town.draft(message), town.draft(message, person=sam)
    kims, sams = town.user(), user_of(sam)
    results = at_once(
        lambda: services.send_answer(first, by=kims, screen=Screen(newest=message.pk)),
        lambda: services.send_answer(second, by=sams, screen=Screen(newest=message.pk)),
    )
    assert unexpected(results, SomethingNew) == []
    assert sum(isinstance(one, Message) for one in results) == 1
    assert Draft.objects.count() == 1
    assert counts.differences() == {}


def test_who_waits_for_the_conversations_holds_no_draft(town: Town) -> None:
    """Whoever merges, or hands a draft over, waits for drafts the other way round: the two would stand in a circle."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time, so nobody waits in a circle.")
    asked = town.asks().conversation
    client = Client()
    client.force_login(town.user())
    written: dict[str, Any] = {"text": "Kan ni?", "subject": "Fråga"}
    for kind, recipient in (("forward", "vakt@v.example"), ("note", ""), ("first", "vakt@v.example")):
        where = None if kind == "first" else asked
        drafts.save_draft(person=town.kim, kind=kind, conversation=where, recipient=recipient, **written)
        address = reverse("desk:write", args=[asked.number]) if where else reverse("desk:first")
        form = {"kind": kind, "act": "send", "recipient": recipient, **written}
        sending = threading.Thread(target=_sent_from_elsewhere, args=[client, address, form])
        try:
            with transaction.atomic():
                take_turn()
                sending.start()
                while not _somebody_waits():
                    sending.join(0.01)
                Draft.objects.select_for_update(nowait=True).get()  # raises where the sender holds it
        finally:
            sending.join(120)
        assert not Draft.objects.exists()


def _sent_from_elsewhere(client: Client, address: str, form: dict[str, str]) -> None:
    try:
        client.post(address, form)
    finally:
        connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("round_number", range(6))
def test_the_undo_button_and_the_worker_agree_on_what_happened(town: Town, round_number: int) -> None:
    """Either it was sent and could not be taken back, or it was taken back and never sent."""
    sent = town.answer(town.asks())
    delivery = the_delivery(sent)
    user = town.user()
    results = at_once(lambda: services.take_back(sent, by=user), runner.run_waiting)
    assert unexpected(results, TooLate) == []
    runner.run_waiting()
    delivery.refresh_from_db()
    if isinstance(results[0], Draft):
        assert (delivery.state, town.sink.taken) == (Delivery.State.CANCELLED, [])
        assert not Message.objects.filter(pk=sent.pk).exists()
    else:
        assert (delivery.state, len(town.sink.taken)) == (Delivery.State.SENT, 1)
        assert Draft.objects.count() == 0
    assert counts.differences() == {}


def test_two_workers_acknowledge_one_address_once(town: Town) -> None:
    town.place.acknowledges = True
    town.place.save()
    from gensvar.intake.models import Envelope
    from gensvar.intake.services import receive

    for _ in range(6):
        receive(
            raw_mail(to=town.place.address),
            contact_point=town.place,
            source=Envelope.Source.SMTP,
            recipient=town.place.address,
        )
    results = at_once(runner.run_waiting, runner.run_waiting)
    assert unexpected(results) == []
    runner.run_waiting()
    assert Delivery.objects.filter(kind=Delivery.Kind.RECEIPT).count() == 1
    assert len(town.sink.taken) == 1


def test_a_worker_whose_lease_ran_out_does_not_undo_what_the_other_did(town: Town) -> None:
    """The first is still sending when the second takes over: twice under one Message-ID, and one row that says sent."""
    town.sink.slow = 0.5
    sent = town.answer(town.asks())

    def second() -> int:
        town.sink.wait_for(1)
        Event.objects.filter(fact="delivery_queued").update(run_at=clock.now() - dt.timedelta(seconds=1))
        return runner.run_waiting()

    results = at_once(runner.run_waiting, second)
    assert unexpected(results) == []
    assert the_delivery(sent).state == Delivery.State.SENT
    assert len({one.data for one in town.sink.taken}) == 1
    assert not Event.objects.filter(fact="delivery_queued", state=Event.State.WAITING).exists()


def test_a_worker_whose_lease_ran_out_before_it_began_leaves_no_answer_that_nobody_sends(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read the row. The first begins though its lease is over, and what it writes after sending does not count."""
    sent = town.answer(town.asks())
    read, second_read, begun = threading.Event(), threading.Event(), threading.Event()
    begin, ghost = outbox._begin, threading.local()

    def begin_in_turn(delivery: Delivery, composed: bytes) -> bool:
        if getattr(ghost, "here", False):
            read.set()
            assert second_read.wait(120)
            try:
                return begin(delivery, composed)
            finally:
                begun.set()
        if not begun.is_set():
            second_read.set()
            assert begun.wait(120)
        return begin(delivery, composed)

    monkeypatch.setattr(outbox, "_begin", begin_in_turn)

    def first() -> int:
        ghost.here = True
        return runner.run_waiting()

    def second() -> int:
        assert read.wait(120)
        Event.objects.filter(fact="delivery_queued").update(run_at=clock.now() - dt.timedelta(seconds=1))
        return runner.run_waiting()

    assert unexpected(at_once(first, second)) == []
    assert the_delivery(sent).state == Delivery.State.SENT
    assert len({one.data for one in town.sink.taken}) == 1
    assert not Event.objects.filter(fact="delivery_queued", state=Event.State.WAITING).exists()


def test_a_bounce_and_an_answer_at_the_same_moment_leave_the_counters_right(town: Town, sink: Sink) -> None:
    messages = [town.asks(sender=f"Anna <anna{number}@example.org>") for number in range(4)]
    sink.refuses.update(f"anna{number}@example.org" for number in range(4))
    for message in messages:
        town.answer(message)
    user, more = town.user(), [town.draft(message, "Mer.") for message in messages]
    results = at_once(
        runner.run_waiting,
        lambda: [services.send_answer(draft, by=user) for draft in more],
        lambda: [_kept_and_read(town.place) for _ in range(3)],
    )
    assert unexpected(results) == []
    runner.run_waiting()
    assert Message.objects.filter(envelope__isnull=False, contact__name="Bo").count() == 3
    assert counts.differences() == {}
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.FAILED}


def _kept_and_read(place: ContactPoint) -> int:
    """A word of Bo's comes. Whichever worker has claimed it reads it, so it need not stand when this returns."""
    raw = raw_mail(to=place.address, sender="Bo <bo@example.net>")
    receive(raw, contact_point=place, source=Envelope.Source.SMTP, mail_from="", recipient=place.address)
    return runner.run_waiting(network=False)
