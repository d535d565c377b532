"""What search engines are told: every public page in its languages, and nothing that may not be seen."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from django.db import connection
from django.test import Client

from gensvar.core import clock
from gensvar.learning.tests.scene import Town
from gensvar.publishing import services
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.positions_scene import stand
from gensvar.publishing.tests.posts_scene import Paper, draft, home
from gensvar.publishing.tests.scene import stage

pytestmark = pytest.mark.django_db

HOUSE = "http://127.0.0.1:8000"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def read(client: Client, path: str) -> Tree.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    assert answer["Cache-Control"].startswith("public")
    assert not answer.has_header("Last-Modified")
    return Tree.fromstring(answer.content)


def paths(root: Tree.Element) -> list[str]:
    return [(one.text or "").removeprefix(HOUSE) for one in root.iter(f"{{{SITEMAP}}}loc")]


def everything(client: Client) -> dict[str, dict[str, str]]:
    """Each page of all the files, with its addresses by language."""
    found = {}
    for name in paths(read(client, "/sitemap.xml")):
        for url in read(client, name):
            links = url.iter(f"{{{XHTML}}}link")
            loc = (url.findtext(f"{{{SITEMAP}}}loc") or "").removeprefix(HOUSE)
            found[loc] = {one.attrib["hreflang"]: one.attrib["href"].removeprefix(HOUSE) for one in links}
    return found


def test_every_public_page_is_named_in_its_languages_and_each_address_is_there(
    client: Client, town: Town
) -> None:
    paper = Paper.make()
    exchange = stage().publish()
    outcome = town.published(town.wrote())
    position = stand(paper)
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    hidden = draft(paper)
    found = everything(client)
    own = [
        f"/fragor/{exchange.number}-{exchange.slug}",
        f"/ni-sade-vi-gjorde/{outcome.pk}-{outcome.slug}",
        f"/vi-star-for/{position.slug}",
        f"/nytt/{clock.today().year}/{post.slug}",
        "/om",
    ]
    for path in own:
        addresses_of_it = {"sv": path, "en": f"/en{path}", "ar": f"/ar{path}"}
        if path.startswith("/nytt/"):
            told = client.get(f"/sitemap-nytt-{clock.today():%Y-%m}.xml").content.decode()
            assert f"<lastmod>{clock.today()}</lastmod>" in told
            addresses_of_it["x-default"] = path
        for address in addresses_of_it.values():
            assert found[address] == addresses_of_it
    addresses = {address for links in found.values() for address in links.values()}
    assert not any(hidden.slug in one for one in addresses)
    pages = sorted({tuple(sorted(set(links.values()))) for links in found.values()})
    by_turns = {
        page[turn % len(page)] for turn, page in enumerate(pages)
    }  # each page in one of its languages
    asked = by_turns.union(*(found[path].values() for path in own))
    assert {client.get(one).status_code for one in asked} == {200}


def test_a_post_and_its_translation_name_each_other_as_long_as_both_may_be_seen(client: Client) -> None:
    paper = Paper.make()
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    english = post.copy_for_translation(home("en").locale)
    english.title, english.slug = "Ploughing", "ploughing"
    posts.publish(english, by=paper.editor)
    own, other = f"/nytt/{clock.today().year}/{post.slug}", f"/en/nytt/{clock.today().year}/ploughing"
    named = {"sv": own, "en": other, "ar": f"/ar{own}", "x-default": own}
    both = {f"/nytt/{clock.today().year}/ploughing", f"/en{own}"}
    found = everything(client)
    assert found[own] == found[other] == found[f"/ar{own}"] == named
    assert both.isdisjoint(found)
    with_both = Post.objects.filter(pk=english.pk)
    told_first = clock.today() - dt.timedelta(days=45)
    with_both.update(first_published_at=clock.begins(told_first))
    files = paths(read(client, "/sitemap.xml"))
    assert [one for one in files if "nytt" in one] == [f"/sitemap-nytt-{told_first:%Y-%m}.xml"], (
        "it is told once"
    )
    assert own in paths(read(client, f"/sitemap-nytt-{told_first:%Y-%m}.xml"))
    assert client.get(f"/sitemap-nytt-{clock.today():%Y-%m}.xml").status_code == 404
    with_both.update(first_published_at=clock.now())
    posts.withdraw(english, "Fel", by=paper.editor)
    assert everything(client)[own] == named | {"en": f"/en{own}"}
    posts.withdraw(post, "Fel", by=paper.editor)
    posts.publish(english, by=paper.editor)
    alone = other.removeprefix("/en")
    assert everything(client)[other] == {"sv": alone, "en": other, "ar": f"/ar{alone}", "x-default": alone}


def test_what_is_withdrawn_is_named_no_longer_and_its_month_is_not_there(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    month = f"/sitemap-fragor-{clock.today():%Y-%m}.xml"
    assert month in paths(read(client, "/sitemap.xml"))
    services.withdraw(exchange, "Fel", by=staged.editor)
    assert month not in paths(read(client, "/sitemap.xml"))
    for path in (month, "/sitemap-fragor-2026-13.xml", "/sitemap-hemligt.xml", "/sitemap-fragor.xml"):
        assert client.get(path).status_code == 404


def test_a_post_that_goes_between_two_readings_of_a_month_is_left_out(client: Client) -> None:
    paper = Paper.make()
    staying, going = draft(paper), draft(paper)
    for post in (staying, going):
        posts.publish(post, by=paper.editor)

    first: list[str] = []

    def withdrawn_after_the_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "MIN(" in sql:
            first.append(sql)
        elif first:
            first.clear()
            Post.objects.filter(pk=going.pk).update(live=False)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(withdrawn_after_the_first):
        found = paths(read(client, f"/sitemap-nytt-{clock.today():%Y-%m}.xml"))
    assert not first
    assert {f"/nytt/{clock.today().year}/{staying.slug}"} == {one for one in found if one.startswith("/nytt")}


def test_robots_are_told_where_it_is(client: Client) -> None:
    assert f"Sitemap: {HOUSE}/sitemap.xml\n" in client.get("/robots.txt").content.decode()
