"""The pictures of pages that are passed on: what the pages say of them, while their page may be seen, drawn once."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils.translation import override
from PIL import Image

from gensvar.learning import services as learning
from gensvar.learning.tests.scene import Town
from gensvar.publishing import services
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.posts import gate
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Post
from gensvar.publishing.tests.positions_scene import TITLE, change, stand
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage
from gensvar.square.posters import drawing, letters, showing

pytestmark = pytest.mark.django_db

HOUSE = "http://127.0.0.1:8000"


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles that were drawn; nothing is kept from before."""
    caches["pictures"].clear()
    titles: list[str] = []
    draw = drawing.draw

    def counted(words: drawing.Words) -> bytes:
        titles.append(words.title)
        return draw(words)

    monkeypatch.setattr(drawing, "draw", counted)
    return titles


def told(page: bytes) -> dict[str, str]:
    """What the page tells those who show it elsewhere."""
    found = re.findall(r'<meta (?:property|name)="([a-z:_]+)" content="([^"]*)">', page.decode())
    return {name: unescape(value) for name, value in found}


def picture_of(client: Client, page: str) -> str:
    """The path of a page's picture."""
    return told(client.get(page).content)["og:image"].removeprefix(HOUSE)


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture


def published(paper: Paper, title: str = "Så plogar vi") -> tuple[Post, str]:
    post = draft(paper, title)
    posts.publish(post, by=paper.editor)
    found = gate.find_by_key(post.pk)
    assert found
    return post, f"/nytt/{found.year}/{found.slug}"


def test_a_post_tells_its_title_its_lead_and_a_picture_of_ours(
    client: Client, paper: Paper, settings: Any
) -> None:
    post, page = published(paper, 'Vi säger "ja" & <b>tackar</b>')
    response = client.get(page)
    said = told(response.content)
    path = said["og:image"].removeprefix(settings.GENSVAR_URL)
    assert re.fullmatch(rf"/dela/bild/nytt-{post.pk}/[0-9a-f]{{16}}\.png", path)
    assert {name: said[name] for name in said if name != "og:image" and name[:2] in {"og", "tw", "de"}} == {
        "description": post.lead,
        "og:type": "article",
        "og:site_name": settings.GENSVAR_NAME,
        "og:title": post.title,
        "og:description": post.lead,
        "og:url": settings.GENSVAR_URL + page,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": f"{settings.GENSVAR_NAME}: {post.title}",
        "twitter:card": "summary_large_image",
    }
    assert "<b>tackar" not in response.content.decode()
    answer = client.get(path)
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not answer.cookies
    picture = opened(answer.content)
    assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_each_kind_of_public_page_has_one_in_its_language(client: Client, paper: Paper, town: Town) -> None:
    exchange = stage().publish()
    outcome = town.published(town.wrote())
    position = stand(paper, title_en="How fast do we plough?", text_en="Within a day.")
    pages = [
        f"/fragor/{exchange.number}-{exchange.slug}",
        f"/ni-sade-vi-gjorde/{outcome.pk}-{outcome.slug}",
        f"/vi-star-for/{position.slug}",
        published(paper)[1],
    ]
    seen, titles = set(), {}
    for begin, shown in (("", pages), ("/en", pages[1:3]), ("/ar", pages[::3])):
        for page in shown:
            said = told(client.get(begin + page).content)
            path = said["og:image"].removeprefix(HOUSE)
            assert path.startswith(f"{begin}/dela/bild/")
            answer = client.get(path)
            assert opened(answer.content).size == (1200, 630)
            seen.add(answer.content)
            titles[begin + page] = said["og:title"]
    assert len(seen) == 8
    assert (titles[f"/en{pages[2]}"], titles[pages[2]]) == ("How fast do we plough?", TITLE)


def test_a_changed_title_has_another_picture_and_the_old_address_leads_to_it(
    client: Client, paper: Paper
) -> None:
    position = stand(paper, title="Hur snabbt plogar vi?")
    page = f"/vi-star-for/{position.slug}"
    before = picture_of(client, page)
    first = client.get(before).content
    change(paper, position, title="När plogar vi cykelvägen?", reason="Många frågade.")
    after = picture_of(client, page)
    assert after != before
    assert client.get(before)["Location"] == after
    assert client.get(after).content != first


def test_what_is_withdrawn_has_no_picture_and_none_is_kept(client: Client, paper: Paper, town: Town) -> None:
    post, page = published(paper)
    picture = picture_of(client, page)
    client.get(picture)
    key = f"sv:nytt-{post.pk}"
    assert caches["pictures"].get(key)
    posts.withdraw(post, "Fel siffra", by=paper.editor)
    assert client.get(picture).status_code == 410
    assert caches["pictures"].get(key) is None
    staged = stage()
    exchange = staged.publish()
    asked = picture_of(client, f"/fragor/{exchange.number}-{exchange.slug}")
    services.withdraw(PublicExchange.objects.get(pk=exchange.pk), "Fel", by=staged.editor)
    outcome = town.published(town.wrote())
    done = picture_of(client, f"/ni-sade-vi-gjorde/{outcome.pk}-{outcome.slug}")
    learning.withdraw(outcome, "Fel", by=town.editor)
    assert [client.get(one).status_code for one in (asked, done)] == [410, 410]


def test_what_was_never_public_has_none_and_nothing_is_drawn_of_it(
    client: Client, paper: Paper, drawn: list[str]
) -> None:
    hidden = draft(paper, "Ännu hemligt")
    with override("sv"):
        version = showing.of(gate.as_it_would_be(hidden)).version
    paths = [
        f"/dela/bild/nytt-{hidden.pk}/{version}.png",
        f"/dela/bild/nytt-999999999999999999/{version}.png",
        f"/dela/bild/star-1/{version}.png",
        f"/dela/bild/gjort-1/{version}.png",
        f"/dela/bild/2026-000001/{version}.png",
        f"/dela/bild/../{version}.png",
        f"/dela/bild/nytt-1%00/{version}.png",
    ]
    assert {client.get(path).status_code for path in paths} == {404}
    assert drawn == []


def test_a_flood_of_made_up_versions_draws_nothing(client: Client, paper: Paper, drawn: list[str]) -> None:
    post, page = published(paper)
    right = picture_of(client, page)
    for number in range(5):
        answer = client.get(f"/dela/bild/nytt-{post.pk}/{number:016x}.png")
        assert (answer.status_code, answer["Location"]) == (302, right)
    assert drawn == []
    for _time in range(3):
        client.get(right)
    assert drawn == [post.title], "drawn once, then taken from the shelf"


def test_of_a_page_and_language_one_picture_is_kept(client: Client, paper: Paper, settings: Any) -> None:
    position = stand(paper)
    for number in range(2):
        change(paper, position, title=f"Lydelse {number}", reason="Ny.")
        assert client.get(picture_of(client, f"/vi-star-for/{position.slug}")).status_code == 200
    assert len(list(Path(settings.CACHES["pictures"]["LOCATION"]).glob("*.djcache"))) == 1


def test_a_disk_that_is_full_costs_a_drawing_not_the_picture(
    client: Client, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post, page = published(paper)

    def full(*_arguments: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(showing._kept, "set", full)
    assert opened(client.get(picture_of(client, page)).content).size == (1200, 630)


def test_a_kept_picture_that_was_written_by_half_is_drawn_again(
    client: Client, paper: Paper, settings: Any
) -> None:
    _post, page = published(paper)
    address = picture_of(client, page)
    whole = client.get(address).content
    (kept,) = Path(settings.CACHES["pictures"]["LOCATION"]).glob("*.djcache")
    for half in (kept.read_bytes()[:-200], kept.read_bytes()[:3], b""):
        kept.write_bytes(half)
        assert client.get(address).content == whole


def test_when_too_many_wait_for_a_drawing_one_is_asked_to_come_again(
    client: Client, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post, page = published(paper)
    picture = picture_of(client, page)
    monkeypatch.setattr(showing, "_waiting", threading.BoundedSemaphore(1))
    assert showing._waiting.acquire(blocking=False)
    answer = client.get(picture)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    showing._waiting.release()
    assert client.get(picture).status_code == 200


def test_a_house_that_cannot_open_its_typefaces_says_so_by_telling_no_picture(
    client: Client, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    _post, page = published(paper)
    picture = picture_of(client, page)
    monkeypatch.setattr(letters, "are_there", lambda: False)
    said = told(client.get(page).content)
    assert said["og:title"] == "Så plogar vi"
    assert not {"og:image", "twitter:card"} & set(said)
    assert client.get(picture).status_code == 404


def test_a_picture_costs_few_queries_and_the_words_about_a_page_none(
    client: Client, paper: Paper, django_assert_num_queries: Callable[[int], Any]
) -> None:
    post, page = published(paper)
    picture = picture_of(client, page)
    client.get(picture)
    with django_assert_num_queries(3):
        client.get(picture)
    found = gate.find_by_key(post.pk)
    assert found
    with django_assert_num_queries(0), override("sv"):
        assert showing.of(found).picture.endswith(picture)
