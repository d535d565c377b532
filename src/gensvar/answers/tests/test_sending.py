"""An answer on its way: what the resident gets, what comes back, and how it goes when the other side is not well."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gensvar.answers import drafts, services
from gensvar.answers.errors import NothingToDo
from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.contract.addresses import split_plus
from gensvar.contract.channel import channel
from gensvar.conversations.models import Message, Participant
from gensvar.conversations.states import State
from gensvar.core import clock, tokens
from gensvar.core.models import Event
from gensvar.routing.tests.scene import fresh, word_comes


def test_the_answer_comes_in_the_name_of_a_person_and_a_function(town: Town) -> None:
    message = town.asks()
    sent = town.answer(message, "Vi plogar i kväll.")
    send_waiting()
    (taken,) = town.sink.taken
    mail = taken.mail
    assert taken.recipients == ("anna@example.org",)
    assert mail["From"] == '"Kim Ek, Gata & park" <gata@norrvik.example>'
    assert mail["Subject"] == "Re: Snöröjning på Storgatan"
    assert mail["In-Reply-To"] == f"<{message.message_id}>"
    assert "Auto-Submitted" not in mail
    assert taken.text.startswith("Vi plogar i kväll.\n\n-- \nKim Ek, gatuingenjör\nGata & park, Norrvik\n")
    assert the_delivery(sent).state == Delivery.State.SENT
    assert fresh(message.conversation).state == State.WAITING


def test_nothing_of_what_the_resident_wrote_is_quoted(town: Town) -> None:
    message = town.asks(text="Mitt personnummer är 19121212-1212.")
    town.answer(message)
    send_waiting()
    assert "19121212" not in town.sink.taken[0].text


def test_a_reply_to_the_answer_comes_back_into_the_same_conversation(town: Town) -> None:
    message = town.asks()
    town.answer(message)
    send_waiting()
    reply_to = town.sink.taken[0].reply_to
    address, token = split_plus(reply_to)
    assert address == town.place.address
    assert tokens.read("conversation", token) is not None
    again = word_comes(town.place, to=reply_to, sender="Anna L <anna.privat@example.net>", subject="Tack")
    assert again.conversation_id == message.conversation_id
    assert fresh(message.conversation).state == State.OPEN


def test_the_message_id_alone_leads_a_reply_home(town: Town) -> None:
    message = town.asks()
    town.answer(message)
    send_waiting()
    again = town.asks(headers={"In-Reply-To": f"<{town.sink.taken[0].message_id}>"}, subject="Helt annat")
    assert again.conversation_id == message.conversation_id


def test_files_of_the_draft_go_along(town: Town) -> None:
    message = town.asks()
    draft = town.draft(message)
    drafts.add_file(draft, "../../plogplan åäö.pdf", "application/pdf", b"%PDF-1.7 plan")
    sent = services.send_answer(draft, by=town.user())
    send_waiting()
    (file,) = channel("email").parse(town.sink.taken[0].data).files
    assert (file.filename, file.data) == ("plogplan åäö.pdf", b"%PDF-1.7 plan")
    assert sent.attachments.get().filename == "plogplan åäö.pdf"


def test_the_word_waits_while_it_can_be_taken_back(town: Town, settings: Any) -> None:
    settings.GENSVAR_UNDO_SECONDS = 10
    sent = town.answer(town.asks())
    send_waiting()
    assert town.sink.taken == []
    with clock.moved(dt.timedelta(seconds=11)):
        send_waiting()
    assert len(town.sink.taken) == 1
    assert the_delivery(sent).state == Delivery.State.SENT


def test_in_the_demo_nothing_leaves_the_house_and_the_outbox_says_so(town: Town, settings: Any) -> None:
    settings.GENSVAR_MAIL_OUT = "kept"
    delivery = the_delivery(town.answer(town.asks()))
    send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, town.sink.taken) == (Delivery.State.KEPT, [])
    assert b"Vi kommer i dag." in delivery.read_raw()


def test_running_the_same_fact_again_sends_nothing_twice(town: Town) -> None:
    town.answer(town.asks())
    send_waiting()
    Event.objects.filter(fact="delivery_queued").update(state=Event.State.WAITING, attempts=0)
    send_waiting()
    assert len(town.sink.taken) == 1


# --- What others put into fields ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "evil",
    [
        "Snö\r\nBcc: alla@example.org",
        "Snö\nBcc: alla@example.org\n\nHej",
        "=?utf-8?q?Sn=C3=B6=0D=0ABcc:_alla@example.org?=",
        "Snö\x00\x0bBcc: alla@example.org",
    ],
)
def test_a_subject_or_name_cannot_add_header_fields(town: Town, evil: str) -> None:
    raw = (
        b"From: =?utf-8?q?Anna=0D=0ABcc:_alla=40example.org?= <anna@example.org>\r\nTo: gata@norrvik.example\r\n"
        b"Message-ID: <evil@example.org>\r\nSubject: =?utf-8?b?U27DtgpCY2M6IGFsbGFAZXhhbXBsZS5vcmc=?=\r\n\r\nHej\r\n"
    )
    message = town.asks(raw=raw)
    conversation = message.conversation
    conversation.subject = evil[:250].replace("\x00", "")
    conversation.save()
    town.kim.name = "Kim\r\nBcc: alla@example.org"
    town.kim.save()
    town.answer(message)
    send_waiting()
    (taken,) = town.sink.taken
    assert taken.recipients == ("anna@example.org",)
    assert taken.mail["Bcc"] is None
    head = taken.data.split(b"\r\n\r\n", 1)[0]
    assert b"\nBcc:" not in head


def test_template_and_query_text_is_only_text(town: Town) -> None:
    words = "{{ settings.SECRET_KEY }} {% load x %} %(person)s '; DROP TABLE answers_delivery; --"
    town.answer(town.asks(subject=words), words)
    send_waiting()
    assert town.sink.taken[0].text.startswith(words)
    assert town.sink.taken[0].mail["Subject"] == f"Re: {words}"


# --- Other ways than mail ---------------------------------------------------------------------------


def wishes(message: Message, answer_by: str, **told: str) -> None:
    Participant.objects.filter(conversation=message.conversation).update(answer_by=answer_by, **told)


def test_who_wants_the_answer_only_here_gets_no_mail(town: Town) -> None:
    message = town.asks()
    wishes(message, "here")
    sent = town.answer(message)
    send_waiting()
    assert the_delivery(sent).state == Delivery.State.SENT
    assert town.sink.tried == []


@pytest.mark.parametrize(
    ("answer_by", "told"),
    [("phone", {"phone": "0910-12 34 56"}), ("letter", {"postal_address": "Storgatan 1"})],
)
def test_what_must_be_phoned_or_posted_waits_for_a_hand(
    town: Town, answer_by: str, told: dict[str, str]
) -> None:
    message = town.asks()
    wishes(message, answer_by, **told)
    delivery = the_delivery(town.answer(message))
    send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, town.sink.tried) == (Delivery.State.BY_HAND, [])
    services.done_by_hand(delivery, by=town.user())
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    with pytest.raises(NothingToDo):
        services.done_by_hand(delivery, by=town.user())


def test_who_wanted_a_call_but_left_no_number_is_answered_by_mail(town: Town) -> None:
    message = town.asks()
    wishes(message, "phone")
    town.answer(message)
    send_waiting()
    assert town.sink.to("anna@example.org")


def test_a_closed_address_does_not_speak_any_more_and_another_of_ours_does(town: Town) -> None:
    message = town.asks()
    make_contact_point(town.information, address="info@norrvik.example")
    town.place.state = "closed"
    town.place.save()
    town.answer(message)
    send_waiting()
    assert "info@norrvik.example" in str(town.sink.taken[0].mail["From"])


def test_the_envelope_sender_tells_bounces_where_to_go(town: Town) -> None:
    delivery = the_delivery(town.answer(town.asks()))
    send_waiting()
    address, token = split_plus(town.sink.taken[0].mail_from)
    assert address == town.place.address
    assert tokens.read("bounce", token) == delivery.key
