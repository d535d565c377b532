"""Who may not speak for a function on some day, asked of many names at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.queries import held_by
from gensvar.people.speaking import silent
from gensvar.people.tests.factories import make_function, make_person, user_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_it_says_of_today_what_a_sender_is_told_and_of_other_days_the_same(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    today = clock.today()
    streets, closed = make_function("Gata & park"), make_function("Bad", active=False)
    stays = make_person("Stannar", streets, closed)
    ends = make_person("Slutar", streets, until=today)
    left = make_person("Slutat", streets, until=today - DAY)
    begins = make_person("Börjar", streets, since=today + DAY)
    locked = make_person("Stängd", streets)
    User.objects.filter(pk=user_of(locked).pk).update(access_until=today)
    gone = make_person("Borta", streets)
    Person.objects.filter(pk=gone.pk).update(active=False)
    without = Person.objects.create(name="Utan inloggning")
    Tenure.objects.create(person=without, function=streets, starts=today - DAY)
    people = (stays, ends, left, begins, locked, gone, without)
    names = {(person.pk, function.pk) for person in people for function in (streets, closed)}
    with django_assert_num_queries(3):
        now, tomorrow, nobody = silent([(names, today), (names, today + DAY), ([], today)])

    held = {(one.pk, function.pk) for one in Person.objects.all() for function in held_by(one)}
    assert {(one.person.pk, one.function.pk) for one in now} == names - held
    assert {one.person.name for one in tomorrow if one.function == streets} == {
        *("Slutar", "Slutat", "Stängd", "Borta")
    }
    assert nobody == []
    until = {one.person.name: one.until for one in tomorrow if one.function == streets}
    assert until == {"Slutar": today, "Slutat": today - DAY, "Stängd": None, "Borta": None}
    with django_assert_num_queries(0):
        assert silent([([], today)]) == [[]]
    Function.objects.filter(pk=streets.pk).update(active=False)
    assert len(silent([({(stays.pk, streets.pk)}, today)])[0]) == 1
