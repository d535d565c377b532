"""Which cells are covered today, what falls with a leaver, and a large sum that is read in few questions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import F

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Contact, Conversation, Message
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.intake.models import Envelope
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.voices import cells, sums, waiting
from gensvar.voices.heard import heard_in, read
from gensvar.voices.models import LastAnswer, SaidDay
from gensvar.voices.report import carried, said
from gensvar.voices.shares import Selection, Unit, by_function_and_person, by_month, by_topic

DAY = dt.timedelta(days=1)


@dataclass
class Town:
    """One place, one topic, an employee and a consultant."""

    streets: Function
    place: ContactPoint
    snow: Topic
    kim: Person
    axel: Person

    def answers(self, person: Person, *, days_ago: int = 0, topics: str | None = None) -> None:
        LastAnswer.objects.create(
            contact_point=self.place,
            person=person,
            topics=f",{self.snow.pk}," if topics is None else topics,
            day=clock.today() - days_ago * DAY,
        )


@pytest.fixture
def town(db: None) -> Town:
    streets = make_function("Gata & park")
    kim = make_person("Kim Ek", streets)
    until = clock.today() + 30 * DAY
    axel = make_person("Axel Brodin", streets, kind=Tenure.Kind.EXTERNAL, until=until)
    place = make_contact_point(streets, address="gata@norrvik.example", owner=axel, deputy=kim)
    return Town(streets, place, Topic.objects.create(slug="sno", name="Snö"), kim, axel)


def test_180_days_ago_still_covers_and_a_day_more_does_not(town: Town) -> None:
    town.answers(town.kim, days_ago=180)
    town.answers(town.axel, days_ago=181)
    assert cells.covered_today().cells == {(town.place.pk, town.snow.pk): frozenset({town.kim.pk})}


@pytest.mark.parametrize("lost", ["log-in", "role", "person", "tenure", "place"])
def test_who_has_no_access_covers_nothing_nor_does_a_closed_place(town: Town, lost: str) -> None:
    town.answers(town.kim)
    assert cells.covered_today().cells
    if lost == "log-in":
        user = user_of(town.kim)
        user.access_until = clock.today() - DAY
        user.save()
    elif lost == "role":
        user_of(town.kim).hold([Role.EDITOR, Role.REGISTRAR])
        assert cells.covered_today().cells
        user_of(town.kim).hold([Role.REGISTRAR])
    elif lost == "person":
        Person.objects.filter(pk=town.kim.pk).update(active=False)
    elif lost == "tenure":
        Tenure.objects.filter(person=town.kim).update(ends=clock.today() - DAY)
    else:
        ContactPoint.objects.update(state=ContactPoint.State.CLOSED)
    assert not cells.covered_today().cells


def test_topics_that_became_one_are_one_cell_and_words_without_a_topic_have_their_own(town: Town) -> None:
    slush = Topic.objects.create(slug="slask", name="Slask", merged_into=town.snow)
    town.answers(town.kim, topics=f",{town.snow.pk},{slush.pk},")
    town.answers(town.axel, topics="")
    assert cells.covered_today().cells == {
        (town.place.pk, town.snow.pk): frozenset({town.kim.pk}),
        (town.place.pk, cells.WITHOUT): frozenset({town.axel.pk}),
    }


def test_what_falls_if_the_consultants_leave(town: Town) -> None:
    town.answers(town.axel, days_ago=400)
    town.answers(town.axel, topics="")
    town.answers(town.kim, topics="")
    gone = cells.external_today()
    assert gone == {town.axel.pk}
    coverage = cells.covered_today()
    (loss,) = cells.lost_places(gone, coverage)
    assert (loss.point, loss.owner, loss.deputy, loss.answerers) == (town.place, True, False, False)
    assert cells.lost_topics(gone) == [town.snow]  # ever: 400 days ago, by nobody else
    assert cells.lost_topics(set()) == []
    assert cells.lost_functions(gone) == []
    assert cells.lost_functions({town.kim.pk, town.axel.pk}) == [town.streets]
    assert cells.lost_places(set(), coverage) == []
    assert cells.lost_places({town.kim.pk, town.axel.pk}, coverage)[0].answerers
    Tenure.objects.create(person=town.axel, function=make_function("Skola"), starts=clock.today())
    assert cells.external_today() == set()  # employed as well


@pytest.mark.parametrize("lost", ["tenure", "log-in", "person", "role", "function"])
def test_a_deputy_or_an_owner_who_has_left_already_or_gets_nothing_does_not_stay(
    town: Town, lost: str
) -> None:
    def losses(gone: Person) -> list[tuple[bool, str, bool, str, bool]]:
        return [
            (
                one.owner,
                "left" if one.owner_left else "idle" if one.owner_idle else "",
                one.deputy,
                "left" if one.deputy_left else "idle" if one.deputy_idle else "",
                one.ownerless,
            )
            for one in cells.lost_places({gone.pk}, cells.covered_today())
        ]

    assert losses(town.kim) == [(False, "", True, "", False)]
    assert cells.lost_functions({town.kim.pk}) == []
    if lost == "tenure":
        Tenure.objects.filter(person=town.axel).update(ends=clock.today() - DAY)
    elif lost == "person":
        Person.objects.filter(pk=town.axel.pk).update(active=False)
    elif lost == "role":
        user_of(town.axel).hold({Role.REGISTRAR})
    elif lost == "function":
        Tenure.objects.filter(person=town.axel).update(function=make_function("Skola"))
    else:
        user = user_of(town.axel)
        user.access_until = clock.today() - DAY
        user.save()
    why = "idle" if lost in ("role", "function") else "left"
    assert losses(town.kim) == [(False, why, True, "", True)]
    assert cells.lost_functions({town.kim.pk}) == [town.streets]
    ContactPoint.objects.update(owner=town.kim, deputy=town.axel)
    assert losses(town.kim) == [(True, "", False, why, True)]
    ContactPoint.objects.update(deputy=None)
    assert losses(town.kim) == [(True, "", False, "", True)]


def test_what_waits_with_a_leaver_and_what_is_unanswered(town: Town) -> None:
    from gensvar.routing.tests.scene import word_comes

    word = word_comes(town.place)
    Conversation.objects.filter(pk=word.conversation_id).update(assignee=town.axel)
    assert list(waiting.conversations_of([town.axel])) == [word.conversation]
    assert not waiting.conversations_of([town.kim])
    today = Selection(clock.today(), clock.today())
    assert (heard_in(today).asked, heard_in(today).unanswered_share, heard_in(today).hours) == (1, 1.0, None)
    found = Conversation.objects.get(pk=word.conversation_id)
    Conversation.objects.update(answered_at=found.opened_at + dt.timedelta(hours=5))
    assert (heard_in(today).unanswered_share, heard_in(today).hours) == (0.0, 5.0)
    second, third = word_comes(town.place), word_comes(town.place)
    assert heard_in(today).hours is None, "one of three: fewer than half have an answer"
    Conversation.objects.filter(pk=second.conversation_id).update(
        answered_at=F("opened_at") + dt.timedelta(hours=9)
    )
    with clock.moved(dt.timedelta(hours=4)):  # who has waited for four hours may still have it within nine
        assert round(heard_in(today).hours or 0, 3) == 7.0
    with clock.moved(dt.timedelta(hours=6)):
        assert round(heard_in(today).hours or 0, 3) == 9.0
    Conversation.objects.filter(pk__in=[second.conversation_id, third.conversation_id]).update(state="spam")
    assert heard_in(Selection(clock.today(), clock.today(), channel="letter")).asked == 0
    assert heard_in(Selection(clock.today(), clock.today(), topic=town.snow.pk)).asked == 0
    assert heard_in(today.before).asked == 0
    Contact.objects.update(protected=True)  # stripped from statistics
    assert heard_in(today).asked == 0
    Contact.objects.update(protected=False)
    assert list(read(today).months.values()) == [heard_in(today)]
    Conversation.objects.update(state="spam")
    assert heard_in(today).asked == 0


def test_what_we_begin_is_not_asked_and_what_was_brought_home_begins_when_they_ask_again(town: Town) -> None:
    from gensvar.routing.tests.scene import word_comes

    by = user_of(town.kim)
    begun = conversations.begin(
        town.place, address="bo@example.se", subject="Hej", function=town.streets, person=town.kim, by=by
    )
    from_kim: dict[str, Any] = {"person": town.kim, "function": town.streets, "files": [], "by": by}
    first = conversations.record_outgoing(
        begun.conversation, text="Vi gräver.", subject="Hej", kind="first", **from_kim
    )
    Message.objects.filter(pk=first.pk).update(message_id="first@norrvik.example")
    word_comes(town.place, sender="bo@example.se", headers={"In-Reply-To": "<first@norrvik.example>"})
    today = Selection(clock.today(), clock.today())
    assert Conversation.objects.get().messages.count() == 2
    assert heard_in(today).asked == 0
    old = word_comes(town.place, source=Envelope.Source.IMPORT)
    assert heard_in(today).asked == 0
    new = word_comes(town.place, headers={"In-Reply-To": f"<{old.message_id}>"})
    assert new.conversation_id == old.conversation_id
    assert heard_in(today).asked == heard_in(today).unanswered == 1
    Conversation.objects.filter(imported=True).update(answered_at=new.at + dt.timedelta(hours=2))
    assert (heard_in(today).asked, heard_in(today).hours) == (1, 2.0)
    Conversation.objects.filter(imported=True).update(answered_at=new.at - DAY)  # an old one that goes on
    assert heard_in(today).asked == 0


def test_many_sums_are_read_in_as_few_questions_as_one(town: Town, django_assert_num_queries: Any) -> None:
    people = [make_person(f"Person {number:02}", town.streets) for number in range(20)]
    keys = {"function": town.streets, "contact_point": town.place, "topics": f",{town.snow.pk},"}
    start = clock.today() - 99 * DAY
    SaidDay.objects.bulk_create(
        SaidDay(**keys, person=one, day=start + day * DAY, channel="email", messages=500, words=9_000)
        for one in people
        for day in range(100)
    )
    sums.write_all_months()
    for one in people:
        town.answers(one)
    with django_assert_num_queries(5):
        found = said(Selection(start, clock.today()), Unit.MESSAGES)
    assert (found.all.total, found.all.effective) == (1_000_000, 20)
    assert found.top is not None
    assert found.change is None
    with django_assert_num_queries(4):
        assert carried().truck is not None


def test_what_was_said_by_month_and_topic_by_hand(town: Town) -> None:
    ice = Topic.objects.create(slug="is", name="Is", merged_into=town.snow)
    sand = Topic.objects.create(slug="sand", name="Sand")
    keys = {"function": town.streets, "contact_point": town.place, "channel": "email"}
    said_on = [
        (town.kim, dt.date(2026, 1, 31), f",{town.snow.pk},{ice.pk},", 3, 30),
        (town.axel, dt.date(2026, 1, 1), "", 1, 5),
        (town.kim, dt.date(2026, 3, 1), f",{sand.pk},", 2, 20),
        (town.kim, dt.date(2025, 12, 31), "", 9, 90),
    ]
    for person, day, about, count, words in said_on:
        SaidDay.objects.create(**keys, person=person, day=day, topics=about, messages=count, words=words)
    sums.write_all_months()
    chosen = Selection(dt.date(2026, 1, 1), dt.date(2026, 3, 1))
    kim, axel = town.kim.pk, town.axel.pk
    january, february, march = (dt.date(2026, month, 1) for month in (1, 2, 3))
    assert by_month(chosen, Unit.MESSAGES) == {january: {kim: 3, axel: 1}, february: {}, march: {kim: 2}}
    assert by_topic(chosen, Unit.WORDS) == {
        town.snow.pk: {kim: 30},  # once, though two topics of it have become one
        cells.WITHOUT: {axel: 5},
        sand.pk: {kim: 20},
    }
    assert by_function_and_person(chosen, Unit.MESSAGES) == {town.streets.pk: {kim: 5, axel: 1}}
    assert Selection(dt.date(2025, 12, 31), dt.date(2026, 1, 1)).months == [dt.date(2025, 12, 1), january]
