"""What every page of the square knows: whose it is, how to reach us, and its own address in the other languages."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from gensvar.square import face
from gensvar.square.places import Place, ways_in

DOUBLING: Final = "\u0651"  # a mark over a letter that Arabic seldom writes, and that Django's name of it has


def square(request: HttpRequest) -> dict[str, Any]:
    """For templates; nothing is asked of the database until a page shows the ways to reach us."""
    return {
        "municipality": settings.GENSVAR_NAME,
        "first_fonts": SimpleLazyObject(face.first_fonts),
        "ways_in": SimpleLazyObject(lambda: _ways_in(request)),
        "other_languages": SimpleLazyObject(lambda: _other_languages(request)),
    }


def _ways_in(request: HttpRequest) -> tuple[Place, ...]:
    found = ways_in()
    if found is None:
        request.lacks_something = True  # type: ignore[attr-defined]  # headers: nobody keeps this page
    return found or ()


def _other_languages(request: HttpRequest) -> list[dict[str, str]]:
    """The languages that this page is not in, each with its own name and this page's address in it."""
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize().replace(DOUBLING, ""),
            "address": translate_url(request.path, code),
        }
        for code, _name in settings.LANGUAGES
        if code != get_language()
    ]
