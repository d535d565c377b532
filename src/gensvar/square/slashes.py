"""A missing last slash is set only where something answers with it: what is not there is said to be so at once.

Neighbours: settings puts this in the place of Django's own; Wagtail's pattern for pages takes any address that ends in a slash.
"""

from __future__ import annotations

from django.db import DatabaseError
from django.http import Http404, HttpRequest
from django.middleware.common import CommonMiddleware
from django.urls import Resolver404, resolve
from wagtail.models import Page
from wagtail.views import serve


class SlashWhereAPageIs(CommonMiddleware):
    """Django's middleware, asked only after a 404: for Wagtail's pattern it looks whether there is such a page."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Whether the address, with a slash after it, is one that answers."""
        return bool(super().should_redirect_with_slash(request)) and _answers(request)


def _answers(request: HttpRequest) -> bool:
    try:
        match = resolve(f"{request.path_info}/")
        if match.func is not serve:
            return True
        return Page.route_for_request(request, *match.args) is not None
    except (Resolver404, Http404, DatabaseError):
        return False
