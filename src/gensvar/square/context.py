"""What every page of the square knows: whose it is, how to reach us, and its own address in the other languages."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, override

from gensvar.square import face, places
from gensvar.square.places import Around, talking

DOUBLING: Final = "\u0651"  # a mark over a letter that Arabic seldom writes, and that Django's name of it has


def square(request: HttpRequest) -> dict[str, Any]:
    """For templates; nothing is asked of the database until a page shows what stands round it."""
    around = functools.cache(lambda: _around(request))
    return {
        **alone(),
        "ways_in": SimpleLazyObject(lambda: talking(around().places)),
        "pages_elsewhere": SimpleLazyObject(lambda: tuple(one.page for one in around().places if one.page)),
        "has_outcomes": SimpleLazyObject(lambda: around().outcomes),
        "has_positions": SimpleLazyObject(lambda: around().positions),
        "has_appearances": SimpleLazyObject(lambda: around().appearances),
        "has_experiments": SimpleLazyObject(lambda: around().experiments),
        "has_surveys": SimpleLazyObject(lambda: around().surveys),
        "told_page": SimpleLazyObject(lambda: _told_page(request)),
        "other_languages": SimpleLazyObject(lambda: _other_languages(request)),
    }


def alone() -> dict[str, Any]:
    """What of it needs neither request nor database."""
    return {"municipality": settings.GENSVAR_NAME, "first_fonts": SimpleLazyObject(face.first_fonts)}


def _around(request: HttpRequest) -> Around:
    found = places.around()
    if found is None:
        request.lacks_something = True  # type: ignore[attr-defined]  # headers: nobody keeps this page
    return found or Around()


def _told_page(request: HttpRequest) -> str:
    """The page's path for the link that tells what is hard to use; empty where a key could stand in it."""
    match = request.resolver_match
    if match is None or "square" not in match.namespaces or "token" in match.kwargs:
        return ""
    return request.path if getattr(match.func, "tellable", False) else ""


def _other_languages(request: HttpRequest) -> list[dict[str, str]]:
    """The languages that this page is not in, each with its own name and this page's address in it."""
    return languages_at(
        {code: _in(code, request) for code, _name in settings.LANGUAGES if code != get_language()}
    )


def _in(code: str, request: HttpRequest) -> str:
    """The page's address in that language; from what is no page, the front page."""
    if request.resolver_match is not None:
        return translate_url(request.path, code)
    with override(code):
        return reverse("square:home")


def languages_at(addresses: Mapping[str, str]) -> list[dict[str, str]]:
    """Those of the square's languages that have an address here, each with its own name."""
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize().replace(DOUBLING, ""),
            "address": addresses[code],
        }
        for code, _name in settings.LANGUAGES
        if code in addresses
    ]
