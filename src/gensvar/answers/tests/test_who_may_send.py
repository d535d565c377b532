"""Who may send what in whose name, what stops a sending, and how it is taken back; the draft is kept whatever happens."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gensvar.answers import drafts, queries, services
from gensvar.answers.checks import Screen
from gensvar.answers.errors import (
    AlreadySent,
    CannotSend,
    IsSpam,
    NobodyToSendTo,
    NothingWritten,
    NotYours,
    SomethingNew,
    TooLate,
)
from gensvar.answers.models import Delivery, Draft
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.conversations import counts
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry
from gensvar.core.roles import PERMISSIONS, May, Role
from gensvar.people.models import Tenure
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.routing.tests.scene import fresh

ALLOWED = {role for role in Role if May.ANSWER in PERMISSIONS[role]}


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_that_answer_can_send(town: Town, role: Role) -> None:
    message = town.asks()
    person = make_person("Pat Ros", town.streets, roles=(role,))
    draft = town.draft(message, person=person)
    if role in ALLOWED:
        assert services.send_answer(draft, by=user_of(person)).person == person
    else:
        with pytest.raises(NotAllowed):
            services.send_answer(draft, by=user_of(person))
        assert Draft.objects.filter(pk=draft.pk).exists()
        assert not Delivery.objects.exists()


def test_nobody_sends_the_draft_of_another(town: Town) -> None:
    message = town.asks()
    with pytest.raises(NotAllowed):
        services.send_answer(town.draft(message), by=town.user(town.bo))


def test_nobody_answers_where_they_cannot_read(town: Town) -> None:
    message = town.asks()
    stranger = make_person("Eva Dal", make_function("Skola"))
    with pytest.raises(NotAllowed):
        services.send_answer(town.draft(message, person=stranger), by=user_of(stranger))


def test_a_person_does_not_speak_for_a_function_that_they_do_not_hold(town: Town) -> None:
    message = town.asks()
    draft = drafts.save_draft(
        person=town.kim,
        kind="answer",
        text="Hej",
        conversation=message.conversation,
        function=town.information,
    )
    with pytest.raises(NotYours):
        services.send_answer(draft, by=town.user())
    assert Draft.objects.get(pk=draft.pk).text == "Hej"


def test_nobody_speaks_for_a_function_that_they_left(town: Town) -> None:
    message = town.asks()
    conversations.assign(message.conversation, town.kim, by=town.user())
    Tenure.objects.filter(person=town.kim).update(ends=clock.today() - dt.timedelta(days=1))
    with pytest.raises(NotYours):
        services.send_answer(town.draft(message), by=town.user())


def test_an_external_person_whose_access_ended_cannot_send(town: Town) -> None:
    message = town.asks()
    last = clock.today() + dt.timedelta(days=3)
    external = make_person(
        "Eva Konsult", town.streets, roles=(Role.EXTERNAL,), kind=Tenure.Kind.EXTERNAL, until=last
    )
    user = user_of(external)
    user.access_until = last
    user.save()
    assert services.may_speak_for(external) == [town.streets]
    draft = town.draft(message, person=external)
    with clock.moved(dt.timedelta(days=4)), pytest.raises(NotAllowed):
        services.send_answer(draft, by=user_of(external))
    assert services.send_answer(draft, by=user_of(external)).pk


def test_one_draft_is_sent_once_however_often_the_button_is_pressed(town: Town) -> None:
    draft = town.draft(town.asks())
    services.send_answer(draft, by=town.user())
    with pytest.raises(AlreadySent):
        services.send_answer(draft, by=town.user())
    assert Delivery.objects.count() == 1


def test_an_empty_draft_is_not_sent(town: Town) -> None:
    with pytest.raises(NothingWritten):
        services.send_answer(town.draft(town.asks(), "  \n "), by=town.user())


def test_nothing_is_sent_out_of_spam(town: Town) -> None:
    message = town.asks()
    conversations.mark_spam(message.conversation, by=town.user())
    with pytest.raises(IsSpam):
        town.answer(message)


def test_the_second_of_two_colleagues_sees_what_the_first_said_before_it_goes(town: Town) -> None:
    message = town.asks()
    sam = make_person("Sam Berg", town.streets)
    draft = town.draft(message, "Jag tar det.", person=sam)
    first = town.answer(message, "Vi kommer.", screen=Screen(newest=message.pk))
    with pytest.raises(SomethingNew) as refusal:
        services.send_answer(draft, by=user_of(sam), screen=Screen(newest=message.pk))
    assert refusal.value.messages == [first]
    assert services.send_answer(draft, by=user_of(sam), screen=Screen(newest=first.pk)).pk
    send_waiting()
    assert len(town.sink.taken) == 2


def test_ones_own_note_does_not_stop_ones_own_answer(town: Town) -> None:
    message = town.asks()
    conversations.add_note(message.conversation, "Jag svarar.", by=town.user())
    assert town.answer(message, screen=Screen(newest=message.pk)).pk


def test_the_answer_goes_to_those_whom_the_screen_showed_and_nobody_else(town: Town) -> None:
    message = town.asks(headers={"Cc": "grannen@example.org"})
    sent = town.answer(message)
    assert list(sent.deliveries.values_list("recipient", flat=True)) == ["anna@example.org"]
    copied = Participant.objects.get(address="grannen@example.org")
    both = town.answer(message, to=list(message.conversation.participants.order_by("pk")))
    assert both.deliveries.count() == 2
    assert copied.deliveries.count() == 1
    stranger = town.asks(sender="Cia <cia@example.org>", message_id="other@example.org")
    with pytest.raises(NobodyToSendTo):
        town.answer(message, to=[stranger.conversation.participants.get()])


# --- Taking back --------------------------------------------------------------------------------------


@pytest.fixture
def undo(town: Town, settings: Any) -> None:
    settings.GENSVAR_UNDO_SECONDS = 10


@pytest.mark.usefixtures("undo")
def test_what_is_taken_back_is_a_draft_again_and_nothing_was_sent(town: Town) -> None:
    message = town.asks()
    before = Conversation.objects.values().get(pk=message.conversation_id)
    draft = town.draft(message, "Vi kommer i morgon.")
    drafts.add_file(draft, "plan.pdf", "application/pdf", b"plan")
    sent = services.send_answer(draft, by=town.user())
    assert queries.take_back_until(sent) == the_delivery(sent).send_after
    again = services.take_back(sent, by=town.user())
    assert (again.text, again.function) == ("Vi kommer i morgon.", town.streets)
    assert list(again.files.values_list("filename", flat=True)) == ["plan.pdf"]
    assert Conversation.objects.values().get(pk=message.conversation_id) == before
    assert not Message.objects.filter(pk=sent.pk).exists()
    assert Delivery.objects.get().state == Delivery.State.CANCELLED
    assert counts.differences() == {}
    with clock.moved(dt.timedelta(minutes=1)):
        send_waiting()
    assert town.sink.tried == []


@pytest.mark.usefixtures("undo")
def test_what_was_begun_meanwhile_is_kept_below_what_is_taken_back(town: Town) -> None:
    message = town.asks()
    sent = town.answer(message, "Först.")
    town.draft(message, "Sedan.")
    assert services.take_back(sent, by=town.user()).text == "Först.\n\nSedan."


@pytest.mark.usefixtures("undo")
def test_what_was_sent_cannot_be_taken_back(town: Town) -> None:
    sent = town.answer(town.asks())
    with clock.moved(dt.timedelta(seconds=11)):
        send_waiting()
        with pytest.raises(TooLate):
            services.take_back(sent, by=town.user())
    assert the_delivery(sent).state == Delivery.State.SENT
    assert queries.take_back_until(sent) is None


@pytest.mark.usefixtures("undo")
def test_only_its_writer_takes_an_answer_back(town: Town) -> None:
    sent = town.answer(town.asks())
    with pytest.raises(NotAllowed):
        services.take_back(sent, by=town.user(town.bo))


@pytest.mark.usefixtures("undo")
def test_an_answer_by_hand_can_be_taken_back_too(town: Town) -> None:
    message = town.asks()
    Participant.objects.update(answer_by="here")
    sent = town.answer(message)
    services.take_back(sent, by=town.user())
    assert fresh(message.conversation).state == State.OPEN


# --- Trying again, by hand -------------------------------------------------------------------------------


def test_only_those_who_may_answer_there_try_again(town: Town) -> None:
    town.sink.refuses.add("anna@example.org")
    sent = town.answer(town.asks())
    send_waiting()
    delivery = the_delivery(sent)
    for person in (
        make_person("Eva Dal", make_function("Skola")),
        make_person("Rut Reg", town.streets, roles=(Role.REGISTRAR,)),
        make_person("Adam Min", town.streets, roles=(Role.ADMINISTRATOR,)),
    ):
        with pytest.raises(NotAllowed):
            services.retry_delivery(delivery, by=user_of(person))
    assert services.retry_delivery(delivery, by=town.user(town.bo)).state == Delivery.State.WAITING


def test_what_arrived_is_not_tried_again(town: Town) -> None:
    sent = town.answer(town.asks())
    send_waiting()
    with pytest.raises(CannotSend):
        services.retry_delivery(the_delivery(sent), by=town.user())


def test_every_act_is_written_down_without_anybodys_words(town: Town) -> None:
    message = town.asks()
    town.answer(message, "Hemliga ord")
    entry = AuditEntry.objects.get(action="answers.send")
    assert entry.user == town.user()
    assert "Hemliga" not in str(entry.details)
    assert "anna@" not in str(entry.details)


def test_the_outbox_is_seen_by_those_who_may(town: Town) -> None:
    town.answer(town.asks())
    assert not queries.outbox(town.user()).exists()
    assert queries.outbox(town.user(town.bo)).count() == 1
