"""What the municipality says unasked, read through the posts' gate alone (law 5); neighbour: publishing.posts.gate."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from gensvar.core import languages
from gensvar.learning import gate as outcomes
from gensvar.publishing.comments import gate as comments
from gensvar.publishing.posts import gate
from gensvar.publishing.posts.values import Translation
from gensvar.square.context import languages_at
from gensvar.square.exchanges import key_in_address, key_of, page_in
from gensvar.square.headers import harmless, knows, public
from gensvar.square.shown_no_longer import POST, gone

_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@require_safe
@public
@knows("fore", "manad")
def index(request: HttpRequest, year: str = "", month: str = "") -> HttpResponseBase:
    """Newest first, all or those of a year or a month; by key: `?fore=` says where the page begins.

    `?manad=2026-11` was the address of a month. A month without posts is not there, but for a post of that very name.
    """
    if not year and (said := _MONTH.fullmatch(request.GET.get("manad", ""))):
        return redirect("square:posts_month", *said.groups(), permanent=True)
    before = key_of(request.GET.get("fore", ""))
    page = gate.page(languages.here(), before, year=int(year or 0), month=int(month or 0))
    if year and not page.posts and before is None:
        if month and gate.find(int(year), month, languages.here()) is not None:
            return post(request, year, month)
        return render(request, "square/no_such_month.html", {"all": reverse("square:posts")}, status=404)
    following = f"{request.path}?fore={key_in_address(page.next)}" if page.next else ""
    context = {
        "page": page,
        "next": following,
        "first": before is None,
        "year": year,
        "month": dt.date(int(year), int(month), 1) if month else None,
        "months": gate.months(languages.here()),
    }
    return render(request, "square/posts.html", context)


@require_safe
@public
@knows("kommentarer")
def post(request: HttpRequest, year: str, slug: str) -> HttpResponse:
    """One post; where it is translated, in the reader's language; a withdrawn one says that it was there."""
    found = gate.find(int(year), slug, languages.here())
    if found is None:
        if gate.was_shown(int(year), slug):
            return gone(request, POST)
        raise Http404
    if found.slug != slug or found.year != int(year):
        return redirect("square:post", found.year, found.slug)
    addresses = addresses_of(found.translations)
    context = {
        "post": found,
        "other_languages": [one for one in languages_at(addresses) if one["code"] != get_language()],
        "here_at": addresses[get_language() or settings.LANGUAGE_CODE],
        "default_at": addresses[settings.LANGUAGE_CODE],
        "translations": _translations(found.translations, found.language),
        "thread": comments.thread("post", found.place, page_in(request)),
        "comment_at": reverse("square:comment_post", args=[found.year, found.slug]),
        "led_to": outcomes.of_post(found.key),
    }
    return render(request, "square/post.html", context)


@require_safe
@public
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture of a post that may be seen now, and nothing else."""
    found = gate.picture(sha256)
    if found is None:
        raise Http404
    return harmless(*found)


def addresses_of(translations: Sequence[Translation]) -> dict[str, str]:
    """The post's page in each language of the square: its translation where that may be seen, else the original.

    The original is the one in the square's first language, or the oldest.
    """
    found = {one.language: one for one in translations}
    original = found.get(settings.LANGUAGE_CODE, translations[0])
    return {code: _address(found.get(code, original), code) for code, _name in settings.LANGUAGES}


def _translations(translations: Sequence[Translation], shown: str) -> list[dict[str, str]]:
    """The other languages in which the text may be read."""
    return languages_at(
        {one.language: _address(one, one.language) for one in translations if one.language != shown}
    )


def _address(one: Translation, code: str) -> str:
    with override(code):
        return reverse("square:post", args=[one.year, one.slug])
