"""Forwarding to somebody outside, and writing first."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from gensvar.answers import drafts, services
from gensvar.answers.errors import AlreadySent, BadRecipient, NoPlaceToSpeakFrom, NothingWritten, NotYours
from gensvar.answers.models import Delivery, Draft
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import counts, queries
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Contact, Message
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.routing.tests.scene import fresh, word_comes


def draft_of_forward(town: Town, message: Message, recipient: str, **fields: Any) -> Draft:
    return drafts.save_draft(
        person=town.kim,
        kind=Draft.Kind.FORWARD,
        text="Kan ni titta på detta?",
        conversation=message.conversation,
        recipient=recipient,
        **fields,
    )


def test_the_outsider_gets_the_thread_without_notes_and_without_anybodys_key(town: Town) -> None:
    message = town.asks()
    conversations.add_note(message.conversation, "Bara för oss.", by=town.user())
    town.answer(message, "Vi frågar Trafikverket.")
    message.conversation.messages.filter(pk=message.pk).update(place="Ringvägen 4")
    sent = services.forward(draft_of_forward(town, message, "Vakt@Trafikverket.Example"), by=town.user())
    send_waiting()
    (taken,) = town.sink.to("vakt@trafikverket.example")
    assert taken.text.startswith("Kan ni titta på detta?\n\n-- \nKim Ek, gatuingenjör\n")
    assert "Hej, vår gata är inte plogad." in taken.text
    assert "\nVar det är: Ringvägen 4\n" in taken.text
    assert "Vi frågar Trafikverket." in taken.text
    assert "Bara för oss." not in taken.text
    token = message.conversation.participants.get().token
    assert token not in taken.data.decode()
    assert "/samtal/" not in taken.text
    assert the_delivery(sent).state == Delivery.State.SENT


def test_whoever_is_outside_reads_the_language_of_the_house(town: Town) -> None:
    with translation.override("en"):  # of Kim's desk
        sent = services.forward(draft_of_forward(town, town.asks(), "vakt@v.example"), by=town.user())
    assert sent.subject == "Vidarebefordrat: Snöröjning på Storgatan"
    assert " november 2026 " in the_delivery(sent).text


def test_what_a_machine_says_of_a_protected_persons_address_is_forwarded_to_nobody(town: Town) -> None:
    message = town.asks()
    Contact.objects.update(protected=True)
    machine = Contact.objects.create(name="Mail Delivery System", created_at=message.at)
    Message.objects.create(
        conversation=message.conversation,
        contact=machine,
        direction=Message.Direction.IN,
        author=Message.Author.AUTOMATIC,
        kind="bounce",
        channel=message.channel,
        at=message.at,
        text=f"{message.sender_address}: user unknown",
    )
    sent = services.forward(draft_of_forward(town, message, "vakt@trafikverket.example"), by=town.user())
    assert "Hej, vår gata är inte plogad." in the_delivery(sent).text
    assert "user unknown" not in the_delivery(sent).text


def test_a_forward_does_not_answer_the_resident_nor_show_itself_to_them(town: Town) -> None:
    message = town.asks()
    services.forward(draft_of_forward(town, message, "vakt@trafikverket.example"), by=town.user())
    conversation = fresh(message.conversation)
    assert conversation.state == State.OPEN
    assert conversation.due_at is not None
    participant = conversation.participants.get()
    assert [one.pk for one in queries.resident_thread(participant)] == [message.pk]
    assert AuditEntry.objects.filter(action="answers.forward").count() == 1


def test_a_second_forward_does_not_carry_the_first(town: Town) -> None:
    message = town.asks()
    services.forward(draft_of_forward(town, message, "en@annan.example"), by=town.user())
    services.forward(draft_of_forward(town, message, "tva@annan.example"), by=town.user())
    send_waiting()
    assert town.sink.to("tva@annan.example")[0].text.count("Kan ni titta på detta?") == 1


def test_a_protected_identity_is_not_told_to_outsiders(town: Town) -> None:
    message = town.asks()
    Contact.objects.update(protected=True)
    services.forward(draft_of_forward(town, message, "vakt@trafikverket.example"), by=town.user())
    send_waiting()
    (taken,) = town.sink.taken
    assert "Anna" not in taken.text
    assert "anna@" not in taken.data.decode()


def test_what_the_outsider_answers_does_not_enter_the_thread_but_is_linked_to_it(town: Town) -> None:
    message = town.asks()
    services.forward(draft_of_forward(town, message, "vakt@trafikverket.example"), by=town.user())
    send_waiting()
    reference = town.sink.taken[0].message_id
    answer = word_comes(
        town.place, sender="Vakt <vakt@trafikverket.example>", headers={"References": f"<{reference}>"}
    )
    assert answer.conversation_id != message.conversation_id
    assert answer.conversation.linked_from_id == message.conversation_id


@pytest.mark.parametrize(
    "address", ["", "vakt", "a@b@c", "gata@norrvik.example", "x@y.example\r\nBcc: z@y.example"]
)
def test_bad_addresses_and_our_own_are_refused_and_the_draft_is_kept(town: Town, address: str) -> None:
    draft = draft_of_forward(town, town.asks(), address)
    with pytest.raises(BadRecipient):
        services.forward(draft, by=town.user())
    assert Draft.objects.get(pk=draft.pk).text == "Kan ni titta på detta?"
    assert not Delivery.objects.exists()


def test_an_external_person_does_not_forward(town: Town) -> None:
    message = town.asks()
    external = make_person("Eva Konsult", town.streets, roles=(Role.EXTERNAL,))
    draft = drafts.save_draft(
        person=external,
        kind=Draft.Kind.FORWARD,
        text="",
        conversation=message.conversation,
        recipient="x@y.example",
    )
    with pytest.raises(NotAllowed):
        services.forward(draft, by=user_of(external))


def test_a_forward_can_be_taken_back(town: Town, settings: Any) -> None:
    settings.GENSVAR_UNDO_SECONDS = 10
    message = town.asks()
    begun = draft_of_forward(town, message, "vakt@trafikverket.example", subject="Snön på Storgatan")
    draft = services.take_back(services.forward(begun, by=town.user()), by=town.user())
    assert (draft.kind, draft.recipient) == (Draft.Kind.FORWARD, "vakt@trafikverket.example")
    assert draft.subject == "Snön på Storgatan"
    assert draft.text == "Kan ni titta på detta?"
    assert counts.differences() == {}
    for subject, kept in (
        ("", ""),
        ("Snön", "Re: Snön"),
    ):  # its own only: the other follows from who is answered
        answer = town.draft(message)
        answer.subject = subject
        answer.save()
        assert (
            services.take_back(services.send_answer(answer, by=town.user()), by=town.user()).subject == kept
        )


# --- Writing first ------------------------------------------------------------------------------------


def first(town: Town, **fields: Any) -> Draft:
    values: dict[str, Any] = {
        "person": town.kim,
        "kind": Draft.Kind.FIRST,
        "text": "Vi gräver på er gata på måndag.",
        "subject": "Grävning på Storgatan",
        "recipient": "Anna@Example.org",
    }
    return drafts.save_draft(**{**values, **fields})


def test_we_write_first_and_the_reply_comes_back_into_the_conversation(town: Town) -> None:
    conversation = services.write_first(first(town), by=town.user())
    send_waiting()
    (taken,) = town.sink.taken
    assert taken.recipients == ("anna@example.org",)
    assert taken.mail["Subject"] == "Grävning på Storgatan"
    reply_to = taken.reply_to
    reply = word_comes(town.place, to=reply_to)
    assert reply.conversation_id == conversation.pk
    assert counts.differences() == {}


def test_a_first_word_speaks_from_the_chosen_place(town: Town) -> None:
    place = ContactPoint.objects.create(
        channel="email", address="vinter@norrvik.example", name="Vinter", function=town.streets, state="live"
    )
    services.write_first(first(town, contact_point=place), by=town.user())
    send_waiting()
    assert "vinter@norrvik.example" in str(town.sink.taken[0].mail["From"])


def test_a_first_word_needs_a_subject_words_and_an_address(town: Town) -> None:
    for fields, refusal in (
        ({"subject": " "}, NothingWritten),
        ({"text": " "}, NothingWritten),
        ({"recipient": "ingen"}, BadRecipient),
    ):
        with pytest.raises(refusal):
            services.write_first(first(town, **fields), by=town.user())
    assert Draft.objects.filter(kind=Draft.Kind.FIRST).count() == 1


def test_of_two_first_words_one_is_saved_over_and_an_upgrade_keeps_both_texts(town: Town) -> None:
    (rule,) = [one for one in Draft._meta.constraints if one.name == "one_draft_without_conversation"]
    editor, upgrade = connection.schema_editor(), "gensvar.answers.migrations.0008_one_first_word"
    with connection.cursor() as cursor:
        cursor.execute(str(rule.remove_sql(Draft, editor)))  # as it was when an undone handover left two
        said = {"person": town.kim, "kind": Draft.Kind.FIRST, "updated_at": clock.now()}
        old = Draft.objects.create(**said, text="Gammalt", subject="Vägen", recipient="bo@example.org")
        drafts.add_file(old, "karta.txt", "text/plain", b"x")
        new = Draft.objects.create(**said, text="Nytt", subject="Vägen")
        first(town, text="Nytt och mer", subject="Vägen", recipient="", version=1)
        assert list(Draft.objects.order_by("pk").values_list("text", flat=True)) == [
            "Gammalt",
            "Nytt och mer",
        ]
        importlib.import_module(upgrade).lay_together(apps, editor)
        cursor.execute(str(rule.create_sql(Draft, editor)))
    found = drafts.draft_of(town.kim, None, Draft.Kind.FIRST)
    assert found is not None
    assert (found.pk, found.text, found.version) == (new.pk, "Nytt och mer", 3)
    assert [one.text for one in found.other_wordings.all()] == ["bo@example.org\n\nGammalt"]
    assert [one.filename for one in found.files.all()] == ["karta.txt"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(**said)


def test_a_first_word_is_written_for_a_function_that_one_holds_by_those_who_may(town: Town) -> None:
    with pytest.raises(NotYours):
        services.write_first(first(town, function=make_function("Skola")), by=town.user())
    registrar = make_person("Rut Reg", town.streets, roles=(Role.REGISTRAR,))
    with pytest.raises(NotAllowed):
        services.write_first(first(town, person=registrar), by=user_of(registrar))


def test_without_an_open_address_there_is_nothing_to_speak_from(town: Town) -> None:
    ContactPoint.objects.update(state="closed")
    with pytest.raises(NoPlaceToSpeakFrom):
        services.write_first(first(town), by=town.user())


def test_a_first_word_that_is_taken_back_is_a_draft_in_its_conversation(town: Town, settings: Any) -> None:
    settings.GENSVAR_UNDO_SECONDS = 10
    conversation = services.write_first(first(town), by=town.user())
    draft = services.take_back(conversation.messages.get(), by=town.user())
    assert draft.conversation == conversation
    assert not conversation.messages.exists()
    Draft.objects.update(subject="")  # its writer may take that away
    draft.refresh_from_db()
    sent = services.send_answer(draft, by=town.user())
    assert the_delivery(sent).subject == sent.subject == conversation.subject


def test_the_same_first_words_sent_once_more_by_the_back_button_go_out_once(town: Town) -> None:
    services.write_first(first(town), by=town.user())
    again = first(town)
    with pytest.raises(AlreadySent):
        services.write_first(again, by=town.user())
    assert Draft.objects.filter(pk=again.pk).exists()
    assert Delivery.objects.count() == 1
    services.write_first(first(town, text="Och en sak till."), by=town.user())
    assert Delivery.objects.count() == 2
