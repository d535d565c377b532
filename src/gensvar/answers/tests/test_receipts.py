"""Receipts: what they say, to whom they go, and that they never loop or turn into a way to mail strangers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from gensvar.answers import limits
from gensvar.answers.languages import guessed, languages_of
from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import Town, send_waiting
from gensvar.contract.addresses import split_plus
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Participant
from gensvar.core import clock, runner, tokens
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.routing import calendar
from gensvar.routing.tests.scene import raw_mail, word_comes


@pytest.fixture(autouse=True)
def acknowledging(town: Town) -> None:
    town.place.acknowledges = True
    town.place.save()


def receipts() -> list[Delivery]:
    return list(Delivery.objects.filter(kind=Delivery.Kind.RECEIPT).order_by("pk"))


def test_a_receipt_has_the_number_the_promised_day_and_the_private_link(town: Town, settings: Any) -> None:
    message = town.asks(subject="Hemligt ämne", text="Hemliga ord om vår gata och när ni kommer.")
    send_waiting()
    (taken,) = town.sink.taken
    conversation = message.conversation
    token = conversation.participants.get().token
    day = timezone.localtime(calendar.add_working_days(message.at, 5))
    assert taken.mail["Subject"] == f"Vi har fått det du skrev ({conversation.number})"
    assert taken.mail["Auto-Submitted"] == "auto-replied"
    assert conversation.number in taken.text
    assert f" {day.day} " in taken.text
    assert f"{settings.GENSVAR_URL}/samtal/{token}" in taken.text
    assert "Gata & park" in taken.text
    for secret in ("Hemlig", "Anna"):
        assert secret not in taken.data.decode()
        assert secret not in taken.text


def test_a_reply_to_the_receipt_comes_into_the_conversation(town: Town) -> None:
    message = town.asks()
    send_waiting()
    reply_to = town.sink.taken[0].reply_to
    assert tokens.read("conversation", split_plus(reply_to)[1])
    assert word_comes(town.place, to=reply_to).conversation_id == message.conversation_id
    assert len(receipts()) == 1


def test_later_words_get_no_receipt(town: Town) -> None:
    message = town.asks()
    town.asks(headers={"References": f"<{message.message_id}>"})
    assert len(receipts()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-generated"},
        {"Precedence": "list"},
        {"List-Id": "<nytt.example.org>"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Gensvar-Loop": "info@annan.example"},
        {"Return-Path": "<>"},
    ],
)
def test_machines_get_no_receipt(town: Town, headers: dict[str, str]) -> None:
    town.asks(headers=headers)
    assert receipts() == []


@pytest.mark.parametrize(
    "subject", ["Frånvarande: Hej", "Autosvar: Hej", "Out of Office: Hello", "Automatic reply: Hello"]
)
def test_what_only_its_subject_tells_to_be_a_machines_gets_no_receipt_and_is_kept_as_one(
    town: Town, subject: str
) -> None:
    message = town.asks(subject=subject, text="Jag är borta till måndag.")
    assert receipts() == []
    assert (message.kind, message.author) == ("automatic", "automatic")
    assert (message.text, message.conversation.state) == ("Jag är borta till måndag.", "open")


@pytest.mark.parametrize("sender", ["Gatan <gata@norrvik.example>", "Butiken <no-reply@example.org>"])
def test_our_own_addresses_and_those_that_nobody_reads_get_no_receipt(town: Town, sender: str) -> None:
    town.asks(sender=sender)
    assert receipts() == []


def test_old_words_brought_home_get_no_receipt(town: Town) -> None:
    town.asks(source=Envelope.Source.IMPORT)
    assert receipts() == []


def test_a_place_that_sends_no_receipts_sends_none(town: Town) -> None:
    town.place.acknowledges = False
    town.place.save()
    town.asks()
    assert receipts() == []


def test_who_wants_to_hear_nothing_by_mail_hears_nothing(town: Town) -> None:
    envelope = receive(
        raw_mail(to=town.place.address), contact_point=town.place, source=Envelope.Source.SMTP, recipient=""
    )
    runner.run_event(envelope.event_ids[0])
    Participant.objects.update(answer_by="here")
    send_waiting()
    assert receipts() == []


def test_what_became_spam_before_it_was_routed_gets_no_receipt(town: Town) -> None:
    envelope = receive(
        raw_mail(to=town.place.address), contact_point=town.place, source=Envelope.Source.SMTP, recipient=""
    )
    runner.run_event(envelope.event_ids[0])
    conversations.mark_spam(Conversation.objects.get(), by=town.user(town.bo))
    send_waiting()
    assert receipts() == []


def test_one_address_gets_one_receipt_an_hour_and_five_a_day_over_all_conversations(town: Town) -> None:
    for _ in range(3):
        town.asks()
    assert Conversation.objects.count() == 3
    assert len(receipts()) == 1
    for hours in range(2, 16, 2):
        with clock.moved(dt.timedelta(hours=hours)):
            town.asks()
    assert len(receipts()) == 5
    with clock.moved(dt.timedelta(hours=26)):
        town.asks()
    assert len(receipts()) == 6


def test_every_tag_of_an_address_is_of_one_mailbox(town: Town) -> None:
    """Whoever names a stranger in the form as offer+1, offer+2 … would send as many receipts as the domain may get."""
    town.asks(sender="Offer <offer+1@example.org>")
    for sender in ("offer+2@example.org", "offer@example.org", "offer+2+3@example.org"):
        town.asks(sender=f"Offer <{sender}>")
    for sender in ("offers@example.org", "offer+1@example.net"):
        town.asks(sender=f"Annan <{sender}>")
    assert [one.recipient for one in receipts()] == [
        "offer+1@example.org",
        "offers@example.org",
        "offer+1@example.net",
    ]


def test_a_domain_gets_no_flood_of_receipts(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_A_DOMAIN", 3)
    for number in range(5):
        town.asks(sender=f"Offer <offer{number}@example.org>")
    town.asks(sender="Annan <annan@example.net>")
    assert [one.recipient for one in receipts()] == [
        "offer0@example.org",
        "offer1@example.org",
        "offer2@example.org",
        "annan@example.net",
    ]
    with clock.moved(dt.timedelta(minutes=61)):
        town.asks(sender="Offer <offer9@example.org>")
    assert receipts()[-1].recipient == "offer9@example.org"


def test_a_place_sends_no_flood_of_receipts(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_A_PLACE", 2)
    for number in range(4):
        town.asks(sender=f"Offer <offer@domain{number}.example>")
    assert len(receipts()) == 2
    assert Conversation.objects.count() == 4  # every word is kept all the same


@pytest.mark.parametrize("keeps_references", [True, False])
@pytest.mark.parametrize("marks_itself", [True, False])
def test_an_auto_responder_that_answers_everything_gets_at_most_one_receipt(
    town: Town, keeps_references: bool, marks_itself: bool
) -> None:
    """Fifty rounds with the real reading path: whatever we send, the machine answers at once."""
    town.asks(sender="Svarar Alltid <robot@example.org>")
    answered = 0
    for turn in range(50):
        with clock.moved(dt.timedelta(minutes=turn)):
            send_waiting()
            new = town.sink.taken[answered:]
            answered += len(new)
            if not new:
                # The machine is impatient, and writes anew.
                town.asks(
                    sender="Svarar Alltid <robot@example.org>", subject="Autosvar" if marks_itself else "Hej"
                )
            for one in new:
                headers = {"Auto-Submitted": "auto-replied"} if marks_itself else {}
                to = town.place.address
                if keeps_references:
                    headers["References"] = f"<{one.message_id}>"
                    to = one.reply_to
                town.asks(to=to, sender="Svarar Alltid <robot@example.org>", subject="Re: x", headers=headers)
    send_waiting()
    assert len(town.sink.to("robot@example.org")) == 1


@pytest.mark.parametrize(
    ("text", "language", "languages"),
    [
        ("Hej, när kommer ni till vår gata?", "sv", ["sv"]),
        ("Hello, when will you come to our street?", "en", ["en"]),
        ("Guten Tag, wann wird die Straße geräumt und ist das nicht Ihre Sache?", "other", ["sv", "en"]),
        ("Miksi katua ei ole aurattu?", "other", ["sv", "en"]),
        ("Hei, minulla on kysymys", "", ["sv", "en"]),
        ("", "", ["sv", "en"]),
    ],
)
def test_the_language_of_the_writer_is_heard(text: str, language: str, languages: list[str]) -> None:
    if language:
        assert guessed(text) == language
    assert languages_of(guessed(text)) == languages


def test_a_language_that_the_word_itself_says_counts() -> None:
    assert languages_of("en-GB") == ["en"]
    assert languages_of("ar") == ["ar"]
    assert languages_of("fi") == ["sv", "en"]


def test_an_english_writer_gets_an_english_receipt(town: Town) -> None:
    message = town.asks(text="Hello, when will you clear the snow in our street? Thanks for your work.")
    send_waiting()
    (taken,) = town.sink.taken
    assert taken.mail["Subject"] == f"We have received what you wrote ({message.conversation.number})"
    assert "/en/samtal/" in taken.text
    assert "senast" not in taken.text


def test_others_get_it_in_swedish_and_english(town: Town) -> None:
    town.asks(text="Guten Tag, wann wird die Straße geräumt und ist das nicht Ihre Sache?")
    send_waiting()
    text = town.sink.taken[0].text
    assert "Du får svar senast" in text
    assert "You will get an answer" in text
