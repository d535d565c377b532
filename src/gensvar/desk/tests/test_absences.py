"""What one says of oneself, and who is away: for the person, the coordinator and nobody else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock, runner, times
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import logged_in, make_town, question
from gensvar.people.absences import calendars
from gensvar.people.models import Absence, AbsenceCalendar, Person
from gensvar.people.tests.factories import make_absence, make_person
from gensvar.routing.alarms.keeping import keep

pytestmark = pytest.mark.django_db

OWN = "/desk/franvaro/"
ALL = "/desk/franvaro/vilka/"


def test_somebody_falls_ill_and_says_so_and_the_thread_tells_where_it_went() -> None:
    town = make_town()
    ContactPoint.objects.filter(pk=town.mailbox.pk).update(owner=town.kim, deputy=town.robin)
    asked = question(town.mailbox)
    kim, today = logged_in(town.kim), str(clock.today())
    kim.post(OWN, {"act": "absence", "starts": today, "ends": today})
    runner.run_waiting(network=False)
    asked.refresh_from_db()
    assert asked.assignee == town.robin
    page = logged_in(town.robin).get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert "Kim Ek" in page
    assert "Robin Öst" in page
    kim.post(OWN, {"act": "remove", "absence": Absence.objects.get().pk})
    assert not Absence.objects.exists()


def test_nobody_takes_back_anothers_absence_and_an_address_is_never_shown() -> None:
    town = make_town()
    absence = make_absence(town.sam)
    kim = logged_in(town.kim)
    assert kim.post(OWN, {"act": "remove", "absence": absence.pk}).status_code == 404
    kim.post(OWN, {"act": "calendar", "address": "webcal://calendar.example/k3y.ics"})
    assert "k3y" not in kim.get(OWN).content.decode()
    page = kim.get(OWN).content.decode()
    assert "börjar med något av dessa ord: semester, " in page
    AbsenceCalendar.objects.update(trouble="some_left", tried_at=clock.now(), read_at=clock.now())
    page = kim.get(OWN).content.decode()
    assert "gick inte att förstå och räknas inte" in page
    assert "Det som lästes senast gäller" not in page
    refused = kim.post(OWN, {"act": "calendar", "address": "http://calendar.example/"})
    assert refused.status_code == 200
    kim.post(OWN, {"act": "forget"})
    assert b'value="forget"' not in kim.get(OWN).content


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_an_owner_falls_ill_and_another_says_so_and_what_waits_goes_to_the_deputy(role: Role) -> None:
    town = make_town()
    ContactPoint.objects.filter(pk=town.mailbox.pk).update(owner=town.kim, deputy=town.robin)
    asked = question(town.mailbox)
    client, today = logged_in(town.by_role[role]), str(clock.today())
    refused = client.post(ALL, {"person": town.kim.pk, "starts": today, "ends": "2020-01-01"})
    assert b'role="alert"' in refused.content
    client.post(ALL, {"person": town.kim.pk, "starts": today, "ends": today})
    runner.run_waiting(network=False)
    asked.refresh_from_db()
    assert asked.assignee == town.robin
    of_kim = f"/desk/franvaro/vilka/{town.kim.pk}/"
    assert f'href="{of_kim}"' in client.get(ALL).content.decode()
    client.post(of_kim, {"act": "remove", "absence": Absence.objects.get().pk})
    assert not Absence.objects.exists()


def test_another_gives_the_address_of_a_calendar_and_it_is_shown_to_nobody() -> None:
    town = make_town()
    client = logged_in(town.by_role[Role.COORDINATOR])
    of_kim = f"/desk/franvaro/vilka/{town.kim.pk}/"
    assert client.post(ALL, {"person": town.kim.pk, "open": "1"}).headers["Location"] == of_kim
    client.post(of_kim, {"act": "calendar", "address": "webcal://calendar.example/k3y.ics"})
    assert calendars.calendar_of(town.kim) is not None
    for page in (client.get(of_kim), logged_in(town.kim).get(OWN)):
        assert b'value="forget"' in page.content
        assert b"k3y" not in page.content
    client.post(of_kim, {"act": "forget"})
    assert calendars.calendar_of(town.kim) is None


def test_an_absence_of_who_has_left_is_asked_of_nobody_and_a_row_is_its_persons() -> None:
    town = make_town()
    client = logged_in(town.by_role[Role.ADMINISTRATOR])
    absence = make_absence(town.sam)
    of_kim = f"/desk/franvaro/vilka/{town.kim.pk}/"
    assert client.post(of_kim, {"act": "remove", "absence": absence.pk}).status_code == 404
    Person.objects.filter(pk=town.kim.pk).update(active=False)
    assert client.get(of_kim).status_code == 404
    assert of_kim not in client.get(f"/desk/personer/{town.kim.pk}/").content.decode()


def test_the_coordinator_sees_the_empty_days_at_the_same_cost_however_many_are_away(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    town = make_town()
    client = logged_in(town.by_role[Role.COORDINATOR])
    client.get(ALL)
    for number in range(8):
        make_absence(make_person(f"Person {number}", town.schools), days=40)
    make_absence(town.sam, days=40)
    make_absence(town.robin, days=40)
    with django_assert_max_num_queries(22):
        page = client.get(ALL).content.decode()
    assert "Skola: " in page
    assert times.days(clock.today(), clock.today() + dt.timedelta(days=40)) in page


def test_alarms_stand_on_the_inbox_in_one_line_without_another_query(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    town = make_town()
    ContactPoint.objects.update(owner=town.kim, deputy=town.robin)
    client = logged_in(town.by_role[Role.COORDINATOR])
    keep()
    client.get("/desk/inkorg/")
    with CaptureQueriesContext(connection) as quiet:
        assert b"desk-alarms" not in client.get("/desk/inkorg/").content
    ContactPoint.objects.filter(pk=town.mailbox.pk).update(owner=None, deputy=None)
    keep()
    with django_assert_num_queries(len(quiet)):
        page = client.get("/desk/inkorg/").content.decode()
    line = re.search(r'<p class="desk-alarms">.*?</p>', page, re.DOTALL)
    assert line is not None
    assert "1 larm" in line[0]
    assert f'href="{ALL}"' in line[0]
    assert len([one for one in quiet.captured_queries if "routing_alarm" in one["sql"]]) == 1
    assert b"desk-alarms" in logged_in(town.by_role[Role.ADMINISTRATOR]).get("/desk/personer/").content
    for role in set(Role) - {Role.COORDINATOR, Role.ADMINISTRATOR}:
        assert b"desk-alarms" not in logged_in(town.by_role[role]).get("/desk/inkorg/").content
