"""Answers with two names: asked, read, signed word by word, and sent in both."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.answers import cosigning, drafts, services
from gensvar.answers.errors import ChangedElsewhere, NotSigned
from gensvar.answers.models import CoSigner, Delivery, Draft
from gensvar.answers.tests.scene import Town, send_waiting
from gensvar.conversations import queries
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Message
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.roles import Role
from gensvar.people.models import Absence, Person
from gensvar.people.tests.factories import make_person, make_user, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(town: Town) -> Person:
    return make_person("Sam Åberg", town.information, title="rektor", email="sam@norrvik.example")


def signed(town: Town, sam: Person, draft: Draft) -> CoSigner:
    asked = cosigning.ask(draft, sam, by=town.user())
    cosigning.sign(asked, cosigning.words_of(draft), by=town.user(sam))
    asked.refresh_from_db()
    return asked


def test_who_is_asked_sees_the_conversation_and_is_told(town: Town, sam: Person) -> None:
    message = town.asks()
    asked = cosigning.ask(town.draft(message), sam, by=town.user())
    assert cosigning.asked_of(sam, message.conversation_id) == [asked]
    assert not cosigning.has_signed(asked)
    note = message.conversation.messages.get(direction=Message.Direction.NOTE)
    assert [one.person for one in note.mentions.all()] == [sam]
    send_waiting()
    assert Delivery.objects.get(kind=Delivery.Kind.NOTICE).recipient == "sam@norrvik.example"


@pytest.mark.parametrize("says_yes", [True, False])
def test_whoever_signs_or_would_rather_not_has_seen_to_that_and_to_nothing_else(
    town: Town, sam: Person, says_yes: bool
) -> None:
    draft = town.draft(town.asks(), "Skolvägen plogas före sju.")
    assert draft.conversation is not None
    boss = make_user(Role.COORDINATOR)
    conversations.add_note(draft.conversation, "Stämmer tiden?", by=boss, asks=[sam])
    asked = cosigning.ask(draft, sam, by=town.user())
    if says_yes:
        cosigning.sign(asked, cosigning.words_of(draft), by=user_of(sam))
    else:
        cosigning.let_be(draft, by=user_of(sam))
    (left,) = queries.asked(draft.conversation, sam)
    assert left.message.text == "Stämmer tiden?"


def test_an_answer_goes_out_in_both_names_once_both_stand_behind_it(town: Town, sam: Person) -> None:
    draft = town.draft(town.asks(), "Skolvägen plogas före sju.")
    cosigning.ask(draft, sam, by=town.user())
    with pytest.raises(NotSigned, match="Sam Åberg"):
        services.send_answer(draft, by=town.user())
    signed(town, sam, draft)
    message = services.send_answer(draft, by=town.user())
    assert (message.person, message.co_signer) == (town.kim, sam)
    assert not CoSigner.objects.exists()
    with clock.moved(dt.timedelta(minutes=1)):
        send_waiting()
    (sent,) = [one for one in town.sink.taken if one.recipients != ("sam@norrvik.example",)]
    assert "Kim Ek och Sam Åberg, Gata & park" in str(sent.mail["From"])
    assert "-- \nKim Ek, gatuingenjör\nSam Åberg, rektor\nGata & park" in sent.text


def test_a_letter_changed_after_it_was_signed_needs_a_new_yes(town: Town, sam: Person) -> None:
    conversation = town.asks().conversation
    draft = drafts.save_draft(person=town.kim, kind="answer", text="Före sju.", conversation=conversation)
    asked = signed(town, sam, draft)
    draft = drafts.save_draft(person=town.kim, kind="answer", text="Före åtta.", conversation=conversation)
    assert not cosigning.has_signed(CoSigner.objects.get(pk=asked.pk))
    with pytest.raises(NotSigned):
        services.send_answer(draft, by=town.user())
    signed(town, sam, draft)
    drafts.add_file(draft, "karta.txt", "text/plain", b"x")
    with pytest.raises(NotSigned):
        services.send_answer(draft, by=town.user())
    assert Draft.objects.get(pk=draft.pk).text == "Före åtta."


def test_a_yes_is_to_these_words_beside_this_writer_for_this_function_under_this_heading(
    town: Town, sam: Person
) -> None:
    draft = town.draft(town.asks())
    signed(town, sam, draft)
    for other in ({"function": town.information}, {"subject": "Något annat"}, {"person": town.bo}):
        Draft.objects.filter(pk=draft.pk).update(**other)
        assert not cosigning.has_signed(CoSigner.objects.select_related("draft").get()), other
        Draft.objects.filter(pk=draft.pk).update(function=None, subject="", person=town.kim)
    assert cosigning.has_signed(CoSigner.objects.select_related("draft").get())


def test_a_no_that_comes_after_the_sending_is_not_said_to_have_worked(town: Town, sam: Person) -> None:
    draft = town.draft(town.asks())
    signed(town, sam, draft)
    before = Draft.objects.get(pk=draft.pk)
    services.send_answer(draft, by=town.user())
    assert not cosigning.let_be(before, by=town.user(sam))


def test_one_signs_what_one_saw_and_only_who_was_asked(town: Town, sam: Person) -> None:
    draft = town.draft(town.asks())
    asked = cosigning.ask(draft, sam, by=town.user())
    seen = cosigning.words_of(draft)
    drafts.save_draft(person=town.kim, kind="answer", text="Något annat.", conversation=draft.conversation)
    with pytest.raises(ChangedElsewhere):
        cosigning.sign(asked, seen, by=town.user(sam))
    draft.refresh_from_db()
    with pytest.raises(NotAllowed):
        cosigning.sign(asked, cosigning.words_of(draft), by=town.user(town.bo))
    with pytest.raises(NotAllowed):
        cosigning.ask(draft, town.bo, by=town.user(sam))
    with pytest.raises(NotAllowed):
        cosigning.let_be(draft, by=town.user(town.bo))


def test_nobody_is_asked_who_is_away_or_writes_it(town: Town, sam: Person) -> None:
    draft = town.draft(town.asks())
    with pytest.raises(ValueError, match="här i dag"):
        cosigning.ask(draft, town.kim, by=town.user())
    Absence.objects.create(person=sam, starts=clock.today(), ends=clock.today())
    with pytest.raises(ValueError, match="här i dag"):
        cosigning.ask(draft, sam, by=town.user())
    assert not Message.objects.filter(direction=Message.Direction.NOTE).exists()


def test_either_lets_it_be_and_the_answer_goes_alone(town: Town, sam: Person) -> None:
    draft = town.draft(town.asks())
    for user in (town.user(), town.user(sam)):
        signed(town, sam, draft)
        assert cosigning.let_be(draft, by=user)
    assert not cosigning.let_be(draft, by=town.user())
    assert services.send_answer(draft, by=town.user()).co_signer is None


def test_what_is_taken_back_is_signed_still(town: Town, sam: Person) -> None:
    draft = town.draft(town.asks())
    signed(town, sam, draft)
    again = services.take_back(services.send_answer(draft, by=town.user()), by=town.user())
    assert services.send_answer(again, by=town.user()).co_signer == sam


def test_who_has_left_signs_nothing(town: Town, sam: Person) -> None:
    draft = town.draft(town.asks())
    signed(town, sam, draft)
    Person.objects.filter(pk=sam.pk).update(active=False)
    with pytest.raises(NotSigned):
        services.send_answer(draft, by=town.user())
