"""Every public page that shows many costs the same queries for many as for few; a new address is judged, or named as another kind.

The front page is the one that bench/uncached.py measures; it is never to cost more than twelve.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve

from gensvar.conversations.models import Attachment, Message
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.recurring import TimeCame
from gensvar.learning import services as learning
from gensvar.learning.models import ConversationTie, Outcome, PostTie
from gensvar.learning.surveys.models import FreeText, Question, Survey, SurveyForm, Tally
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.workshop import services as workshop
from gensvar.learning.workshop.models import Experiment
from gensvar.publishing.appearances import services as appearances
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.positions.causes import Led
from gensvar.publishing.positions.models import Position
from gensvar.publishing.posts import pictures, services
from gensvar.publishing.posts.models import Post, Series
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.publishing.tests.positions_scene import change, stand
from gensvar.publishing.tests.posts_scene import Paper, draft, photograph
from gensvar.publishing.tests.scene import Scene, stage
from gensvar.square import urls

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # how often it is asked is the code's doing

MOST_OF_THE_FRONT_PAGE = 12
AS_MANY = {
    "posts": 8,
    "post": 9,
    "answering": 10,
    "topics": 3,
    "topic": 15,
    "search": 21,
    "follow": 8,
    "feed": 15,
    "feed_of": 15,
    "positions": 4,
    "position": 11,
    "outcomes": 3,
    "outcome": 11,
    "experiment": 6,
    "surveys": 2,
    "survey": 7,
    "conversation": 6,
}
# Forms, keys and single files, and pages that show one thing alone.
ELSEWHERE = frozenset(
    """write similar received choose mail_link attachment guest guest_picture picture comment_exchange verdict commented
    confirm_comment appeal short fediverse poster post_picture comment_post lead letters_asked confirm_letters own_letters
    end_letters follow_question about tell accessibility_version accessibility personal_data letters""".split()
)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Made:
    """One of every kind, all about snow."""

    paper: Paper
    topic: Topic
    staged: Scene
    exchange: PublicExchange
    post: Post
    position: Position
    outcome: Outcome
    experiment: Experiment
    survey: Survey

    @property
    def told_at(self) -> str:
        """Year and slug of the post."""
        return f"{clock.today().year}/{self.post.slug}"


@dataclass(slots=True)
class Counted:
    """How many statements were asked of the database."""

    times: int = field(default=0)

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.times += 1
        return execute(*asked)


def make(paper: Paper, topic: Topic) -> Made:
    """One more of every kind."""
    number = next(_numbers)
    staged = stage()
    staged.conversation.topics.add(topic)
    position = stand(paper, topic, title=f"Snö, hållning {number}")
    spoke = appearance(paper.person, paper.function, topic.slug, by=paper.editor, place=f"Snöradion {number}")
    right = facts(paper.person, paper.function, place=f"Snötidningen {number}")
    appearances.correct(spoke, right, "Det var tidningen.", by=paper.editor)
    tried = experiment(paper.person, paper.function, title=f"Snöförsök {number}")
    workshop.save_topics(tried, [topic.slug], by=paper.editor)
    workshop.publish(tried, by=paper.editor)
    post, outcome = told_of_snow(paper, topic, number), led(paper, topic, number)
    return Made(paper, topic, staged, staged.publish(), post, position, outcome, tried, survey(paper, number))


def told_of_snow(paper: Paper, topic: Topic, number: int) -> Post:
    """A post with a picture, in a series."""
    series, _made = Series.objects.get_or_create(slug="vinter", name="Vintern")
    image = ("picture", {"image": photograph(), "alternative": "En plog", "caption": ""})
    post = draft(paper, f"Snö {number}", body=[image], series=series)
    post.topics = [topic]
    post.save()
    post.save_revision(user=paper.editor)
    services.publish(Post.objects.get(pk=post.pk).get_latest_revision_as_object(), by=paper.editor)
    pictures.make_sizes(TimeCame("publishing.make_sizes_of_pictures", 2))()
    return post


def led(paper: Paper, topic: Topic, number: int) -> Outcome:
    """An outcome with its first step."""
    title = f"Snö, utfall {number}"
    said: dict[str, Any] = {"said": "Snön låg kvar.", "language": "sv", "function": paper.function}
    outcome = learning.propose(title=title, by=paper.editor, **said)
    step(paper, outcome)
    outcome.topics.add(topic)
    return outcome


def step(paper: Paper, outcome: Outcome) -> None:
    """The next step of an outcome."""
    who: dict[str, Any] = {"person": paper.person, "function": paper.function, "by": paper.editor}
    learning.save_step(outcome, status="done", words="Vi plogar.", day=clock.today(), **who)
    learning.publish(outcome, tell=False, by=paper.editor)


def survey(paper: Paper, number: int) -> Survey:
    """A round as it stands when it was opened and published; each is an earlier year beside the others."""
    now, form = clock.now(), SurveyForm.objects.earliest("pk")
    days = {"first_day": clock.today() - dt.timedelta(days=7), "last_day": clock.today()}
    times = {"made_at": now, "changed_at": now, "published_at": now}
    who = {"leader": paper.person, "function": paper.function, "run_by": paper.person}
    found = Survey.objects.create(
        form=form, slug=f"2026-sno-{number}", state="published", asked=5, answered=5, **days, **times, **who
    )
    steps = dict.fromkeys(["step_1", "step_2", "step_3", "step_4", "step_5"], 1)
    for asked in form.questions.all():
        if asked.kind == Question.Kind.SCALE:
            Tally.objects.create(survey=found, question=asked, chose=5, cannot_say=0, **steps)
        else:
            FreeText.objects.create(
                survey=found, question=asked, words="Snö.", shown="Snö.", state="released"
            )
    return found


def hang(on: Made, other: Made) -> None:
    """One more of everything that hangs on one thing: words, comments, wordings, steps, lines, and what led to them."""
    paper, now = on.paper, clock.now()
    for kind, key in (("post", on.told_at), ("exchange", on.exchange.number)):
        comment(kind, key)
    say(on.staged)
    led_by = [Led(exchange_id=other.exchange.pk), Led(post_id=other.post.pk)]
    change(paper, on.position, text=f"Snö, lydelse {next(_numbers)}.", causes=led_by)
    step(paper, on.outcome)
    ConversationTie.objects.create(
        outcome=on.outcome, conversation=other.staged.conversation, at=now, by=paper.editor
    )
    PostTie.objects.create(outcome=on.outcome, post=other.post, at=now, by=paper.editor)
    workshop.tell(on.experiment, "Snön låg kvar.", by=paper.editor)
    others = [*on.experiment.successors.all(), other.staged.person]
    workshop.save_successors(on.experiment, others, by=paper.editor)


def say(staged: Scene) -> None:
    """A further word of the resident with a file, and an answer by somebody else."""
    shared = {"conversation": staged.conversation, "channel": "email", "at": clock.now()}
    asked = Message.objects.create(
        direction="in", author="resident", contact=staged.contact, text="Mer snö.", **shared
    )
    Attachment.objects.create(
        message=asked, filename="sno.png", content_type="image/png", size=1, sha256="0" * 64
    )
    other = stage()
    Message.objects.create(
        **shared,
        direction="out",
        author="staff",
        person=other.person,
        function=other.function,
        text="Plogen kommer.",
        shown_to=[staged.participant.pk],
    )


def comment(kind: str, key: str) -> None:
    """A resident's word under that page."""
    now = clock.now()
    times = {"came_at": now, "confirmed_at": now, "shown_at": now}
    Comment.objects.create(on_kind=kind, on_key=key, message=stage().question, state="shown", **times)


def test_every_page_that_shows_many_costs_the_same_for_many_as_for_few(client: Client) -> None:
    first = make(Paper.make(), Topic.objects.create(slug="sno", name="Snö"))
    hang(first, make(first.paper, first.topic))
    today = clock.today()
    paths = [
        *("/", "/nytt", f"/nytt/{today:%Y}", f"/nytt/{today:%Y/%m}", f"/nytt/{first.told_at}", "/sok?q=snö"),
        *("/fragor", f"/fragor/{today:%Y/%m}", f"/fragor/{first.exchange.number}-{first.exchange.slug}"),
        *("/vi-star-for", "/ni-sade-vi-gjorde", "/verkstad", "/framtradanden", "/vi-svarar", "/kontakt"),
        *("/har-finns-vi", "/har-finns-vi/utskrift", "/har-finns-vi.json", "/har-finns-vi.csv", "/roster"),
        *("/amne", "/amne/sno", "/folj", "/sitemap.xml", "/en/", "/en/nytt", "/hur-vi-leder"),
        *("/folj/alla.atom", "/folj/alla.json", "/folj/amne/sno.rss"),
        *(f"/sitemap-{kind}-{today:%Y-%m}.xml" for kind in ("fragor", "nytt")),
        *(f"/vi-star-for/{first.position.slug}", f"/hur-vi-leder/{first.survey.slug}"),
        f"/ni-sade-vi-gjorde/{first.outcome.pk}-{first.outcome.slug}",
        f"/verkstad/{first.experiment.pk}-{first.experiment.slug}",
        f"/samtal/{first.staged.participant.token}",
    ]
    judged = {resolve(path.partition("?")[0]).url_name: path for path in paths if path[:4] != "/en/"}
    assert {one.name for one in urls.urlpatterns if one.name} - judged.keys() == ELSEWHERE
    few = {path: cost(client, path) for path in paths}
    hang(first, make(first.paper, first.topic))
    many = {path: cost(client, path, few[path]) for path in paths}
    assert {path: (few[path], many[path]) for path in paths if few[path] != many[path]} == {}
    assert {name: many[judged[name]] for name in AS_MANY} == AS_MANY
    assert many["/"] <= MOST_OF_THE_FRONT_PAGE


def cost(client: Client, path: str, known: int | None = None) -> int:
    """Queries, without those of what is remembered for a while: asked again until they are as many as is known."""
    for _ in range(4):
        with connection.execute_wrapper(asked := Counted()):
            assert client.get(path).status_code == 200, path
        if known is None or asked.times == known:
            break
    return asked.times
