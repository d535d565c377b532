"""The screens of "you said, we did": what each role finds there, and every button of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse

from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock, runner
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.learning import services, ties
from gensvar.learning.models import Outcome, Step
from gensvar.people.models import Person
from gensvar.people.tests.factories import user_of
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft

pytestmark = pytest.mark.django_db

WORDS = {"title": "Ljusare gångväg", "said": "Det är mörkt vid stationen.", "language": "sv"}


def begin(town: Town, person: Person, **more: Any) -> Outcome:
    """Fill in the form for a new one."""
    fields = {**WORDS, "function": town.streets.pk, **more}
    answer = logged_in(person).post("/desk/ni-sade-vi-gjorde/ny/", fields)
    assert answer.status_code == 302, re.findall(r'role="alert">(.*?)<', answer.content.decode())
    return Outcome.objects.order_by("-pk")[0]


def act(person: Person, one: Outcome, action: str, **fields: Any) -> HttpResponse:
    """Press a button of its screen."""
    return logged_in(person).post(  # type: ignore[return-value]
        f"/desk/ni-sade-vi-gjorde/{one.pk}/", {"action": action, **fields}, follow=True
    )


def step(town: Town, person: Person, one: Outcome, words: str = "Nu lyser det.", **more: Any) -> HttpResponse:
    fields = {
        "status": "done",
        "words": words,
        "day": clock.today().isoformat(),
        "signed": f"{person.pk}:{town.streets.pk}",
    }
    return act(person, one, "step", **{**fields, **more})


def test_from_a_conversation_to_the_public_page_and_back_into_the_conversation(town: Town) -> None:
    asked = question(town.mailbox)
    topic = Topic.objects.create(slug="ljus", name="Ljus")
    asked.topics.add(topic)
    pane = logged_in(town.kim).get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert f"/desk/ni-sade-vi-gjorde/ny/?from={asked.number}" in pane
    one = begin(town, town.kim, **{"from": asked.number})
    assert list(one.topics.all()) == [topic]
    assert step(town, town.kim, one).status_code == 200
    page = logged_in(town.kim).get(f"/desk/ni-sade-vi-gjorde/{one.pk}/").content.decode()
    assert "En redaktör eller samordnaren publicerar det." in page
    assert 'value="publish"' not in page
    page = logged_in(town.robin).get(f"/desk/ni-sade-vi-gjorde/{one.pk}/").content.decode()
    assert "1 person har skrivit till oss om det: 1 får det som mejl." in " ".join(page.split())
    assert "Det här är publicerat" in act(town.robin, one, "publish", tell="yes").content.decode()
    runner.run_waiting(network=False)
    told = Message.objects.get(conversation=asked, kind="outcome")
    assert "Nu lyser det." in told.text
    pane = logged_in(town.kim).get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert "Ledde till" in pane
    assert f'href="/desk/ni-sade-vi-gjorde/{one.pk}/"' in pane
    assert "automatiskt meddelande" not in pane
    page = logged_in(town.robin).get(f"/desk/ni-sade-vi-gjorde/{one.pk}/").content.decode()
    assert "berättat i 1 samtal" in page


def test_the_editor_may_choose_that_nobody_is_told(town: Town) -> None:
    asked = question(town.mailbox)
    one = begin(town, town.kim, **{"from": asked.number})
    step(town, town.kim, one)
    act(town.robin, one, "publish", tell="no")
    runner.run_waiting(network=False)
    assert not Message.objects.filter(kind="outcome").exists()
    page = logged_in(town.robin).get(f"/desk/ni-sade-vi-gjorde/{one.pk}/").content.decode()
    assert "ingen fick veta det" in page


def test_an_answerer_cannot_publish_or_withdraw_by_a_crafted_post(town: Town) -> None:
    one = begin(town, town.kim)
    step(town, town.kim, one)
    assert act(town.kim, one, "publish", tell="yes").status_code == 403
    services.publish(one, tell=False, by=user_of(town.robin))
    assert act(town.kim, one, "withdraw", reason="x").status_code == 403
    one.refresh_from_db()
    assert one.state == Outcome.State.PUBLISHED


def test_somebody_elses_name_cannot_be_signed(town: Town) -> None:
    one = begin(town, town.kim)
    step(town, town.kim, one, signed=f"{town.robin.pk}:{town.streets.pk}")
    step(town, town.kim, one, signed=f"{town.kim.pk}:{town.schools.pk}")
    assert not Step.objects.exists()


def test_what_cannot_be_done_says_why_and_keeps_what_was_typed(town: Town) -> None:
    one = begin(town, town.kim)
    assert "Skriv ett första steg" in act(town.robin, one, "publish").content.decode()
    answer = step(town, town.kim, one, "Mina långa ord om ljuset.", day="inte en dag")
    assert "Mina långa ord om ljuset." in answer.content.decode()
    answer = act(town.kim, one, "save", **{**WORDS, "title": "", "said": "Behåll det här.", "function": "x"})
    assert "Behåll det här." in answer.content.decode()
    assert "Skriv varför det dras tillbaka" in act(town.robin, one, "withdraw").content.decode()
    assert act(town.kim, one, "finns-inte").status_code == 404


def test_several_conversations_are_tied_by_number_all_or_none(town: Town) -> None:
    first = question(town.mailbox)
    second = question(town.mailbox, sender="Bo Ek <bo@example.org>")
    hidden = question(town.school_mailbox, sender="Cia Alm <cia@example.org>")
    one = begin(town, town.kim)
    answer = act(town.kim, one, "tie", numbers=f"{first.number}, {hidden.number}")
    assert f'samtal med numret <span class="desk-whole">{hidden.number}</span>' in answer.content.decode()
    assert not one.conversation_ties.exists()
    act(town.kim, one, "tie", numbers=f" {first.number},{second.number}\n{first.number} ")
    assert one.conversation_ties.count() == 2
    ties.tie(one, hidden, by=user_of(town.by_role[Role.COORDINATOR]))
    page = logged_in(town.kim).get(f"/desk/ni-sade-vi-gjorde/{one.pk}/").content.decode()
    assert first.number in page
    assert hidden.number not in page
    assert "Och 1 samtal till som inte visas här." in page
    assert act(town.kim, one, "untie", number=hidden.number).status_code == 404
    act(town.kim, one, "untie", number=first.number)
    assert one.conversation_ties.filter(ended_at=None).count() == 2


def test_the_pane_ties_to_one_that_is_there(town: Town) -> None:
    asked = question(town.mailbox)
    one = begin(town, town.robin)
    address = f"/desk/inkorg/{asked.number}/ledde-till/"
    answer = logged_in(town.kim).post(address, {"outcome": one.pk}, follow=True)
    assert "Det ledde till ”Ljusare gångväg”." in answer.content.decode()
    assert list(one.conversation_ties.values_list("conversation", flat=True)) == [asked.pk]
    for strange in ("", "x", "9" * 30, "0"):
        assert logged_in(town.kim).post(address, {"outcome": strange}).status_code == 404


def test_a_post_is_tied_and_taken_away(town: Town) -> None:
    paper = Paper.make()
    post = draft(paper, "Om ljuset")
    posts.publish(post, by=paper.editor)
    one = begin(town, town.kim)
    assert "Inlägget är knutet" in act(town.kim, one, "tie-post", post=post.pk).content.decode()
    assert "är inte längre knutet" in act(town.kim, one, "untie-post", post=post.pk).content.decode()
    assert act(town.kim, one, "tie-post", post="x").status_code == 404


def test_the_list_tells_proposals_from_what_is_public(town: Town) -> None:
    proposed, public = begin(town, town.kim), begin(town, town.kim, title="Det publika")
    step(town, town.kim, public)
    services.publish(public, tell=False, by=user_of(town.robin))
    client = logged_in(town.kim)
    assert "Det publika" in client.get("/desk/ni-sade-vi-gjorde/").content.decode()
    page = client.get("/desk/ni-sade-vi-gjorde/?queue=proposed").content.decode()
    assert proposed.title in page
    assert "Det publika" not in page
    assert "Förslag (1)" in page
    step(town, town.kim, public, "Ett nytt steg")  # a step that waits is a proposal too
    assert "Det publika" in client.get("/desk/ni-sade-vi-gjorde/?queue=proposed").content.decode()
    assert client.get("/desk/ni-sade-vi-gjorde/?queue=x&page=y").status_code == 200


@pytest.mark.parametrize("many", [1, 8])
def test_the_list_costs_the_same_however_many_there_are(
    town: Town, many: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(many):
        one = begin(town, town.kim, title=f"Nummer {number}")
        step(town, town.kim, one)
        services.publish(one, tell=False, by=user_of(town.robin))
    client = logged_in(town.kim)
    client.get("/desk/ni-sade-vi-gjorde/")
    with django_assert_num_queries(LIST_COSTS):
        page = client.get("/desk/ni-sade-vi-gjorde/").content.decode()
    assert page.count("Nummer ") == many


LIST_COSTS = 13


def test_what_is_withdrawn_shows_its_reason_in_the_desk(town: Town) -> None:
    one = begin(town, town.kim)
    step(town, town.kim, one)
    services.publish(one, tell=False, by=user_of(town.robin))
    page = act(town.robin, one, "withdraw", reason="Siffran var fel.").content.decode()
    assert "Siffran var fel." in page
    listed = logged_in(town.kim).get("/desk/ni-sade-vi-gjorde/?queue=withdrawn").content.decode()
    assert one.title in listed


def test_a_conversation_of_another_function_begins_nothing(town: Town) -> None:
    hidden: Conversation = question(town.school_mailbox)
    page = logged_in(town.kim).get(f"/desk/ni-sade-vi-gjorde/ny/?from={hidden.number}").content.decode()
    assert hidden.number not in page
    one = begin(town, town.kim, **{"from": hidden.number})
    assert not one.conversation_ties.exists()
