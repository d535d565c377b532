"""Who knows about a conversation: why, in which order, and who is never proposed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.people.models import Absence, Function, Person
from gensvar.people.tests.factories import make_function, make_person
from gensvar.routing.tests.scene import fresh, word_comes
from gensvar.voices.knowing import Knowing, who_knows
from gensvar.voices.models import LastAnswer, SaidDay

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class House:
    """Bo and Kim answer for streets, Sam for schools; a question came about snow."""

    streets: Function
    mailbox: ContactPoint
    elsewhere: ContactPoint
    snow: Topic
    ice: Topic
    bo: Person
    kim: Person
    sam: Person
    asked: Conversation

    def answered(self, person: Person, *topics: Topic, at: ContactPoint | None = None, days: int = 5) -> None:
        key = "".join(f",{pk}" for pk in sorted(one.pk for one in topics)) + ","
        LastAnswer.objects.create(
            contact_point=at or self.elsewhere,
            person=person,
            topics=key if topics else "",
            day=clock.today() - dt.timedelta(days=days),
        )

    def said(self, person: Person, messages: int, *, days: int = 5) -> None:
        SaidDay.objects.create(
            day=clock.today() - dt.timedelta(days=days),
            person=person,
            function=self.streets,
            contact_point=self.mailbox,
            channel="email",
            topics="",
            messages=messages,
            words=messages,
        )

    def knowing(
        self, *about: Topic, alike: tuple[Message, ...] = (), asks: Person | None = None
    ) -> list[Knowing]:
        return who_knows(self.asked, about=about or (self.snow,), alike=alike, asks=asks)

    def names(self, *about: Topic, alike: tuple[Message, ...] = (), asks: Person | None = None) -> list[str]:
        return [one.person.name for one in self.knowing(*about, alike=alike, asks=asks)]


@pytest.fixture
def house(db: None) -> House:
    streets, schools = make_function("Gata & park"), make_function("Skola")
    mailbox = make_contact_point(streets, address="gata@norrvik.example", name="Gatan")
    return House(
        streets,
        mailbox,
        make_contact_point(schools, address="skola@norrvik.example", name="Skolan"),
        Topic.objects.create(slug="sno", name="Snö"),
        Topic.objects.create(slug="is", name="Halka"),
        make_person("Bo Berg", streets),
        make_person("Kim Ek", streets),
        make_person("Sam Åberg", schools),
        fresh(word_comes(mailbox, subject="Snö på Storgatan").conversation),
    )


def test_topic_words_and_place_speak_for_somebody_each_by_its_weight(house: House) -> None:
    house.answered(house.sam, house.snow, house.ice, days=3)
    house.answered(house.kim, at=house.mailbox)
    told = Message(person=house.bo)
    found = {one.person.name: one for one in house.knowing(house.snow, house.ice, alike=(told, told, told))}
    assert {name: one.points for name, one in found.items()} == {"Sam Åberg": 3, "Kim Ek": 1, "Bo Berg": 3}
    assert found["Sam Åberg"].topics == [house.snow, house.ice]
    assert found["Sam Åberg"].last == clock.today() - dt.timedelta(days=3)
    assert found["Kim Ek"].here
    assert found["Bo Berg"].alike == 3


def test_of_those_who_know_well_the_seldom_heard_come_first(house: House) -> None:
    for person in (house.bo, house.kim, house.sam):
        house.answered(person, house.snow, house.ice)
    house.said(house.bo, 40)
    house.said(house.sam, 2)
    found = house.knowing(house.snow, house.ice)
    assert [one.person for one in found] == [house.kim, house.sam, house.bo]
    assert [one.seldom for one in found] == [True, True, False], "the mean of those who spoke is 21"
    house.said(house.kim, 50, days=91)  # longer ago than is looked back
    assert house.names(house.snow, house.ice)[0] == "Kim Ek"


def test_who_plainly_knows_more_comes_before_who_is_heard_less_and_it_is_said(house: House) -> None:
    house.answered(house.bo, house.snow, house.ice)
    house.said(house.bo, 40)
    house.answered(house.kim, at=house.mailbox)
    found = house.knowing(house.snow, house.ice)
    assert [(one.person.name, one.plainly) for one in found] == [("Bo Berg", True), ("Kim Ek", False)]


def test_who_says_most_of_everything_does_not_come_first_by_having_answered_often(house: House) -> None:
    told = Message(person=house.bo)
    house.said(house.bo, 60)  # of a hundred
    house.said(house.kim, 25)
    house.said(house.sam, 15)
    for place in (house.mailbox, house.elsewhere):
        house.answered(house.bo, house.snow, at=place)
    house.answered(house.kim, house.snow, at=house.mailbox)
    house.answered(house.sam, house.snow, house.ice)
    found = house.knowing(house.snow, house.ice, alike=(told, told, told))
    assert [one.person.name for one in found] == ["Sam Åberg", "Kim Ek", "Bo Berg"]
    assert not any(one.plainly for one in found)


def test_a_point_more_is_not_plainly_more(house: House) -> None:
    house.answered(house.bo, house.snow, at=house.mailbox)
    house.said(house.bo, 60)
    house.answered(house.kim, house.snow)
    house.said(house.kim, 40)
    assert house.names() == ["Kim Ek", "Bo Berg"]


def test_a_topic_that_became_another_still_tells(house: House) -> None:
    old = Topic.objects.create(slug="snorojning", name="Snöröjning", merged_into=house.snow)
    house.answered(house.sam, old)
    assert house.knowing()[0].topics == [house.snow]


def test_who_is_away_has_left_asks_or_has_it_is_not_proposed(house: House) -> None:
    for person in (house.bo, house.kim, house.sam):
        house.answered(person, house.snow)
    today = clock.today()
    Absence.objects.create(person=house.bo, starts=today, ends=today)
    assert house.names(asks=house.kim) == ["Sam Åberg"]
    house.asked.assignee = house.sam
    assert house.names() == ["Kim Ek"]
    house.kim.tenures.update(ends=today - dt.timedelta(days=1), starts=today - dt.timedelta(days=9))
    assert house.names() == []


def test_what_was_answered_long_ago_is_forgotten_and_the_function_stands_in(house: House) -> None:
    house.answered(house.sam, house.snow, days=731)
    make_person("Alma Ark", house.streets, roles=(Role.REGISTRAR,))  # has no role that answers
    found = house.knowing()
    assert [one.person for one in found] == [house.bo, house.kim]
    assert all(one.holds and not one.points for one in found)


def test_it_asks_the_same_for_many_as_for_few(house: House, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        person = make_person(f"Nr {number:02}", house.streets)
        house.answered(person, house.snow)
        house.said(person, 30 - number)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        found = house.names()
    assert found == ["Nr 11", "Nr 10", "Nr 09"]
