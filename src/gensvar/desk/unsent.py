"""What a press of a button answers while the database is away: nothing was sent, and what was typed stands on the page.

Made without the database, log-in or session. Neighbours: config.faults asks here; writing and first take the words again.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils import translation

WRITTEN: Final = "text"  # the field that holds what was typed, in every form where one writes
NOT_GIVEN_BACK: Final = frozenset({"csrfmiddlewaretoken", WRITTEN})


def page(request: HttpRequest, *, uncertain: bool = False) -> HttpResponse:
    """503: says plainly that nothing was sent, with the typed words in a field and a button that tries again.

    Where the database was lost in the very moment of saving, it says that nobody knows, and where to look.
    """
    language = translation.get_language_from_request(request)
    with translation.override(language):
        response = HttpResponse(
            loader.get_template(_template(request)).render(
                _context(request, language) | {"uncertain": uncertain}
            )
        )
    response.status_code = 503
    response["Referrer-Policy"] = "no-referrer"
    return response


def _template(request: HttpRequest) -> str:
    return "desk/unsent_part.html" if request.headers.get("HX-Request") else "desk/unsent.html"


def _context(request: HttpRequest, language: str) -> dict[str, object]:
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_GIVEN_BACK
        for value in values
    ]
    writes = WRITTEN in request.POST
    return {
        "language": language,
        "writes": writes,
        "text": request.POST.get(WRITTEN, ""),
        "fields": fields if writes else [],
        "files": [file.name for file in request.FILES.getlist("files")] if writes else [],
        "again": request.get_full_path(),
        "token": get_token(request) if writes else "",
    }
