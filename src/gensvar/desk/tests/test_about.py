"""What a conversation was opened about, beside it: named in words and linked, never by the key that it is kept by."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock
from gensvar.core.roles import Role
from gensvar.desk.about import told
from gensvar.desk.tests.scene import Town, logged_in, make_town, question
from gensvar.learning import services as outcomes
from gensvar.people.tests.factories import user_of
from gensvar.publishing.about.models import WordAbout
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.positions_scene import TITLE, stand
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage

pytestmark = pytest.mark.django_db
On, Why = WordAbout.On, WordAbout.Why


@pytest.fixture
def town() -> Town:
    return make_town()


def tie(conversation: Conversation, kind: str, key: str, why: str = Why.QUESTION) -> None:
    """As intake ties what came from a public page."""
    message = Message.objects.get(conversation=conversation)
    WordAbout.objects.create(message=message, why=why, on_kind=kind, on_key=key)


def card(town: Town, conversation: Conversation) -> str:
    """The card beside the conversation, without its tags."""
    page = logged_in(town.by_role[Role.COORDINATOR]).get(f"/desk/inkorg/{conversation.number}/")
    found = re.search(r"<h3>Vad det gäller</h3>(.*?)</section>", page.content.decode(), re.DOTALL)
    assert found is not None
    return found[1]


def said(card: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", card).split())


def test_an_exchange_is_named_by_its_title(town: Town) -> None:
    shown = stage().publish()
    asked = question(town.mailbox)
    tie(asked, On.EXCHANGE, shown.number, Why.NO_ANSWER)
    found = card(town, asked)
    assert said(found).startswith("Fann inget svar i det: fråga och svar ")
    assert shown.number not in said(found)
    assert f'href="/fragor/{shown.number}-' in found


def test_a_post_is_named_by_its_title_and_no_more_once_it_is_withdrawn(town: Town) -> None:
    paper = Paper.make()
    post = draft(paper, "Så plogar vi")
    posts.publish(post, by=paper.editor)
    post.refresh_from_db()
    asked = question(town.mailbox)
    tie(asked, On.POST, f"{post.first_published_at.year}/{post.slug}")
    assert said(card(town, asked)) == "Frågar om det: inlägg Så plogar vi"
    posts.withdraw(post, "Fel siffror.", by=paper.editor)
    assert said(card(town, asked)) == "Frågar om det: inlägg, inte offentligt nu"


def test_a_position_is_named_by_its_title(town: Town) -> None:
    position = stand(Paper.make())
    asked = question(town.mailbox)
    tie(asked, On.POSITION, position.slug)
    found = card(town, asked)
    assert said(found).endswith(TITLE)
    assert f'href="/vi-star-for/{position.slug}' in found


def test_an_outcome_is_named_by_its_title(town: Town) -> None:
    kim, streets = user_of(town.kim), town.streets
    outcome = outcomes.propose(
        title="Ljusare gångväg", said="Det är mörkt.", function=streets, language="sv", by=kim
    )
    outcomes.save_step(
        outcome,
        status="done",
        words="Sex nya lyktor.",
        day=clock.today(),
        person=town.kim,
        function=streets,
        by=kim,
    )
    outcomes.publish(outcome, tell=False, by=user_of(town.robin))
    asked = question(town.mailbox)
    tie(asked, On.OUTCOME, f"{outcome.pk}-{outcome.slug}")
    found = card(town, asked)
    assert said(found).endswith("Ljusare gångväg")
    assert f'href="/ni-sade-vi-gjorde/{outcome.pk}-{outcome.slug}' in found


@pytest.mark.parametrize(
    ("key", "words", "in_english"),
    [
        ("/", "sida startsidan", "the front page"),
        ("/fragor/", "sida /fragor/", "/fragor/"),
        ("", "sida, det står inte vilken", "which one is not told"),
    ],
)
def test_any_other_page_is_told_by_its_address(town: Town, key: str, words: str, in_english: str) -> None:
    asked = question(town.mailbox)
    tie(asked, On.PAGE, key, Why.ACCESSIBILITY)
    assert said(card(town, asked)).endswith(words)
    with translation.override("en"):
        found = told(asked)
    assert found is not None
    assert in_english in {found.title, found.gone}


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (On.EXCHANGE, "2019-000001"),
        (On.POST, "raw/"),
        (On.POST, "2020/raw-key"),
        (On.POSITION, "raw-key"),
        (On.OUTCOME, "raw-key"),
        (On.OUTCOME, "99-raw-key"),
    ],
)
def test_what_cannot_be_read_shows_no_key(town: Town, kind: str, key: str) -> None:
    asked = question(town.mailbox)
    tie(asked, kind, key)
    found = card(town, asked)
    assert "inte offentligt nu" in said(found)
    assert key not in found
    assert "<a" not in found
