"""Who could speak for what on any past day, whatever has happened since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.people import correcting
from gensvar.people.correcting import correct_tenure
from gensvar.people.days import Days
from gensvar.people.models import Person, Tenure, TenureCorrection
from gensvar.people.queries import could_speak_on, tenures_on, told_of, with_word
from gensvar.people.tests.factories import make_function, make_person, make_user, user_of

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


def correct(tenure: Tenure, starts: dt.date, ends: dt.date | None, by: Role, **more: Any) -> None:
    given = {"seen": Days.of(tenure), "reason": "Fel år skrevs", **more}
    correct_tenure(tenure, Days(starts, ends), by=make_user(by), **given)


def test_a_wrong_day_is_corrected_and_what_was_believed_stands_beside_it() -> None:
    first, last = dt.date(2024, 3, 1), dt.date(2024, 8, 31)
    kim = make_person("Kim Ek", make_function(), since=first, until=last)
    tenure = kim.tenures.get()
    correct(tenure, dt.date(2024, 2, 1), dt.date(2024, 7, 31), Role.COORDINATOR)
    told = {day: told_of(day) for day in (dt.date(2024, 1, 31), dt.date(2024, 2, 1), first, last)}
    assert [(len(rows), [one.holds for one in rows]) for rows in told.values()] == [
        (0, []),
        (1, [True]),
        (1, [True]),
        (1, [False]),
    ]
    assert [len(told[day][0].corrections) for day in (dt.date(2024, 2, 1), first, last)] == [1, 0, 1]
    said = told[last][0].corrections[0]
    assert (said.starts_before, said.ends_before, said.reason) == (first, last, "Fel år skrevs")
    assert AuditEntry.objects.get(action="people.correct_tenure").target_id == str(tenure.pk)


def test_no_correction_is_made_of_days_to_come_of_ones_own_or_without_a_reason() -> None:
    today = clock.today()
    kim = make_person("Kim Ek", make_function(), since=today - 9 * DAY, roles=(Role.ADMINISTRATOR,))
    tenure = kim.tenures.get()
    earlier = today - 20 * DAY
    refused: list[Callable[[], object]] = [
        lambda: correct(tenure, earlier, None, Role.COORDINATOR, reason=" "),
        lambda: correct(tenure, earlier, None, Role.COORDINATOR, seen=Days(earlier, today)),
        lambda: correct(tenure, tenure.starts, today + DAY, Role.ADMINISTRATOR),  # no day that has passed
        lambda: correct(tenure, earlier, today - DAY, Role.COORDINATOR),  # would end it today too
        lambda: correct_tenure(
            tenure, Days(earlier, None), seen=Days.of(tenure), reason="Fel", by=user_of(kim)
        ),
    ]
    for refusal in refused:
        with pytest.raises(ValidationError):
            refusal()
    with pytest.raises(NotAllowed):
        correct(tenure, earlier, None, Role.REGISTRAR)
    tenure.refresh_from_db()
    assert (tenure.starts, TenureCorrection.objects.count()) == (today - 9 * DAY, 0)
    correct(tenure, earlier, today - DAY, Role.ADMINISTRATOR)
    assert not tenures_on().filter(person=kim).exists()


def test_who_left_in_the_ordinary_way_after_a_correction_was_no_mistake() -> None:
    kim = make_person("Kim Ek", make_function(), since=dt.date(2024, 1, 1))
    tenure = kim.tenures.get()
    correct(tenure, dt.date(2023, 12, 1), None, Role.COORDINATOR)
    Tenure.objects.filter(pk=tenure.pk).update(ends=dt.date(2025, 6, 30))
    assert told_of(dt.date(2025, 7, 1)) == []
    assert [one.holds for one in told_of(dt.date(2023, 12, 1))] == [True]


def test_what_was_once_open_ended_covers_no_day_that_had_not_come_when_it_was_corrected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kim = make_person("Kim Ek", make_function(), since=dt.date(2024, 1, 1))
    tenure = kim.tenures.get()
    correct(tenure, dt.date(2023, 12, 1), None, Role.COORDINATOR)
    corrected = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
    TenureCorrection.objects.update(at=corrected)
    Tenure.objects.filter(pk=tenure.pk).update(ends=dt.date(2025, 6, 30))
    tenure.refresh_from_db()
    monkeypatch.setattr(correcting, "_spoken", lambda: [lambda *_: True])  # they spoke on every day
    with pytest.raises(ValidationError, match="Inget ändrades"):
        correct(tenure, dt.date(2023, 12, 1), dt.date(2025, 8, 31), Role.COORDINATOR)
    correct(tenure, dt.date(2024, 1, 1), dt.date(2025, 6, 30), Role.COORDINATOR)


def test_a_tenure_until_the_last_day_that_can_be_written_is_corrected_like_another() -> None:
    kim = make_person("Kim Ek", make_function(), since=dt.date(2024, 1, 1), until=dt.date.max)
    correct(kim.tenures.get(), dt.date(2023, 12, 1), dt.date.max, Role.COORDINATOR)
    assert kim.tenures.get().starts == dt.date(2023, 12, 1)
