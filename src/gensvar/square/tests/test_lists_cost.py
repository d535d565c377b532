"""Every public page that shows many costs the same queries for many as for few; a new address is judged, or named as another kind.

The front page is the one that bench/uncached.py measures; it is never to cost more than twelve.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.recurring import TimeCame
from gensvar.learning import services as learning
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.workshop import services as workshop
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.posts import pictures, services
from gensvar.publishing.posts.models import Post, Series
from gensvar.publishing.tests.appearances_scene import appearance
from gensvar.publishing.tests.positions_scene import change, stand
from gensvar.publishing.tests.posts_scene import Paper, draft, photograph
from gensvar.publishing.tests.scene import stage
from gensvar.square import urls

pytestmark = pytest.mark.django_db

MOST_OF_THE_FRONT_PAGE = 12
# Forms, keys and single files, and at the end pages of one thing, whose lists are their own.
ELSEWHERE = frozenset(
    """write similar received choose mail_link attachment guest guest_picture picture comment_exchange verdict commented
    confirm_comment appeal short fediverse poster post_picture comment_post lead letters_asked confirm_letters own_letters
    end_letters follow_question about tell accessibility_version accessibility personal_data letters
    conversation position outcome experiment surveys survey""".split()
)
_numbers = itertools.count(1)


def add(paper: Paper, topic: Topic, first: str = "") -> tuple[str, str]:
    """One more of every kind, all about snow; gives the number of the exchange and the key of the post.

    The comments stand under these, or under the post of the key `first`.
    """
    number = next(_numbers)
    staged = stage()
    staged.conversation.topics.add(topic)
    exchange = staged.publish()
    told = told_of_snow(paper, topic, number)
    stood = stand(paper, topic, title=f"Snö, hållning {number}")
    change(paper, stood, text=f"Snö, lydelse {number}.")
    led(paper, topic, number)
    appearance(paper.person, paper.function, topic.slug, by=paper.editor, place=f"Snöradion {number}")
    tried = experiment(paper.person, paper.function, title=f"Snöförsök {number}")
    workshop.save_topics(tried, [topic.slug], by=paper.editor)
    workshop.publish(tried, by=paper.editor)
    for kind, key in (("post", first or told), ("exchange", PublicExchange.objects.earliest("pk").number)):
        comment(kind, key)
    return exchange.number, told


def told_of_snow(paper: Paper, topic: Topic, number: int) -> str:
    """A post with a picture, in a series; gives its year and slug."""
    series, _made = Series.objects.get_or_create(slug="vinter", name="Vintern")
    image = ("picture", {"image": photograph(), "alternative": "En plog", "caption": ""})
    post = draft(paper, f"Snö {number}", body=[image], series=series)
    post.topics = [topic]
    post.save()
    post.save_revision(user=paper.editor)
    services.publish(Post.objects.get(pk=post.pk).get_latest_revision_as_object(), by=paper.editor)
    pictures.make_sizes(TimeCame("publishing.make_sizes_of_pictures", 2))()
    return f"{clock.today().year}/{post.slug}"


def led(paper: Paper, topic: Topic, number: int) -> None:
    """An outcome."""
    said: dict[str, Any] = {"function": paper.function, "by": paper.editor}
    outcome = learning.propose(title=f"Snö, utfall {number}", said="Snön låg kvar.", language="sv", **said)
    learning.save_step(
        outcome, status="done", words="Vi plogar.", day=clock.today(), person=paper.person, **said
    )
    learning.publish(outcome, tell=False, by=paper.editor)
    outcome.topics.add(topic)


def comment(kind: str, key: str) -> None:
    """A resident's word under that page."""
    now = clock.now()
    times = {"came_at": now, "confirmed_at": now, "shown_at": now}
    Comment.objects.create(on_kind=kind, on_key=key, message=stage().question, state="shown", **times)


def test_every_page_that_shows_many_costs_the_same_for_many_as_for_few(client: Client) -> None:
    paper, topic = Paper.make(), Topic.objects.create(slug="sno", name="Snö")
    number, post = add(paper, topic)
    add(paper, topic, first=post)  # so that the series has another, too
    today = clock.today()
    paths = [
        *("/", "/nytt", f"/nytt/{today:%Y}", f"/nytt/{today:%Y/%m}", f"/nytt/{post}", "/sok?q=snö"),
        *("/fragor", f"/fragor/{today:%Y/%m}", f"/fragor/{number}-sno-pa-storgatan"),
        *("/vi-star-for", "/ni-sade-vi-gjorde", "/verkstad", "/framtradanden", "/vi-svarar", "/kontakt"),
        *("/har-finns-vi", "/har-finns-vi/utskrift", "/har-finns-vi.json", "/har-finns-vi.csv", "/roster"),
        *("/amne", "/amne/sno", "/folj", "/sitemap.xml", "/en/", "/en/nytt"),
        *(f"/folj/{stream}.{form}" for stream in ("alla", "amne/sno") for form in ("atom", "rss", "json")),
        *(f"/sitemap-{kind}-{today:%Y-%m}.xml" for kind in ("fragor", "nytt")),
    ]
    judged = {resolve(path.partition("?")[0]).url_name for path in paths if not path.startswith("/en/")}
    assert {one.name for one in urls.urlpatterns if one.name} - judged == ELSEWHERE
    few = {path: cost(client, path) for path in paths}
    for _ in range(2):
        add(paper, topic, first=post)
    many = {path: cost(client, path) for path in paths}
    assert {path: (few[path], many[path]) for path in paths if few[path] != many[path]} == {}
    assert many["/"] <= MOST_OF_THE_FRONT_PAGE


def cost(client: Client, path: str) -> int:
    """Queries, without those of what is remembered for a while: of three requests the cheapest."""
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200, path
        counts.append(len(asked))
    return min(counts)
