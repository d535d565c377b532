"""What would let somebody answer twice, word their own questions, or find out who answered; each is refused or forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from gensvar.answers.models import Delivery
from gensvar.core.access import NotAllowed
from gensvar.learning.surveys import inviting, services, wording
from gensvar.learning.surveys.models import SurveyForm
from gensvar.learning.surveys.sealing import Given
from gensvar.learning.surveys.wording import Asked
from gensvar.learning.tests.leading import ANSWERS, House, answer, invitation
from gensvar.people.models import Person
from gensvar.people.tests.factories import user_of
from gensvar.publishing.services import NotPublishable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def house() -> House:
    return House()


def test_nobody_is_asked_through_a_mailbox_that_another_reads(house: House) -> None:
    survey = house.prepared()
    shared, of_leader = user_of(house.led[0]).email, user_of(house.ulla).email
    Person.objects.filter(pk=house.led[1].pk).update(email=shared.upper())
    Person.objects.filter(pk=house.led[2].pk).update(email=of_leader)
    with pytest.raises(NotPublishable) as refused:
        services.open_(survey, by=house.by)
    once, leader = refused.value.reasons
    assert once.endswith("Ali Berg, Bea Dahl.")
    assert "mailbox of the leader: Cia Falk" in leader
    assert not Delivery.objects.exists()
    Person.objects.filter(pk__in=[one.pk for one in house.led]).update(email="")
    services.open_(survey, by=house.by)
    assert Delivery.objects.count() == 6


@pytest.mark.parametrize("given", [ANSWERS, ANSWERS[:2]], ids=["opened", "ended"])
def test_who_answered_is_forgotten_with_mails_and_order_and_the_links_stay(
    house: House, given: tuple[Given, ...]
) -> None:
    survey = house.opened()
    before = dict(survey.invitations.values_list("key", "person"))
    written = set(survey.invitations.values_list("pk", flat=True))
    answer(survey, house.led[0], given[0])
    services.remind(survey, by=house.by)
    reminder = invitation(survey, house.led[1]).reminder
    assert reminder is not None
    for person, one in zip(house.led[1:], given[1:], strict=False):
        answer(survey, person, one)
    if not services.close(survey, by=house.by):
        services.end(survey, "För få", by=house.by)
    after = list(survey.invitations.order_by("pk"))
    assert {one.key: one.person_id for one in after} == before
    assert [one.key for one in after] == sorted(before), "rows stand in the order of what is random"
    assert written.isdisjoint(one.pk for one in after)
    assert {(one.answered, one.delivery, one.reminder) for one in after} == {(False, None, None)}
    assert inviting.instead_of_sending(reminder) is not None


def test_a_reminder_that_waits_does_not_go_beside_a_later_one(house: House) -> None:
    survey = house.opened()
    services.remind(survey, by=house.by)
    first = invitation(survey, house.led[0]).reminder
    services.prolong(survey, survey.last_day + dt.timedelta(days=3), by=house.by)
    services.remind(survey, by=house.by)
    second = invitation(survey, house.led[0]).reminder
    assert first is not None
    assert second is not None
    assert inviting.instead_of_sending(first) is not None
    assert inviting.instead_of_sending(second) is None


def test_whom_a_prepared_round_is_about_does_not_word_its_questions(house: House) -> None:
    form = SurveyForm.objects.get()
    house.prepared()
    asked = [Asked("Är allt bra?", "", "text")]
    with pytest.raises(NotAllowed, match="about you"):
        wording.save(form, "Annat", "", asked, by=user_of(house.ulla))
    assert form.questions.count() > 1
    more = wording.continue_from(form, by=user_of(house.ulla))
    wording.save(more, "Annat", "", asked, by=user_of(house.ulla))
    wording.save(form, "Annat", "", asked, by=house.by)
