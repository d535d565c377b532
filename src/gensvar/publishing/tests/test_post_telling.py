"""Whatever way a post becomes public, changes or ceases to be, the same is told of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gensvar.core import clock
from gensvar.core.models import Event, Topic
from gensvar.core.recurring import TimeCame
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink
from gensvar.publishing.posts import clockwork, services
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.posts_scene import Paper, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def told() -> list[dict[str, Any]]:
    """The facts of what changed, oldest first."""
    return [one.payload for one in Event.objects.filter(fact="entry_changed").order_by("pk")]


def test_the_publish_button_tells_what_our_own_service_tells(paper: Paper) -> None:
    post = draft(paper)
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    assert [one["functions"] for one in told()] == [[paper.function.slug]]
    assert told()[0]["persons"] == [paper.person.pk]
    assert short_links.code_of(ShortLink.Kind.PAGE, str(post.pk))
    services.publish(draft(paper), by=paper.editor)
    assert len(told()) == 2
    assert told()[0] == told()[1]


def test_a_draft_tells_nothing_and_a_new_revision_tells_the_topic_that_it_left(paper: Paper) -> None:
    snow = Topic.objects.create(slug="sno", name="Snö")
    post = draft(paper)
    post.topics = [snow]
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    post = Post.objects.get(pk=post.pk)
    post.topics = []
    revision = post.save_revision(user=paper.editor)
    assert len(told()) == 1
    revision.publish(user=paper.editor)
    assert [one["topics"] for one in told()] == [["sno"], ["sno"]]


def test_what_goes_live_and_expires_by_the_clock_is_told(paper: Paper) -> None:
    tick = TimeCame("publishing.keep_times_of_posts", 10)
    post = draft(paper, go_live_at=clock.now() + dt.timedelta(hours=1))
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    clockwork.keep_times(tick)
    assert (Post.objects.get().live, told()) == (False, [])
    revision = post.revisions.latest("pk")
    past = clock.now() - dt.timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    assert clockwork.keep_times(tick) > clock.now()
    assert (Post.objects.get().live, len(told())) == (True, 1)
    Post.objects.update(expire_at=clock.now() - dt.timedelta(seconds=1))
    clockwork.keep_times(tick)
    assert (Post.objects.get().live, len(told())) == (False, 2)
    assert [one.kind for one in post.decisions.order_by("pk")] == ["published", "withdrawn"]
