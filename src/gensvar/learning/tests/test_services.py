"""What may be done with outcomes, by whom, and that what was public is never rewritten."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from gensvar.conversations.services import mark_spam
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry, Event, Topic
from gensvar.core.roles import Role
from gensvar.learning import services, ties
from gensvar.learning.models import Outcome, Step
from gensvar.learning.tests.scene import Town
from gensvar.people.models import Tenure
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.publishing.models import ShortLink
from gensvar.publishing.services import NotPublishable

pytestmark = pytest.mark.django_db


def test_an_answerer_proposes_and_an_editor_shows_it(town: Town) -> None:
    outcome = town.outcome(town.wrote())
    with pytest.raises(NotAllowed):
        services.publish(outcome, tell=False, by=town.user())
    services.publish(outcome, tell=False, by=town.editor)
    outcome.refresh_from_db()
    step = outcome.steps.get()
    assert outcome.state == Outcome.State.PUBLISHED
    assert (step.person, step.function, step.published_by) == (town.kim, town.streets, town.editor)
    assert ShortLink.objects.filter(kind="outcome", key=str(outcome.pk)).count() == 1
    acts = set(AuditEntry.objects.filter(action__startswith="outcomes.").values_list("action", flat=True))
    assert acts == {"outcomes.proposed", "outcomes.tied", "outcomes.step_saved", "outcomes.published"}


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.EXTERNAL, Role.ADMINISTRATOR])
def test_other_roles_do_nothing_with_outcomes(town: Town, role: Role) -> None:
    somebody = user_of(make_person("Nils Norr", town.streets, roles=(role,)))
    outcome = town.published()
    with pytest.raises(NotAllowed):
        services.propose(title="x", said="y", function=town.streets, language="sv", by=somebody)
    with pytest.raises(NotAllowed):
        services.publish(outcome, tell=False, by=somebody)
    with pytest.raises(NotAllowed):
        services.withdraw(outcome, "Fel", by=somebody)
    with pytest.raises(NotAllowed):
        services.save_topics(outcome, [], by=somebody)


def test_what_has_been_public_is_never_rewritten(town: Town) -> None:
    outcome = town.published()
    with pytest.raises(NotPublishable):
        services.save(
            outcome, title="Annat", said="Annat", function=town.streets, language="sv", by=town.editor
        )
    step = outcome.steps.get()
    step.words = "Annat"
    with pytest.raises(ValueError, match="never changed"):
        step.save()
    services.withdraw(outcome, "Fel siffra", by=town.editor)
    with pytest.raises(NotPublishable):
        services.save(
            outcome, title="Annat", said="Annat", function=town.streets, language="sv", by=town.editor
        )
    assert Step.objects.get().words != "Annat"


def test_a_further_step_becomes_the_newest_and_the_history_stays(town: Town) -> None:
    outcome = town.published(status="planned", words="Vi planerar lyktor.")
    with clock.moved(dt.timedelta(days=1)):
        newest = town.goes_on(outcome, "Nu lyser de.", status="done")
    outcome.refresh_from_db()
    assert outcome.newest == newest
    assert outcome.changed_at == newest.published_at
    assert [one.words for one in outcome.steps.order_by("pk")] == ["Vi planerar lyktor.", "Nu lyser de."]


def test_one_step_waits_at_a_time_held_by_the_database(town: Town) -> None:
    outcome = town.outcome()
    town.step(outcome, "Andra ord.")
    assert [one.words for one in outcome.steps.all()] == ["Andra ord."]
    fields = {"outcome": outcome, "status": "done", "words": "x", "day": clock.today()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(**fields, person=town.kim, function=town.streets, written_at=clock.now())


def test_a_step_stands_in_ones_own_name_for_a_function_that_one_holds(town: Town) -> None:
    outcome = town.outcome()
    town.step(outcome, "Redaktören rättar.", by=town.editor)  # Kim's words, still in Kim's name
    assert outcome.steps.get().person == town.kim
    with pytest.raises(NotAllowed):
        town.step(outcome, person=town.bo, function=town.information)
    schools = make_function("Skola")
    with pytest.raises(NotPublishable):
        town.step(outcome, function=schools)
    with pytest.raises(NotPublishable, match="i dag"):
        town.step(outcome, day=clock.today() + dt.timedelta(days=1))
    with pytest.raises(NotPublishable):
        town.step(outcome, status="kanske")
    with pytest.raises(NotPublishable):
        town.step(outcome, "   ")


def test_a_step_whose_writer_no_longer_speaks_for_the_function_waits_for_another(town: Town) -> None:
    outcome = town.outcome()
    Tenure.objects.filter(person=town.kim).update(ends=clock.today() - dt.timedelta(days=1))
    with pytest.raises(NotPublishable, match="Kim Ek"):
        services.publish(outcome, tell=False, by=town.editor)
    town.step(outcome, person=town.robin, by=town.editor)
    services.publish(outcome, tell=False, by=town.editor)


def test_nobody_is_given_away(town: Town) -> None:
    asked = town.wrote()
    private = ("Anna Lind", "anna@example.org", "070-123 45 67", "19850101-1236")
    for where, given_away in product(("title", "said", "words"), private):
        outcome = town.outcome(asked, **{where: f"Efter ett mejl från {given_away} gjorde vi det."})
        with pytest.raises(NotPublishable) as refused:
            services.publish(outcome, tell=False, by=town.editor)
        assert given_away in str(refused.value)
        outcome.refresh_from_db()
        assert outcome.state == Outcome.State.PROPOSED


def test_without_a_step_nothing_is_published(town: Town) -> None:
    empty = services.propose(title="Sand", said="Halt", function=town.streets, language="sv", by=town.editor)
    with pytest.raises(NotPublishable):
        services.publish(empty, tell=False, by=town.editor)
    with pytest.raises(NotPublishable):
        services.propose(title=" ", said="", function=town.streets, language="sv", by=town.editor)


def test_withdrawing_takes_a_reason_and_keeps_all(town: Town) -> None:
    outcome = town.published()
    with pytest.raises(NotPublishable):
        services.withdraw(outcome, "  ", by=town.editor)
    services.withdraw(outcome, "Siffran var fel.", by=town.editor)
    outcome.refresh_from_db()
    assert (outcome.state, outcome.withdrawn_reason) == (Outcome.State.WITHDRAWN, "Siffran var fel.")
    with pytest.raises(NotPublishable):
        services.withdraw(outcome, "En gång till", by=town.editor)
    services.publish(outcome, tell=True, by=town.editor)  # shown again, with nothing new to tell
    outcome.refresh_from_db()
    assert outcome.state == Outcome.State.PUBLISHED
    assert not Event.objects.filter(fact="step_published").exists()
    assert Step.objects.count() == 1


def test_only_what_one_sees_is_tied_and_spam_never(town: Town) -> None:
    mine, spam = town.wrote(), town.wrote("Säljare <salj@example.org>")
    mark_spam(spam, by=town.user())
    outcome = town.outcome(mine)
    stranger = user_of(make_person("Sam Åberg", make_function("Skola")))
    with pytest.raises(NotAllowed):
        ties.tie(outcome, mine, by=stranger)
    with pytest.raises(NotAllowed):
        ties.untie(outcome, mine, by=stranger)
    with pytest.raises(NotPublishable):
        ties.tie(outcome, spam, by=town.user())


def test_a_tie_that_ended_stays_as_a_row_and_may_come_back(town: Town) -> None:
    mine = town.wrote()
    outcome = town.outcome(mine)
    ties.untie(outcome, mine, by=town.user())
    assert outcome.conversation_ties.get().ended_at is not None
    ties.tie(outcome, mine, by=town.user())
    ties.tie(outcome, mine, by=town.user())
    assert outcome.conversation_ties.get().ended_at is None


def test_telling_of_a_late_tie_takes_the_right_to_publish(town: Town) -> None:
    outcome, late = town.published(), town.wrote()
    with pytest.raises(NotAllowed):
        ties.tie(outcome, late, by=town.user(), tell=True)
    ties.tie(outcome, late, by=town.editor, tell=True)
    assert Event.objects.filter(fact="conversation_led_to").count() == 1


def test_topics_of_a_public_one_are_the_editors(town: Town) -> None:
    topic = Topic.objects.create(slug="ljus", name="Ljus")
    outcome = town.published()
    with pytest.raises(NotAllowed):
        services.save_topics(outcome, ["ljus"], by=town.user())
    services.save_topics(outcome, ["ljus", "finns-inte"], by=town.editor)
    assert list(outcome.topics.all()) == [topic]
