"""What readers do with an answer: say whether it was one, ask about it, find it by its month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gensvar.conversations.models import Conversation
from gensvar.core import clock
from gensvar.publishing.about import verdicts
from gensvar.publishing.about.models import Verdicts, WordAbout
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage
from gensvar.square.tests import scene
from gensvar.square.tests.comments_scene import work

pytestmark = pytest.mark.django_db


def press(client: Client, number: str, said: str = "no", **headers: str) -> Any:
    return client.post(f"/fragor/{number}/omdome", {"verdict": said}, headers=headers)


@pytest.mark.usefixtures("one_span")
def test_a_press_is_counted_without_a_cookie_and_a_network_presses_few_times(client: Client) -> None:
    exchange = stage().publish()
    page = client.get(f"/fragor/{exchange.number}-{exchange.slug}")
    assert "Var det här ett svar?" in page.content.decode()
    answer = press(client, exchange.number)
    assert (answer.status_code, answer["Location"]) == (303, f"/fragor/{exchange.number}/omdome?svar=no")
    thanked = client.get(answer["Location"])
    assert "Vad saknade du?" in thanked.content.decode()
    assert not thanked.cookies
    press(client, exchange.number, "yes")
    press(client, exchange.number, "yes")
    assert press(client, exchange.number, "yes").status_code == 429
    judged = verdicts.of_conversation(exchange.conversation_id)
    assert judged is not None
    assert (judged.yes, judged.no, judged.wrote) == (2, 1, 0)
    assert Verdicts.objects.count() == 1


def test_a_press_from_elsewhere_or_for_what_is_not_shown_counts_nothing(client: Client) -> None:
    exchange = stage().publish()
    assert press(client, exchange.number, **{"sec-fetch-site": "cross-site"}).status_code == 404
    assert press(client, exchange.number, "perhaps").status_code == 404
    assert press(client, "2026-999999").status_code == 404
    assert client.get(f"/fragor/{exchange.number}/omdome").status_code == 302
    assert not Verdicts.objects.exists()


def test_the_word_that_follows_opens_a_conversation_with_those_who_answered(client: Client) -> None:
    scene.town()
    staged = stage()
    exchange = staged.publish()
    begun = client.post("/skriv", {"about": exchange.number, "verdict": "no", "text": "När på dagen?"})
    page = begun.content.decode()
    assert f'name="about" value="{exchange.number}"' in page
    assert 'name="verdict" value="no"' in page
    scene.written(client, text="När på dagen?", about=exchange.number, verdict="no")
    work()
    asked = Conversation.objects.exclude(pk=staged.conversation.pk).get()
    assert asked.linked_from == staged.conversation
    assert asked.function == staged.function
    assert WordAbout.objects.get().why == "no"
    judged = verdicts.of_conversation(exchange.conversation_id)
    assert judged is not None
    assert judged.wrote == 1


def test_a_question_about_an_answer_or_a_post_is_tied_to_it_and_goes_to_who_answers_there(
    client: Client,
) -> None:
    scene.town()
    staged, paper = stage(), Paper.make()
    exchange = staged.publish()
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    address = f"/nytt/{clock.today().year}/{post.slug}"
    assert f'href="/skriv?om=nytt-{post.pk}"' in client.get(address).content.decode()
    assert post.title in client.get(f"/skriv?om=nytt-{post.pk}").content.decode()
    first = scene.written(client, text="Om svaret?", about=exchange.number).conversation
    second = scene.written(client, text="Om inlägget?", about=f"nytt-{post.pk}").conversation
    third = scene.written(client, text="Om inget?", about="2026-999999").conversation
    work()
    for one in (first, second, third):
        one.refresh_from_db()
    assert (first.linked_from, first.function) == (staged.conversation, staged.function)
    assert second.function == paper.function
    tied = {about.message.conversation_id: (about.on_kind, about.on_key) for about in WordAbout.objects.all()}
    assert tied == {
        first.pk: ("exchange", exchange.number),
        second.pk: ("post", f"{clock.today().year}/{post.slug}"),
    }


@pytest.mark.parametrize("exchanges", [1, 9])
def test_questions_are_found_by_their_month_at_the_same_cost(
    client: Client, exchanges: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(exchanges):
        stage().publish()
    month = f"/fragor/{clock.today():%Y/%m}"
    client.get(month)
    with django_assert_num_queries(7):
        page = client.get(month).content.decode()
    assert page.count('class="card"') == exchanges
    assert f'href="{month}" aria-current="page"' in page
    empty = client.get("/fragor/1999/01")
    assert empty.status_code == 404
    assert "Inget från den tiden" in empty.content.decode()
    assert client.get("/fragor/2026/13", follow=True).status_code == 404
