"""Telling what is hard to use: a form without a name, an address or a script, whose words become a conversation like all others.

Neighbours: arriving keeps the bytes with the fact, publishing.about ties them, pages shows the statement.
"""

from __future__ import annotations

import functools
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gensvar.intake.models import Envelope
from gensvar.publishing.about.events import AboutKept
from gensvar.publishing.about.models import WordAbout
from gensvar.square import arriving, guards
from gensvar.square.forms import AccessibilityForm, WordsForm
from gensvar.square.headers import for_one
from gensvar.square.writing import not_kept, read, refuse, thanks_for

LONGEST: Final = 200  # characters of a page's address
_FIELDS: Final = frozenset({*AccessibilityForm.base_fields, guards.FORM, guards.TRAP, "language"}) - {"files"}


@csrf_exempt  # guarded without a cookie: see guards
@require_http_methods(["GET", "HEAD", "POST"])
@for_one
def tell(request: HttpRequest) -> HttpResponse:
    """The form; `?sida=/fragor` says which page it is about. A post keeps the words and leads to their conversation."""
    if request.method != "POST":
        return _form(request, AccessibilityForm(initial={"place": told_page(request.GET.get("sida", ""))}))
    post = read(request)
    form = AccessibilityForm(post.fields, came=post.files)
    if (status := refuse(request, form, post)) is not None:
        return _form(request, form, status)
    _only_ours(post)
    fact = functools.partial(
        AboutKept,
        why=str(WordAbout.Why.ACCESSIBILITY),
        kind=str(WordAbout.On.PAGE),
        key=told_page(form.cleaned_data["place"]),
    )
    try:
        kept = arriving.keep(
            post,
            source=Envelope.Source.FORM,
            fact=lambda number: fact(envelope_id=number),
            words_once=True,
        )
    except (DatabaseError, OSError, arriving.Closed) as error:
        return _form(request, form, not_kept(form, error))
    return thanks_for(kept)


def told_page(given: str) -> str:
    """The path of a page of ours that may be told to staff; empty for anything else: no key, no question, no other site."""
    parts = urlsplit(given.strip())
    ours = urlsplit(settings.GENSVAR_URL).netloc
    if parts.netloc and parts.netloc != ours:
        return ""
    path = parts.path
    return path if len(path) <= LONGEST and is_tellable(path) else ""


def is_tellable(path: str) -> bool:
    """Whether that path leads to a page that is the same for all, or to a form that anybody may open."""
    if not path.startswith("/") or path.startswith("//"):
        return False
    decoded = unquote(path)
    with translation.override(translation.get_language_from_path(decoded) or settings.LANGUAGE_CODE):
        try:
            found = resolve(decoded)
        except Resolver404:
            return False
    return bool(getattr(found.func, "tellable", False)) and "token" not in found.kwargs


def _only_ours(post: arriving.Post) -> None:
    """The kept bytes must say what this page asked, once each and nothing more. Raises SuspiciousOperation (400)."""
    for name, values in post.fields.lists():
        if len(values) != 1 or name not in _FIELDS:
            raise SuspiciousOperation(f"The form has no such field, or not twice: {name[:40]!r}.")


def _form(request: HttpRequest, form: WordsForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form.marked() if form.is_bound else form,
        "form_id": form.form_id,
        "language": get_language(),
        "subject": _("Accessibility"),
    }
    return render(request, "square/tell.html", context, status=status)
