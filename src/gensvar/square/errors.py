"""What is said when a page cannot be shown: kind, short, with a way on, and never with anybody's words in it."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext as _

from gensvar.square import context, left_languages, old_addresses, slashes

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what the browser sent did not fit together."""
    return render(request, "400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same page for an address that never was and for a key that does not open; an old blog's, one with a
    slash or a full stop too many, and one of a language that there was lead on."""
    for asked in (old_addresses.moved, slashes.as_meant, left_languages.led_on):
        if (there := asked(request)) is not None:
            return there
    response = render(request, "404.html", status=404)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def asleep(request: HttpRequest) -> HttpResponse:
    """503: a page cannot be made while the database is away. Made as `broken` is, in the language of the address."""
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            page = loader.get_template("square/asleep.html").render(context.alone())
        except Exception:  # even the style sheets are gone: the words must still come
            logger.exception("The page that asks to come again could not be made; its bare words were sent.")
            direction = ' dir="rtl"' if translation.get_language_bidi() else ""
            title = _("We are away for a moment")
            page = f'<!doctype html><html lang="{language}"{direction}><title>503</title><h1>{title}</h1>'
    response = HttpResponse(page, status=503)
    response["Referrer-Policy"] = "no-referrer"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500: made without the database, without the request's own words, and without anything that could break again."""
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        direction = ' dir="rtl"' if translation.get_language_bidi() else ""
        try:
            page = loader.get_template("500.html").render({"language": language})
        except Exception:  # even the style sheets are gone: the words must still come
            logger.exception("The page for our own faults could not be made; its bare words were sent.")
            title = _("It is our fault")
            page = f'<!doctype html><html lang="{language}"{direction}><title>500</title><h1>{title}</h1>'
    response = HttpResponse(page, status=500)
    response["Cache-Control"] = "no-store"
    return response


def away_page() -> str:
    """What a web server in front says when we do not answer at all: one page in every language, in need of no other file."""
    codes = [code for code, _name in settings.LANGUAGES]
    with translation.override(codes[0]):
        return loader.get_template("square/away.html").render({"language": codes[0], "languages": codes})
