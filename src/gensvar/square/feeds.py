"""Feeds of what is public, as Atom, RSS and JSON, for each stream that can be followed; through the gates alone (law 5).

A withdrawn entry is gone from the next answer on: there is no Last-Modified to hide it behind, only the ETag of the bytes.
Neighbours: streams says of what, items puts each entry into words, hub tells others that something changed (WebSub).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gensvar.core import clock, languages
from gensvar.publishing import entries, streams
from gensvar.publishing.newsletters import services as newsletters
from gensvar.publishing.streams import Stream
from gensvar.publishing.values import PublishedExchange
from gensvar.square.exchanges import instead
from gensvar.square.headers import public
from gensvar.square.items import Item, clean, item, tag

NEWEST: Final = 30


@require_safe
@public
def follow(request: HttpRequest) -> HttpResponse:
    """Every feed, in words; as many queries however many there are."""
    context = {
        "everything": streams.everything(),
        "functions": streams.functions(),
        "topics": streams.topics(),
        "persons": streams.persons(),
        "by_mail": newsletters.offered(),
    }
    return render(request, "square/follow.html", context)


@require_safe
@public
def follow_question(request: HttpRequest, number: str) -> HttpResponse:
    """The ways to follow one public question; where it may not be seen any more this answers as its page does."""
    stream = streams.find(streams.QUESTION, number)
    if stream is None:
        return instead(request, number, lambda other: reverse("square:follow_question", args=[other.number]))
    context = {"stream": stream, "home": _home(stream), "by_mail": newsletters.offered()}
    return render(request, "square/follow_question.html", context)


@require_safe
@public
def feed(request: HttpRequest, form: str, scope: str = streams.ALL, slug: str = "") -> HttpResponse:
    """The newest entries of one stream in one form; 304 for a reader that has these very bytes."""
    stream = streams.find(scope, slug)
    if stream is None:
        if scope == streams.QUESTION:
            return instead(request, slug, lambda other: _question(other).address(form))
        raise Http404
    if stream.slug != slug:
        return redirect(stream.address(form), permanent=True)
    found = entries.page(languages.here(), size=NEWEST, which=stream.which, for_feeds=True)
    items = [item(one) for one in found.entries]
    response = (
        _json(stream, items) if form == "json" else _xml(stream, items, Atom if form == "atom" else Rss, form)
    )
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["X-Robots-Tag"] = "noindex"
    response["Access-Control-Allow-Origin"] = (
        "*"  # a reader in a browser may ask: nothing here is anybody's own
    )
    if hub := _hub(stream):
        own = settings.GENSVAR_URL + stream.address(form)
        response["Link"] = f'<{hub}>; rel="hub", <{own}>; rel="self"'
    unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if unchanged is None else unchanged


class Atom(Atom1Feed):
    """Atom (RFC 4287) with the whole text and the language of each entry."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", "", {"rel": "hub", "href": self.feed["hub"]})

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(
            handler, {**item, "description": escape(item["description"])}
        )  # read as HTML
        handler.addQuickElement("content", item["html"], {"type": "html"})

    def latest_post_date(self) -> dt.datetime:
        return self.feed["changed_at"] or _today()


class Rss(Rss201rev2Feed):
    """RSS 2.0; what it has no element for is said as Atom (when an entry changed) and Dublin Core (its language) say it."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": item["html"]})
        handler.addQuickElement("atom:updated", item["updateddate"].isoformat())
        if item["language"]:
            handler.addQuickElement("dc:language", item["language"])

    def latest_post_date(self) -> dt.datetime:
        return self.feed["changed_at"] or _today()


def _xml(stream: Stream, items: Sequence[Item], kind: type[Atom | Rss], form: str) -> HttpResponse:
    made = kind(
        title=_title(stream),
        link=settings.GENSVAR_URL + _home(stream),
        description=_description(stream),
        subtitle=_description(stream),
        language=get_language(),
        author_name=settings.GENSVAR_NAME,
        feed_url=settings.GENSVAR_URL + stream.address(form),
        feed_guid=tag("2026", f"folj/{stream.scope}/{_named(stream)}/{get_language()}"),
        changed_at=max((one.changed_at for one in items), default=None),
        hub=_hub(stream),
    )
    for one in items:
        made.add_item(
            title=one.title,
            link=one.address,
            description=one.text[:300],
            unique_id=one.id,
            unique_id_is_permalink=False,
            author_name=clean(one.author),
            categories=[clean(one) for one in one.tags],
            pubdate=one.published_at,
            updateddate=one.changed_at,
            language=one.language,
            html=one.html,
        )
    return HttpResponse(made.writeString("utf-8"), content_type=f"application/{form}+xml; charset=utf-8")


def _json(stream: Stream, items: Sequence[Item]) -> HttpResponse:
    """JSON Feed 1.1 (jsonfeed.org)."""
    made: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(stream),
        "description": _description(stream),
        "home_page_url": settings.GENSVAR_URL + _home(stream),
        "feed_url": settings.GENSVAR_URL + stream.address("json"),
        "language": get_language(),
        "authors": [{"name": settings.GENSVAR_NAME}],
        "items": [_json_item(one) for one in items],
    }
    if hub := _hub(stream):
        made["hubs"] = [{"type": "WebSub", "url": hub}]
    return JsonResponse(
        made, content_type="application/feed+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )


def _json_item(one: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": one.id,
        "url": one.address,
        "title": one.title,
        "content_html": one.html,
        "summary" if one.lead_alone else "content_text": one.text,
        "date_published": one.published_at.isoformat(),
        "date_modified": one.changed_at.isoformat(),
        "authors": [{"name": one.author}],
        "tags": list(one.tags),
    }
    return found | ({"language": one.language} if one.language else {})


def _hub(stream: Stream) -> str:
    """Who tells others of its changes; nobody for one question: they are too many, and too small, to be announced."""
    return "" if stream.scope == streams.QUESTION else str(settings.GENSVAR_WEBSUB_HUB)


def _question(exchange: PublishedExchange) -> Stream:
    return Stream(streams.QUESTION, exchange.number, exchange.title)


def _home(stream: Stream) -> str:
    """The page that shows the same."""
    if stream.scope == streams.TOPIC:
        return reverse("square:topic", args=[stream.slug])
    if stream.scope == streams.QUESTION:
        return reverse("square:exchange", args=[stream.slug])
    return reverse("square:exchanges")


def _named(stream: Stream) -> str:
    """What the feed's name for ever says of it: of a person the number, since names change."""
    return str(streams.number_of(stream.slug)) if stream.scope == streams.PERSON else stream.slug


def _title(stream: Stream) -> str:
    return clean(f"{stream.title} · {settings.GENSVAR_NAME}")


def _description(stream: Stream) -> str:
    if stream.scope == streams.QUESTION:
        return _("What is said in answer to one question, and the comments below it.")
    return _("What people asked and agreed to share, and what the municipality answered and told.")


def _today() -> dt.datetime:
    """An empty feed is the same all day."""
    return dt.datetime.combine(clock.today(), dt.time(), tzinfo=timezone.get_default_timezone())
