"""A conversation that becomes part of another takes along what was being written in it, and what went out from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from gensvar.answers import cosigning, drafts, outbox, services, wordings
from gensvar.answers.errors import ChangedElsewhere, NotSigned
from gensvar.answers.events import DeliveryQueued
from gensvar.answers.models import CoSigner, Delivery, Draft, OtherWording
from gensvar.answers.tests.scene import Town, send_waiting
from gensvar.conversations import queries
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(town: Town) -> Person:
    return make_person("Sam Åberg", town.information, title="rektor", email="sam@norrvik.example")


@pytest.fixture
def two(town: Town) -> tuple[Message, Message]:
    return town.asks(), town.asks(sender="Bo Ek <bo@example.org>")


def merged(town: Town, one: Message, into: Message, by: Person | None = None) -> Conversation:
    conversations.merge(one.conversation, into.conversation, by=town.user(by or town.bo))
    return Conversation.objects.get(pk=into.conversation_id)


def notes(conversation: Conversation) -> list[Message]:
    return list(conversation.messages.filter(direction=Message.Direction.NOTE).order_by("pk"))


def test_a_draft_follows_with_its_files_and_its_writer_is_told_where(
    town: Town, two: tuple[Message, Message]
) -> None:
    first, second = two
    draft = town.draft(first, "Vi kommer i morgon.")
    drafts.add_file(draft, "karta.txt", "text/plain", b"x")
    wordings.keep_aside(draft, "annat", "Eller i dag.")
    here = merged(town, first, second)
    found = drafts.draft_of(town.kim, here)
    assert found is not None
    assert (found.pk, found.text) == (draft.pk, "Vi kommer i morgon.")
    assert [one.filename for one in found.files.all()] == ["karta.txt"]
    assert [one.text for one in found.other_wordings.all()] == ["Eller i dag."]
    (note,) = notes(here)
    assert "Kim Ek" in note.text
    assert first.conversation.number in note.text
    assert [one.person for one in note.mentions.all()] == [town.kim]
    assert services.send_answer(found, by=town.user()).conversation == here


def test_who_merges_what_they_write_themselves_needs_no_note(
    town: Town, two: tuple[Message, Message]
) -> None:
    town.draft(two[0])
    assert notes(merged(town, *two, by=town.kim)) == []


def test_who_could_not_see_the_other_sees_where_their_words_went(
    town: Town, two: tuple[Message, Message]
) -> None:
    first, second = two
    draft = town.draft(first)
    conversations.pass_to(second.conversation, town.information, by=town.user(town.bo))
    assert not queries.visible_to(town.user()).filter(pk=second.conversation_id).exists()
    here = merged(town, first, second)
    assert queries.visible_to(town.user()).filter(pk=here.pk).exists()
    assert Draft.objects.get() == draft


def test_where_they_were_writing_in_both_neither_text_is_lost(
    town: Town, two: tuple[Message, Message]
) -> None:
    first, second = two
    gone, own = town.draft(first, "Till Anna."), town.draft(second, "Till Bo.")
    drafts.add_file(gone, "karta.txt", "text/plain", b"x")
    for draft in (gone, own):
        wordings.keep_aside(draft, "annat", f"Annat {draft.text}")
    here = merged(town, first, second)
    found = drafts.draft_of(town.kim, here)
    assert found is not None
    assert (found.pk, found.text) == (own.pk, "Till Bo.")
    assert {one.text for one in found.other_wordings.all()} == {
        "Till Anna.",
        "Annat Till Anna.",
        "Annat Till Bo.",
    }
    assert [one.filename for one in found.files.all()] == ["karta.txt"]
    wording = OtherWording.objects.get(text="Till Anna.")
    assert wordings.choose(found, wording.pk, "join").text == "Till Bo.\n\nTill Anna."


@pytest.mark.parametrize("shown", ["the one that went", "the one that stayed"])
def test_a_page_that_was_open_saves_over_neither(
    town: Town, two: tuple[Message, Message], shown: str
) -> None:
    first, second = two
    gone, own = town.draft(first, "Till Anna."), town.draft(second, "Till Bo.")
    version = gone.version if shown == "the one that went" else own.version
    here = merged(town, first, second)
    with pytest.raises(ChangedElsewhere):
        drafts.save_draft(
            person=town.kim, kind="answer", text="Skrivet sedan.", conversation=here, version=version
        )
    assert Draft.objects.get().text == "Till Bo."


def test_what_is_begun_in_a_conversation_that_is_no_more_stands_in_the_one_that_is(
    town: Town, two: tuple[Message, Message]
) -> None:
    first, second = two
    read_before = Conversation.objects.get(pk=first.conversation_id)
    here = merged(town, first, second)
    draft = drafts.save_draft(
        person=town.kim, kind="answer", text="Hej.", conversation=read_before, version=0
    )
    assert draft.conversation == here


def test_a_forward_that_lies_beside_another_says_to_whom(town: Town, two: tuple[Message, Message]) -> None:
    for message, to in zip(two, ("lansstyrelsen@example.org", "trafikverket@example.org"), strict=True):
        drafts.save_draft(
            person=town.kim,
            kind="forward",
            text="Hör till er.",
            conversation=message.conversation,
            recipient=to,
        )
    merged(town, *two)
    assert OtherWording.objects.get().text == "lansstyrelsen@example.org\n\nHör till er."


def test_a_yes_from_the_other_conversation_is_asked_for_anew_and_said_so(
    town: Town, two: tuple[Message, Message], sam: Person
) -> None:
    first, second = two
    draft = town.draft(first, "Skolvägen plogas före sju.")
    asked = cosigning.ask(draft, sam, by=town.user())
    cosigning.sign(asked, cosigning.words_of(draft), by=town.user(sam))
    here = merged(town, first, second)
    assert cosigning.asked_of(sam, here.pk) == [asked]
    note = notes(here)[-1]
    assert "Sam Åberg" in note.text
    assert {one.person for one in note.mentions.all()} == {town.kim, sam}
    draft.refresh_from_db()
    with pytest.raises(NotSigned):
        services.send_answer(draft, by=town.user())
    asked.refresh_from_db()
    cosigning.sign(asked, cosigning.words_of(draft), by=town.user(sam))
    assert services.send_answer(draft, by=town.user()).co_signer == sam


def test_an_ask_whose_draft_lies_beside_another_is_taken_back_and_said_so(
    town: Town, two: tuple[Message, Message], sam: Person
) -> None:
    first, second = two
    cosigning.ask(town.draft(first, "Till Anna."), sam, by=town.user())
    own = town.draft(second, "Till Bo.")
    here = merged(town, first, second)
    assert not CoSigner.objects.exists()
    note = notes(here)[-1]
    assert "Sam Åberg" in note.text
    assert sam in {one.person for one in note.mentions.all()}
    own.refresh_from_db()
    assert services.send_answer(own, by=town.user()).co_signer is None


def test_an_answer_is_taken_back_and_tried_again_in_the_conversation_that_stays(
    town: Town, two: tuple[Message, Message], settings: Any
) -> None:
    settings.GENSVAR_UNDO_SECONDS = 10
    first, second = two
    message = town.answer(first, "Till Anna.")
    assert merged(town, first, second).state == State.OPEN
    assert Delivery.objects.get(message=message).conversation == second.conversation
    draft = services.take_back(Message.objects.get(pk=message.pk), by=town.user())
    assert draft.conversation == second.conversation


@pytest.mark.parametrize("goes", [True, False])
def test_taken_back_after_it_both_are_our_turn_again(
    town: Town, two: tuple[Message, Message], settings: Any, goes: bool
) -> None:
    settings.GENSVAR_UNDO_SECONDS = 10
    answered, closed = two
    with clock.moved(dt.timedelta(seconds=5)):
        message = town.answer(answered, "Vi kommer.")
    conversations.close(closed.conversation, by=town.user())
    here = merged(town, answered, closed) if goes else merged(town, closed, answered)
    assert here.state != State.OPEN
    services.take_back(Message.objects.get(pk=message.pk), by=town.user())
    here.refresh_from_db()
    assert (here.state, here.last_at, here.message_count) == (State.OPEN, closed.at, 2)


def test_an_answer_that_did_not_arrive_is_not_forgotten(town: Town, two: tuple[Message, Message]) -> None:
    Conversation.objects.filter(pk=two[0].conversation_id).update(delivery_failed=True)
    assert merged(town, *two).delivery_failed
    send_waiting()


def test_an_answer_that_arrives_while_two_become_one_is_looked_for_where_it_stands(
    town: Town, two: tuple[Message, Message]
) -> None:
    first, second = two
    answer = town.answer(first)
    settle = outbox.deliver(DeliveryQueued(Delivery.objects.get(message=answer).pk))
    conversations.record_failure(second.conversation)
    here = merged(town, first, second)
    assert (here.delivery_failed, here.answered_at) == (True, answer.at)
    with transaction.atomic():
        settle()
    here.refresh_from_db()
    assert not here.delivery_failed


def test_what_is_awake_does_not_fall_asleep_in_the_other(town: Town, two: tuple[Message, Message]) -> None:
    first, second = two
    until = clock.now() + dt.timedelta(days=3)
    conversations.snooze(second.conversation, until, by=town.user())
    third = town.asks(sender="Cia Ek <cia@example.org>")
    sooner = clock.now() + dt.timedelta(days=1)
    conversations.snooze(third.conversation, sooner, by=town.user())
    assert merged(town, third, second).snoozed_until == sooner
    assert merged(town, first, second).snoozed_until is None


def test_each_is_answered_under_a_subject_of_their_own_and_all_under_one_that_was_typed(town: Town) -> None:
    words = [
        town.asks(subject="Min dotter Elsa mobbas"),
        town.asks(subject="Mobbning", sender="bea@example.org", headers={"Cc": "dan@example.org"}),
        town.asks(subject="", sender="cia@example.org"),
    ]
    for other in words[1:]:
        here = merged(town, other, words[0])
    sent = town.answer(words[0], to=list(here.participants.all()))
    told = dict(Delivery.objects.filter(message=sent).values_list("recipient", "subject"))
    assert told == {
        "anna@example.org": "Re: Min dotter Elsa mobbas",
        "bea@example.org": "Re: Mobbning",
        "dan@example.org": "Re: Mobbning",
        "cia@example.org": f"Re: {here.number}",
    }
    assert sent.subject == f"Re: {here.number}", "it stands over the answer at all their links"
    draft = town.draft(words[0])
    Draft.objects.filter(pk=draft.pk).update(subject="Möte")
    draft.refresh_from_db()
    sent = services.send_answer(draft, by=town.user())
    assert set(Delivery.objects.filter(message=sent).values_list("subject", flat=True)) == {"Re: Möte"}
