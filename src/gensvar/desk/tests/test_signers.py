"""Editors read who signs a post and may not speak before they show it, and what they show is held no longer."""

from __future__ import annotations

import datetime as dt

import pytest

from gensvar.core import clock
from gensvar.core.models import Event
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.tests.factories import user_of
from gensvar.publishing.posts.models import Byline, Post, PostHold
from gensvar.publishing.tests.posts_scene import Paper, draft

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def paper(town: Town) -> Paper:
    return Paper(user_of(town.robin), town.robin, town.streets)


@pytest.mark.parametrize("days", [None, 2])
def test_the_editors_own_button_ends_a_hold_and_tells_who_keeps_the_new_time(
    town: Town, paper: Paper, days: int | None
) -> None:
    post = draft(paper)
    PostHold.objects.create(post=post, due_at=clock.now())
    at = (clock.now() + days * DAY).replace(second=0, microsecond=0) if days else None
    form = {
        "title": post.title,
        "slug": post.slug,
        "lead": post.lead,
        "body-count": "0",
        "bylines-TOTAL_FORMS": "1",
        "bylines-INITIAL_FORMS": "1",
        "bylines-0-id": str(Byline.objects.get(post=post.pk).pk),
        "bylines-0-person": str(town.robin.pk),
        "bylines-0-function": str(town.streets.pk),
        "bylines-0-ORDER": "1",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "go_live_at": f"{at:%Y-%m-%d %H:%M}" if at else "",
        "action-publish": "action-publish",
    }
    logged_in(town.robin).post(f"/desk/pages/{post.pk}/edit/", form)
    assert Post.objects.get(pk=post.pk).live is (at is None)
    assert not PostHold.objects.exists()
    assert Event.objects.filter(fact="post_timed").count() == (1 if at else 0)
