"""Pages of topics: exchanges and posts in one list, by key, through the gate alone; a merged word leads on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from gensvar.core import clock, topics
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.publishing import entries, services
from gensvar.publishing.entries import Narrowing
from gensvar.publishing.posts import services as writing
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import member, stage

pytestmark = pytest.mark.django_db


def snow() -> Topic:
    return Topic.objects.create(slug="sno", name="Snö", name_en="Snow")


def post(paper: Paper, title: str, topic: Topic) -> Post:
    """A post about that topic, shown to all."""
    written = draft(paper, title)
    written.topics.add(topic)
    writing.publish(written, by=paper.editor)
    return written


def test_a_topic_shows_exchanges_and_posts_newest_first(client: Client) -> None:
    topic, paper = snow(), Paper.make()
    staged = stage()
    staged.conversation.topics.add(topic)
    staged.publish()
    with clock.moved(dt.timedelta(hours=1)):
        post(paper, "Så plogar vi", topic)
    page = client.get("/amne/sno").content.decode()
    assert page.index("Så plogar vi") < page.index("Snö på Storgatan")
    assert "Snow" in client.get("/en/amne/sno").content.decode()
    assert 'href="/amne/sno"' in client.get("/amne").content.decode()
    exchange = staged.conversation.public_exchange
    own = client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    assert 'href="/amne/sno"' in own
    services.withdraw(exchange, "Fel", by=staged.editor)
    assert "Snö på Storgatan" not in client.get("/amne/sno").content.decode()


def test_nothing_is_shown_twice_or_passed_over_from_page_to_page() -> None:
    topic, paper = snow(), Paper.make()
    for hour in range(3):
        with clock.moved(dt.timedelta(hours=hour)):
            staged = stage()
            staged.conversation.topics.add(topic)
            staged.publish()
            post(paper, f"Inlägg {hour}", topic)
    seen: list[entries.Key] = []
    before = None
    while True:
        page = entries.page("sv", before, 2, Narrowing(topic="sno"))
        seen += [one.key for one in page.entries]
        before = page.next
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 6
    assert seen == sorted(seen, reverse=True)


def test_a_merged_topic_leads_to_what_it_became_and_its_rows_move(client: Client) -> None:
    old, new = snow(), Topic.objects.create(slug="vinter", name="Vinterväghållning")
    both, one = stage(), stage()
    both.conversation.topics.add(old, new)
    one.conversation.topics.add(old)
    for staged in (both, one):
        staged.publish()
    topics.merge_topics(old, new, by=member("admin@norrvik.example", Role.ADMINISTRATOR))
    answer = client.get("/amne/sno")
    assert (answer.status_code, answer["Location"]) == (301, "/amne/vinter")
    assert client.get("/amne/vinter").content.decode().count('class="card"') == 2
    assert list(one.conversation.topics.all()) == list(both.conversation.topics.all()) == [new]
    assert client.get("/amne/finns-inte").status_code == 404


def test_a_strange_key_begins_at_the_newest(client: Client) -> None:
    snow()
    for strange in ("", "1~2", "a~b~c", "9" * 30 + "~0~1", "1~-1~1", "1~0~" + "9" * 30):
        assert client.get("/amne/sno", {"fore": strange}).status_code == 200
