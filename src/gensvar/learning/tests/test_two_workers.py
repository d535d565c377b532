"""Two workers on real committed rows: whatever they both take, each conversation is told of a step once."""

from __future__ import annotations

import pytest
from django.db.models import Max
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gensvar.answers.models import Delivery
from gensvar.answers.tests.test_races import at_once, unexpected
from gensvar.conversations import counts
from gensvar.conversations.models import Message
from gensvar.core import clock, runner
from gensvar.core.models import Event
from gensvar.learning import services
from gensvar.learning.models import ToldConversation
from gensvar.learning.tests.scene import Town


@pytest.mark.django_db(transaction=True)
def test_three_workers_tell_each_conversation_once(town: Town) -> None:
    asked = [town.wrote(f"Nummer {number} <n{number}@example.org>") for number in range(5)]
    town.published(*asked, tell=True)
    results = at_once(*[runner.run_waiting] * 3)
    assert unexpected(results) == []
    # The same facts once more, as after a worker that died with its lease.
    Event.objects.filter(fact__in=["step_published", "conversation_led_to"]).update(
        state=Event.State.WAITING, run_at=clock.now(), attempts=0
    )
    assert unexpected(at_once(*[runner.run_waiting] * 3)) == []
    runner.run_waiting()
    assert ToldConversation.objects.count() == 5
    assert Message.objects.filter(kind="outcome").count() == 5
    assert len(town.sink.taken) == 5
    assert len({one.recipients for one in town.sink.taken}) == 5
    assert counts.differences() == {}


@pytest.mark.django_db(transaction=True)
def test_two_editors_who_press_publish_at_once_publish_once(town: Town) -> None:
    outcome = town.outcome(town.wrote())
    editor = town.editor
    results = at_once(*[lambda: services.publish(outcome, tell=True, by=editor)] * 2)
    assert unexpected(results) == []
    runner.run_waiting()
    assert Delivery.objects.filter(kind="outcome").count() == 1


@pytest.mark.django_db
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(who=some.lists(some.integers(0, 3), min_size=1, max_size=4), again=some.integers(1, 3))
def test_however_often_people_wrote_each_is_mailed_once_and_each_conversation_told_once(
    town: Town, who: list[int], again: int
) -> None:
    town.sink.taken.clear()
    before = Event.objects.aggregate(last=Max("pk", default=0))["last"]  # of the examples before this one
    asked = [
        town.wrote(f"Nummer {one} <n{one}@example.org>", subject=f"Sak {place}")
        for place, one in enumerate(who)
    ]
    assert len({one.pk for one in asked}) == len(asked)
    outcome = town.published(*asked, tell=True)
    for _time in range(again):
        Event.objects.filter(pk__gt=before, fact__in=["step_published", "conversation_led_to"]).update(
            state=Event.State.WAITING, run_at=clock.now(), attempts=0
        )
        runner.run_waiting()
    assert sorted(one.recipients[0] for one in town.sink.taken) == sorted(
        f"n{one}@example.org" for one in set(who)
    )
    assert ToldConversation.objects.filter(step__outcome=outcome).count() == len(asked)
    assert Message.objects.filter(told_step__step__outcome=outcome).count() == len(asked)
