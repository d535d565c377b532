"""The screens of moderation: what each role finds there, and every button of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, make_town, question
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing.comments.models import (
    Appeal,
    Comment,
    CommentDecision,
    CommentsClosed,
    ModerationGround,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    found = make_town()
    make_contact_point(found.office, address="kommun@norrvik.example")
    return found


def comment(conversation: Conversation, state: str = Comment.State.WAITING) -> Comment:
    """A confirmed comment under some page."""
    message = Message.objects.get(conversation=conversation)
    Message.objects.filter(pk=message.pk).update(may_publish=True)
    now = clock.now()
    return Comment.objects.create(
        on_kind="exchange",
        on_key="2026-000777",
        message=message,
        shown_name="Bea",
        found=["personal"],
        state=state,
        came_at=now,
        confirmed_at=now,
    )


def act(person: Person, one: Comment, action: str, **fields: Any) -> HttpResponse:
    """Press a button of the comment's screen."""
    return logged_in(person).post(f"/desk/kommentarer/{one.pk}/", {"action": action, **fields}, follow=True)  # type: ignore[return-value]


def state(one: Comment) -> str:
    return Comment.objects.values_list("state", flat=True).get(pk=one.pk)


def test_an_editor_finds_those_of_own_functions_and_a_coordinator_all(town: Town) -> None:
    streets = comment(question(town.mailbox))
    others = make_person("Lo Ny", town.schools, roles=(Role.EDITOR,))
    rut = town.by_role[Role.COORDINATOR]
    for person, there in ((town.robin, True), (rut, True), (others, False)):
        client = logged_in(person)
        assert ("inte plogad" in client.get("/desk/kommentarer/").content.decode()) is there
        assert client.get(f"/desk/kommentarer/{streets.pk}/").status_code == (200 if there else 404)
        if not there:
            assert act(person, streets, "show").status_code == 404
    assert state(streets) == Comment.State.WAITING
    assert "Bea" in logged_in(rut).get("/desk/kommentarer/").content.decode()
    conversations.protect(streets.message.conversation, by=user_of(rut))
    for address in ("/desk/kommentarer/", f"/desk/kommentarer/{streets.pk}/"):
        page = logged_in(rut).get(address).content.decode()
        assert "Skyddad identitet" in page
        assert "Bea" not in page


def test_shown_and_taken_away_with_a_ground_only(town: Town) -> None:
    one = comment(question(town.mailbox))
    Message.objects.filter(pk=one.message_id).update(text="The plough is late", language="sv")
    number = one.message.conversation.number
    for address in (f"/desk/kommentarer/{one.pk}/", "/desk/kommentarer/", f"/desk/inkorg/{number}/"):
        page = logged_in(town.robin).get(address).content.decode()
        assert ' dir="auto" lang="en">The plough is late' in page, "written on a page in Swedish"
    page = logged_in(town.robin).get(f"/desk/kommentarer/{one.pk}/").content.decode()
    assert "personuppgifter" in page
    assert "Kommentaren visas" in act(town.robin, one, "show").content.decode()
    assert state(one) == Comment.State.SHOWN
    for ground in ("", "0", "x", "99999999999999999999"):
        answer = act(town.robin, one, "remove", ground=ground)
        assert "Välj grunden" in answer.content.decode()
    assert state(one) == Comment.State.SHOWN
    threat = ModerationGround.objects.get(slug="hot").pk
    assert "Den som skrev får veta" in act(town.robin, one, "remove", ground=threat).content.decode()
    assert state(one) == Comment.State.REMOVED
    assert "Någon hann före" in act(town.robin, one, "show").content.decode()
    assert act(town.robin, one, "nothing").status_code == 404
    history = logged_in(town.robin).get(f"/desk/kommentarer/{one.pk}/").content.decode()
    assert "Hot" in history
    assert "Robin Öst" in history
    assert AuditEntry.objects.filter(action="comments.removed", user=town.robin.user).count() == 1


def test_an_appeal_is_judged_by_another_coordinator_only(town: Town) -> None:
    one = comment(question(town.mailbox), Comment.State.SHOWN)
    rut = town.by_role[Role.COORDINATOR]
    siv = make_person("Siv Berg", town.office, roles=(Role.COORDINATOR,))
    act(rut, one, "remove", ground=ModerationGround.objects.get(slug="hot").pk)
    Appeal.objects.create(decision=CommentDecision.objects.get(), message=one.message, at=clock.now())
    assert "inte plogad" in logged_in(siv).get("/desk/kommentarer/?queue=appeals").content.decode()
    for person in (rut, town.robin):
        screen = logged_in(person).get(f"/desk/kommentarer/{one.pk}/").content.decode()
        assert 'value="restore"' not in screen
        assert act(person, one, "judge", outcome="restore", words="Jo").status_code == 403
    assert state(one) == Comment.State.REMOVED
    assert "Skriv varför" in act(siv, one, "judge", outcome="restore", words=" ").content.decode()
    act(siv, one, "judge", outcome="restore", words="Det är inget hot.")
    assert state(one) == Comment.State.SHOWN
    assert "redan avgjord" in act(siv, one, "judge", outcome="uphold", words="Eller?").content.decode()


def test_a_page_is_closed_and_opened_again(town: Town) -> None:
    one = comment(question(town.mailbox))
    act(town.robin, one, "close")
    act(town.robin, one, "close")
    assert CommentsClosed.objects.count() == 1
    act(town.robin, one, "open")
    assert not CommentsClosed.objects.exists()


def test_only_words_of_the_comments_own_conversation_can_stand_below_it(town: Town) -> None:
    one, other = comment(question(town.mailbox)), question(town.school_mailbox)
    theirs = Message.objects.get(conversation=other)
    assert act(town.robin, one, "answer", message=theirs.pk, text="Hej").status_code == 404
    assert act(town.robin, one, "hide-answer", message=one.message_id).status_code == 404
    answer = act(town.robin, one, "answer", message=one.message_id, text="Hej")
    assert "Bara vårt svar" in answer.content.decode()


def test_the_list_names_the_page_as_the_comments_conversation_does(town: Town) -> None:
    one = comment(question(town.mailbox, "Kommentar: En natt med plogen"))
    page = logged_in(town.robin).get("/desk/kommentarer/").content.decode()
    assert "Kommentar: En natt med plogen" in page
    assert one.on_key not in page


def test_the_list_asks_as_much_for_many_as_for_one(town: Town, django_assert_max_num_queries: Any) -> None:
    client = logged_in(town.robin)
    comment(question(town.mailbox))
    client.get("/desk/kommentarer/")
    for number in range(6):
        comment(question(town.mailbox, sender=f"b{number}@post.example", subject=f"Ett till {number}"))
    with django_assert_max_num_queries(20):
        client.get("/desk/kommentarer/")
