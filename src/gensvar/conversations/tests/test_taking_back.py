"""A word of ours that is taken back: the question stands as it did, whatever came after the word."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gensvar.conversations import counts, queries, services
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.tests.scene import Scene
from gensvar.core import clock
from gensvar.core.models import User

pytestmark = pytest.mark.django_db


def test_taken_back_all_is_as_it_was(conversation: Conversation, scene: Scene, kim: User) -> None:
    services.snooze(conversation, clock.now() + dt.timedelta(days=1), by=kim)
    Conversation.objects.update(due_at=clock.now() + dt.timedelta(days=2), has_files=False)
    before = Conversation.objects.values().get()
    services.take_back_outgoing(scene.answer(conversation, "Fel svar om plogbilen"))
    assert Conversation.objects.values().get() == before
    assert Message.objects.count() == 1
    assert not queries.search_messages(kim, "plogbilen").rows
    assert counts.differences() == {}


@pytest.mark.parametrize(
    ("kinds", "first"), [(["answer", "answer"], 0), (["answer", "answer"], 1), (["answer", "forward"], 0)]
)
def test_two_taken_back_in_either_order_all_is_as_it_was(
    conversation: Conversation, scene: Scene, kinds: list[str], first: int
) -> None:
    Conversation.objects.update(due_at=clock.now() + dt.timedelta(days=2))
    before = Conversation.objects.values().get()
    words = [scene.answer(conversation, kind=kind) for kind in kinds]
    services.take_back_outgoing(words.pop(first))
    conversation.refresh_from_db()
    left = words[0]
    if "forward" in left.marks:
        assert (conversation.state, conversation.due_at) == ("open", before["due_at"])
    else:
        assert (conversation.state, conversation.due_at) == ("waiting", None)
        assert conversation.answered_at == left.at
    services.take_back_outgoing(left)
    assert Conversation.objects.values().get() == before
    assert counts.differences() == {}


@pytest.mark.parametrize(
    ("kind", "act", "stays"),
    [
        ("forward", services.close, {"state": "closed", "due_at": None}),
        ("forward", services.mark_spam, {"state": "spam"}),
        ("answer", services.mark_spam, {"state": "spam"}),
        ("answer", services.close, {"state": "open", "closed_at": None}),  # else the question is in no queue
    ],
)
def test_what_a_colleague_did_meanwhile_stays_where_no_question_is_lost(
    conversation: Conversation, scene: Scene, boss: User, kind: str, act: Any, stays: dict[str, Any]
) -> None:
    promised = clock.now() + dt.timedelta(days=2)
    Conversation.objects.update(due_at=promised)
    word = scene.answer(conversation, kind=kind)
    act(conversation, by=boss)
    services.take_back_outgoing(word)
    expected = {"due_at": promised} | stays
    assert Conversation.objects.values(*expected).get() == expected
    assert counts.differences() == {}


def test_taken_back_after_an_older_answer_failed_it_stays_our_turn(
    conversation: Conversation, scene: Scene
) -> None:
    scene.answer(conversation)
    newer = scene.answer(conversation)
    services.record_failure(conversation)
    services.take_back_outgoing(newer)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.delivery_failed) == ("open", True)


def test_taken_back_after_they_wrote_again_it_stays_our_turn(
    conversation: Conversation, scene: Scene
) -> None:
    promised = clock.now()
    Conversation.objects.update(due_at=promised)
    answer = scene.answer(conversation)
    scene.mail("Vänta lite", headers=("In-Reply-To: <first@example.se>",))
    later = scene.answer(conversation)
    services.take_back_outgoing(answer)
    services.take_back_outgoing(later)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.message_count, conversation.answered_at) == ("open", 2, None)
    assert conversation.due_at == promised
    assert counts.differences() == {}
