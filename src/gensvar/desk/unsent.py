"""What a press of a button answers that could not be taken: nothing was sent, and what was typed stands on the page.

Because the database is away, because one has been logged out meanwhile, or because one has logged in again in another tab
and the page is older than that. Made without the database, log-in or session. Neighbours: config.faults and middleware ask
here, and Django for what it takes for forged (CSRF_FAILURE_VIEW); writing and first take the words again.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils import translation

WRITTEN: Final = "text"  # the field that holds what was typed, in every form where one writes
NOT_GIVEN_BACK: Final = frozenset({"csrfmiddlewaretoken", WRITTEN})
DESK: Final = "/desk/"  # of other forms, as the log-in's, nothing is given back


def page(request: HttpRequest, *, uncertain: bool = False) -> HttpResponse:
    """503: says plainly that nothing was sent, with the typed words in a field and a button that tries again.

    Where the database was lost in the very moment of saving, it says that nobody knows, and where to look.
    """
    language = translation.get_language_from_request(request)
    with translation.override(language):
        writes = WRITTEN in request.POST
        return _answer(request, 503, _given_back(request, writes=writes) | {"uncertain": uncertain})


def logged_out(request: HttpRequest) -> HttpResponse:
    """403: the log-in has ended since the page was opened; what was filled in is sent once one has logged in again."""
    return _answer(request, 403, _given_back(request, writes=_is_ours(request)) | {"logged_out": True})


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page is older than the log-in, or another website sent this; only in the first case its button sends it."""
    return _answer(request, 403, _given_back(request, writes=_is_ours(request)) | {"too_old": True})


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that a page of the desk sent this: sent again, what another website wrote would be ours."""
    if not request.path_info.startswith(DESK):
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


def _given_back(request: HttpRequest, *, writes: bool) -> dict[str, Any]:
    """What was filled in, and the token that lets it be sent again; nothing of it unless `writes`."""
    if not writes:
        return {"writes": False, "again": "", "text": None}
    return {
        "writes": True,
        "text": request.POST.get(WRITTEN),  # None: a form in which nobody writes such words
        "fields": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in NOT_GIVEN_BACK
            for value in values
        ],
        "files": [file.name for _name, files in request.FILES.lists() for file in files],
        "again": request.get_full_path(),
        "token": get_token(request),
    }


def _answer(request: HttpRequest, status: int, content: dict[str, Any]) -> HttpResponse:
    template = "desk/unsent_part.html" if request.headers.get("HX-Request") else "desk/unsent.html"
    language = translation.get_language()
    response = HttpResponse(
        loader.get_template(template).render(content | {"language": language}), status=status
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = (
        "same-origin"  # else the browser would not say that the second try comes from here
    )
    return response
