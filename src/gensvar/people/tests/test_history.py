"""Who could speak for what on any past day, whatever has happened since."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.people.models import Person, Tenure
from gensvar.people.queries import could_speak_on, with_word
from gensvar.people.tests.factories import make_function, make_person, user_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def names(day: dt.date) -> list[tuple[str, str]]:
    return [(held.function.name, held.person.name) for held in could_speak_on(day)]


def test_first_and_last_day_belong_to_a_tenure_and_who_has_left_since_is_still_named() -> None:
    streets, schools = make_function("Gata & park"), make_function("Skola")
    first, last = dt.date(2024, 3, 1), dt.date(2024, 8, 31)
    kim = make_person("Kim Ek", streets, since=first, until=last)
    make_person("Åsa Ren", streets, schools, since=last)
    Person.objects.filter(pk=kim.pk).update(active=False)
    assert names(first - DAY) == []
    assert names(first) == [("Gata & park", "Kim Ek")]
    assert names(last) == [("Gata & park", "Kim Ek"), ("Gata & park", "Åsa Ren"), ("Skola", "Åsa Ren")]
    assert names(last + DAY) == [("Gata & park", "Åsa Ren"), ("Skola", "Åsa Ren")]


def test_a_function_held_twice_is_held_in_both_times_and_not_between() -> None:
    streets = make_function("Gata & park")
    kim = make_person("Kim Ek", streets, since=dt.date(2023, 1, 1), until=dt.date(2023, 6, 30))
    Tenure.objects.create(person=kim, function=streets, starts=dt.date(2024, 1, 1))
    for day, there in ((dt.date(2023, 6, 30), 1), (dt.date(2023, 9, 1), 0), (dt.date(2024, 1, 1), 1)):
        assert len(names(day)) == there


def test_a_word_today_takes_a_log_in_with_access_and_a_function() -> None:
    streets = make_function("Gata & park")
    kim, sam, nobody = make_person("Kim", streets), make_person("Sam", streets), make_person("Bo")
    assert set(with_word()) == {kim, sam}
    Person.objects.create(name="Utan inloggning")
    user = user_of(sam)
    user.is_active = False
    user.save()
    assert list(with_word()) == [kim]
    assert nobody not in with_word()
