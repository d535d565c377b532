"""The list of short links names each thing as its readers know it, with as many queries however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from gensvar.answers.tests.sink import Sink
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core.roles import Role
from gensvar.learning.tests.scene import Town
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.positions_scene import TITLE, change, stand
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import member, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def saying() -> Iterator[Town]:
    with Sink() as sink:
        yield Town(sink)


def test_each_is_named_by_its_headline(saying: Town, django_assert_num_queries: Callable[[int], Any]) -> None:
    paper = Paper.make()
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    exchange = stage().publish()
    outcome = saying.published(saying.wrote())
    position = stand(paper)
    place = make_contact_point(paper.function, channel="elsewhere", address="https://social.example/@norrvik")
    short_links.make(ShortLink.Kind.PLACE, str(place.pk), by=None)
    client = Client()
    client.force_login(member("siv@norrvik.example", Role.COORDINATOR))
    client.get("/desk/kortlankar/")
    with django_assert_num_queries(21):
        shown = unescape(client.get("/desk/kortlankar/").content.decode())
    for name in (post.title, exchange.title, outcome.title, TITLE, place.name):
        assert name in shown
    change(paper, position, title="Vi plogar ännu fortare")
    assert "Vi plogar ännu fortare" in unescape(client.get("/desk/kortlankar/").content.decode())
