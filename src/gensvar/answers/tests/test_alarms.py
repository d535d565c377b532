"""A place without anybody, and an external person who leaves: raised once, told once, ended when mended."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock, runner
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people import logins
from gensvar.people.models import Function, Tenure
from gensvar.people.tests.factories import make_absence, make_function, make_person, user_of
from gensvar.routing.alarms.keeping import keep, raised
from gensvar.routing.alarms.sentences import sentence
from gensvar.routing.models import Alarm

pytestmark = pytest.mark.django_db


def notices() -> list[str]:
    runner.run_waiting(network=False)
    return list(Delivery.objects.filter(kind=Delivery.Kind.NOTICE).values_list("text", flat=True))


def test_a_place_without_anybody_is_told_once_and_again_when_it_falls_again() -> None:
    office = make_function("Information", coordinates=True)
    boss = make_person("Bo Alm", office, roles=(Role.COORDINATOR,))
    place = make_contact_point(office, address="kommun@norrvik.example", owner=boss)
    assert (keep(), notices()) == ([], [])
    absence = make_absence(boss)
    assert [alarm.why for alarm in keep()] == [Alarm.Why.AWAY]
    assert keep() == []
    assert len(notices()) == 1
    ContactPoint.objects.filter(pk=place.pk).update(owner=None)
    assert keep() == []
    assert [alarm.why for alarm in raised()] == [Alarm.Why.VACANT]
    absence.delete()
    ContactPoint.objects.filter(pk=place.pk).update(owner=boss)
    keep()
    assert not raised().exists()
    logins.set_roles(user_of(boss), {Role.REGISTRAR}, by=None)
    runner.run_waiting(network=False)
    assert [alarm.why for alarm in raised()] == [Alarm.Why.UNABLE]
    logins.set_active(user_of(boss), False, by=None)  # they own it still, so it has an owner
    runner.run_waiting(network=False)
    assert [alarm.why for alarm in raised()] == [Alarm.Why.UNABLE]
    logins.set_active(user_of(boss), True, by=None)
    logins.set_roles(user_of(boss), {Role.COORDINATOR}, by=None)
    runner.run_waiting(network=False)
    assert not raised().exists()
    Tenure.objects.filter(person=boss).update(function=make_function("Skola"))
    assert [alarm.why for alarm in keep()] == [Alarm.Why.MOVED], "they get nothing that comes to this place"
    Tenure.objects.filter(person=boss).update(function=office)
    keep()
    assert not raised().exists()
    Function.objects.filter(pk=office.pk).update(active=False)
    assert [alarm.why for alarm in keep()] == [Alarm.Why.MOVED], "a closed function gets nothing"
    Function.objects.filter(pk=office.pk).update(active=True)
    keep()
    assert not raised().exists()
    ContactPoint.objects.filter(pk=place.pk).update(owner=None)
    assert len(keep()) == 1
    assert len(notices()) == 2  # when the role was lost there was no coordinator to mail


def test_the_handover_of_an_external_person_is_due_before_the_last_day() -> None:
    office = make_function("Information", coordinates=True)
    boss = make_person("Bo Alm", office, roles=(Role.COORDINATOR,))
    make_contact_point(office, address="kommun@norrvik.example", owner=boss)
    ends = clock.today() + dt.timedelta(days=20)
    leaver = make_person("Konsult Ek", office, kind=Tenure.Kind.EXTERNAL, until=ends)
    User.objects.filter(pk=user_of(leaver).pk).update(access_until=ends)  # the log-in ends with the tenure
    assert keep() == []
    with clock.moved(dt.timedelta(days=7)):
        (alarm,) = keep()
        assert "Konsult Ek" in sentence(alarm)
        assert "Konsult Ek" in notices()[0]
        assert keep() == []
    with clock.moved(
        dt.timedelta(days=56)
    ):  # 36 days after, and no handover was done: it is the deputy still
        ContactPoint.objects.update(deputy=leaver)
        assert keep() == []
        assert alarm in raised()
        assert "ingen överlämning är gjord" in sentence(alarm)
        ContactPoint.objects.update(deputy=None)
        assert keep() == []
        assert alarm not in raised()
