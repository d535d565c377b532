"""What is made anew at once is what was counted word by word, whatever happened to the words; and many are not read by us."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.answers.events import WordSent
from gensvar.answers.models import Delivery
from gensvar.conversations.events import AboutChanged
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.voices import counting, heard, rebuilding, sums
from gensvar.voices.cells import WITHOUT, living_topics
from gensvar.voices.heard import Heard
from gensvar.voices.models import LastAnswer, SaidDay, SaidMonth, SaidWord
from gensvar.voices.shares import Selection
from gensvar.voices.survival import median_wait
from gensvar.voices.tests.test_counting import sums as counted
from tests import many_answers
from tests.many_answers import Size

SMALL = Size(persons=6, points=3, topics=4, answers=24, days=20)
Act = tuple[str, int, int]


@pytest.fixture
def answers(db: None) -> None:
    many_answers.make(SMALL)


@pytest.fixture
def counted_answers(answers: None) -> None:
    """Counted word by word, once: each example begins with that, and undoes its own."""
    for pk in Message.objects.filter(author="staff").values_list("pk", flat=True):
        counting.count_word(WordSent(pk))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["withdraw", "send again", "relabel", "move", "merge", "become one", "rebuild"]),
        st.integers(0, 999),
        st.integers(0, 999),
    ),
    min_size=2,
    max_size=6,
)


def act(kind: str, one: int, other: int) -> None:
    """Something happens to words that were said, and the handlers hear of it as they would."""
    messages = list(Message.objects.filter(author="staff").order_by("pk"))
    conversations = list(Conversation.objects.order_by("pk"))
    topics = list(Topic.objects.order_by("pk"))
    message, conversation = messages[one % len(messages)], conversations[one % len(conversations)]
    if kind in {"withdraw", "send again"}:
        sent_at = None if kind == "withdraw" else message.at
        Delivery.objects.filter(message=message).update(sent_at=sent_at)
        counting.count_word(WordSent(message.pk))
    elif kind == "relabel":
        conversation.topics.set([topic for at, topic in enumerate(topics) if other >> at & 1])
        counting.count_anew(AboutChanged(conversation.pk))
    elif kind == "become one":
        Topic.objects.filter(pk=topics[one % 2].pk).update(merged_into=topics[2 + other % 2])
    elif kind == "rebuild":
        rebuilding.rebuild()
    else:
        there = conversations[other % len(conversations)]
        moved = [message] if kind == "move" else list(conversation.messages.all())
        before = {one.conversation_id for one in moved}
        Message.objects.filter(pk__in=[one.pk for one in moved]).update(conversation=there)
        for pk in sorted({there.pk, *before}):
            counting.count_anew(AboutChanged(pk))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])  # rolled back by hand
@given(acts=ACTS, wrong=st.integers(0, 3))
def test_made_anew_it_is_what_was_counted_word_by_word(
    counted_answers: None, acts: list[Act], wrong: int
) -> None:
    with transaction.atomic(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(rebuilding, "STEP", 17)
        patched.setattr(sums, "DAYS", 3)
        for one in acts:
            act(*one)
        kept = counted()
        for model in (SaidWord, SaidDay, LastAnswer, SaidMonth)[: wrong or 4]:
            model._default_manager.filter(
                pk__in=list(model._default_manager.values_list("pk", flat=True))[::2]
            ).delete()
        assert rebuilding.rebuild() == len(kept[0])
        assert counted() == kept
        transaction.set_rollback(True)


def test_a_rebuilding_asks_for_each_step_and_not_for_each_word(answers: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(rebuilding, "STEP", 10)
    with CaptureQueriesContext(connection) as asked:
        assert rebuilding.rebuild() == 24
    steps = 3  # of 30 messages, and one of none
    assert len(asked) <= steps * 14 + 25
    with CaptureQueriesContext(connection) as again:
        rebuilding.rebuild()
    assert len(again) < len(asked), "nothing was wrong: nothing is written"


def test_a_rebuilding_that_is_stopped_leaves_months_and_last_days_that_agree_with_the_days(
    db: None, monkeypatch: Any
) -> None:
    many_answers.make(
        Size(persons=3, points=1, topics=4, answers=240, days=60)
    )  # so the same go on answering
    monkeypatch.setattr(rebuilding, "STEP", 30)
    monkeypatch.setattr(sums, "DAYS", 3)
    done: list[int] = []
    stopped = rebuilding.rebuild(progress=lambda step, _of: done.append(step), stopped=lambda: len(done) == 2)
    assert (stopped, done) == (None, [1, 2])
    kept = counted()[2:]
    with counting.turn():
        sums.write_last()
        sums.write_all_months()
    assert all(kept)
    assert kept == counted()[2:]


def waits_of(chosen: Selection) -> dict[tuple[str, Any], tuple[list[int], list[int]]]:
    """What `heard` says, from every conversation read one by one: of each group the microseconds of those who were answered, and
    of those who wait."""
    living = living_topics()
    found: defaultdict[tuple[str, Any], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for one in heard.asked_in(chosen).prefetch_related("topics"):
        wait = ((one.answered_at or clock.now()) - one.opened_at) // dt.timedelta(microseconds=1)
        month = timezone.localdate(one.opened_at).replace(day=1)
        topics = {living[topic.pk] for topic in one.topics.all()} or {WITHOUT}
        keys = [("all", 1), ("month", month), ("channel", one.channel), ("function", one.function_id)]
        for key in [*keys, *(("topic", topic) for topic in topics)]:
            found[key][one.answered_at is None].append(wait)
    return found


def heard_as_said(answered: list[int], waiting: list[int]) -> Heard:
    found = Heard(len(answered) + len(waiting), len(waiting), None)
    median = None if found.mostly_waiting else median_wait(answered, waiting)
    return found if median is None else replace(found, hours=median / 1_000_000 / 3600)


def test_of_what_was_asked_only_the_waits_are_held(db: None) -> None:
    chosen = Selection(clock.today() - dt.timedelta(days=60), clock.today())
    peaks, asked = [], []
    for answers in (80, 4_000):
        with transaction.atomic():
            many_answers.make(Size(persons=6, points=3, topics=4, answers=answers, days=40))
            first, second = Topic.objects.all()[:2]
            Topic.objects.filter(pk=first.pk).update(merged_into=second)
            heard.read(chosen)
            tracemalloc.start()
            apart = heard.read(chosen)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            found: dict[tuple[str, Any], Heard] = {("all", 1): apart.all}
            parts: dict[str, Any] = {
                "month": apart.months,
                "channel": apart.channels,
                "function": apart.functions,
                "topic": apart.topics,
            }
            found |= {(name, key): one for name, part in parts.items() for key, one in part.items()}
            assert found == {key: heard_as_said(*waits) for key, waits in waits_of(chosen).items()}
            asked.append(apart.all.asked)
            transaction.set_rollback(True)
    assert asked == [20, 1_000]
    assert peaks[1] - peaks[0] < 100 * (asked[1] - asked[0]), (
        peaks
    )  # bytes; a conversation's row takes thousands
