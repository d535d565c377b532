"""What search engines ask for: every public page, month by month, each in all its languages (sitemaps.org; hreflang).

Read through the gates alone (law 5). Neighbour: pages names it in robots.txt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree import ElementTree as Tree

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from gensvar.learning import gate as outcomes
from gensvar.publishing import gate
from gensvar.publishing.positions import gate as positions
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.values import PublishedPost
from gensvar.square.headers import public

MOST: Final = (
    1000  # pages of one file: it stays below what is kept (config.pages) and far below the protocol's 50,000
)
STANDING: Final = (
    *("home", "exchanges", "posts", "places", "answering", "topics", "follow", "about", "contact"),
    *("accessibility", "personal_data", "positions", "outcomes"),
)
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML: Final = "http://www.w3.org/1999/xhtml"

Entry = tuple[dict[str, str], dt.datetime | None]
"""The path in each language that the page is in, and when it last changed."""


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """Which files there are: the standing pages, what we stand for, outcomes, and each month's answers and posts."""
    root = Tree.Element("sitemapindex", xmlns=SITEMAP)
    told = {month for code, _name in settings.LANGUAGES for month in posts.months(code)}
    names = ["sidor", "vi-star-for", "ni-sade-vi-gjorde"]
    names += [f"fragor-{month:%Y-%m}" for month in gate.months()]
    names += [f"nytt-{month:%Y-%m}" for month in sorted(told, reverse=True)]
    for name in names[:50_000]:  # the protocol's most
        _say(Tree.SubElement(root, "sitemap"), "loc", f"{settings.GENSVAR_URL}/sitemap-{name}.xml")
    return _answer(root)


@require_safe
@public
def part(request: HttpRequest, name: str, year: str = "", month: str = "") -> HttpResponse:
    """The pages of one file, each with its addresses in the other languages; a month that nothing is in is not there."""
    entries = list(_entries(name, int(year or 0), int(month or 0)))
    if year and not entries:
        raise Http404
    root = Tree.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for paths, changed_at in entries[:MOST]:
        url = Tree.SubElement(root, "url")
        _say(url, "loc", settings.GENSVAR_URL + next(iter(paths.values())))
        if changed_at is not None:
            _say(url, "lastmod", changed_at.astimezone(dt.UTC).isoformat(timespec="seconds"))
        for code, path in paths.items():
            href = settings.GENSVAR_URL + path
            Tree.SubElement(url, "xhtml:link", rel="alternate", hreflang=code, href=href)
    return _answer(root)


def _entries(name: str, year: int, month: int) -> Iterator[Entry]:
    if name == "fragor":
        for exchange in gate.published_page(size=MOST, month=(year, month)).exchanges:
            yield _everywhere("exchange", exchange.number, exchange.slug), exchange.changed_at
    elif name == "nytt":
        for paths in _posts(year, month):
            yield paths, None
    elif name == "vi-star-for":
        for position in positions.page(size=MOST).positions:
            yield _everywhere("position", position.slug), position.newest.holds_from
    elif name == "ni-sade-vi-gjorde":
        for outcome in outcomes.page(size=MOST).outcomes:
            yield _everywhere("outcome", outcome.key, outcome.slug), outcome.newest.at
    else:
        yield from ((_everywhere(view), None) for view in STANDING)
        slugs = {topic.slug for topics in (gate.topics(), posts.topics()) for topic in topics}
        yield from ((_everywhere("topic", slug), None) for slug in sorted(slugs))


def _posts(year: int, month: int) -> Iterable[dict[str, str]]:
    """Each post in the languages in which it is shown: where it is translated, its translation stands for itself."""
    found: dict[int, tuple[PublishedPost, dict[str, str]]] = {}
    for code, _name in settings.LANGUAGES:
        for post in posts.page(code, size=MOST, year=year, month=month).posts:
            with override(code):
                path = reverse("square:post", args=[post.year, post.slug])
            found.setdefault(post.key, (post, {}))[1][code] = path
    for post, paths in found.values():
        own = {post.language: paths[post.language]} if post.language in paths else {}
        yield own | paths


def _everywhere(view: str, *args: object) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = reverse(f"square:{view}", args=args)
    return found


def _say(parent: Tree.Element, tag: str, text: str) -> None:
    Tree.SubElement(parent, tag).text = text


def _answer(root: Tree.Element) -> HttpResponse:
    body = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type="application/xml; charset=utf-8")
