"""Two conversations that become one, and those that are only tied together: what follows, and what is refused."""

from __future__ import annotations

import pytest

from gensvar.conversations import counts, queries, services
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.states import ImpossibleMove
from gensvar.conversations.tests.scene import Scene
from gensvar.core.models import User

pytestmark = pytest.mark.django_db


def test_after_a_merge_both_links_show_what_they_showed_and_lead_on(
    conversation: Conversation, scene: Scene, boss: User
) -> None:
    other = scene.mail("Om samma sak", sender="bo@example.se").conversation
    again = scene.mail("Jag glömde", subject="Nytt").conversation  # Anna once more
    anna, anna_again = conversation.participants.get(), again.participants.get()
    Conversation.objects.filter(pk=conversation.pk).update(doubted=True)
    for one in (conversation, again):
        services.merge(one, other, by=boss)
    assert queries.get_visible(boss, conversation.number) == other
    for part in (anna, anna_again):
        found = queries.participant_for_token(part.token)
        assert found is not None
        assert found.conversation == other
        assert [message.text.strip() for message in queries.resident_thread(found)] == [
            "Hej, när plogas vår gata?",
            "Jag glömde",
        ]
    other.refresh_from_db()
    assert (other.message_count, queries.queue_counts(boss)["functions"]) == (3, 1)
    assert other.doubted
    assert counts.differences() == {}


def test_what_was_answered_in_one_of_two_is_answered_after_the_merge(
    conversation: Conversation, scene: Scene, boss: User
) -> None:
    other = scene.mail("Om samma sak", sender="bo@example.se").conversation
    said = scene.answer(other)
    later = scene.mail("En helt ny fråga", sender="eva@example.se").conversation
    services.merge(other, conversation, by=boss)
    conversation.refresh_from_db()
    assert (conversation.answered_at, conversation.state) == (said.at, "open")
    services.merge(conversation, later, by=boss)  # that was answered before this one was asked
    later.refresh_from_db()
    assert later.answered_at is None
    services.take_back_outgoing(Message.objects.get(pk=said.pk))
    later.refresh_from_db()
    assert later.answered_at is None


def test_a_conversation_is_not_merged_with_itself_nor_in_a_circle(
    conversation: Conversation, scene: Scene, boss: User
) -> None:
    other = scene.mail("Om samma sak", sender="bo@example.se").conversation
    services.merge(conversation, other, by=boss)
    for one, into in ((other, conversation), (conversation, other), (other, other)):
        with pytest.raises(ImpossibleMove):
            services.merge(one, into, by=boss)


def test_spam_is_merged_with_nothing(conversation: Conversation, scene: Scene, boss: User) -> None:
    spam = scene.mail("Köp nu", sender="bo@example.se").conversation
    services.mark_spam(spam, by=boss)
    for one, into in ((conversation, spam), (spam, conversation)):
        with pytest.raises(ImpossibleMove, match=spam.number):
            services.merge(one, into, by=boss)
    assert queries.queue(boss, "unassigned").get() == conversation
    assert counts.differences() == {}


def test_a_second_tie_takes_no_other_away(conversation: Conversation, scene: Scene, boss: User) -> None:
    others = [scene.mail("Också", sender=f"{name}@example.se").conversation for name in "abcd"]
    for other in others[:2]:
        services.link(conversation, other, by=boss)
        services.link(other, conversation, by=boss)  # said twice is said once

    def tied() -> set[str]:
        conversation.refresh_from_db()
        there = {one.number for one in conversation.linked.all()}
        return there | ({conversation.linked_from.number} if conversation.linked_from else set())

    assert tied() == {one.number for one in others[:2]}
    services.link(others[2], others[3], by=boss)
    with pytest.raises(ImpossibleMove):
        services.link(conversation, others[2], by=boss)
    services.merge(others[2], conversation, by=boss)
    assert tied() == {others[n].number for n in (0, 1, 3)}
