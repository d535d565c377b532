"""The workshop: what may be tried in public, that what was read is not rewritten, and who it hangs on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.learning.tests.experiments import experiment, plan
from gensvar.learning.tests.scene import Town
from gensvar.learning.workshop import gate, services
from gensvar.learning.workshop.held import Experiments
from gensvar.learning.workshop.models import Experiment, Line
from gensvar.learning.workshop.values import PublishedExperiment
from gensvar.people.handover.holding import Giving, Occasion, held_by
from gensvar.people.models import Person, Tenure
from gensvar.publishing.services import NotPublishable

pytestmark = pytest.mark.django_db


def published(town: Town, **changes: Any) -> Experiment:
    found = experiment(town.kim, town.streets, **changes)
    services.publish(found, by=town.editor)
    return Experiment.objects.get(pk=found.pk)


def seen(one: Experiment) -> PublishedExperiment:
    found = gate.find(one.pk)
    assert found is not None
    return found


def test_nothing_passes_before_it_is_published_and_after_it_is_withdrawn(town: Town) -> None:
    one = experiment(town.kim, town.streets)

    def anywhere() -> int:
        return len(gate.page().experiments) + (gate.find(one.pk) is not None) + gate.public().count()

    assert anywhere() == 0
    assert not gate.was_shown(one.pk)
    services.publish(one, by=town.editor)
    assert anywhere() == 3
    services.withdraw(one, "Fel plats", by=town.editor)
    assert anywhere() == 0
    assert gate.was_shown(one.pk)
    assert Experiment.objects.get(pk=one.pk).withdrawn_reason == "Fel plats"
    services.publish(one, by=town.editor)
    assert [line.kind for line in seen(one).lines] == ["begun"], "shown once, however often"


def test_its_words_stay_once_they_are_public_and_what_follows_is_told(town: Town) -> None:
    one = published(town)
    with pytest.raises(NotPublishable):
        services.save(one, plan(town.kim, town.streets, title="Något annat"), by=town.editor)
    services.tell(one, "Bussen kommer fram fyra minuter tidigare.", by=town.editor)
    later = clock.today() + dt.timedelta(days=60)
    services.move(one, later, "Vi vill se en vinter.", by=town.editor)
    shown = seen(one)
    assert [line.kind for line in shown.lines] == ["moved", "learnt", "begun"]
    assert shown.lines[0].until == later == shown.decides
    assert shown.title == "Bussen först"
    line = Line.objects.filter(kind="learnt").get()
    line.words = "Något annat"
    with pytest.raises(ValueError, match="never changed"):
        line.save()


@pytest.mark.parametrize("verdict", Experiment.Verdict.values)
def test_its_result_is_kept_also_when_it_failed(town: Town, verdict: str) -> None:
    one = published(town)
    for chosen, result in ((verdict, " "), ("", "Det gick."), ("annat", "Det gick.")):
        with pytest.raises(NotPublishable):
            services.decide(one, chosen, result, by=town.editor)
    services.decide(one, verdict, "Bilarna körde på vägrenen.", by=town.editor)
    shown = seen(one)
    assert (shown.stage, shown.result, shown.decided_on) == (
        verdict,
        "Bilarna körde på vägrenen.",
        clock.today(),
    )
    assert [found.key for found in gate.page(decided=True).experiments] == [one.pk]
    assert gate.page(decided=False).experiments == ()
    with pytest.raises(NotPublishable):
        services.move(one, clock.today() + dt.timedelta(days=9), "En gång till.", by=town.editor)
    services.tell(one, "Ett år senare saknar ingen det.", by=town.editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Experiment.objects.filter(pk=one.pk).update(result="")


def test_it_hangs_on_one_until_somebody_who_works_here_could_take_over(town: Town) -> None:
    one = published(town)
    assert seen(one).hangs_on_one
    services.save_successors(one, [town.kim], by=town.editor)
    assert seen(one).hangs_on_one, "nobody takes over from oneself"
    services.save_successors(one, [town.robin], by=town.editor)
    assert not seen(one).hangs_on_one
    Person.objects.filter(pk=town.robin.pk).update(shown=True)
    assert seen(one).others == ("Robin Öst",)
    Tenure.objects.filter(person=town.robin).update(ends=clock.today() - dt.timedelta(days=1))
    assert seen(one).hangs_on_one, "who has left takes nothing over"


def test_when_the_one_who_holds_it_leaves_nobody_is_named_and_another_can_take_it(town: Town) -> None:
    Person.objects.update(shown=True)
    one = published(town)
    assert (seen(one).holder, seen(one).is_held) == (town.kim.name, True)
    Tenure.objects.filter(person=town.kim).update(ends=clock.today() - dt.timedelta(days=1))
    assert (seen(one).holder, seen(one).is_held, seen(one).hangs_on_one) == ("", False, False)
    with pytest.raises(NotPublishable):
        services.hand_over(one, town.kim, by=town.editor)
    services.hand_over(one, town.robin, by=town.editor)
    assert [(line.kind, line.name) for line in seen(one).lines] == [
        ("handed", "Robin Öst"),
        ("begun", town.kim.name),
    ]
    assert seen(one).holder == "Robin Öst"


def test_a_handover_gives_it_to_another_and_back_and_readers_see_both(town: Town) -> None:
    Person.objects.update(shown=True)
    one = published(town)
    services.save_successors(one, [town.robin], by=town.editor)
    resting = published(town, title="Beslutat")
    services.decide(resting, "kept", "Det gick.", by=town.editor)
    held = Experiments()
    assert [found.label for found in held_by(held, town.kim)] == ["Bussen först"]
    occasion = Occasion(town.kim, clock.today(), town.editor)
    kept = held.give(occasion, [Giving(str(one.pk), town.robin)])
    assert (seen(one).holder, seen(one).hangs_on_one) == ("Robin Öst", True)
    assert held.take_back(occasion, str(one.pk), kept[str(one.pk)])
    assert (seen(one).holder, seen(one).others) == (town.kim.name, ("Robin Öst",))
    assert [line.kind for line in seen(one).lines] == ["handed", "handed", "begun"]
    services.hand_over(one, town.robin, by=town.editor)
    services.hand_over(one, town.kim, by=town.editor)
    assert not held.take_back(occasion, str(one.pk), kept[str(one.pk)])


def test_what_is_late_says_so(town: Town) -> None:
    one = published(town)
    assert seen(one).stage == "under_way"
    with clock.moved(dt.timedelta(days=31)):
        assert seen(one).stage == "late"
    ahead = published(town, starts=clock.today() + dt.timedelta(days=3))
    assert seen(ahead).stage == "planned"


@pytest.mark.parametrize(
    ("field", "words"),
    [("tries", "Ring Anna på 070-123 45 67."), ("known_by", ""), ("title", " ")],
)
def test_what_says_too_little_or_too_much_is_not_shown(town: Town, field: str, words: str) -> None:
    with pytest.raises(NotPublishable):
        services.publish(experiment(town.kim, town.streets, **{field: words}), by=town.editor)
    assert gate.page().experiments == ()


def test_nobody_tries_something_for_a_function_that_they_do_not_hold_or_backwards_in_time(town: Town) -> None:
    with pytest.raises(NotPublishable):
        experiment(town.kim, town.information)
    with pytest.raises(NotPublishable):
        experiment(town.kim, town.streets, decides=clock.today() - dt.timedelta(days=1))


def test_who_answers_proposes_and_only_editors_show_tell_and_decide(town: Town) -> None:
    one = experiment(town.kim, town.streets)
    kim = town.user()
    with pytest.raises(NotAllowed):
        services.publish(one, by=kim)
    services.publish(one, by=town.editor)
    acts: list[Callable[[], None]] = [
        lambda: services.tell(one, "Nytt.", by=kim),
        lambda: services.move(one, clock.today() + dt.timedelta(days=2), "Nytt.", by=kim),
        lambda: services.hand_over(one, town.robin, by=kim),
        lambda: services.decide(one, "kept", "Det gick.", by=kim),
        lambda: services.withdraw(one, "Nej", by=kim),
        lambda: services.save_successors(one, [town.robin], by=kim),
        lambda: services.save_topics(one, [], by=kim),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert [line.kind for line in seen(one).lines] == ["begun"]


def test_pages_go_by_key_and_ask_as_much_however_many(town: Town, django_assert_num_queries: Any) -> None:
    made = []
    for number in range(5):
        with clock.moved(dt.timedelta(minutes=number)):
            made.append(published(town, title=f"Försök {number}").pk)
    first = gate.page(size=2)
    second = gate.page(first.next, size=2)
    last = gate.page(second.next, size=2)
    keys = [one.key for page in (first, second, last) for one in page.experiments]
    assert keys == made[::-1]
    assert last.next is None
    with django_assert_num_queries(4):  # experiments, topics, who could take over, who holds something
        gate.page()
