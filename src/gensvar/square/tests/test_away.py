"""The database or the disk is away: whoever reads goes on, or is asked to come again; nothing says that something broke."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse

from gensvar.core import files
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink
from gensvar.publishing.posts import services
from gensvar.publishing.posts.models import PostPicture
from gensvar.publishing.tests.posts_scene import Paper, draft, photograph
from gensvar.publishing.tests.scene import stage
from gensvar.square import urls
from tests.faults.gone import database_gone

pytestmark = pytest.mark.django_db(transaction=True)

GROUPS: dict[str, tuple[str, ...]] = {
    "number": ("2026-000001", "1"), "slug": ("sno", "2026-sno"), "sha256": ("0" * 64,), "year": ("2026",), "month": ("03",),
    "code": ("abcdefg",), "name": ("nytt-1", "nytt"), "version": ("0" * 16,), "key": ("1",), "pk": ("1",), "form": ("atom", "rss", "json"),
    "scope": ("amne", "funktion", "person", "fraga"), "token": ("abc",), "attachment_id": ("1",), "beside": (".",),
}  # fmt: skip
BESIDE = (
    *("/robots.txt", "/sok?q=snö", "/sitemap.xml", "/sitemap-sidor.xml", "/sitemap-nytt-2026-03.xml",
      "/?p=12", "/2014/05/ett-gammalt-inlagg"),
    *("/media/images/x.jpg", "/finns-inte", "/en/", "/en/nytt", "/ar/har-finns-vi.json", "/en/folj/alla.json"),
)  # fmt: skip


def addresses() -> Iterator[str]:
    """Every address of the square, with something of the right form in it, and some beside it."""
    for one in urls.urlpatterns:
        if one.name is not None:
            yield from of(one)
    yield from BESIDE


def of(pattern: URLPattern) -> Iterator[str]:
    found = []
    for number in range(4):
        given = {name: GROUPS[name][number % len(GROUPS[name])] for name in pattern.pattern.regex.groupindex}
        try:
            found.append(reverse(f"square:{pattern.name}", kwargs=given))
        except NoReverseMatch:
            continue
    assert found, f"{pattern.name} has no address here"
    yield from dict.fromkeys(found)


def test_whatever_cannot_be_made_without_the_database_asks_to_come_again() -> None:
    client = Client(raise_request_exception=False)
    asked = list(addresses())
    with database_gone():
        answers = {address: client.get(address) for address in asked}
    assert [
        address for address, one in answers.items() if one.status_code not in {200, 301, 302, 404, 405, 503}
    ] == []
    away = {address: one for address, one in answers.items() if one.status_code == 503}
    assert away.keys() >= {
        "/",
        "/nytt",
        "/folj/alla.atom",
        "/har-finns-vi.json",
        "/har-finns-vi.csv",
        "/sitemap.xml",
    }
    assert away.keys() >= {"/k/abcdefg", f"/nytt/bild/{'0' * 64}", f"/fragor/bild/{'0' * 64}", "/sok?q=snö"}
    assert {(one["Retry-After"], one["Cache-Control"]) for one in away.values()} == {("30", "no-store")}


def test_a_short_link_leads_on_where_nothing_can_be_written(client: Client) -> None:
    exchange = stage().publish()
    code = short_links.code_of(ShortLink.Kind.EXCHANGE, exchange.number)

    def only_reading(execute: Any, sql: str, *rest: Any) -> Any:
        if not sql.startswith("SELECT"):
            raise OperationalError("attempt to write a readonly database")
        return execute(sql, *rest)

    with connection.execute_wrapper(only_reading):
        assert exchange.number in client.get(f"/k/{code}")["Location"]


def test_a_picture_whose_file_is_away_is_asked_for_again() -> None:
    paper = Paper.make()
    image = ("picture", {"image": photograph(), "alternative": "En plog", "caption": ""})
    services.publish(draft(paper, body=[image]), by=paper.editor)
    sha256 = PostPicture.objects.get().sha256
    Path(files.path_of(sha256)).unlink()
    answer = Client(raise_request_exception=False).get(f"/nytt/bild/{sha256}")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
