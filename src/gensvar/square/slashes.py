"""A missing last slash is set only where something answers with it: what is not there is said to be so at once.

And one too many is taken away. Neighbours: settings puts this in the place of Django's own, errors asks for the second;
Wagtail's pattern for pages takes any address that ends in a slash.
"""

from __future__ import annotations

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from wagtail.models import Page
from wagtail.views import serve

from gensvar.square.telling import is_tellable


class SlashWhereAPageIs(CommonMiddleware):
    """Django's middleware, asked only after a 404: for Wagtail's pattern it looks whether there is such a page."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Whether the address, with a slash after it, is one that answers."""
        return bool(super().should_redirect_with_slash(request)) and _answers(request)


def one_less(request: HttpRequest) -> HttpResponse | None:
    """Leads from an address that is nobody's to the page of ours that has it without its last slash, with what was asked of it."""
    path, slash, rest = request.path.rpartition("/")
    if request.method not in {"GET", "HEAD"} or not slash or rest or not is_tellable(path):
        return None
    asked = request.META.get("QUERY_STRING", "")
    return redirect(f"{path}?{asked}" if asked else path, permanent=True)


def _answers(request: HttpRequest) -> bool:
    try:
        match = resolve(f"{request.path_info}/")
        if match.func is not serve:
            return True
        return Page.route_for_request(request, *match.args) is not None
    except (Resolver404, Http404, DatabaseError):
        return False
