"""A missing last slash is set only where something answers with it: what is not there is said to be so at once.

And one too many is taken away, as is a full stop or a bracket. Neighbours: settings puts this in the place of Django's own,
errors asks for the second; Wagtail's pattern for pages takes any address that ends in a slash.
"""

from __future__ import annotations

import re
from typing import Final

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from wagtail.models import Page
from wagtail.views import serve

from gensvar.square.headers import hide
from gensvar.square.telling import is_tellable

LONGEST: Final = 300  # characters; a longer one is nobody's page
# What a mail program or a hand takes along from round a link: no address of ours ends with any of it.
BESIDE: Final = r"""[\s.,;:!?/\\()\[\]{}<>"'`*|=»«”“’‘…]+"""
_AT_ITS_END: Final = re.compile(rf"{BESIDE}\Z")


class SlashWhereAPageIs(CommonMiddleware):
    """Django's middleware, asked only after a 404: for Wagtail's pattern it looks whether there is such a page."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Whether the address, with a slash after it, is one that answers."""
        return bool(super().should_redirect_with_slash(request)) and _answers(request)


def as_meant(request: HttpRequest) -> HttpResponse | None:
    """Leads from an address that is nobody's, with what stood beside it in a text, to the page of ours that has it without that."""
    if len(request.path) > LONGEST:
        return None
    path = _AT_ITS_END.sub("", request.path)
    if request.method not in {"GET", "HEAD"} or path == request.path or not is_tellable(path):
        return None
    return led_to(path, request)


def led_to(path: str, request: HttpRequest) -> HttpResponse:
    """Leads to that path of ours for good, with all that was asked; nobody keeps it then: what somebody seeks may stand in it."""
    asked = request.META.get("QUERY_STRING", "")
    response = redirect(f"{path}?{asked}" if asked else path, permanent=True)
    if asked:
        hide(response)
    return response


def _answers(request: HttpRequest) -> bool:
    try:
        match = resolve(f"{request.path_info}/")
        if match.func is not serve:
            return True
        return Page.route_for_request(request, *match.args) is not None
    except (Resolver404, Http404, DatabaseError):
        return False
