"""Handovers that are due: externals before their last day, and whoever left with things in hand, asked for once for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town
from gensvar.people.handover import services
from gensvar.people.handover.plan import plan_of
from gensvar.people.handover.queries import handovers_due
from gensvar.people.models import Person, Tenure
from gensvar.people.tests.factories import make_person, user_of
from gensvar.routing.alarms.keeping import leaving_soon
from tests.leaver import siv, town_with_a_leaver


@pytest.fixture
def town(db: None) -> Town:
    return town_with_a_leaver()


def test_externals_are_due_before_their_last_day_and_not_once_it_is_done(town: Town) -> None:
    soon = clock.today() + dt.timedelta(days=20)
    external = make_person(
        "Konsult Ny", town.streets, roles=(Role.EXTERNAL,), kind=Tenure.Kind.EXTERNAL, until=soon
    )
    long_ago = clock.today() - dt.timedelta(days=500)
    Tenure.objects.create(
        person=external, function=town.schools, starts=long_ago, ends=long_ago
    )  # once employed
    assert [(one.person, one.last_day) for one in handovers_due()] == [(external, soon)]
    assert handovers_due(clock.today() - dt.timedelta(days=15)) == []
    handover = services.prepare(external, soon, by=town.user(Role.COORDINATOR))
    services.confirm(handover, plan_of(handover).mark, by=siv())
    assert handovers_due() == []


def test_due_and_alarm_go_by_one_rule_until_a_handover_is_done(town: Town) -> None:
    soon = clock.today() + dt.timedelta(days=10)
    external = make_person(
        "Konsult Ny", town.streets, roles=(Role.EXTERNAL,), kind=Tenure.Kind.EXTERNAL, until=soon
    )
    User.objects.filter(pk=user_of(external).pk).update(access_until=soon)  # the log-in ends with the tenure
    point = ContactPoint.objects.get(pk=town.mailbox.pk)
    ContactPoint.objects.filter(pk=point.pk).update(deputy=external)
    with clock.moved(dt.timedelta(days=100)):  # long after, and the place still has them as its deputy
        assert external in [one.person for one in handovers_due()]
        assert external in [one.person for one in leaving_soon()]
        ContactPoint.objects.filter(pk=point.pk).update(deputy=point.deputy)
        assert external not in [one.person for one in handovers_due()]  # nothing hangs on them any more
        assert external not in [one.person for one in leaving_soon()]
    assert [one.person for one in leaving_soon()] == [external]
    handover = services.prepare(external, soon, by=town.user(Role.COORDINATOR))
    services.confirm(handover, plan_of(handover).mark, by=siv())
    assert handovers_due() == []
    assert not leaving_soon()


def test_what_hangs_on_those_who_left_is_asked_for_once_for_all_of_them(
    town: Town, django_assert_num_queries: Callable[[int], Any]
) -> None:
    ended = clock.today() - dt.timedelta(days=40)

    def leave(name: str) -> Person:
        fields = {"kind": Tenure.Kind.EXTERNAL, "until": ended}
        left = make_person(name, town.streets, roles=(Role.EXTERNAL,), **fields)
        User.objects.filter(pk=user_of(left).pk).update(access_until=ended)
        return left

    first = leave("Konsult Ett")
    ContactPoint.objects.filter(pk=town.mailbox.pk).update(deputy=first)
    with django_assert_num_queries(20):
        assert [one.person for one in handovers_due()] == [first]
    for number in range(5):
        leave(f"Konsult {number}")
    with django_assert_num_queries(20):
        assert [one.person for one in handovers_due()] == [first]


def test_an_external_is_proposed_only_where_nobody_else_can(town: Town) -> None:
    until = clock.today() + dt.timedelta(days=30)
    options: dict[str, Any] = {"kind": Tenure.Kind.EXTERNAL, "until": until, "roles": (Role.EXTERNAL,)}
    axel = make_person("Aa Axel", town.streets, **options)
    handover = services.prepare(town.kim, clock.today(), by=town.user(Role.COORDINATOR))

    def proposed(kind: str) -> set[str]:
        parts = {part.holding.kind: part for part in plan_of(handover).parts}
        return {line.to.name for line in parts[kind].lines if line.to is not None}

    assert proposed("functions") == proposed("conversations") == {"Robin Öst"}
    Tenure.objects.filter(function=town.streets).exclude(person__in=[axel, town.kim]).delete()
    assert proposed("functions") == proposed("conversations") == {"Aa Axel"}
