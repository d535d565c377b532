"""Who holds what, from when until when: what the services allow, refuse, and write down."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry, User
from gensvar.core.roles import May, Role
from gensvar.people import logins, queries, services
from gensvar.people.access import with_access
from gensvar.people.correcting import correct_tenure
from gensvar.people.days import Days
from gensvar.people.models import Absence, Function, Person, Tenure
from gensvar.people.tests.factories import make_absence, make_function, make_person, make_user, user_of

pytestmark = pytest.mark.django_db


def day(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def test_a_tenure_begins_and_ends_and_both_are_written_down() -> None:
    administrator, function = make_user(Role.ADMINISTRATOR), make_function()
    person = make_person("Kim Ek")
    tenure = services.begin_tenure(person, function, day(-10), by=administrator)
    assert list(queries.holders_of(function)) == [person]
    services.end_tenure(tenure, day(-1), by=administrator)
    assert list(queries.holders_of(function)) == []
    with clock.moved(dt.timedelta(days=-1)):
        assert list(queries.holders_of(function)) == [person]
    assert AuditEntry.objects.filter(user=administrator, action="people.change_tenure").count() == 1


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ((-10, None), (-10, -1), True),
        ((-10, 5), (-10, None), True),
        ((-10, -1), (-10, 5), True),
        ((5, 9), (0, 20), True),
        ((-10, None), (-10, -2), False),
        ((-10, -2), (-10, None), False),
        ((-10, -5), (-10, -4), False),
        ((-10, None), (-9, None), False),
        ((5, 9), (-1, 9), False),
        ((-5, 9), (5, 9), False),
    ],
)
def test_who_could_speak_on_a_day_that_has_passed_is_changed_by_nobody(
    before: tuple[int, int | None], after: tuple[int, int | None], may: bool
) -> None:
    person = make_person("Kim Ek")
    starts, ends = day(before[0]), None if before[1] is None else day(before[1])
    tenure = Tenure.objects.create(person=person, function=make_function(), starts=starts, ends=ends)
    first, last = day(after[0]), None if after[1] is None else day(after[1])
    if may:
        services.change_tenure(tenure, starts=first, ends=last, by=None)
    else:
        with pytest.raises(ValidationError, match="passerat"):
            services.change_tenure(tenure, starts=first, ends=last, by=None)
    kept = Tenure.objects.get()
    assert (kept.starts, kept.ends) == ((first, last) if may else (starts, ends))


def test_nobody_holds_the_same_function_twice_at_once() -> None:
    person, function = make_person("Kim Ek"), make_function()
    services.begin_tenure(person, function, day(-10), ends=day(10), by=None)
    with pytest.raises(ValidationError):
        services.begin_tenure(person, function, day(10), by=None)
    services.begin_tenure(person, function, day(11), by=None)


def test_a_tenure_cannot_end_before_it_began() -> None:
    person, function = make_person("Kim Ek"), make_function()
    with pytest.raises(ValidationError):
        services.begin_tenure(person, function, day(0), ends=day(-1), by=None)


def test_an_external_person_needs_a_last_day_and_the_log_in_ends_with_it() -> None:
    person, function = make_person("Eva Konsult", roles=(Role.EXTERNAL,)), make_function()
    with pytest.raises(ValidationError):
        services.begin_tenure(person, function, day(0), kind=Tenure.Kind.EXTERNAL, by=None)
    services.begin_tenure(person, function, day(0), ends=day(30), kind=Tenure.Kind.EXTERNAL, by=None)
    assert user_of(person).access_until == day(30)
    with clock.moved(dt.timedelta(days=31)):
        assert not user_of(person).may(May.ANSWER)
        assert list(queries.held_by(Person.objects.get(pk=person.pk))) == []


def test_who_was_employed_and_comes_back_as_a_consultant_leaves_as_a_consultant() -> None:
    person, function = make_person("Kim Ek"), make_function()
    user = user_of(person)
    services.begin_tenure(person, function, day(-900), ends=day(-300), by=None)
    services.begin_tenure(person, function, day(-10), ends=day(30), kind=Tenure.Kind.EXTERNAL, by=None)
    assert user_of(person).access_until == day(30)
    User.objects.filter(pk=user.pk).update(access_until=None)  # as a form or an import may leave it
    assert user in with_access()
    with clock.moved(dt.timedelta(days=31)):
        assert user not in with_access()
    upgrade = importlib.import_module("gensvar.people.migrations.0006_last_as_external")
    upgrade.give_last_days(apps, None)
    assert user_of(person).access_until == day(30)
    said = AuditEntry.objects.filter(action="people.end_access", target_id=str(user.pk))
    assert said.get().details == {"until": day(30).isoformat()}
    services.begin_tenure(person, make_function("Skola"), day(-5), by=None)  # taken on
    assert user_of(person).access_until is None
    upgrade.give_last_days(apps, None)
    with clock.moved(dt.timedelta(days=31)):
        assert user in with_access()


def test_who_is_employed_beyond_a_consultants_days_goes_on_and_who_leaves_with_them_does_not() -> None:
    person, streets, until = make_person("Kim Ek"), make_function(), day(30)
    fixed = services.begin_tenure(person, streets, day(-10), ends=day(20), by=None)
    services.begin_tenure(
        person, make_function("Skola"), day(-10), ends=until, kind=Tenure.Kind.EXTERNAL, by=None
    )
    services.begin_tenure(person, make_function("Bad"), day(0), ends=until, by=None)
    assert user_of(person).access_until == until
    services.change_tenure(fixed, starts=fixed.starts, ends=None, by=None)
    assert user_of(person).access_until is None
    fixed = services.end_tenure(fixed, day(20), by=None)
    logins.end_access(user_of(person), until, by=None)
    truth = Days(day(-12), None)
    correct_tenure(fixed, truth, seen=Days.of(fixed), reason="Fel", by=make_user(Role.ADMINISTRATOR))
    assert user_of(person).access_until is None
    fixed.refresh_from_db()
    logins.end_access(user_of(person), until, by=None)
    services.end_tenure(fixed, until, by=None)
    assert user_of(person).access_until == until, "who leaves that very day leaves"


def test_the_log_in_of_an_employee_does_not_end_with_a_tenure() -> None:
    person, function = make_person("Kim Ek"), make_function()
    services.begin_tenure(person, function, day(0), ends=day(30), by=None)
    assert user_of(person).access_until is None


def test_who_is_away_is_not_there_and_comes_back() -> None:
    function = make_function()
    person = make_person("Kim Ek", function)
    assert queries.is_present(person)
    absence = services.save_absence(person, day(0), day(2), by=user_of(person))
    assert not queries.is_present(person)
    with clock.moved(dt.timedelta(days=3)):
        assert queries.is_present(person)
    services.remove_absence(absence, by=user_of(person))
    assert queries.is_present(person)


@pytest.mark.parametrize("role", Role)
def test_only_coordinators_and_administrators_say_of_others_that_they_are_away(role: Role) -> None:
    kim, other = make_person("Kim Ek"), make_user(role)
    absence = make_absence(kim)
    acts: list[Callable[[], object]] = [
        lambda: services.save_absence(kim, day(10), day(11), by=other),
        lambda: services.remove_absence(absence, by=other),
    ]
    for act in acts:
        if role in {Role.COORDINATOR, Role.ADMINISTRATOR}:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    kept = Absence.objects.get(person=kim)
    assert (kept.pk == absence.pk) == (role not in {Role.COORDINATOR, Role.ADMINISTRATOR})


def test_somebody_without_access_or_tenure_is_not_on_duty() -> None:
    function = make_function()
    here, left, closed = (
        make_person("Kim", function),
        make_person("Sam", function, until=day(-1)),
        make_person("Bo", function),
    )
    logins.end_access(user_of(closed), day(-1), by=None)
    assert set(queries.on_duty()) == {here}
    assert not queries.is_present(Person.objects.get(pk=closed.pk))
    assert left not in queries.on_duty()


def test_only_one_function_holds_it_together_and_the_last_one_cannot_stop() -> None:
    first, second = make_function("Information", coordinates=True), make_function("Kansli")
    second.coordinates = True
    services.save_function(second, by=None)
    assert queries.coordinating_function() == second
    assert not Function.objects.get(pk=first.pk).coordinates
    second.active = False
    with pytest.raises(ValidationError):
        services.save_function(second, by=None)


def test_a_log_in_is_given_once_with_roles_and_its_address_in_one_form() -> None:
    person = services.save_person(Person(name="Kim Ek"), by=None)
    user = logins.give_login(person, "Kim.Ek@Norrvik.Example", {Role.ANSWERER, Role.EDITOR}, by=None)
    assert user.email == "kim.ek@norrvik.example"
    assert user.roles == {Role.ANSWERER, Role.EDITOR}
    assert not user.has_usable_password()
    assert person.email == "kim.ek@norrvik.example"
    with pytest.raises(ValidationError):
        logins.give_login(person, "kim2@norrvik.example", {Role.ANSWERER}, by=None)
    with pytest.raises(ValidationError):
        logins.give_login(
            Person.objects.create(name="Bo"), "KIM.EK@norrvik.example", {Role.ANSWERER}, by=None
        )


def test_the_last_administrator_cannot_leave() -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    leaving: list[Callable[[], object]] = [
        lambda: logins.set_roles(administrator, {Role.ANSWERER}, by=administrator),
        lambda: logins.set_roles(administrator, {Role.EXTERNAL}, by=administrator),
        lambda: logins.set_active(administrator, False, by=administrator),
        lambda: logins.end_access(administrator, day(5), by=administrator),
    ]
    for leave in leaving:
        with pytest.raises(ValidationError):
            leave()
    make_user(Role.ADMINISTRATOR)
    logins.set_roles(administrator, {Role.ANSWERER}, by=administrator)
    assert administrator.roles == {Role.ANSWERER}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_changes_people(role: Role) -> None:
    user, person, function = make_user(role), make_person("Kim Ek"), make_function()
    changes: list[Callable[[], object]] = [
        lambda: services.save_function(Function(name="Ny", slug="ny"), by=user),
        lambda: services.save_person(Person(name="Ny"), by=user),
        lambda: services.begin_tenure(person, function, day(0), by=user),
        lambda: logins.give_login(Person.objects.create(name="Bo"), "bo@norrvik.example", set(), by=user),
        lambda: logins.set_roles(user, {Role.ADMINISTRATOR}, by=user),
        lambda: logins.set_active(user_of(person), False, by=user),
        lambda: logins.end_access(user_of(person), None, by=user),
    ]
    for change in changes:
        with pytest.raises(NotAllowed):
            change()
    assert not Function.objects.filter(slug="ny").exists()
