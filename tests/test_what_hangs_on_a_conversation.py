"""When two conversations become one, whatever hangs on the first has been thought of: every relation is walked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pytest
from django.apps import apps
from django.db.models import Model

from gensvar.answers import drafts
from gensvar.answers.models import Delivery, Draft
from gensvar.answers.tests.sink import Sink
from gensvar.conversations import services as conversations
from gensvar.conversations.models import AwaitedReference, Conversation, Participant
from gensvar.core.models import Topic
from gensvar.learning.models import ConversationTie
from gensvar.learning.tests.scene import Town

# What goes on in the conversation that stays; after a merge no row of these points at the other.
FOLLOWS: Final = {
    "conversations.Conversation_topics.conversation": "what it is about, both are about (the old row stays beside it)",
    "conversations.Conversation.linked_from": "what was linked with it is linked with the one that stays",
    "conversations.Conversation.merged_into": "what became part of it before leads on in one step",
    "conversations.Participant.conversation": "who is in both keeps the old part, whose key leads on",
    "conversations.Message.conversation": "every word, and with it files, mentions, and whoever was asked in a note",
    "conversations.AwaitedReference.conversation": "a reply that is still on its way finds the thread",
    "answers.Draft.conversation": "what somebody is writing, with its files, other wordings and whom it asks to sign",
    "answers.Delivery.conversation": "an answer is taken back or sent anew where it stands",
    "learning.ConversationTie.conversation": "what it led to; where both led to it, one living tie says so",
}
STAYS: Final[Mapping[str, str]] = {
    "publishing.PublicExchange.conversation": "its number leads on to the one that stays, where its words are approved anew; "
    "while only it is public, the merge is refused",
    "learning.ToldConversation.conversation": "that they were told of a step, once; what was said moves as a message",
}
# Numbers that are no relation, and who keeps them true.
COUNTED: Final[Mapping[str, str]] = {
    "voices.SaidWord.conversation_id": "counted anew by the fact AboutChanged (voices.counting)",
}
KEPT_BESIDE: Final = {  # which of those that follow may leave a row behind, and why is said above
    "conversations.Conversation_topics.conversation",
    "conversations.Participant.conversation",
}


def relations() -> Iterator[tuple[str, type[Model], str]]:
    """Every relation to a conversation: its name, its model, its field."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            if field.is_relation and not field.auto_created and field.related_model is Conversation:
                yield f"{model._meta.label}.{field.name}", model, field.name


def test_of_every_relation_to_a_conversation_it_is_decided_what_a_merge_does_with_it() -> None:
    there = {name for name, _model, _field in relations()}
    assert there == FOLLOWS.keys() | STAYS.keys(), (
        "decide it in conversations.joining, or in JOINED of config/flow.py"
    )
    assert not FOLLOWS.keys() & STAYS.keys()


def test_of_every_other_number_of_a_conversation_too() -> None:
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if "conversation" in field.name and not field.is_relation
    }
    assert found == COUNTED.keys()


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    with Sink() as sink:
        yield Town(sink)


def test_after_a_merge_nothing_that_follows_points_at_the_conversation_that_was(town: Town) -> None:
    first, second, older, near = (town.wrote(f"{name}@example.org") for name in ("anna", "bo", "cia", "dan"))
    boss = town.user()
    Conversation.objects.filter(pk=near.pk).update(linked_from=first)
    conversations.merge(older, first, by=boss)
    conversations.set_topics(first, [Topic.objects.create(slug="sno", name="Snö").slug], by=boss)
    AwaitedReference.objects.create(message_id="<on@its.way>", conversation=first)
    town.outcome(first)
    town.answer(first.messages.earliest("pk"))
    drafts.save_draft(person=town.kim, kind=Draft.Kind.ANSWER, text="Och sen?", conversation=first)
    assert Delivery.objects.filter(conversation=first).exists()
    conversations.merge(first, second, by=boss)
    left = {
        name
        for name, model, field in relations()
        if model._default_manager.filter(**{field: first.pk}).exists()
    }
    assert left & FOLLOWS.keys() <= KEPT_BESIDE
    assert not Participant.objects.filter(conversation=first).exists()
    assert [one.slug for one in second.topics.all()] == ["sno"]
    near.refresh_from_db()
    older.refresh_from_db()
    assert (near.linked_from, older.merged_into) == (second, second)
    assert ConversationTie.objects.get().conversation == second
