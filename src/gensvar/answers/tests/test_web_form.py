"""Words from the web form: answered by mail where the writer gave an address, at the private link where not."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Message
from gensvar.intake.models import Envelope
from gensvar.routing.tests.scene import word_comes


@pytest.fixture
def form(town: Town) -> ContactPoint:
    return make_contact_point(town.streets, channel="web", address="skriv", owner=town.kim)


def posted(form: ContactPoint, **fields: str) -> Message:
    values = {"text": "Hej, när kommer ni till vår gata?", **fields}
    raw = b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + urlencode(values).encode()
    return word_comes(form, raw=raw, source=Envelope.Source.FORM)


def test_a_writer_with_an_address_is_acknowledged_and_answered_by_mail(
    town: Town, form: ContactPoint
) -> None:
    message = posted(form, email="Anna@Example.org", name="Anna")
    town.answer(message, "I kväll.")
    send_waiting()
    receipt, answer = town.sink.to("anna@example.org")
    assert message.conversation.number in str(receipt.mail["Subject"])
    assert answer.text.startswith("I kväll.")
    for one in (receipt, answer):
        assert "gata@norrvik.example" in str(one.mail["From"])
        assert f"/samtal/{message.conversation.participants.get().token}" in one.text
    assert answer.mail["In-Reply-To"] == f"<{receipt.message_id}>"
    again = word_comes(town.place, to=answer.reply_to, text="Tack, men vilken kväll?")
    assert again.conversation_id == message.conversation_id


def test_a_writer_without_an_address_is_answered_at_the_private_link(town: Town, form: ContactPoint) -> None:
    message = posted(form)
    sent = town.answer(message)
    send_waiting()
    delivery = the_delivery(sent)
    assert (delivery.channel, delivery.state, town.sink.tried) == ("link", Delivery.State.SENT, [])
    assert Delivery.objects.count() == 1


def test_an_address_that_cannot_be_one_is_never_written_to(town: Town, form: ContactPoint) -> None:
    message = posted(form, email="anna hemma")
    town.answer(message)
    send_waiting()
    assert town.sink.tried == []


def test_a_stranger_named_in_the_form_gets_one_receipt_a_day_that_quotes_nothing(
    town: Town, form: ContactPoint
) -> None:
    for number in range(5):
        posted(
            form, email="offer@example.org", name="Köp billigt på http://x.example", text=f"Skräp {number}"
        )
    send_waiting()
    (receipt,) = town.sink.taken
    assert "Skräp" not in receipt.data.decode()
    assert "x.example" not in receipt.text


def test_where_no_mail_address_of_ours_is_open_the_answer_stands_at_the_link(
    town: Town, form: ContactPoint
) -> None:
    ContactPoint.objects.filter(channel="email").update(state="closed")
    message = posted(form, email="anna@example.org")
    sent = town.answer(message)
    send_waiting()
    assert (the_delivery(sent).channel, the_delivery(sent).state) == ("link", Delivery.State.SENT)
