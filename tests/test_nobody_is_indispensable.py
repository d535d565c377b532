"""After a handover no live row depends on who left: every relation to a person is walked, in every table that there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.models import Model, Q
from wagtail.models import GroupApprovalTask, Page, Revision

from gensvar.config.holdings import HISTORY
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.people.handover import services
from gensvar.people.handover.holding import holdings
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

# Words of config.holdings for what rests by its nature: an act, a word, a number, a record of a handover.
BY_NATURE = (
    "who did it;",
    "who said it;",
    "who said it,",
    "the handover's own record",
    "a correction's own record",
)


def _closed(person: Person) -> Q:
    return Q(user__access_until__lte=clock.today())


def _tended(person: Person) -> list[str]:
    """The pages that somebody else tends, as generic relations name them."""
    return [
        str(pk)
        for pk in Page.objects.filter(owner__isnull=False)
        .exclude(owner=person.user_id)
        .values_list("pk", flat=True)
    ]


def _is_in_a_group_of_others(person: Person) -> list[int]:
    """The reviews that somebody else may decide."""
    others = User.objects.exclude(pk=person.user_id).filter(groups__isnull=False)
    groups = others.values("groups")
    return list(GroupApprovalTask.objects.filter(groups__in=groups).values_list("pk", flat=True))


# Of what is history: when it rests, though it may go on. Each is a condition on who holds what it belongs to.
RESTS: dict[str, Callable[[Person], Q]] = {
    "core.User_groups.user": _closed,
    "core.User_user_permissions.user": _closed,
    "people.Absence.person": lambda person: Q(person__user__access_until__lte=clock.today()),
    "people.AbsenceCalendar.person": lambda person: Q(person__user__access_until__lte=clock.today()),
    "publishing.Byline.person": lambda person: (
        Q(post__first_published_at__isnull=False) | Q(post__in=_tended(person))
    ),
    "learning.Experiment.successors": lambda person: ~Q(holder=person),
    "learning.Experiment_successors.person": lambda person: ~Q(experiment__holder=person),
    "learning.Survey.leader": lambda person: ~Q(run_by=person),
    "learning.Invitation.person": lambda person: ~Q(survey__run_by=person),
    "wagtailcore.Revision.user": lambda person: (
        Q(approved_go_live_at__isnull=True) | Q(object_id__in=_tended(person))
    ),
    "wagtailcore.WorkflowState.requested_by": lambda person: (
        ~Q(status="in_progress")
        | Q(object_id__in=_tended(person)) & Q(current_task_state__task__in=_is_in_a_group_of_others(person))
    ),
    "wagtailusers.UserProfile.user": _closed,
    "wagtailadmin.EditingSession.user": _closed,
    "wagtailadmin.FormState.user": _closed,
    "wagtailcore.APIToken.user": _closed,
    "account.EmailAddress.user": _closed,
    "mfa.Authenticator.user": _closed,
    "wagtailcore.UploadedFile.uploaded_by_user": lambda person: Q(
        uploaded_by_user__access_until__lte=clock.today()
    ),
}


def test_every_relation_to_a_person_is_handed_over_or_is_history_for_a_written_reason() -> None:
    names = {name for name, _model, _field in relations()}
    assert [name for name in names if (name in COVERED) == (name in HISTORY)] == [], (
        "it points at a person: write a Holding for it beside its room, or say in config.holdings why it is history"
    )
    assert [name for name, reason in HISTORY.items() if not reason.strip()] == []


def test_no_holding_and_no_reason_is_about_a_relation_that_is_gone() -> None:
    there = {name for name, _model, _field in relations()}
    assert (COVERED.keys() | HISTORY.keys()) - there == set()
    kinds = [one.kind for one in holdings()]
    assert len(kinds) == len(set(kinds))


def test_every_kind_stands_in_the_documentation() -> None:
    page = (ROOT / "docs/reference/handover.md").read_text()
    assert [one.kind for one in holdings() if f"`{one.kind}`" not in page] == []


def test_what_is_history_rests_by_its_nature_or_has_a_condition_that_is_searched() -> None:
    trusted = {name for name, reason in HISTORY.items() if reason.startswith(BY_NATURE)}
    assert HISTORY.keys() - trusted - RESTS.keys() == set()
    assert RESTS.keys() - HISTORY.keys() == set()


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
    assert left == {"contactpoints.OutsideLogin.known_by", "contactpoints.KnownBy.person"}
    assert handover.state == State.DONE

    for item in HandoverItem.objects.filter(handover=handover, open=True):
        services.witness(item, clock.today(), town.robin, by=siv())
    handover.refresh_from_db()
    assert handover.state == State.FINISHED
    assert [name for name, model, field in every if depends(town.kim, name, model, field)] == []
    with clock.moved(dt.timedelta(days=1)):
        town.kim.refresh_from_db()
        assert list(plan_of(handover).lines) == []


def goes_on(person: Person) -> set[str]:
    """The relations of what is history with a row of that person which does not rest."""
    return {
        name
        for name, model, field in relations()
        if name in RESTS and pointing_at(person, model, field).exclude(RESTS[name](person)).exists()
    }


@pytest.mark.django_db
def test_after_it_nothing_that_is_called_history_goes_on_with_nobody_else_to_hold_it() -> None:
    town = town_with_a_leaver()
    assert goes_on(town.kim) >= {
        "core.User_groups.user",
        "publishing.Byline.person",
        "learning.Experiment.successors",
        "learning.Experiment_successors.person",
        "learning.Survey.leader",
        "learning.Invitation.person",
        "wagtailcore.Revision.user",
        "wagtailcore.WorkflowState.requested_by",
    }
    done(town)
    assert goes_on(town.kim) == set()
    scheduled = Revision.objects.get(approved_go_live_at__isnull=False)
    assert Page.objects.get(pk=scheduled.object_id).owner_id == town.robin.user_id
