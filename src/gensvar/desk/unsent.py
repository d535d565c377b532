"""What a press of a button answers that could not be taken: nothing was sent, and what was typed stands on the page.

Because the database is away, because one has been logged out meanwhile, because one has logged in again in another tab and
the page is older than that, or because a second factor is missing. While the database is away it is made without it, without
log-in and session. Neighbours: config.faults and middleware ask here, and Django for what it takes for forged
(CSRF_FAILURE_VIEW); access asks for the words on its pages of refusal; writing and first take the words again.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext as _

from gensvar.core.models import User
from gensvar.people.queries import person_of

WRITTEN: Final = "text"  # the field that holds what was typed, in every form where one writes
NOT_GIVEN_BACK: Final = frozenset({"csrfmiddlewaretoken", WRITTEN})
DESK: Final = "/desk/"  # of other forms, as the log-in's, nothing is given back
SECRET: Final = "secret:"  # begins the names of fields whose values never stand in a page
IS_SECRET: Final = re.compile(rf"{SECRET}.*|.*password\d?", re.DOTALL)
# What the composer says to itself, by number.
FOR_OUR_PAGES: Final = frozenset({"kind", "seen", "read", "to", "version", "window", "files_seen", "beside"})
FOR_MACHINES: Final = re.compile(r"null|(?=\D*\d)[\w:=+/-]{24,}", re.ASCII)  # keys and tokens, not words


def page(request: HttpRequest, *, uncertain: bool = False) -> HttpResponse:
    """503: says plainly that nothing was sent, with the typed words in a field and a button that tries again.

    Where the database was lost in the very moment of saving, it says that nobody knows, and where to look.
    """
    language = translation.get_language_from_request(request)
    with translation.override(language):
        writes = _is_ours(request) and WRITTEN in request.POST
        return _answer(request, 503, _given_back(request, writes=writes) | {"uncertain": uncertain})


def logged_out(request: HttpRequest) -> HttpResponse:
    """403: the log-in has ended since the page was opened; what was filled in is sent once one has logged in again."""
    return _answer(request, 403, _given_back(request, writes=_is_ours(request)) | {"logged_out": True})


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page is older than the log-in, or another website sent this; only in the first case its button sends it.

    Somebody else may have logged in since, so it says in whose name that would be.
    """
    writes = _is_ours(request)
    user = request.user if writes and isinstance(request.user, User) else None
    name = str(person_of(user) or user) if user else ""
    return _answer(request, 403, _given_back(request, writes=writes) | {"too_old": True, "name": name})


def lacks_second_factor(request: HttpRequest) -> HttpResponse:
    """403: the role asks for a second factor; what was filled in is sent once it is set up."""
    return _answer(request, 403, _given_back(request, writes=_is_ours(request)) | {"second_factor": True})


def words(request: HttpRequest) -> dict[str, Any]:
    """What was written in a post that a screen refused, for the page that says so: a role may have gone while one wrote.

    Nothing where no words came, as from a button alone.
    """
    if request.method != "POST" or not _is_ours(request):
        return {}
    given = _given_back(request, writes=True)
    wrote = (given["text"] or "").strip() or any(" " in said for _called_so, said in given["readable"])
    return given if wrote else {}


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that a page of the desk sent this: sent again, what another website wrote would be ours."""
    if not request.path_info.startswith(DESK):
        return False
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


def _given_back(request: HttpRequest, *, writes: bool) -> dict[str, Any]:
    """What was filled in, and the token that lets it be sent again; nothing of it unless `writes`, and no secret ever."""
    if not writes:
        return {"writes": False, "again": "", "text": None}
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_GIVEN_BACK and not IS_SECRET.fullmatch(name)
        for value in values
    ]
    return {
        "writes": True,
        "text": request.POST.get(WRITTEN),  # None: a form in which nobody writes such words
        "fields": fields,
        "readable": [
            (_called(name) if WRITTEN in request.POST else name, words)
            for name, value in fields
            if (words := _readable(name, value))
        ],
        "secrets": [
            (name, name.removeprefix(SECRET))
            for name, value in request.POST.items()
            if value and IS_SECRET.fullmatch(name)
        ],
        "files": [(name, [file.name for file in files]) for name, files in request.FILES.lists()],
        "again": request.get_full_path(),
        "token": get_token(request),
    }


def _called(name: str) -> str:
    """What a field of the composer is called; `function` of another form is no one in whose name something is said."""
    ours = {
        "act": _("What is done"),
        "function": _("In the name of"),
        "recipient": _("To"),
        "subject": _("Subject"),
    }
    return ours.get(name, name)


def _readable(name: str, value: str) -> str:
    """What a person can read in a field: of Wagtail's text editor the words, and nothing of what only machines read."""
    if name in FOR_OUR_PAGES or name.endswith("_FORMS") or FOR_MACHINES.fullmatch(value):
        return ""
    if name == "act":
        acts = {
            "send": _("It is sent"),
            "save": _("It is saved as a draft"),
            "ask": _("It is saved, and a colleague is asked to sign it"),
            "alone": _("It is saved, and answered alone"),
        }
        return acts.get(value, value)
    if not value.startswith("{"):
        return value.strip()
    try:
        return "\n".join(block["text"] for block in json.loads(value)["blocks"]).strip()
    except (ValueError, LookupError, TypeError, RecursionError):  # somebody's own words begin so
        return value


def _answer(request: HttpRequest, status: int, content: dict[str, Any]) -> HttpResponse:
    template = "desk/unsent_part.html" if request.headers.get("HX-Request") else "desk/unsent.html"
    language = translation.get_language()
    response = HttpResponse(
        loader.get_template(template).render(content | {"language": language}), status=status
    )
    response["Cache-Control"] = "no-store"
    return response
