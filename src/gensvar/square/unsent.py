"""What whoever sent something reads while the database is away: nothing was sent, and every word of it stands in the page.

Made from the request alone, without database, session or script. Neighbours: config.faults asks here for each post that
broke; forms, guests and leading say what of it somebody typed. Nothing of it goes anywhere but back to its writer.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gensvar.square import context, guards
from gensvar.square.forms import ACCEPT, CommentForm, WriteForm
from gensvar.square.guests import RemarkForm, TextForm
from gensvar.square.headers import hide
from gensvar.square.leading import FIELD, are_words

logger = logging.getLogger(__name__)

WRITTEN: Final = _("What you wrote")
TYPED: Final = {  # by name: the fields of every form in which somebody types, as their forms draw them
    **TextForm.base_fields,
    **RemarkForm.base_fields,
    **WriteForm.base_fields,
    "address": CommentForm.base_fields["email"],  # of the form for letters
}
WORDS: Final = WriteForm.base_fields["text"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that somebody typed in, to be read, changed and sent again."""

    label: str
    id: str
    drawn: SafeString


@dataclass(frozen=True, slots=True)
class Came:
    """A form as it came, as far as it can be given back."""

    typed: tuple[tuple[str, str], ...] = ()  # names and values, where words stand in them
    others: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, tuple[str, ...]], ...] = ()  # names of fields, and of the files chosen in them
    whole: bool = True


def page(request: HttpRequest, *, uncertain: bool = False) -> HttpResponse:
    """503: nothing was sent, or, where the line broke in the very moment of saving, nobody knows; with a button that tries again.

    In the language of the address, as every page of the square.
    """
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        response = HttpResponse(_drawn(_content(request, _came(request), uncertain), language), status=503)
    hide(response)
    if not _has_key(
        request
    ):  # else an older browser would hide from guards that the second try comes from here
        response["Referrer-Policy"] = "same-origin"
    return response


def _has_key(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is None or "token" in match.kwargs


def _came(request: HttpRequest) -> Came:
    """What was sent. Nothing of what another website sent (sent again it would be ours), or of what cannot be read."""
    if not guards.comes_from_here(request, key_in_address=_has_key(request)):
        return Came(whole=False)
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        chosen = [(name, files) for name, files in request.FILES.lists()]
    except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError):
        return Came(whole=False)
    return Came(
        tuple(one for one in fields if _is_typed(*one)),
        tuple(one for one in fields if not _is_typed(*one)),
        tuple((name, tuple(str(file.name) for file in files)) for name, files in chosen),
    )


def _is_typed(name: str, value: str) -> bool:
    field = TYPED.get(name)
    lines = field is not None and isinstance(field.widget, forms.TextInput | forms.Textarea)
    return bool(value.strip()) and (lines or are_words(name, value))


def _content(request: HttpRequest, came: Came, uncertain: bool) -> dict[str, Any]:
    return {
        "uncertain": uncertain,
        "came": came,
        "typed": tuple(_fields(came)),
        "chose": any(name.startswith(FIELD) or not came.typed for name, _value in came.others),
        "again": request.get_full_path(),
        "accept": ACCEPT,
    }


def _fields(came: Came) -> Iterator[Field]:
    """Drawn as their own forms draw them; a label that comes again is numbered, so that each has its own."""
    labels = [str(_label(name)) for name, _value in came.typed]
    many, seen = Counter(labels), Counter[str]()
    for (name, value), label in zip(came.typed, labels, strict=True):
        seen[label] += 1
        own = label if many[label] == 1 else f"{label} ({seen[label]})"
        key = f"id_{name}" if seen[label] == 1 else f"id_{name}_{seen[label]}"
        widget = TYPED.get(name, WORDS).widget
        yield Field(own, key, widget.render(name, value, {"id": key, "dir": "auto"}))


def _label(name: str) -> str | Promise:
    field = TYPED.get(name)
    return WRITTEN if field is None or name == "text" or field.label is None else field.label


def _drawn(content: dict[str, Any], language: str) -> str:
    """The page with the municipality's face; where even that fails, its words and fields alone."""
    try:
        return loader.get_template("square/unsent.html").render(context.alone() | content)
    except Exception as error:  # told by its kind alone: in its words could stand those of the form
        logger.error("The face of a page that gives words back could not be made: %s", type(error).__name__)
        direction = ' dir="rtl"' if translation.get_language_bidi() else ""
        piece = loader.get_template("square/_unsent.html").render(content)
        return f'<!doctype html><html lang="{language}"{direction}><title>503</title>{piece}'
