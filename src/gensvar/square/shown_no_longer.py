"""The page in place of what was public and is so no longer; neighbours: exchanges, posts and sharing answer with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Gone:
    """What stood there and why it is away, and the view that shows others of its kind."""

    lead: StrOrPromise
    elsewhere: StrOrPromise
    view: str

    @property
    def address(self) -> str:
        """Where the reader may go on."""
        return reverse(self.view)


EXCHANGE = Gone(
    _(
        "A question with its answer stood here. It has been taken down, by wish of its writer or because something in it"
        " should not be public. The words themselves are kept."
    ),
    _("Other questions and answers"),
    "square:exchanges",
)
POST = Gone(
    _("A text of ours stood here. It has been taken down; it and the reason are kept."),
    _("Other news"),
    "square:posts",
)
OUTCOME = Gone(
    _(
        "What came of something that people said stood here. It has been taken down; it and the reason are kept."
    ),
    _("Other outcomes"),
    "square:outcomes",
)
SHORT_LINK = Gone(
    _(
        "The short link is ours and it is right, but the page that it led to has been taken down. The link is never given"
        " to another page."
    ),
    _("Other questions and answers"),
    "square:exchanges",
)


def gone(request: HttpRequest, what: Gone) -> HttpResponse:
    """The page, as 410 (RFC 9110, 15.5.11)."""
    return render(request, "square/gone.html", {"gone": what}, status=410)
