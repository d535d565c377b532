"""Feeds of what is public: Atom, RSS and JSON, of all, of each function and each topic; through the gate alone (law 5).

A withdrawn exchange is gone from the next answer on: there is no Last-Modified to hide it behind, only the ETag of the bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.people.models import Function
from gensvar.publishing import gate
from gensvar.publishing.values import PublishedExchange, PublishedWord
from gensvar.square.exchanges import address_of
from gensvar.square.headers import public

NEWEST: Final = 30
FORMS: Final = ("atom", "rss", "json")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Stream:
    """What a feed is of: everything, a function or a topic; `title` in the language of the page."""

    scope: str  # "alla", "funktion" or "amne"
    slug: str
    title: str

    def address(self, form: str) -> str:
        """Its path in that form ("atom", "rss", "json")."""
        if self.slug:
            return reverse("square:feed_of", args=[self.scope, self.slug, form])
        return reverse("square:feed", args=[form])

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Each form's name and absolute address."""
        names = {"atom": "Atom", "rss": "RSS", "json": "JSON"}
        return [(names[form], settings.GENSVAR_URL + self.address(form)) for form in FORMS]


@require_safe
@public
def follow(request: HttpRequest) -> HttpResponse:
    """Every feed, in words; three queries however many there are."""
    functions = [Stream("funktion", one.slug, str(one)) for one in Function.objects.filter(active=True)]
    topics = [Stream("amne", one.slug, _name(one)) for one in gate.topics()]
    context = {"everything": everything(), "functions": functions, "topics": topics}
    return render(request, "square/follow.html", context)


@require_safe
@public
def feed(request: HttpRequest, form: str, scope: str = "alla", slug: str = "") -> HttpResponse:
    """The newest exchanges of one stream in one form; 304 for a reader that has these very bytes."""
    stream = _stream(scope, slug)
    page = gate.published_page(
        size=NEWEST, function=slug if scope == "funktion" else "", topic=slug if scope == "amne" else ""
    )
    response = (
        _json(stream, page.exchanges)
        if form == "json"
        else _xml(stream, page.exchanges, Atom if form == "atom" else Rss, form)
    )
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["X-Robots-Tag"] = "noindex"
    response["Access-Control-Allow-Origin"] = (
        "*"  # a reader in a browser may ask: nothing here is anybody's own
    )
    found = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if found is None else found


def everything() -> Stream:
    """The stream of all exchanges."""
    return Stream("alla", "", _("All questions and answers"))


class Atom(Atom1Feed):
    """Atom (RFC 4287) with the whole text and the language of each entry."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})

    def latest_post_date(self) -> dt.datetime:
        return self.feed["changed_at"] or _today()


class Rss(Rss201rev2Feed):
    """RSS 2.0; what it has no element for (when an entry changed) is said as Atom says it."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": item["html"]})
        handler.addQuickElement("atom:updated", item["updateddate"].isoformat())

    def latest_post_date(self) -> dt.datetime:
        return self.feed["changed_at"] or _today()


def _stream(scope: str, slug: str) -> Stream:
    if scope == "funktion":
        function = Function.objects.filter(slug=slug).first()
        if function is not None:
            return Stream(scope, slug, str(function))
    elif scope == "amne":
        topic = Topic.objects.filter(slug=slug).first()
        if topic is not None:
            return Stream(scope, slug, _name(topic))
    else:
        return everything()
    raise Http404


def _name(topic: Topic) -> str:
    return topic.name_en if topic.name_en and get_language() == "en" else topic.name


def _xml(
    stream: Stream, exchanges: tuple[PublishedExchange, ...], kind: type[Atom | Rss], form: str
) -> HttpResponse:
    made = kind(
        title=_title(stream),
        link=settings.GENSVAR_URL + reverse("square:exchanges"),
        description=_description(),
        subtitle=_description(),
        language=get_language(),
        author_name=settings.GENSVAR_NAME,
        feed_url=settings.GENSVAR_URL + stream.address(form),
        feed_guid=_tag("2026", f"folj/{stream.scope}/{stream.slug}/{get_language()}"),
        changed_at=max((_changed(one) for one in exchanges), default=None),
    )
    for one in exchanges:
        made.add_item(
            title=_clean(one.title),
            link=settings.GENSVAR_URL + address_of(one),
            description=_clean(one.question.text[:300]),
            unique_id=_id(one),
            unique_id_is_permalink=False,
            author_name=one.answer.name or one.function,
            categories=[one.function],
            pubdate=one.published_at,
            updateddate=_changed(one),
            language=_language(one.language),
            html=_html(one),
        )
    return HttpResponse(made.writeString("utf-8"), content_type=f"application/{form}+xml; charset=utf-8")


def _json(stream: Stream, exchanges: tuple[PublishedExchange, ...]) -> HttpResponse:
    """JSON Feed 1.1 (jsonfeed.org)."""
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(stream),
        "description": _description(),
        "home_page_url": settings.GENSVAR_URL + reverse("square:exchanges"),
        "feed_url": settings.GENSVAR_URL + stream.address("json"),
        "language": get_language(),
        "authors": [{"name": settings.GENSVAR_NAME}],
        "items": [_json_item(one) for one in exchanges],
    }
    return JsonResponse(
        made, content_type="application/feed+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )


def _json_item(one: PublishedExchange) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": _id(one),
        "url": settings.GENSVAR_URL + address_of(one),
        "title": _clean(one.title),
        "content_html": _html(one),
        "content_text": _clean("\n\n".join(word.text for word in one.words)),
        "date_published": one.published_at.isoformat(),
        "date_modified": _changed(one).isoformat(),
        "authors": [{"name": one.answer.name or one.function}],
        "tags": [one.function],
    }
    return item | ({"language": language} if (language := _language(one.language)) else {})


def _html(one: PublishedExchange) -> str:
    words = [(_heading(one, word), word, _language(word.language or one.language)) for word in one.words]
    context = {"words": words, "site": settings.GENSVAR_URL}
    return _clean(render_to_string("square/_feed_words.html", context))


def _heading(one: PublishedExchange, word: PublishedWord) -> str:
    if word is one.question:
        return _("The question")
    if word is one.answer:
        return _("The answer")
    return _("We answered again") if word.ours else _("A further word")


def _title(stream: Stream) -> str:
    return f"{stream.title} · {settings.GENSVAR_NAME}"


def _description() -> str:
    return _("What people asked and agreed to share, and what the municipality answered.")


def _id(one: PublishedExchange) -> str:
    """The same for ever, whatever the headline becomes and in every form and language."""
    return _tag(one.published_at.astimezone(dt.UTC).date().isoformat(), f"fragor/{one.number}")


def _tag(date: str, specific: str) -> str:
    """A tag URI (RFC 4151): the name of our site, a day on which it was ours, and what it names."""
    return f"tag:{urlsplit(settings.GENSVAR_URL).hostname},{date}:{specific}"


def _changed(one: PublishedExchange) -> dt.datetime:
    return one.changed_at or one.published_at


def _today() -> dt.datetime:
    """An empty feed is the same all day."""
    return dt.datetime.combine(clock.today(), dt.time(), tzinfo=timezone.get_default_timezone())


def _language(code: str) -> str:
    return code if _LANGUAGE.fullmatch(code) else ""


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold (XML 1.0 § 2.2)."""
    return _NOT_IN_XML.sub("", text)
