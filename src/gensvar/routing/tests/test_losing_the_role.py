"""Nobody's words lie with somebody who can no longer answer: role lost, log-in closed."""

from __future__ import annotations

import pytest

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Message
from gensvar.core import runner
from gensvar.core.roles import Role
from gensvar.people import logins
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.tests.factories import make_function, make_person, user_of
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
    assert where(word_comes(place, sender="Bo <bo@example.org>")) == (information, None)
    assert services.move_on() == 0
    logins.set_active(user_of(sam), True, by=None)
    assert where(word_comes(place, sender="Ulla <ulla@example.org>")) == (streets, sam)
    logins.set_roles(user_of(kim), {Role.ANSWERER}, by=None)
    Tenure.objects.filter(person=kim).update(function=make_function("Skola"))
    newest = word_comes(place, sender="Ali <ali@example.org>")
    assert where(newest) == (streets, sam)
    assert [step.why for step in ways.steps(newest.conversation)] == [ways.Why.LEFT], "has log-in and role"
