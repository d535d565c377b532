"""Feeds as a strict reader takes them: the same ids for ever, changes told, nothing left of what was withdrawn."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

import feedparser
import pytest
from django.test import Client

from gensvar.conversations.models import Message
from gensvar.core.models import Topic
from gensvar.publishing import services
from gensvar.publishing.models import PublicExchange, PublicText
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage

pytestmark = pytest.mark.django_db

XML = ["atom", "rss"]


def read(client: Client, address: str) -> Any:
    """The feed as a strict reader sees it; a fault of form fails."""
    response = client.get(address)
    assert response.status_code == 200
    found = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert found.bozo is False or found.bozo == 0, found.get("bozo_exception")
    return found


@pytest.mark.parametrize("form", XML)
def test_a_strict_reader_finds_the_whole_exchange_with_its_language(client: Client, form: str) -> None:
    staged = stage(question="Är <b>1 & 2</b> & 3 öppna?", answer="Ja, se https://norrvik.example/?a=1&b=2")
    exchange = staged.publish()
    found = read(client, f"/folj/alla.{form}")
    entry = found.entries[0]
    assert entry.title == "Snö på Storgatan"
    assert entry.link.endswith(f"/fragor/{exchange.number}-{exchange.slug}")
    assert entry.id.startswith("tag:")
    assert entry.author == "Kim Ek"
    whole = entry.content[0].value if form == "atom" else entry.summary
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in whole
    if form == "atom":  # what says that it is HTML is read as such
        assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in entry.summary
    assert "https://norrvik.example/?a=1&amp;b=2" in whole
    assert "Anna" not in whole
    assert found.feed.language == "sv" if form == "rss" else entry.content[0].language == "sv"


@pytest.mark.parametrize("form", XML)
@pytest.mark.parametrize("address", ["/folj/alla.{}", "/en/folj/alla.{}"])
def test_an_empty_feed_is_whole_too(client: Client, form: str, address: str) -> None:
    assert read(client, address.format(form)).entries == []


@pytest.mark.parametrize("form", XML)
def test_characters_that_xml_cannot_hold_break_no_feed(client: Client, form: str) -> None:
    staged = stage()
    staged.publish()
    PublicText.objects.filter(message=staged.answer).update(text="Före\x0b\x1b\ufffeefter \U0001f9a6")
    entry = read(client, f"/folj/alla.{form}").entries[0]
    assert "Föreefter \U0001f9a6" in str(entry)
    PublicExchange.objects.update(title="Snö\x08 igen")
    number = PublicExchange.objects.get().number
    assert read(client, f"/folj/fraga/{number}.{form}").feed.title.startswith("Snö igen")


def test_json_says_the_same_as_atom(client: Client) -> None:
    stage().publish()
    response = client.get("/en/folj/alla.json")
    assert response["Content-Type"].startswith("application/feed+json")
    found = json.loads(response.content)
    entry = read(client, "/en/folj/alla.atom").entries[0]
    item = found["items"][0]
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert (item["id"], item["title"], item["url"]) == (entry.id, entry.title, entry.link)
    assert item["language"] == "sv"
    assert item["content_html"] == entry.content[0].value or "I kväll." in item["content_html"]
    assert "I kväll." in item["content_text"]


def test_a_changed_headline_keeps_the_id_and_moves_the_time(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    first = read(client, "/folj/alla.atom").entries[0]
    services.save_title(exchange, "En annan rubrik", by=staged.editor)
    assert exchange.published_at is not None
    type(exchange).objects.update(changed_at=exchange.published_at + dt.timedelta(minutes=5))
    second = read(client, "/folj/alla.atom").entries[0]
    assert second.id == first.id
    assert second.published == first.published
    assert second.updated > first.updated
    assert second.title == "En annan rubrik"


@pytest.mark.parametrize("form", [*XML, "json"])
def test_who_has_these_bytes_gets_none_and_a_withdrawal_is_told_at_once(client: Client, form: str) -> None:
    staged = stage()
    exchange = staged.publish()
    address = f"/folj/alla.{form}"
    first = client.get(address)
    assert "Last-Modified" not in first.headers
    assert not first.cookies
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    services.withdraw(exchange, "Fel", by=staged.editor)
    after = client.get(address, headers={"if-none-match": first["ETag"]})
    assert after.status_code == 200
    assert exchange.number not in after.content.decode()


def test_what_its_writer_said_no_to_is_in_no_feed(client: Client) -> None:
    staged = stage()
    staged.publish()
    Message.objects.filter(pk=staged.question.pk).update(may_publish=False)
    assert read(client, "/folj/alla.atom").entries == []


def test_a_function_and_a_topic_have_feeds_of_their_own(client: Client) -> None:
    mine, other = stage(), stage()
    mine.publish()
    other.publish()
    topic = Topic.objects.create(slug="snorojning", name="Snöröjning", name_en="Snow")
    mine.conversation.public_exchange.topics.add(topic)
    for address in (f"/folj/funktion/{mine.function.slug}.atom", "/folj/amne/snorojning.atom"):
        found = read(client, address)
        assert [entry.link.split("/")[-1][:11] for entry in found.entries] == [mine.conversation.number]
    assert client.get("/folj/funktion/finns-inte.atom").status_code == 404
    assert client.get("/folj/amne/finns-inte.rss").status_code == 404


def test_every_feed_is_listed_in_words_and_pages_lead_to_it(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    staged.conversation.public_exchange.topics.add(Topic.objects.create(slug="snorojning", name="Snöröjning"))
    Topic.objects.create(slug="tyst", name="Inget har sagts")
    page = client.get("/folj").content.decode()
    for form in ("atom", "rss", "json"):
        assert f"/folj/alla.{form}" in page
        assert f"/folj/funktion/{staged.function.slug}.{form}" in page
        assert f"/folj/amne/snorojning.{form}" in page
    assert "Inget har sagts" not in page
    assert 'type="application/atom+xml"' in client.get("/").content.decode()
    own = client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    assert f'href="/folj/funktion/{staged.function.slug}.atom"' in own


@pytest.mark.parametrize("form", XML)
def test_a_person_who_agreed_to_be_named_has_a_feed_and_nobody_else(client: Client, form: str) -> None:
    mine, other = stage(), stage()
    mine.publish()
    other.publish()
    address = f"/folj/person/{mine.person.pk}-kim-ek.{form}"
    assert address in client.get("/folj").content.decode()
    found = read(client, address)
    assert [entry.link.split("/")[-1][:11] for entry in found.entries] == [mine.conversation.number]
    assert client.get(f"/folj/person/{mine.person.pk}.{form}")["Location"] == address
    mine.person.name = "Kim Al"
    mine.person.save()
    after = client.get(address)["Location"]
    assert after == f"/folj/person/{mine.person.pk}-kim-al.{form}"
    assert read(client, after).feed.get("id") == found.feed.get("id"), "its name is the same for ever"
    mine.person.shown = False
    mine.person.save()
    assert client.get(address).status_code == 404
    assert address not in client.get("/folj").content.decode()


def test_a_post_stands_in_the_feeds_of_all_its_function_and_its_topic(client: Client) -> None:
    paper, topic = Paper.make(), Topic.objects.create(slug="vinter", name="Vinter")
    stage().publish()
    written = draft(paper, "Så plogar vi <nu> & sen")
    written.topics.add(topic)
    posts.publish(written, by=paper.editor)
    at = written.first_published_at - dt.timedelta(minutes=1)
    type(written).objects.update(first_published_at=at, last_published_at=at)
    PublicExchange.objects.update(published_at=at - dt.timedelta(minutes=1))
    written.refresh_from_db()
    streams = (
        "alla",
        f"funktion/{paper.function.slug}",
        "amne/vinter",
        f"person/{paper.person.pk}-kim-ek",
    )
    first: dict[str, Any] = {}
    for stream, form in itertools.product(streams, XML):
        first[form] = entry = read(client, f"/folj/{stream}.{form}").entries[0]
        assert entry.title == "Så plogar vi <nu> & sen"
        assert entry.author == "Kim Ek"
        assert entry.link.endswith(f"/nytt/{written.first_published_at.year}/{written.slug}")
        assert [tag.term for tag in entry.tags] == [paper.function.name, "Vinter"]
    posts.publish(written, by=paper.editor)
    for form, entry in first.items():
        mended = read(client, f"/folj/alla.{form}").entries[0]
        assert (mended.id, mended.published) == (entry.id, entry.published)
        assert mended.updated > entry.updated, "whoever has it shows what stands there now"
    told = json.loads(client.get("/folj/alla.json").content)["items"][0]
    assert (told["summary"], "content_text" in told) == (
        written.lead,
        False,
    )  # its text says more than the lead
    posts.withdraw(written, "Fel", by=paper.editor)
    for form in XML:
        assert "plogar" not in client.get(f"/folj/alla.{form}").content.decode()


def test_a_feed_names_the_hub_where_there_is_one(client: Client, settings: Any) -> None:
    stage().publish()
    assert "Link" not in client.get("/folj/alla.atom").headers
    settings.GENSVAR_WEBSUB_HUB = "https://hub.example/"
    for form in XML:
        found = read(client, f"/folj/alla.{form}")
        assert {"rel": "hub", "href": "https://hub.example/"}.items() <= {
            key: value for link in found.feed.links if link["rel"] == "hub" for key, value in link.items()
        }.items()
    response = client.get("/folj/alla.json")
    assert json.loads(response.content)["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert response["Link"].startswith('<https://hub.example/>; rel="hub"')
