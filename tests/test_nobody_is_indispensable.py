"""After a handover no live row depends on who left: every relation to a person is walked, in every table that there is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Model, Q

from gensvar.core import clock
from gensvar.people.handover import services
from gensvar.people.handover.holding import history, holdings
from gensvar.people.handover.models import HandoverItem
from gensvar.people.handover.plan import plan_of
from gensvar.people.handover.states import State
from gensvar.people.models import Person
from tests.databases import ROOT
from tests.leaver import done, pointing_at, relations, siv, town_with_a_leaver

COVERED = {name: one.kind for one in holdings() for name in one.covers}

# What may still point at who left, of the relations that a handover answers for: only what rests.
AT_REST = {
    "people.Tenure.person": lambda: Q(ends__lte=clock.today()),
    "people.Person.user": lambda: Q(user__access_until__lte=clock.today()),
    "learning.Experiment.holder": lambda: Q(decided_on__isnull=False) | Q(state="withdrawn"),
    "learning.Survey.run_by": lambda: ~Q(state__in=["draft", "open", "closed", "opened"]),
    "answers.CoSigner.person": lambda: ~Q(signed=""),
    "conversations.Mention.person": lambda: Q(seen_at__isnull=False),
    "wagtailcore.PageSubscription.user": lambda: Q(comment_notifications=False),
}


@pytest.mark.parametrize("name", sorted(name for name, _model, _field in relations()))
def test_every_relation_to_a_person_is_handed_over_or_is_history_for_a_written_reason(name: str) -> None:
    assert (name in COVERED) != (name in history()), (
        f"{name} points at a person: write a Holding for it beside its room, or say in config.holdings why it is history"
    )
    assert history().get(name, "moves").strip()


def test_no_holding_and_no_reason_is_about_a_relation_that_is_gone() -> None:
    there = {name for name, _model, _field in relations()}
    assert (COVERED.keys() | history().keys()) - there == set()
    kinds = [one.kind for one in holdings()]
    assert len(kinds) == len(set(kinds))


def test_every_kind_stands_in_the_documentation() -> None:
    page = (ROOT / "docs/reference/handover.md").read_text()
    assert [one.kind for one in holdings() if f"`{one.kind}`" not in page] == []


def depends(person: Person, name: str, model: type[Model], field: str) -> int:
    rows = pointing_at(person, model, field)
    return rows.exclude(AT_REST[name]()).count() if name in AT_REST else rows.count()


@pytest.mark.django_db
def test_after_it_a_search_of_every_table_finds_no_live_row_that_depends_on_the_leaver() -> None:
    town = town_with_a_leaver()
    every = [one for one in relations() if one[0] in COVERED]
    before = {name: depends(town.kim, name, model, field) for name, model, field in every}
    without = {name for name, rows in before.items() if not rows}
    assert without <= {"publishing.PostsHome.owner", "publishing.PostsHome.locked_by"}  # made by a migration

    handover = done(town)
    left = {name for name, model, field in every if depends(town.kim, name, model, field)}
    assert left == {"contactpoints.OutsideLogin.known_by", "contactpoints.OutsideLogin_known_by.person"}
    assert handover.state == State.DONE

    for item in HandoverItem.objects.filter(handover=handover, open=True):
        services.witness(item, clock.today(), town.robin, by=siv())
    handover.refresh_from_db()
    assert handover.state == State.FINISHED
    assert [name for name, model, field in every if depends(town.kim, name, model, field)] == []
    with clock.moved(dt.timedelta(days=1)):
        town.kim.refresh_from_db()
        assert list(plan_of(handover).lines) == []
