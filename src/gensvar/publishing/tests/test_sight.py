"""What was done in another room is followed: who is named otherwise stands in streams that are told of it, each once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gensvar.core.models import Event, Topic
from gensvar.people.events import NamedOtherwise
from gensvar.publishing import sight
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage

pytestmark = pytest.mark.django_db


def test_a_topic_with_many_questions_and_many_posts_is_read_once() -> None:
    """All of its questions beside each of its posts would be millions of rows."""
    snow, ice = (Topic.objects.create(slug=slug, name=slug) for slug in ("sno", "is"))
    Topic.objects.create(slug="skola", name="Skola")
    staged = stage()
    staged.publish().topics.set([snow])
    for topic in (snow, ice):
        paper = Paper.make()
        posts.publish(
            draft(Paper(paper.editor, staged.person, staged.function), topics=[topic]), by=paper.editor
        )
    Event.objects.all().delete()
    with CaptureQueriesContext(connection) as asked:
        sight.follow_name(NamedOtherwise(staged.person.pk))
    fact = Event.objects.get(fact="entry_changed").payload
    assert (fact["topics"], fact["functions"]) == (["is", "sno"], [staged.function.slug])
    topics = [one["sql"] for one in asked if (one["sql"] or "").startswith('SELECT "core_topic"')]
    assert [" JOIN " in one.partition(" WHERE ")[0] for one in topics] == [False]
