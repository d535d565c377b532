"""To whom a word goes, and by when: present, away, left, vacant."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import counts
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock, recurring, runner
from gensvar.core.models import Event, User
from gensvar.core.roles import Role
from gensvar.intake.models import Envelope
from gensvar.people.models import Absence, Function, Person, Tenure
from gensvar.people.services import remove_absence, save_absence
from gensvar.people.tests.factories import make_absence, make_function, make_person, user_of
from gensvar.routing import calendar, services, ways
from gensvar.routing.tests.scene import fresh, just_read, word_comes

pytestmark = pytest.mark.django_db


@dataclass
class House:
    """A function with an owner and a deputy, and the function that holds it together."""

    streets: Function
    information: Function
    owner: Person
    deputy: Person
    coordinator: Person
    place: ContactPoint


@pytest.fixture
def house() -> House:
    streets, information = make_function("Gata & park"), make_function("Information", coordinates=True)
    owner, deputy = make_person("Kim Ek", streets), make_person("Sam Berg", streets)
    coordinator = make_person("Bo Alm", information, roles=(Role.COORDINATOR,))
    place = make_contact_point(streets, address="gata@norrvik.example", owner=owner, deputy=deputy)
    return House(streets, information, owner, deputy, coordinator, place)


def where(message: Message) -> tuple[Function | None, Person | None]:
    conversation = fresh(message.conversation)
    assert counts.differences() == {}
    return conversation.function, conversation.assignee


def leave(person: Person) -> None:
    Tenure.objects.filter(person=person).update(ends=clock.today() - dt.timedelta(days=1))


def test_a_word_goes_to_the_owner_and_is_promised_within_the_places_own_days(house: House) -> None:
    message = word_comes(house.place)
    assert where(message) == (house.streets, house.owner)
    assert fresh(message.conversation).due_at == calendar.add_working_days(message.at, 5)


def test_what_is_no_spam_keeps_its_day_and_what_is_opened_again_gets_a_new_one(house: House) -> None:
    conversation = word_comes(house.place).conversation
    promised, owner = fresh(conversation).due_at, user_of(house.owner)
    conversations.mark_spam(conversation, by=owner)
    with clock.moved(dt.timedelta(days=3)):
        conversations.not_spam(conversation, by=owner)
        runner.run_waiting(network=False)
    assert fresh(conversation).due_at == promised is not None
    conversations.close(conversation, by=owner)
    with clock.moved(dt.timedelta(days=60)):
        conversations.reopen(conversation, by=owner)
        runner.run_waiting(network=False)
        days = calendar.working_days_between(clock.now(), fresh(conversation).due_at or clock.now())
    assert days == 5


def test_what_is_no_spam_is_promised_no_later_than_before_it_was_taken_for_it(house: House) -> None:
    message = word_comes(house.place)
    promised, owner = fresh(message.conversation).due_at, user_of(house.owner)
    with clock.moved(dt.timedelta(days=4)):
        reply(house, message)
        conversations.mark_spam(message.conversation, by=owner)
        conversations.not_spam(message.conversation, by=owner)
        runner.run_waiting(network=False)
    assert fresh(message.conversation).due_at == promised is not None


def test_an_answer_that_failed_is_promised_again_until_it_arrives_after_all(house: House) -> None:
    conversation = word_comes(house.place).conversation
    owner = user_of(house.owner)
    conversations.close(conversation, by=owner)
    with clock.moved(dt.timedelta(days=60)):
        conversations.record_failure(conversation)
        runner.run_waiting(network=False)
        assert fresh(conversation).due_at == calendar.add_working_days(clock.now(), 5)
    conversations.record_arrival(conversation, Message.objects.get())
    assert (fresh(conversation).state, fresh(conversation).due_at) == ("waiting", None)


def test_the_deputy_gets_it_while_the_owner_is_away(house: House) -> None:
    make_absence(house.owner)
    assert where(word_comes(house.place)) == (house.streets, house.deputy)


def test_it_waits_in_the_functions_queue_while_both_are_away_and_somebody_else_is_there(house: House) -> None:
    make_person("Ida Ö", house.streets)
    make_absence(house.owner)
    make_absence(house.deputy)
    assert where(word_comes(house.place)) == (house.streets, None)


def test_a_function_where_nobody_is_there_gives_way_unless_the_coordinators_are_away_as_well(
    house: House,
) -> None:
    make_absence(house.owner)
    make_absence(house.deputy)
    assert where(word_comes(house.place)) == (house.information, None)
    make_absence(house.coordinator)
    assert where(word_comes(house.place, sender="Bo <bo@example.org>")) == (house.streets, None)


def falls_ill(person: Person) -> None:
    today = clock.today()
    save_absence(person, today, today + dt.timedelta(days=3), by=user_of(person))
    runner.run_waiting(network=False)


def test_an_owner_falls_ill_on_a_friday_and_nobodys_words_wait(house: House) -> None:
    waiting = word_comes(house.place)
    falls_ill(house.owner)
    assert where(waiting) == (house.streets, house.deputy)
    colleague = make_person("Ida Ö", house.streets)
    falls_ill(house.deputy)
    assert where(waiting) == (house.streets, None)
    falls_ill(colleague)
    assert where(waiting) == (house.information, None)
    said = [(step.why, step.whose, step.person) for step in ways.steps(waiting.conversation)]
    assert said == [
        (ways.Why.EMPTY, None, None),
        (ways.Why.AWAY, house.deputy, None),
        (ways.Why.AWAY, house.owner, house.deputy),
    ]
    runner.run_waiting(network=False)
    assert services.move_on() == 0


def test_of_many_some_are_moved_at_a_time_in_a_transaction_of_their_own(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        word_comes(house.place, sender=f"Bo <bo{number}@example.org>")
    together, settle = list[int](), runner._settle

    def count(claims: list[runner.Claim]) -> None:
        if any(claim.handler is services.reroute_at_once for claim in claims):
            together.append(len(claims))
        settle(claims)

    monkeypatch.setattr(services, "CHUNK", 2)
    monkeypatch.setattr(runner, "_settle", count)
    today, left = clock.today(), list[int]()
    for person in (house.owner, house.coordinator):
        save_absence(person, today, today, by=user_of(person))
    while runner.run_batch(Event.Lane.DATABASE):
        left.append(services.unattended().count())
    assert (left[0], left[-1]) == (1, 0)
    assert together == [1, 1, 1, 1]


def test_nothing_jumps_back_when_the_owner_is_there_again(house: House) -> None:
    waiting = word_comes(house.place)
    falls_ill(house.owner)
    remove_absence(Absence.objects.get(), by=user_of(house.owner))
    runner.run_waiting(network=False)
    assert where(waiting) == (house.streets, house.deputy)


def test_an_absence_that_is_to_come_moves_what_waits_when_it_begins(house: House) -> None:
    waiting = word_comes(house.place)
    tomorrow = clock.today() + dt.timedelta(days=1)
    save_absence(house.owner, tomorrow, tomorrow, by=user_of(house.owner))
    runner.run_waiting(network=False)
    assert where(waiting) == (house.streets, house.owner)
    with clock.moved(dt.timedelta(days=1)):
        runner.run_waiting(network=False)
        assert where(waiting) == (house.streets, house.deputy)


def test_an_owner_who_left_gets_nothing_more(house: House) -> None:
    leave(house.owner)
    assert where(word_comes(house.place)) == (house.streets, house.deputy)


def test_a_function_that_nobody_holds_gives_way_to_the_one_that_holds_it_together(house: House) -> None:
    leave(house.owner)
    leave(house.deputy)
    assert where(word_comes(house.place)) == (house.information, None)


def test_a_function_that_is_not_active_gives_way_as_well(house: House) -> None:
    Function.objects.filter(pk=house.streets.pk).update(active=False)
    assert where(word_comes(house.place)) == (house.information, None)


def test_without_anybody_who_holds_it_together_the_word_stays_where_it_came(house: House) -> None:
    Function.objects.filter(pk=house.information.pk).update(coordinates=False)
    leave(house.owner)
    leave(house.deputy)
    assert where(word_comes(house.place)) == (house.streets, None)


def reply(house: House, message: Message) -> Message:
    return word_comes(house.place, headers={"References": f"<{message.message_id}>"}, text="En sak till.")


def test_a_reply_stays_with_the_function_and_person_that_have_it(house: House) -> None:
    message = word_comes(house.place)
    colleague = make_person("Ida Ö", house.streets)
    conversations.assign(message.conversation, colleague, by=user_of(house.owner))
    answer = reply(house, message)
    assert answer.conversation_id == message.conversation_id
    assert where(answer) == (house.streets, colleague)


def test_a_reply_to_somebody_who_is_away_goes_to_who_is_there(house: House) -> None:
    message = word_comes(house.place)
    make_absence(house.owner)
    assert where(reply(house, message)) == (house.streets, house.deputy)


def test_a_reply_in_a_conversation_that_was_passed_on_stays_there(house: House) -> None:
    message = word_comes(house.place)
    school = make_function("Skola")
    make_person("Eva Dal", school)
    conversations.pass_to(message.conversation, school, by=user_of(house.owner))
    assert where(reply(house, message)) == (school, None)


def test_somebody_of_another_function_keeps_what_was_given_to_them(house: House) -> None:
    message = word_comes(house.place)
    colleague = make_person("Eva Dal", make_function("Skola"))
    conversations.assign(message.conversation, colleague, by=user_of(house.owner))
    assert where(reply(house, message)) == (house.streets, colleague)


def test_the_earlier_promise_stands_while_it_is_unanswered(house: House) -> None:
    message = word_comes(house.place)
    promised = fresh(message.conversation).due_at
    with clock.moved(dt.timedelta(days=2)):
        reply(house, message)
    assert fresh(message.conversation).due_at == promised


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"List-Id": "<nytt.example.org>"},
        {"Precedence": "bulk"},
        {"X-Auto-Response-Suppress": "All"},
    ],
)
def test_what_a_machine_wrote_is_seen_to_by_a_day_where_it_answers_nothing_of_ours_and_else_changes_none(
    house: House, headers: dict[str, str]
) -> None:
    alone = word_comes(house.place, headers=headers)
    assert where(alone) == (house.streets, house.owner)
    assert fresh(alone.conversation).due_at == calendar.add_working_days(alone.at, house.place.answer_within)
    asked = word_comes(house.place)
    Conversation.objects.update(due_at=None)
    notice = word_comes(house.place, headers=headers | {"In-Reply-To": f"<{asked.message_id}>"})
    assert notice.conversation == asked.conversation
    assert fresh(asked.conversation).due_at is None


def test_spam_is_promised_nothing_when_more_of_it_comes(house: House) -> None:
    message = word_comes(house.place)
    Conversation.objects.update(due_at=None)
    conversations.mark_spam(message.conversation, by=user_of(house.owner))
    reply(house, message)
    assert fresh(message.conversation).due_at is None


def test_imported_words_are_promised_nothing_and_what_is_asked_there_later_is(house: House) -> None:
    message = word_comes(house.place, source=Envelope.Source.IMPORT)
    conversation, owner = message.conversation, user_of(house.owner)
    assert days_when_opened_again(conversation, owner) == (None, None)
    reply(house, message)
    assert None not in days_when_opened_again(conversation, owner)
    Conversation.objects.update(state="waiting", due_at=None)
    brought = word_comes(
        house.place, source=Envelope.Source.IMPORT, headers={"References": f"<{message.message_id}>"}
    )
    assert brought.conversation_id == conversation.pk
    assert fresh(conversation).due_at is None


def days_when_opened_again(conversation: Conversation, owner: User) -> tuple[dt.datetime | None, ...]:
    """The day that is promised, and the one after it was closed and opened again."""
    promised = fresh(conversation).due_at
    conversations.close(fresh(conversation), by=owner)
    conversations.reopen(fresh(conversation), by=owner)
    runner.run_waiting(network=False)
    return promised, fresh(conversation).due_at


def test_what_was_passed_on_or_taken_before_it_was_routed_stays_there(house: House) -> None:
    taken, passed = just_read(house.place, 2)
    conversations.take(taken, house.deputy, had=None, by=user_of(house.deputy))
    conversations.pass_to(passed, house.information, by=user_of(house.owner))
    runner.run_waiting(network=False)
    for conversation, place in ((taken, (house.streets, house.deputy)), (passed, (house.information, None))):
        found = fresh(conversation)
        assert (found.function, found.assignee) == place
        assert found.due_at is not None
        assert not ways.steps(found)


def test_what_was_answered_before_it_was_routed_is_promised_a_day_only_if_that_is_taken_back(
    house: House,
) -> None:
    (conversation,) = just_read(house.place, 1)
    answer = conversations.record_outgoing(
        conversation,
        person=house.owner,
        function=house.streets,
        text="I dag.",
        subject="Re: Snö",
        files=[],
        by=user_of(house.owner),
        kind="answer",
    )
    runner.run_waiting(network=False)
    assert (fresh(conversation).state, fresh(conversation).due_at) == ("waiting", None)
    conversations.take_back_outgoing(answer)
    runner.run_waiting(network=False)
    assert fresh(conversation).due_at == calendar.add_working_days(fresh(conversation).opened_at, 5)


# --- By the clock ---------------------------------------------------------------------------------


@pytest.fixture
def started() -> None:
    recurring.ensure()


def hour_later() -> None:
    with clock.moved(dt.timedelta(hours=1, minutes=1)):
        runner.run_waiting(network=False)


@pytest.mark.usefixtures("started")
def test_what_waits_at_somebody_away_moves_to_the_deputy_by_itself(house: House) -> None:
    message = word_comes(house.place)
    make_absence(house.owner)
    hour_later()
    assert where(message) == (house.streets, house.deputy)


@pytest.mark.usefixtures("started")
def test_what_waits_in_a_function_that_became_vacant_moves_to_the_one_that_holds_it_together(
    house: House,
) -> None:
    message = word_comes(house.place)
    leave(house.owner)
    leave(house.deputy)
    hour_later()
    assert where(message) == (house.information, None)


@pytest.mark.usefixtures("started")
def test_what_lies_well_stays_where_it_is(house: House) -> None:
    message = word_comes(house.place)
    before = Conversation.objects.get(pk=message.conversation_id).last_at
    hour_later()
    assert where(message) == (house.streets, house.owner)
    assert fresh(message.conversation).last_at == before


@pytest.mark.usefixtures("started")
def test_what_was_laid_aside_is_back_within_a_minute_of_its_time(house: House) -> None:
    message = word_comes(house.place)
    until = clock.now() + dt.timedelta(days=1)
    conversations.snooze(message.conversation, until, by=user_of(house.owner))
    with clock.moved(dt.timedelta(hours=23)):
        runner.run_waiting(network=False)
        assert fresh(message.conversation).snoozed_until == until
    with clock.moved(dt.timedelta(days=1, minutes=1)):
        runner.run_waiting(network=False)
        assert fresh(message.conversation).snoozed_until is None
        assert counts.differences() == {}
