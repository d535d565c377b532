"""Nobody's words lie with somebody who can no longer answer: role lost, log-in closed."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Message
from gensvar.core import clock, runner
from gensvar.core.models import User
from gensvar.core.roles import May, Role
from gensvar.people import logins, queries
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.standing import standing
from gensvar.people.tests.factories import make_absence, make_function, make_person, user_of
from gensvar.routing import services, ways
from gensvar.routing.tests.scene import fresh, word_comes

pytestmark = pytest.mark.django_db


def where(message: Message) -> tuple[Function | None, Person | None]:
    runner.run_waiting(network=False)
    found = fresh(message.conversation)
    return found.function, found.assignee


def test_what_waits_with_them_and_what_comes_goes_to_who_could_answer() -> None:
    streets, information = make_function("Gata & park"), make_function("Information", coordinates=True)
    kim, sam = make_person("Kim Ek", streets), make_person("Sam Berg", streets)
    make_person("Bo Alm", information, roles=(Role.COORDINATOR,))
    place = make_contact_point(streets, address="gata@norrvik.example", owner=kim, deputy=sam)
    waiting = word_comes(place)
    logins.set_roles(user_of(kim), {Role.REGISTRAR}, by=None)
    assert where(waiting) == (streets, sam)
    (step,) = ways.steps(waiting.conversation)
    assert (step.why, step.whose, step.person) == (ways.Why.UNABLE, kim, sam)
    logins.set_active(user_of(sam), False, by=None)
    assert where(waiting) == (information, None)
    step = ways.steps(waiting.conversation)[0]
    assert (step.why, step.whose, step.function) == (ways.Why.UNABLE, sam, information), "they hold it still"
    assert where(word_comes(place, sender="Bo <bo@example.org>")) == (information, None)
    assert services.move_on() == 0
    logins.set_active(user_of(sam), True, by=None)
    assert where(word_comes(place, sender="Ulla <ulla@example.org>")) == (streets, sam)
    logins.set_roles(user_of(kim), {Role.ANSWERER}, by=None)
    Tenure.objects.filter(person=kim).update(function=make_function("Skola"))
    newest = word_comes(place, sender="Ali <ali@example.org>")
    assert where(newest) == (streets, sam)
    assert [step.why for step in ways.steps(newest.conversation)] == [ways.Why.LEFT], "has log-in and role"


def test_routing_and_every_other_question_mean_the_same_people_by_there() -> None:
    streets, schools = make_function("Gata & park"), make_function("Skola")
    past = clock.today() - dt.timedelta(days=1)
    able = {make_person("Kim Ek", streets), make_person("Konsult Ek", streets, roles=(Role.EXTERNAL,))}
    make_person("Registrator", streets, roles=(Role.REGISTRAR,))
    make_absence(make_person("Borta", streets))
    make_person("Slutade", streets, schools, until=past)
    make_person("Utan roll", streets, roles=())
    closed, ended, inactive, alone = (
        make_person(name, streets) for name in ("Stängd", "Ute", "Inaktiv", "Utan")
    )
    User.objects.filter(pk=user_of(closed).pk).update(is_active=False)
    User.objects.filter(pk=user_of(ended).pk).update(access_until=past)
    Person.objects.filter(pk=inactive.pk).update(active=False)
    Person.objects.filter(pk=alone.pk).update(user=None)
    moved = make_person("Bytte", schools)
    found = standing(streets.pk, moved.pk)
    assert {pk for pk, one in found.items() if one.holds and one.there} == {one.pk for one in able}
    assert (found[moved.pk].holds, found[moved.pk].there) == (False, True)
    there = queries.on_duty_who_may(May.ANSWER)
    assert {*there} == {*able, moved}
    assert {*queries.attended_functions()} == {streets, schools}
