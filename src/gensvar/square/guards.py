"""Protects forms without a cookie: where a post came from, how old its form is, and a field that only machines fill.

Nothing here throws words away: what is refused is shown again, with a sentence that says why (writing, private).
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gensvar.core import clock

FORM: Final = "form"  # the hidden field that holds the form's own id
TRAP: Final = "website"  # a field that nobody sees; machines fill it
OLDEST: Final = dt.timedelta(hours=24)

_signer = Signer(salt="gensvar.square.form")


class Refused(Exception):
    """The post is shown again instead of being sent; the message is for its writer, under `form_id` it may be sent."""

    def __init__(self, message: object, form_id: str) -> None:
        super().__init__(message)
        self.message = message
        self.form_id = form_id


def new_form_id(form: str = "") -> str:
    """A signed id for one showing of a form: the same submission twice carries the same id, two submissions do not.

    `form` (see form_of) is kept where a form is shown again, so that what is sent from both showings is known to be the same.
    """
    return _signer.sign(f"{form or secrets.token_hex(8)}.{int(clock.now().timestamp() * 1000):x}")


def form_of(form_id: str) -> str:
    """What all showings of one form have in common; empty for an id that is none of ours."""
    try:
        return _signer.unsign(form_id).rpartition(".")[0]
    except BadSignature:
        return ""


def check(request: HttpRequest, data: Mapping[str, str], *, key_in_address: bool = False) -> None:
    """Raises Refused unless the post came from a form of ours (see comes_from_here), filled in by a person, within a day."""
    if not comes_from_here(request, key_in_address=key_in_address):
        raise Refused(
            _(
                "The form was sent from another website. Read through what it says, and send it if it is yours."
            ),
            new_form_id(),  # whoever made that form knows its id, and must not be led to what is sent with this one
        )
    form_id = data.get(FORM, "")
    age = _age_of(form_id)
    if age is None:
        raise Refused(
            _("This form was not one of ours any more. Your words are still here: send again."), new_form_id()
        )
    if age > OLDEST:
        raise Refused(
            ngettext_lazy(
                "The page has been open for more than %(hours)d hour. Your words are still here: send again.",
                "The page has been open for more than %(hours)d hours. Your words are still here: send again.",
                int(OLDEST.total_seconds() // 3600),
            )
            % {"hours": int(OLDEST.total_seconds() // 3600)},
            new_form_id(form_of(form_id)),
        )
    if data.get(TRAP):
        raise Refused(
            _(
                "A field that should be empty was filled in, perhaps by your browser. It is empty now: send again."
            ),
            new_form_id(form_of(form_id)),
        )


def comes_from_here(request: HttpRequest, *, key_in_address: bool = False) -> bool:
    """Whether the browser says that a page of ours sent this (Fetch Metadata, else RFC 6454 § 7); a silent one is believed.

    Where the page's address is itself the key, so is an older one that hides its origin, as such a page asks.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return (
        origin is None
        or (key_in_address and origin == "null")
        or origin in settings.CSRF_TRUSTED_ORIGINS
        or urlsplit(origin).netloc == request.get_host()
    )


def require_own_page(request: HttpRequest) -> None:
    """Raises Http404 unless a page of ours whose address is the key sent this (see comes_from_here)."""
    if not comes_from_here(request, key_in_address=True):
        raise Http404


def _age_of(form_id: str) -> dt.timedelta | None:
    try:
        milliseconds = int(_signer.unsign(form_id).rpartition(".")[2], 16)
        return clock.now() - dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
    except (BadSignature, ValueError, OverflowError):
        return None
