"""Reports of mail servers: tied to the very delivery, forged ones worthless."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from gensvar.answers import bounces, queueing
from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.contract.addresses import join_plus
from gensvar.conversations.events import ReportReceived
from gensvar.conversations.models import ContactAddress, Message
from gensvar.conversations.states import State
from gensvar.core import clock, runner, tokens
from gensvar.core.models import AuditEntry
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.routing.tests.scene import fresh, word_comes


@pytest.fixture
def question(town: Town) -> Message:
    return town.asks()


@pytest.fixture
def delivery(town: Town, question: Message) -> Delivery:
    sent = town.answer(question)
    send_waiting()
    return the_delivery(sent)


def report(delivery: Delivery, **fields: object) -> ReportReceived:
    values: dict[str, object] = {
        "message_id": 1,
        "token": tokens.make("bounce", delivery.key),
        "original_message_id": "",
        "recipient": delivery.recipient,
        "status": "5.1.1",
        "action": "failed",
        "diagnostic": "smtp; 550 No such user",
        **fields,
    }
    return ReportReceived(**values)  # type: ignore[arg-type]


def settled(delivery: Delivery, **fields: object) -> Delivery:
    bounces.settle_report(report(delivery, **fields))
    delivery.refresh_from_db()
    return delivery


def dsn(delivery: Delivery, *, to: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery status notification as Postfix writes it (RFC 3464)."""
    return (
        f"From: MAILER-DAEMON@mx.example.org\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <dsn-{status}-{action}@mx.example.org>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {delivery.recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user here\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: <{delivery.message_identifier}>\r\nSubject: Re: x\r\n\r\nHej\r\n--b--\r\n"
    ).encode()


def test_a_bounce_that_comes_by_mail_fails_the_answer_and_reopens_the_conversation(
    town: Town, question: Message, delivery: Delivery, settings: Any
) -> None:
    settings.GENSVAR_MAIL_AUTHSERV_ID = "mx.norrvik.example"  # few sign what they report
    assert fresh(question.conversation).state == State.WAITING
    to = join_plus(town.place.address, tokens.make("bounce", delivery.key))
    raw = dsn(delivery, to="undisclosed-recipients:;").replace(delivery.recipient.encode(), b"x@else.example")
    raw = b"Authentication-Results: mx.norrvik.example; dmarc=fail\r\n" + raw
    receive(raw, contact_point=town.place, source=Envelope.Source.SMTP, recipient=to)
    runner.run_waiting()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED, "only the envelope tells the address that it came to"
    assert "No such user here" in delivery.reply
    conversation = fresh(question.conversation)
    assert (conversation.state, conversation.delivery_failed) == (State.OPEN, True)
    assert ContactAddress.objects.get(address="anna@example.org").bounced_at is not None
    with clock.moved(dt.timedelta(minutes=1)):
        word_comes(
            town.place,
            sender="Anna <anna@example.org>",
            text="Fick inget svar.",
            source=Envelope.Source.IMPORT,
        )
        assert ContactAddress.objects.get(address="anna@example.org").bounced_at is not None, "an old mail"
        word_comes(town.place, sender="Anna <anna@example.org>", text="Fick inget svar.")
    assert ContactAddress.objects.get(address="anna@example.org").bounced_at is None, (
        "it works: mail comes from it"
    )
    assert AuditEntry.objects.get(action="conversations.bounces_no_more").details == {"why": "mail from it"}
    ContactAddress.objects.update(bounced_at=delivery.sent_at)
    settled(delivery, action="delivered", status="2.0.0")
    assert ContactAddress.objects.get(address="anna@example.org").bounced_at is not None, (
        "it left before that"
    )
    with clock.moved(dt.timedelta(minutes=2)):
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=clock.now())
    settled(delivery, action="delivered", status="2.0.0")
    assert ContactAddress.objects.get(address="anna@example.org").bounced_at is None
    report = Message.objects.get(kind="bounce")
    assert (report.conversation, "doubted" in report.marks) == (conversation, False), (
        "our own return path vouches"
    )
    kept = report.attachments.values_list("content_type", flat=True)
    assert list(kept) == ["message/delivery-status"], "the mail that came back may hold what opens something"


def test_a_report_of_a_word_of_no_conversation_is_settled_and_opens_none(town: Town) -> None:
    letter = Delivery(
        kind=Delivery.Kind.NOTICE,
        contact_point=town.place,
        channel=town.place.channel,
        recipient="nora@norrvik.example",
        subject="Sätt ditt lösenord",
        text="Hemligt.",
    )
    with transaction.atomic():
        queueing.put(letter)
    send_waiting()
    to = join_plus(town.place.address, tokens.make("bounce", letter.key))
    for recipient, status in (
        (town.place.address, "5.1.1"),
        (to, "5.1.2"),
    ):  # by its Message-ID; by the token
        Delivery.objects.update(state=Delivery.State.SENT)
        raw = dsn(letter, to=recipient, status=status)
        receive(raw, contact_point=town.place, source=Envelope.Source.SMTP, recipient=recipient)
        runner.run_waiting()
        letter.refresh_from_db()
        assert (letter.state, "No such user here" in letter.reply) == (Delivery.State.FAILED, True)
    assert not Message.objects.exists()
    assert set(Envelope.objects.values_list("state", flat=True)) == {Envelope.State.READ}


@pytest.mark.parametrize("conversation", [False, True])  # whose token begins our Message-ID
def test_a_bounce_without_a_token_is_known_by_message_id_and_recipient(
    delivery: Delivery, conversation: bool
) -> None:
    assert delivery.participant is not None
    token = delivery.participant.token if conversation else ""
    fields = {"token": token, "original_message_id": delivery.message_identifier}
    assert settled(delivery, **fields, recipient="somebody@else.example").state == Delivery.State.SENT
    assert settled(delivery, **fields).state == Delivery.State.FAILED


def test_a_forged_token_changes_nothing_even_with_the_right_message_id(delivery: Delivery) -> None:
    genuine = tokens.make("bounce", delivery.key)
    forged = genuine[:-2] + ("aa" if genuine[-2:] != "aa" else "bb")
    for token in (
        forged,
        tokens.make("conversation", delivery.key),
        "x" * 36,
        tokens.make("bounce", "00" * 10),
    ):
        settled(delivery, token=token, original_message_id=delivery.message_identifier)
        assert delivery.state == Delivery.State.SENT
    assert AuditEntry.objects.filter(action="answers.report_without_delivery").count() == 4


@pytest.mark.parametrize("status", ["5.1.1", "5.7.1", "5.0.0", "5.2.1", ""])
def test_permanent_statuses_fail_the_delivery(delivery: Delivery, status: str) -> None:
    assert settled(delivery, status=status).state == Delivery.State.FAILED


@pytest.mark.parametrize("status", ["4.4.7", "4.2.2", "5.2.2"])
def test_what_failed_for_a_while_only_is_sent_again_a_day_later(
    town: Town, delivery: Delivery, status: str
) -> None:
    assert settled(delivery, status=status).state == Delivery.State.DELAYED
    send_waiting()
    assert len(town.sink.taken) == 1
    with clock.moved(dt.timedelta(hours=25)):
        send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert len({one.data for one in town.sink.taken}) == 1


def test_what_keeps_failing_for_a_while_has_failed_after_a_week(delivery: Delivery) -> None:
    with clock.moved(dt.timedelta(days=8)):
        assert settled(delivery, status="5.2.2").state == Delivery.State.FAILED


def test_a_delay_is_only_told(question: Message, delivery: Delivery) -> None:
    settled(delivery, action="delayed", status="4.4.1", diagnostic="still trying")
    assert delivery.state == Delivery.State.SENT
    assert "still trying" in delivery.reply
    assert fresh(question.conversation).state == State.WAITING


def test_a_complaint_marks_the_address_and_nothing_else(question: Message, delivery: Delivery) -> None:
    settled(delivery, action="complaint", status="")
    assert delivery.state == Delivery.State.SENT
    assert ContactAddress.objects.get(address="anna@example.org").bounced_at is not None
    assert fresh(question.conversation).state == State.WAITING


def test_the_same_bounce_twice_is_one(question: Message, delivery: Delivery) -> None:
    settled(delivery)
    first = delivery.reply
    settled(delivery, diagnostic="another")
    assert delivery.reply == first
    assert AuditEntry.objects.filter(action="answers.failed").count() == 1


def test_a_bounced_receipt_does_not_reopen_anything(town: Town) -> None:
    town.place.acknowledges = True
    town.place.save()
    message = town.asks()
    send_waiting()
    receipt = Delivery.objects.get(kind=Delivery.Kind.RECEIPT)
    assert settled(receipt).state == Delivery.State.FAILED
    assert not fresh(message.conversation).delivery_failed


def test_a_bounce_of_one_recipient_leaves_the_others_alone(town: Town) -> None:
    message = town.asks(headers={"Cc": "grannen@example.org"})
    sent = town.answer(message, to=list(message.conversation.participants.order_by("pk")))
    send_waiting()
    one, other = sent.deliveries.order_by("pk")
    settled(one)
    other.refresh_from_db()
    assert (one.state, other.state) == (Delivery.State.FAILED, Delivery.State.SENT)
