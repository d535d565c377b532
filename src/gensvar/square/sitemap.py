"""What search engines ask for: every public page, month by month, each in all its languages (sitemaps.org; hreflang).

Read through the gates alone (law 5). Neighbour: pages names it in robots.txt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from gensvar.learning import gate as outcomes
from gensvar.learning.surveys import gate as surveys
from gensvar.learning.workshop import gate as workshop
from gensvar.publishing import entries, gate
from gensvar.publishing.positions import gate as positions
from gensvar.publishing.posts import gate as posts
from gensvar.square.headers import public
from gensvar.square.posts import addresses_of

MOST: Final = 500  # pages of one file: in three languages it stays below what is kept (config.pages)
FILES: Final = 50_000  # the protocol's most in an index
STANDING: Final = (
    *("home", "exchanges", "posts", "places", "answering", "topics", "follow", "about", "contact"),
    *(
        "accessibility",
        "personal_data",
        "positions",
        "outcomes",
        "voices",
        "workshop",
        "surveys",
        "appearances",
    ),
)


@dataclass(frozen=True, slots=True)
class Page:
    """The path in each language that a page is in, and when it last changed."""

    paths: dict[str, str]
    changed_at: dt.datetime | None = None


class Pages(Sitemap[Page]):
    """The pages of one file, each in its languages with its addresses in the others."""

    i18n = alternates = True

    def __init__(self, pages: Iterable[Page], *, x_default: bool = False) -> None:
        self.pages = list(pages)[:MOST]
        self.x_default = x_default

    def items(self) -> list[Page]:
        """Newest first."""
        return self.pages

    def get_languages_for_item(self, item: Page) -> list[str]:
        """Those in which it is shown."""
        return list(item.paths)

    def location(self, item: Page) -> str:
        """Its path in the language that is asked for."""
        return item.paths[get_language() or settings.LANGUAGE_CODE]

    def lastmod(self, item: Page) -> dt.datetime | None:
        """When it changed, where that is known."""
        return item.changed_at

    def get_protocol(self, protocol: str | None = None) -> str:
        """Of this house, whatever the request came by."""
        return urlsplit(settings.GENSVAR_URL).scheme

    def get_domain(self, site: object = None) -> str:
        """Of this house, whatever the request called it."""
        return urlsplit(settings.GENSVAR_URL).netloc


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """Which files there are: the standing pages, what we stand for, outcomes, experiments, surveys, and each month's answers and posts."""
    names = ["sidor", *ROOMS]
    names += [f"fragor-{month:%Y-%m}" for month in gate.months()]
    names += [f"nytt-{month:%Y-%m}" for month in posts.months_of_all()]
    files = [{"location": f"{settings.GENSVAR_URL}/sitemap-{name}.xml"} for name in names[:FILES]]
    return _answer("sitemap_index.xml", {"sitemaps": files})


@require_safe
@public
def part(request: HttpRequest, name: str, year: str = "", month: str = "") -> HttpResponse:
    """One file; a month that nothing is in is not there."""
    pages = Pages(_pages(name, int(year or 0), int(month or 0)), x_default=name == "nytt")
    if year and not pages.items():
        raise Http404
    return _answer("sitemap.xml", {"urlset": pages.get_urls()})


def _pages(name: str, year: int, month: int) -> Iterator[Page]:
    if name == "fragor":
        for exchange in gate.published_page(size=MOST, month=(year, month)).exchanges:
            yield Page(_everywhere("exchange", exchange.number, exchange.slug), exchange.changed_at)
    elif name == "nytt":
        for translations in posts.told_first_in(year, month, MOST):
            yield Page(addresses_of(translations), max(one.changed_at for one in translations))
    elif name in ROOMS:
        yield from ROOMS[name]()
    else:
        yield from (Page(_everywhere(view)) for view in STANDING)
        slugs = sorted(topic.slug for topic in entries.topics())
        yield from (Page(_everywhere("topic", slug)) for slug in slugs)


def _positions() -> Iterator[Page]:
    for position in positions.page(size=MOST).positions:
        yield Page(_everywhere("position", position.slug), position.newest.holds_from)


def _outcomes() -> Iterator[Page]:
    for outcome in outcomes.page(size=MOST).outcomes:
        yield Page(_everywhere("outcome", outcome.key, outcome.slug), outcome.newest.at)


def _experiments() -> Iterator[Page]:
    for one in workshop.page(size=MOST).experiments:
        yield Page(_everywhere("experiment", one.key, one.slug), one.changed_at)


def _surveys() -> Iterator[Page]:
    for survey in surveys.page(size=MOST).surveys:
        yield Page(_everywhere("survey", survey.slug), survey.changed_at)


ROOMS: Final[dict[str, Callable[[], Iterator[Page]]]] = {
    "vi-star-for": _positions,
    "ni-sade-vi-gjorde": _outcomes,
    "verkstad": _experiments,
    "hur-vi-leder": _surveys,
}


def _everywhere(view: str, *args: object) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = reverse(f"square:{view}", args=args)
    return found


def _answer(template: str, context: dict[str, object]) -> HttpResponse:
    """Without Django's Last-Modified: it is the newest page's, and would hide that another was withdrawn."""
    return HttpResponse(render_to_string(template, context), content_type="application/xml; charset=utf-8")
