"""Says to browsers and caches what they may keep: public pages are the same for all, private ones are nobody else's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from gensvar.core.sandboxed import NOTHING

View = Callable[..., HttpResponseBase]

RETRY_AFTER: Final = "30"  # seconds
FORM_ID: Final = "gensvar.form_id"  # in a request's WSGI environment: the id that its page's form carries


def knows(*parameters: str) -> Callable[[View], View]:
    """What of the address's query the public page asks for; nothing else of it reaches the page when it is kept."""

    def mark(view: View) -> View:
        view.parameters = frozenset(parameters)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """The page is the same for everybody: it may be kept by any cache that asks each time whether it still holds.

    Ours keeps it too (config.pages), made from the address alone: no other header reaches it. One that was made while
    the database did not answer lacks something and is kept by nobody.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        lacking = getattr(request, "lacks_something", False)
        response.setdefault("Cache-Control", "no-store" if lacking else "public, max-age=0, must-revalidate")
        return response

    wrapped.parameters = getattr(view, "parameters", frozenset())  # type: ignore[attr-defined]
    wrapped.tellable = True  # type: ignore[attr-defined]  # its address may be told: no key is in it
    return wrapped


def for_one(view: View) -> View:
    """The page holds a form of its own or somebody's words: no shared cache keeps it."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.setdefault("Cache-Control", "private, max-age=0, must-revalidate")
        response["X-Robots-Tag"] = "noindex"
        return response

    wrapped.tellable = True  # type: ignore[attr-defined]
    return wrapped


def same_but_for_its_form(view: View) -> View:
    """The page is the same for everybody except for the id of its form, which the view tells with `tell_form_id`.

    Ours alone keeps it (config.pages), and gives each reader a new id; to every other cache it is somebody's own.
    """
    marked = for_one(view)

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = marked(request, *args, **kwargs)
        if getattr(request, "lacks_something", False):
            response["Cache-Control"] = "no-store"
        return response

    wrapped.parameters = getattr(view, "parameters", frozenset())  # type: ignore[attr-defined]
    wrapped.tellable = True  # type: ignore[attr-defined]
    return wrapped


def tellable(view: View) -> View:
    """Its address may be told: no key is in it."""
    view.tellable = True  # type: ignore[attr-defined]
    return view


def tell_form_id(request: HttpRequest, form_id: str) -> None:
    """Say which id the form of this page carries; it must stand in the page once."""
    request.META[FORM_ID] = form_id


def secret(view: View) -> View:
    """The address itself is the key: nothing is kept anywhere, nobody is told where the reader came from."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        hide(response)
        return response

    return wrapped


def hide(response: HttpResponseBase) -> None:
    """Let nobody keep or frame this answer, nor learn from it where its reader was."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["X-Frame-Options"] = "DENY"


def harmless(data: bytes, content_type: str) -> HttpResponse:
    """A picture to look at: whatever is in it, no browser runs it."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Security-Policy"] = NOTHING
    response["Content-Disposition"] = "inline"
    return response


class AskToComeAgain:
    """Of whatever could not be answered for now (503), the square's and the desk's: nobody keeps it, all may ask again soon."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 503:
            response["Cache-Control"] = "no-store"
            response.setdefault("Retry-After", RETRY_AFTER)
        return response


class VaryOnlyAsNeeded:
    """Takes Accept-Language out of Vary on the square, where the address alone decides the language.

    Stands outside Django's LocaleMiddleware, which says so of every page without a language in its address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.resolver_match is not None and "square" in request.resolver_match.namespaces:
            kept = [
                name
                for name in response.get("Vary", "").split(", ")
                if name.lower() not in {"", "accept-language"}
            ]
            del response["Vary"]
            if kept:
                response["Vary"] = ", ".join(kept)
        return response
