"""Appearances: who may tell of them, for whom, what is kept of what was told, and that the gate names nobody unasked."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry, Topic
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.tests.factories import make_function, make_person, make_user, user_of
from gensvar.publishing.appearances import gate, queries, services
from gensvar.publishing.appearances.models import Appearance, EarlierTelling
from gensvar.publishing.appearances.values import PublishedAppearance
from gensvar.publishing.links.addresses import all_shown
from gensvar.publishing.links.models import LinkUse
from gensvar.publishing.services import NotPublishable
from gensvar.publishing.tests.appearances_scene import appearance, facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def streets() -> Function:
    return make_function("Gata & park")


@pytest.fixture
def kim(streets: Function) -> Person:
    return make_person("Kim Ek", streets, title="gatuingenjör")


@pytest.fixture
def editor() -> Any:
    return make_user(Role.EDITOR)


def shown() -> PublishedAppearance:
    (found,) = gate.page().appearances
    return found


def test_what_is_entered_is_seen_by_the_function_and_by_name_where_the_person_agreed(
    kim: Person, streets: Function, editor: Any
) -> None:
    Topic.objects.create(slug="sno", name="Snö")
    Person.objects.update(shown=False)
    appearance(kim, streets, "sno", "okänt", by=editor, place="  Radio \n Norrvik ")
    told = shown().told
    assert told is not None
    assert (told.function, told.name, told.title, told.place) == ("Gata & park", "", "", "Radio Norrvik")
    assert [topic.slug for topic in shown().topics] == ["sno"]
    Person.objects.update(shown=True)
    told = shown().told
    assert told is not None
    assert (told.name, told.title) == ("Kim Ek", "gatuingenjör")
    assert AuditEntry.objects.filter(action="appearances.entered").count() == 1


def test_a_correction_keeps_what_stood_there_and_why_and_both_are_read(
    kim: Person, streets: Function, editor: Any
) -> None:
    one = appearance(kim, streets, by=editor)
    other = facts(kim, streets, place="Norrvikstidningen", kind="talk")
    with pytest.raises(NotPublishable):
        services.correct(one, other, " ", by=editor)
    with pytest.raises(NotPublishable):
        services.correct(one, facts(kim, streets), "Ingenting", by=editor)
    services.correct(one, other, "Fel tidning.", by=editor)
    found = shown()
    assert found.told is not None
    assert (found.told.place, found.told.kind) == ("Norrvikstidningen", "talk")
    (before,) = found.earlier
    assert (before.told.place, before.told.kind, before.reason) == (
        "Norrvikskuriren",
        "interview",
        "Fel tidning.",
    )
    row = EarlierTelling.objects.get()
    row.place = "Något annat"
    with pytest.raises(ValueError, match="never changed"):
        row.save()


def test_what_is_withdrawn_says_only_that_it_was(kim: Person, streets: Function, editor: Any) -> None:
    one = appearance(kim, streets, by=editor)
    services.correct(one, facts(kim, streets, place="Något annat"), "Fel tidning.", by=editor)
    with pytest.raises(NotPublishable):
        services.withdraw(one, " ", by=editor)
    services.withdraw(one, "Det var en annan Kim.", by=editor)
    found = shown()
    assert (found.told, found.topics, found.earlier) == (None, (), ())
    assert found.withdrawn_at is not None
    assert not gate.public().exists()
    assert Appearance.objects.get().withdrawn_reason == "Det var en annan Kim."
    acts: list[Callable[[], None]] = [
        lambda: services.withdraw(one, "Igen", by=editor),
        lambda: services.correct(one, facts(kim, streets), "Igen", by=editor),
        lambda: services.save_topics(one, [], by=editor),
    ]
    for act in acts:
        with pytest.raises(NotPublishable):
            act()


@pytest.mark.parametrize(
    "changes",
    [
        {"place": "  "},
        {"place": "Ring Anna på 070-123 45 67"},
        {"day": dt.date(1999, 12, 31)},
        {"link": "javascript:alert(1)"},
        {"link": "ftp://kuriren.example/1"},
        {"link": "kuriren.example/1"},
        {"link": "https://kim:hemligt@kuriren.example/1"},
        {"link": "http://127.0.0.1/"},
        {"link": "https://kuriren.example/" + "x" * 1000},
    ],
)
def test_what_says_too_little_or_too_much_is_not_shown(
    kim: Person, streets: Function, editor: Any, changes: dict[str, Any]
) -> None:
    with pytest.raises(NotPublishable):
        appearance(kim, streets, by=editor, **changes)
    assert not Appearance.objects.exists()


def test_one_speaks_for_what_one_held_on_that_day_also_after_leaving_and_never_ahead_of_time(
    kim: Person, streets: Function, editor: Any
) -> None:
    today = clock.today()
    with pytest.raises(NotPublishable):
        appearance(kim, make_function("Skola"), by=editor)
    with pytest.raises(NotPublishable):
        appearance(kim, streets, by=editor, day=today + dt.timedelta(days=1))
    Tenure.objects.update(starts=today - dt.timedelta(days=30), ends=today - dt.timedelta(days=10))
    Person.objects.update(active=False)
    with pytest.raises(NotPublishable):
        appearance(kim, streets, by=editor)
    with pytest.raises(NotPublishable):
        appearance(kim, streets, by=editor, day=today - dt.timedelta(days=31))
    appearance(kim, streets, by=editor, day=today - dt.timedelta(days=10))


def test_the_same_is_not_entered_twice(kim: Person, streets: Function, editor: Any) -> None:
    one = appearance(kim, streets, by=editor)
    with pytest.raises(NotPublishable):
        appearance(kim, streets, by=editor)
    services.withdraw(one, "Fel", by=editor)
    appearance(kim, streets, by=editor)


@pytest.mark.parametrize("role", [Role.ANSWERER, Role.REGISTRAR, Role.EXTERNAL, Role.ADMINISTRATOR])
def test_only_those_who_may_publish_tell_of_them(
    kim: Person, streets: Function, editor: Any, role: Role
) -> None:
    one, other = appearance(kim, streets, by=editor), make_user(role)
    acts: list[Callable[[], object]] = [
        lambda: appearance(kim, streets, by=other, place="Annat"),
        lambda: services.correct(one, facts(kim, streets, place="Annat"), "Nej", by=other),
        lambda: services.save_topics(one, [], by=other),
        lambda: services.withdraw(one, "Nej", by=other),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    told = shown().told
    assert told is not None
    assert told.place == "Norrvikskuriren"


def test_its_link_is_looked_at_with_all_others_as_long_as_it_is_shown(
    kim: Person, streets: Function, editor: Any
) -> None:
    address = "https://kuriren.example/2026/intervju"
    one = appearance(kim, streets, by=editor, link=address)
    assert list(all_shown()) == [(address, LinkUse.Kind.APPEARANCE.value, str(one.pk))]
    services.withdraw(one, "Fel", by=editor)
    assert list(all_shown()) == []


def test_pages_go_by_key_month_by_month_and_ask_as_much_however_many(
    kim: Person, streets: Function, django_assert_num_queries: Any
) -> None:
    editor = user_of(make_person("Robin Öst", streets, roles=(Role.EDITOR,)))
    days = [dt.date(2026, 9, 30), dt.date(2026, 10, 1), dt.date(2026, 10, 1), dt.date(2026, 10, 20)]
    Tenure.objects.update(starts=dt.date(2020, 1, 1))
    made = [
        appearance(kim, streets, by=editor, day=day, place=f"Ställe {number}").pk
        for number, day in enumerate(days)
    ]
    first = gate.page(size=2)
    again = queries.key_of(queries.in_address(first.next))
    last = gate.page(again, size=2)
    assert [one.key for page in (first, last) for one in page.appearances] == made[::-1]
    assert last.next is None
    assert [(str(month), len(those)) for month, those in last.months] == [
        ("2026-10-01", 1),
        ("2026-09-01", 1),
    ]
    for text in ("", "x~1", "2026-10-01", "2026-10-01~-1", "2026-13-01~1", f"2026-10-01~{2**63}"):
        assert queries.key_of(text) is None
    with django_assert_num_queries(3):  # appearances, topics, what stood there before
        gate.page()


def test_an_upgrade_gives_each_its_place_by_when_it_was_entered_or_long_after_by_its_own_day(
    kim: Person, streets: Function, editor: Any
) -> None:
    late = clock.today() - dt.timedelta(days=40)
    now, then = appearance(kim, streets, by=editor), appearance(kim, streets, by=editor, day=late)
    before = [Appearance.objects.get(pk=one.pk).told_at for one in (now, then)]
    Appearance.objects.update(told_at=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    importlib.import_module("gensvar.publishing.migrations.0024_appearances_are_told").find_their_places(
        apps, None
    )
    places = [Appearance.objects.get(pk=one.pk).told_at for one in (now, then)]
    assert (
        places
        == before
        == [now.entered_at, dt.datetime.combine(late, dt.time(12), timezone.get_default_timezone())]
    )
