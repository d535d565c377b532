"""Those who took part are told: by their own form, once whatever happens, never machines, and a reply comes home."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import send_waiting
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Contact, Conversation, Message, Participant
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.learning import reach, services, telling, ties
from gensvar.learning.events import ConversationLedTo, StepPublished
from gensvar.learning.models import ToldConversation
from gensvar.learning.tests.scene import DONE, SAID, Town, told, writer
from gensvar.publishing.services import prepare

pytestmark = pytest.mark.django_db


def row_of(conversation: Conversation) -> dict[str, Any]:
    """Every column as the database has it."""
    return dict(Conversation.objects.filter(pk=conversation.pk).values().get())


def form_of_telling(town: Town, conversation: Conversation, **choices: Any) -> Participant:
    """What they chose for their answers."""
    Participant.objects.filter(conversation=conversation).update(**choices)
    return writer(conversation)


def test_who_wrote_by_mail_gets_a_mail_of_a_person_and_a_function_and_a_reply_comes_home(town: Town) -> None:
    asked = town.wrote(subject="Min granne Bertil stör")
    outcome = town.published(asked, tell=True)
    send_waiting()
    (taken,) = town.sink.to("anna@example.org")
    assert taken.mail["Subject"] == "Så blev det: Ljusare gångväg"
    assert str(taken.mail["From"]).startswith('"Kim Ek, Gata & park"')
    assert "Auto-Submitted" not in taken.mail
    for words in (SAID, DONE, f"/ni-sade-vi-gjorde/{outcome.pk}-ljusare-gangvag", "Kim Ek, gatuingenjör"):
        assert words in taken.text
    assert "Bertil" not in taken.data.decode(), "nothing private is quoted"
    assert "plogad" not in taken.text
    link = re.search(r"http\S+(/samtal/\S+)", taken.text)
    assert link is not None
    page = Client().get(link[1]).content.decode()
    assert DONE in page
    assert "Senaste svaret" not in page, "it answers no question of theirs"
    reply = town.asks(to=taken.reply_to, text="Tack, det märks.", subject="Sv: Så blev det")
    assert reply.conversation == asked


def test_it_changes_neither_whose_turn_it_is_nor_what_is_promised(town: Town) -> None:
    waiting, closed = town.wrote(), town.wrote("Bo Ek <bo@example.org>")
    conversations.close(closed, by=town.user())
    before = {one.pk: row_of(one) for one in (waiting, closed)}
    town.published(waiting, closed, tell=True)
    send_waiting()
    assert len(town.sink.taken) == 2
    for pk, row in before.items():
        now = row_of(Conversation.objects.get(pk=pk))
        assert {name: value for name, value in now.items() if value != row[name]} == {
            "message_count": row["message_count"] + 1
        }


def test_each_is_told_by_the_form_that_they_chose_and_the_editor_knows_before(town: Town) -> None:
    by_mail, at_link = town.wrote(), town.wrote("Bo Ek <bo@example.org>")
    by_phone, by_letter = town.wrote("Cia Alm <cia@example.org>"), town.wrote("Dan Ö <dan@example.org>")
    protected = town.wrote("Eva Dold <eva@example.org>")
    form_of_telling(town, at_link, answer_by="here")
    form_of_telling(town, by_phone, answer_by="phone")
    form_of_telling(town, by_letter, answer_by="letter")
    Participant.objects.filter(conversation=by_phone).update(phone="070-1")
    Participant.objects.filter(conversation=by_letter).update(postal_address="Ågatan 1")
    Contact.objects.filter(participations__conversation=protected).update(protected=True)
    outcome = town.outcome(by_mail, at_link, by_phone, by_letter, protected)
    found = reach.reach_of(outcome, town.streets)
    assert (found.people, found.by) == (5, {"email": 1, "link": 2, "phone": 1, "letter": 1})
    assert found.sentences[0] == "2 ser det på sin egna länk"
    assert "1 får det som mejl" in found.sentences
    services.publish(outcome, tell=True, by=town.editor)
    send_waiting()
    assert [one.recipients for one in town.sink.taken] == [("anna@example.org",)]
    states = dict(Delivery.objects.filter(kind="outcome").values_list("conversation", "state"))
    assert states == {
        by_mail.pk: "sent",
        at_link.pk: "sent",
        protected.pk: "sent",
        by_phone.pk: "by_hand",
        by_letter.pk: "by_hand",
    }
    hidden = Delivery.objects.get(conversation=protected, kind="outcome")
    assert (hidden.channel, hidden.recipient) == ("link", "")
    for one in (by_mail, at_link, by_phone, by_letter, protected):
        page = Client().get(f"/samtal/{writer(one).token}").content.decode()
        assert DONE in page


def test_the_editor_may_choose_not_to_tell(town: Town) -> None:
    asked = town.wrote()
    town.published(asked, tell=False)
    send_waiting()
    assert told(asked) == []
    assert town.sink.taken == []
    assert not ToldConversation.objects.exists()


def test_each_step_is_told_once_in_each_conversation_whatever_runs_twice(town: Town) -> None:
    first, second = town.wrote(), town.wrote("Bo Ek <bo@example.org>")
    outcome = town.published(first, second, tell=True)
    send_waiting()
    step = outcome.steps.get()
    for _again in range(3):
        with transaction.atomic():
            emit(StepPublished(step.pk))
            emit(ConversationLedTo(step.pk, first.pk))
            telling.tell_conversation(ConversationLedTo(step.pk, second.pk))
        send_waiting()
    assert [len(told(one)) for one in (first, second)] == [1, 1]
    assert len(town.sink.taken) == 2
    town.goes_on(outcome, tell=True)
    send_waiting()
    assert [len(told(one)) for one in (first, second)] == [2, 2]
    with pytest.raises(IntegrityError), transaction.atomic():
        ToldConversation.objects.create(step=step, conversation=first, at=clock.now())


def test_one_address_is_mailed_once_for_a_step_and_every_link_shows_it(town: Town) -> None:
    first, second = town.wrote(), town.wrote(subject="En annan sak", message_id="annan@example.org")
    assert first != second
    outcome = town.outcome(first, second)
    assert reach.reach_of(outcome, town.streets) == reach.Reach(1, {"email": 1})
    services.publish(outcome, tell=True, by=town.editor)
    send_waiting()
    assert len(town.sink.to("anna@example.org")) == 1
    assert [len(told(one)) for one in (first, second)] == [1, 1]


def test_machines_spam_and_our_own_addresses_are_told_nothing(town: Town) -> None:
    machine = town.wrote("Robot <robot@example.org>", headers={"Auto-Submitted": "auto-generated"})
    listed = town.wrote("Lista <lista@example.org>", headers={"List-Id": "<x.example.org>"})
    spam = town.wrote("Säljare <salj@example.org>")
    outcome = town.outcome(machine, listed, spam)
    conversations.mark_spam(spam, by=town.user())
    assert reach.reach_of(outcome, town.streets).people == 0
    services.publish(outcome, tell=True, by=town.editor)
    send_waiting()
    assert town.sink.taken == []
    assert not Message.objects.filter(kind="outcome").exists()


def test_who_was_only_copied_in_is_told_nothing(town: Town) -> None:
    asked = town.wrote(headers={"Cc": "Bo Ek <bo@example.org>"})
    assert Participant.objects.filter(conversation=asked, author=False).exists()
    town.published(asked, tell=True)
    send_waiting()
    assert [one.recipients for one in town.sink.taken] == [("anna@example.org",)]
    copied = Participant.objects.get(conversation=asked, author=False)
    assert DONE not in Client().get(f"/samtal/{copied.token}").content.decode()


def test_after_a_merge_everybody_is_told_in_the_conversation_that_lives(town: Town) -> None:
    first, second = town.wrote(), town.wrote("Bo Ek <bo@example.org>")
    outcome = town.outcome(first, second)
    conversations.merge(second, first, by=town.user())
    assert reach.reach_of(outcome, town.streets) == reach.Reach(2, {"email": 2})
    services.publish(outcome, tell=True, by=town.editor)
    send_waiting()
    assert {one.recipients[0] for one in town.sink.taken} == {"anna@example.org", "bo@example.org"}
    assert len(town.sink.taken) == 2
    assert len(told(first)) == 1


def test_who_was_to_be_told_when_it_was_merged_is_told_where_it_goes_on(town: Town) -> None:
    first, second = town.wrote(), town.wrote("Bo Ek <bo@example.org>")
    step = services.publish(town.outcome(second), tell=False, by=town.editor)
    conversations.merge(second, first, by=town.user())
    telling.tell_conversation(ConversationLedTo(step.pk, second.pk))  # as it waited before the merge
    send_waiting()
    assert "bo@example.org" in {one.recipients[0] for one in town.sink.taken}


def test_withdrawn_within_the_second_nobody_is_told(town: Town) -> None:
    asked = town.wrote()
    outcome = town.published(asked, tell=True)
    services.withdraw(outcome, "Fel", by=town.editor)
    send_waiting()
    assert town.sink.taken == []
    assert told(asked) == []


def test_withdrawn_while_the_mail_server_is_away_nothing_is_sent(town: Town) -> None:
    asked = town.wrote()
    outcome = town.published(asked, tell=True)
    town.sink.stop()
    send_waiting()
    services.withdraw(outcome, "Fel", by=town.editor)
    town.sink.start()
    Delivery.objects.update(next_try_at=clock.now())
    with clock.moved(dt.timedelta(hours=1)):
        send_waiting()
    assert town.sink.taken == []
    assert Delivery.objects.get(kind="outcome").state == Delivery.State.CANCELLED


def test_a_mail_that_does_not_arrive_opens_no_closed_conversation(town: Town) -> None:
    asked = town.wrote()
    conversations.close(asked, by=town.user())
    town.sink.refuses.add("anna@example.org")
    town.published(asked, tell=True)
    send_waiting()
    asked.refresh_from_db()
    assert (asked.state, asked.delivery_failed) == (State.CLOSED, False)
    assert Delivery.objects.get(kind="outcome").state == Delivery.State.FAILED


def test_a_conversation_that_is_tied_late_may_be_told_of_the_newest_step(town: Town) -> None:
    outcome, late = town.published(), town.wrote()
    ties.tie(outcome, late, by=town.editor, tell=True)
    send_waiting()
    assert len(told(late)) == 1


def test_who_writes_english_is_told_in_english(town: Town) -> None:
    asked = town.wrote(
        text="Hello, when will the path by the station have lights? It is dark for our children."
    )
    Conversation.objects.filter(pk=asked.pk).update(language="en")
    town.published(asked, tell=True)
    send_waiting()
    (taken,) = town.sink.taken
    assert "You have written to us about this." in taken.text
    assert "/en/ni-sade-vi-gjorde/" in taken.text


def test_what_was_told_cannot_be_taken_back_and_asks_for_no_public_text(town: Town) -> None:
    from gensvar.answers import services as answers
    from gensvar.answers.errors import TooLate

    asked = town.wrote()
    town.published(asked, tell=True)
    send_waiting()
    (message,) = told(asked)
    with pytest.raises(TooLate):
        answers.take_back(message, by=town.user())
    exchange = prepare(asked, by=town.editor)
    assert not exchange.texts.filter(message=message).exists()


@pytest.mark.parametrize("many", [1, 6])
def test_looking_beforehand_costs_the_same_for_one_conversation_as_for_many(
    town: Town, many: int, django_assert_num_queries: Any
) -> None:
    outcome = town.outcome(*(town.wrote(f"Nummer {n} <n{n}@example.org>") for n in range(many)))
    with django_assert_num_queries(4):  # ties, words, those who wrote, and our own addresses
        assert reach.reach_of(outcome, town.streets).people == many
