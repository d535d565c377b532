"""Nobody is away without knowing it: who is noted as away by somebody else is told, and told when it is taken back."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.answers.models import Delivery
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock, runner
from gensvar.core.roles import Role
from gensvar.people import services
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Function:
    found = make_function("Information", coordinates=True)
    make_contact_point(found, address="kommun@norrvik.example")
    return found


@pytest.fixture
def boss(office: Function) -> Person:
    return make_person("Bo Alm", office, roles=(Role.COORDINATOR,))


@pytest.fixture
def kim(office: Function) -> Person:
    return make_person("Kim Ek", office)


def notices(boss: Person) -> list[Delivery]:
    """To all but the coordinator, who is told of the place that now has nobody."""
    runner.run_waiting(network=False)
    found = Delivery.objects.filter(kind=Delivery.Kind.NOTICE).exclude(recipient=user_of(boss).email)
    return list(found.order_by("pk"))


def test_who_is_noted_as_away_by_another_is_told_who_said_it_and_where_to_take_it_back(
    kim: Person, boss: Person
) -> None:
    first = dt.date(clock.today().year + 1, 3, 2)
    absence = services.save_absence(kim, first, first + dt.timedelta(days=2), by=user_of(boss))
    (told,) = notices(boss)
    assert told.recipient == user_of(kim).email
    assert told.subject == "Bo Alm har skrivit att du är borta"
    assert f"2 mars {first.year} – 4 mars {first.year}" in told.text
    assert "/desk/franvaro/" in told.text
    services.remove_absence(absence, by=user_of(boss))
    assert [one.subject for one in notices(boss)][1:] == ["Bo Alm har skrivit att du inte är borta"]


def test_who_says_it_themselves_and_who_has_no_log_in_are_sent_nothing(kim: Person, boss: Person) -> None:
    services.save_absence(kim, clock.today(), clock.today(), by=user_of(kim))
    services.remove_absence(kim.absences.get(), by=user_of(kim))
    services.save_absence(kim, clock.today(), clock.today(), by=None)
    silent = Person.objects.create(name="Siv Ro", email="siv@norrvik.example")
    services.save_absence(silent, clock.today(), clock.today(), by=user_of(boss))
    assert notices(boss) == []
