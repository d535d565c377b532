"""What every page of the square knows: whose it is, how to reach us, and its own address in the other languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from gensvar.square import face, positions
from gensvar.square.places import Place, open_places, talking


def square(request: HttpRequest) -> dict[str, Any]:
    """For templates; nothing is asked of the database until a page shows the ways to reach us."""
    places = SimpleLazyObject(lambda: _open_places(request))  # read once for whatever of it a page shows
    return {
        "municipality": settings.GENSVAR_NAME,
        "first_fonts": SimpleLazyObject(face.first_fonts),
        "ways_in": SimpleLazyObject(lambda: talking(places)),
        "pages_elsewhere": SimpleLazyObject(lambda: tuple(one.page for one in places if one.page)),
        "told_page": SimpleLazyObject(lambda: _told_page(request)),
        "has_positions": SimpleLazyObject(positions.any_to_show),
        "other_languages": SimpleLazyObject(lambda: _other_languages(request)),
    }


def _open_places(request: HttpRequest) -> tuple[Place, ...]:
    found = open_places()
    if found is None:
        request.lacks_something = True  # type: ignore[attr-defined]  # headers: nobody keeps this page
    return found or ()


def _told_page(request: HttpRequest) -> str:
    """The page's path for the link that tells what is hard to use; empty where a key could stand in it."""
    match = request.resolver_match
    if match is None or "square" not in match.namespaces or "token" in match.kwargs:
        return ""
    return request.path if getattr(match.func, "tellable", False) else ""


def _other_languages(request: HttpRequest) -> list[dict[str, str]]:
    """The languages that this page is not in, each with its own name and this page's address in it."""
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize(),
            "address": translate_url(request.path, code),
        }
        for code, _name in settings.LANGUAGES
        if code != get_language()
    ]
