"""Questions to colleagues in notes: they wait until whoever was asked writes there, or says that it is seen to."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.apps import apps

from gensvar.conversations import queries, services
from gensvar.conversations.models import Conversation, Mention
from gensvar.conversations.tests.scene import Scene
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import User
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_function, make_person, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> Person:
    return make_person("Bo Berg", make_function("Vägarna"))


def asked(person: Person) -> list[Conversation]:
    """What stands among that person's questions; the number beside it says as much."""
    user = user_of(person)
    found = list(queries.queue(user, "asked"))
    assert queries.queue_counts(user)["asked"] == len(found)
    return found


def test_who_is_asked_has_the_conversation_among_their_questions_and_nobody_else_has(
    conversation: Conversation, scene: Scene, kim: User, bo: Person
) -> None:
    services.add_note(conversation, "Vet du, @Bo Berg?", by=kim)
    assert asked(bo) == [conversation]
    assert asked(scene.kim) == []
    assert [one.message.text for one in queries.asked(conversation, bo)] == ["Vet du, @Bo Berg?"]


def test_who_is_asked_finds_what_comes_later_too(
    conversation: Conversation, scene: Scene, kim: User, bo: Person
) -> None:
    services.add_note(conversation, "@Bo Berg?", by=kim)
    scene.mail("Nu är plogbilen fast", headers=("In-Reply-To: <first@example.se>",))
    assert queries.search_messages(user_of(bo), "plogbilen").rows == [conversation]


def test_a_note_in_reply_ends_it_and_may_ask_back(
    conversation: Conversation, scene: Scene, kim: User, bo: Person
) -> None:
    services.add_note(conversation, "@Bo Berg?", by=kim)
    services.add_note(conversation, f"Ja, men vad sa de, @{scene.kim.name}?", by=user_of(bo))
    assert asked(bo) == []
    assert asked(scene.kim) == [conversation]


def test_one_who_says_that_it_is_seen_to_is_asked_no_more_until_the_next_note(
    conversation: Conversation, kim: User, bo: Person
) -> None:
    services.add_note(conversation, "@Bo Berg?", by=kim)
    before = queries.version_for(kim)
    services.see_to(conversation, by=user_of(bo))
    assert asked(bo) == []
    assert queries.version_for(kim) > before, "windows that show it hear of it"
    services.add_note(conversation, "@Bo Berg, en gång till?", by=kim)
    assert asked(bo) == [conversation]


def test_an_answer_sees_to_it_and_one_that_is_taken_back_leaves_it_as_it_was(
    conversation: Conversation, scene: Scene, kim: User
) -> None:
    services.add_note(conversation, "Tar jag den här?", by=kim, asks=[scene.kim])
    message = services.record_outgoing(
        conversation,
        person=scene.kim,
        function=scene.function,
        text="Ja.",
        subject="Plogen",
        files=[],
        by=kim,
        kind="answer",
    )
    assert asked(scene.kim) == []
    services.take_back_outgoing(message)
    assert asked(scene.kim) == [conversation]


def test_what_is_closed_or_spam_asks_nobody_and_what_sleeps_still_does(
    conversation: Conversation, kim: User, bo: Person
) -> None:
    services.add_note(conversation, "@Bo Berg?", by=kim)
    services.snooze(conversation, clock.now() + dt.timedelta(days=1), by=kim)
    assert asked(bo) == [conversation]
    services.close(conversation, by=kim)
    assert asked(bo) == []
    services.reopen(conversation, by=kim)
    services.mark_spam(conversation, by=kim)
    assert asked(bo) == []


def test_a_stranger_sees_to_nothing(conversation: Conversation, kim: User, bo: Person) -> None:
    services.add_note(conversation, "@Bo Berg?", by=kim)
    with pytest.raises(NotAllowed):
        services.see_to(conversation, by=user_of(make_person("Siv Ek", make_function("Skolan"))))
    assert asked(bo) == [conversation]


def test_an_upgrade_leaves_only_those_that_nobody_has_written_after(
    scene: Scene, conversation: Conversation, kim: User, bo: Person
) -> None:
    other = scene.mail("annat").conversation
    for one in (conversation, other):
        services.add_note(one, "@Bo Berg?", by=kim)
    services.add_note(conversation, "Ja.", by=user_of(bo))
    Mention.objects.update(seen_at=None)  # as before: nobody noted it
    importlib.import_module("gensvar.conversations.migrations.0005_questions_seen_to").see_to(apps, None)
    assert asked(bo) == [other]
