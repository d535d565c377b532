"""The other side is away, slow, greylisting, full, or refuses: nothing is lost, and staff see what happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import override_settings

from gensvar.answers import ahead, drafts, outbox, services, told
from gensvar.answers.models import Delivery, Draft
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.conversations import counts, queries
from gensvar.conversations import services as conversations
from gensvar.conversations.models import ContactAddress, Message, Participant
from gensvar.conversations.states import State
from gensvar.core import clock, runner
from gensvar.core.events import manner_of
from gensvar.core.models import Event
from gensvar.core.recurring import TimeCame
from gensvar.routing.tests.scene import fresh


def tries(town: Town, hours: float) -> None:
    """Let that many hours pass, a minute at a time where something is due."""
    begun = clock.now()
    passed = dt.timedelta()
    while passed < dt.timedelta(hours=hours):
        due = (
            Event.objects.filter(lane=Event.Lane.NETWORK, state=Event.State.WAITING)
            .order_by("run_at")
            .first()
        )
        if due is None:
            return
        passed = max(passed, due.run_at - begun) + dt.timedelta(seconds=1)
        with clock.moved(passed):
            send_waiting()


def test_a_server_that_is_away_for_an_hour_costs_only_time(town: Town) -> None:
    town.sink.stop()
    delivery = the_delivery(town.answer(town.asks()))
    send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (Delivery.State.DELAYED, 1)
    assert delivery.reply
    with clock.moved(dt.timedelta(minutes=6)):
        send_waiting()
        town.sink.start()
        with clock.moved(dt.timedelta(minutes=61)):
            send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (Delivery.State.SENT, 3)
    assert len(town.sink.taken) == 1


def test_a_time_that_a_clock_which_was_ahead_has_set_keeps_no_answer_waiting(town: Town) -> None:
    with clock.moved(dt.timedelta(days=365)):
        never_tried = the_delivery(town.answer(town.asks()))
    town.sink.stop()
    tried = the_delivery(town.answer(town.asks(message_id="b@example.org")))
    send_waiting()
    far = clock.now() + dt.timedelta(days=365)
    Delivery.objects.filter(pk=tried.pk).update(next_try_at=far)
    Event.objects.filter(state=Event.State.WAITING).update(run_at=far)
    town.sink.start()
    ahead.mend_times(TimeCame("answers.mend_times", 600))
    send_waiting()
    states = Delivery.objects.filter(pk__in=[never_tried.pk, tried.pk]).values_list("state", flat=True)
    assert set(states) == {Delivery.State.SENT}
    send_waiting()
    assert len(town.sink.taken) == 2, "each once"
    assert manner_of(ahead.mend_times).alone, "who holds a delivery must not wait for the conversations"


def test_greylisting_is_outlasted_and_each_try_carries_the_same_message_id(town: Town) -> None:
    town.sink.greylists = True
    delivery = the_delivery(town.answer(town.asks()))
    made = delivery.message_identifier  # before the first try
    send_waiting()
    send_waiting()
    assert town.sink.tried == ["anna@example.org"]  # not again before its time
    delivery.refresh_from_db()
    assert "451 4.7.1" in delivery.reply
    town.sink.greylists = False
    with clock.moved(dt.timedelta(minutes=5, seconds=1)):
        send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert town.sink.taken[0].message_id == delivery.message_identifier == made


def test_the_second_try_comes_after_five_minutes_and_then_one_each_hour(town: Town) -> None:
    town.sink.stop()
    delivery = the_delivery(town.answer(town.asks()))
    waits = []
    passed = dt.timedelta()
    for _ in range(4):
        with clock.moved(passed):
            begun = clock.now()
            send_waiting()
            delivery.refresh_from_db()
            assert delivery.next_try_at is not None
            waits.append(round((delivery.next_try_at - begun).total_seconds() / 60))
        passed += dt.timedelta(minutes=waits[-1], seconds=2)
    assert waits == [5, 60, 60, 60]


def test_after_seven_days_the_answer_has_failed_and_it_is_our_turn_again(
    town: Town, monkeypatch: Any
) -> None:
    monkeypatch.setattr(outbox, "MOST_TRIES", 12)
    town.sink.stop()
    message = town.asks()
    delivery = the_delivery(town.answer(message))
    tries(town, 24 * 8)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (Delivery.State.FAILED, 12)
    assert fresh(message.conversation).state == State.OPEN
    assert fresh(message.conversation).delivery_failed


def test_the_tries_last_seven_days() -> None:
    lasts = outbox.FIRST_WAIT + outbox.NEXT_WAIT * (outbox.MOST_TRIES - 2)
    assert dt.timedelta(days=6, hours=20) < lasts <= dt.timedelta(days=7)


def test_a_slow_server_is_tried_later_with_the_same_bytes(town: Town, settings: Any) -> None:
    settings.GENSVAR_MAIL_TIMEOUT = 2  # long enough for a noisy machine to hand the mail over
    town.sink.slow = 6
    delivery = the_delivery(town.answer(town.asks()))
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.DELAYED
    town.sink.wait_for(1)  # it took the mail after all, and only its answer came too late
    town.sink.slow = 0
    settings.GENSVAR_MAIL_TIMEOUT = 30
    with clock.moved(dt.timedelta(minutes=6)):
        send_waiting()
    delivery.refresh_from_db()
    first, second = town.sink.wait_for(2)
    assert delivery.state == Delivery.State.SENT
    assert first.data == second.data == delivery.read_raw()


def test_a_connection_that_breaks_after_the_data_means_twice_under_one_message_id(town: Town) -> None:
    town.sink.drops = True
    delivery = the_delivery(town.answer(town.asks()))
    send_waiting()
    town.sink.drops = False
    with clock.moved(dt.timedelta(minutes=6)):
        send_waiting()
    first, second = town.sink.taken
    assert first.data == second.data
    assert first.message_id == second.message_id == delivery.message_identifier


def test_a_refusal_shows_at_once_and_reopens_the_conversation(town: Town) -> None:
    town.sink.refuses.add("anna@example.org")
    message = town.asks()
    delivery = the_delivery(town.answer(message))
    send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (Delivery.State.FAILED, 1)
    assert "550 5.1.1" in delivery.reply
    assert fresh(message.conversation).state == State.OPEN
    assert not Event.objects.filter(state=Event.State.WAITING).exists()


def test_a_full_mailbox_is_tried_again(town: Town) -> None:
    town.sink.full.add("anna@example.org")
    delivery = the_delivery(town.answer(town.asks()))
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.DELAYED


def test_one_refused_recipient_does_not_stop_the_others(town: Town) -> None:
    message = town.asks()
    for name in ("bert@example.org", "cia@example.org"):
        town.asks(sender=f"{name} <{name}>")
    add_writer(message, "bert@example.org")
    add_writer(message, "cia@example.org")
    town.sink.refuses.add("bert@example.org")
    sent = town.answer(message)
    send_waiting()
    states = dict(Delivery.objects.filter(message=sent).values_list("recipient", "state"))
    assert states == {
        "anna@example.org": Delivery.State.SENT,
        "bert@example.org": Delivery.State.FAILED,
        "cia@example.org": Delivery.State.SENT,
    }
    assert {one.recipients[0] for one in town.sink.taken} == {"anna@example.org", "cia@example.org"}
    assert len({one.message_id for one in town.sink.taken}) == 2


def add_writer(message: Message, address: str) -> Participant:
    """Somebody else who wrote in the conversation."""
    contact = ContactAddress.objects.get(channel="email", address=address).contact
    participant, _made = Participant.objects.update_or_create(
        conversation=message.conversation,
        contact=contact,
        defaults={"channel": "email", "address": address, "author": True},
    )
    return participant


def test_an_address_that_no_mail_can_go_to_fails_before_anything_is_sent(town: Town) -> None:
    message = town.asks()
    Participant.objects.update(address="anna at home")
    delivery = the_delivery(town.answer(message))
    send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, town.sink.tried) == (Delivery.State.FAILED, 0, [])
    assert delivery.reply
    assert fresh(message.conversation).state == State.OPEN


def test_what_failed_is_sent_again_by_hand_under_its_old_message_id(town: Town) -> None:
    town.sink.refuses.add("anna@example.org")
    question = town.asks()
    delivery = the_delivery(town.answer(question))
    send_waiting()
    assert fresh(question.conversation).answered_at is None  # nothing has left us
    conversations.snooze(question.conversation, clock.now() + dt.timedelta(days=2), by=town.user())
    town.sink.refuses.clear()
    services.retry_delivery(Delivery.objects.get(pk=delivery.pk), by=town.user())
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert town.sink.taken[0].message_id == delivery.message_identifier
    conversation = fresh(question.conversation)
    assert (conversation.state, conversation.delivery_failed) == (State.WAITING, False)
    assert conversation.snoozed_until is None
    assert conversation.answered_at == delivery.sent_at, "a refused address does not make us quick"
    with override_settings(GENSVAR_UNDO_SECONDS=600):  # set since: what held then holds
        assert delivery.message_id is not None
        assert told.since([delivery.message_id]) == {delivery.message_id: delivery.sent_at}


def test_an_answer_that_failed_counts_for_nothing_where_the_one_after_it_is_taken_back(town: Town) -> None:
    question = town.asks()
    first, second = town.answer(question), town.answer(question)
    outbox.fail(the_delivery(first), "no such domain")
    assert fresh(question.conversation).answered_at == second.at
    services.take_back(second, by=town.user())
    assert fresh(question.conversation).answered_at is None
    conversations.forget_failure(question.conversation)
    services.retry_delivery(the_delivery(first), by=town.user())
    send_waiting()
    assert fresh(question.conversation).answered_at == the_delivery(first).sent_at


def test_what_left_us_once_counts_from_then_though_it_bounced_and_was_sent_again(town: Town) -> None:
    question = town.asks()
    answer = town.answer(question)
    send_waiting()
    outbox.fail(the_delivery(answer), "no such mailbox")
    assert fresh(question.conversation).answered_at == answer.at
    with clock.moved(dt.timedelta(days=3)):
        services.retry_delivery(the_delivery(answer), by=town.user())
        send_waiting()
        assert fresh(question.conversation).delivery_failed is False
        outbox.fail(the_delivery(town.answer(question)), "no such mailbox")
    assert fresh(question.conversation).answered_at == answer.at


def forwarded(town: Town, message: Message) -> Delivery:
    draft = drafts.save_draft(
        person=town.kim,
        kind=Draft.Kind.FORWARD,
        text="Vet ni var hen nås?",
        conversation=message.conversation,
        recipient="vakt@trafikverket.example",
    )
    return the_delivery(services.forward(draft, by=town.user()))


def stands(message: Message) -> tuple[str, bool, bool]:
    """Whose turn it is, whether a day is promised, and whether something has failed."""
    found = fresh(message.conversation)
    return found.state, found.due_at is not None, found.delivery_failed


def test_what_is_closed_is_not_for_ever_among_what_did_not_arrive(town: Town) -> None:
    message = town.asks()
    town.sink.refuses.add("anna@example.org")
    delivery = the_delivery(town.answer(message))
    send_waiting()
    assert queries.queue(town.user(), "failed").exists()
    conversations.close(fresh(message.conversation), by=town.user())
    assert queries.queue_counts(town.user())["failed"] == queries.queue(town.user(), "failed").count() == 0
    town.sink.refuses.clear()
    delivery.refresh_from_db()
    services.retry_delivery(delivery, by=town.user())
    send_waiting()
    conversation = fresh(message.conversation)
    assert conversation.state == State.CLOSED
    assert conversation.answered_at is not None
    assert counts.differences() == {}


def test_a_forward_that_arrives_answers_nobody(town: Town) -> None:
    town.sink.refuses.add("anna@example.org")
    question = town.asks()
    answer = the_delivery(town.answer(question))
    send_waiting()
    forwarded(town, question)
    send_waiting()
    assert stands(question) == (State.OPEN, True, True)
    town.sink.refuses = {"vakt@trafikverket.example"}
    second = forwarded(town, question)
    send_waiting()
    services.retry_delivery(Delivery.objects.get(pk=answer.pk), by=town.user())
    send_waiting()
    assert stands(question) == (State.OPEN, True, True)  # the second one has not arrived
    town.sink.refuses.clear()
    services.retry_delivery(Delivery.objects.get(pk=second.pk), by=town.user())
    send_waiting()
    assert stands(question) == (State.OPEN, True, False)


def test_an_older_answer_that_arrives_late_is_not_the_newer_one_that_failed(town: Town) -> None:
    town.sink.refuses.add("anna@example.org")
    question = town.asks()
    older = the_delivery(town.answer(question))
    send_waiting()
    newer = the_delivery(town.answer(question, "Vi kom inte fram."))
    send_waiting()
    town.sink.refuses.clear()
    for delivery, then in ((older, (State.OPEN, True, True)), (newer, (State.WAITING, False, False))):
        services.retry_delivery(Delivery.objects.get(pk=delivery.pk), by=town.user())
        send_waiting()
        assert stands(question) == then


def test_what_is_delayed_can_be_hurried(town: Town) -> None:
    town.sink.greylists = True
    delivery = the_delivery(town.answer(town.asks()))
    send_waiting()
    town.sink.greylists = False
    services.retry_delivery(Delivery.objects.get(pk=delivery.pk), by=town.user())
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert len(town.sink.taken) == 1


def test_an_answer_that_our_own_code_cannot_send_does_not_wait_for_ever(town: Town, monkeypatch: Any) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(outbox, "outgoing", broken)
    message = town.asks()
    delivery = the_delivery(town.answer(message))
    for hours in range(runner.MOST_FAILURES + 1):
        with clock.moved(dt.timedelta(hours=hours)):
            send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED
    assert "a fault of ours" in delivery.reply
    assert fresh(message.conversation).delivery_failed
