"""Addresses of Wagtail's own that answer with a fault where nothing is: here they are not there.

Neighbour: access does the same for the desk's own screens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]
FAULTS: Final = frozenset({"wagtailadmin_error_test"})  # fails on purpose, for anybody who asks
LONGEST: Final = 18  # digits of an id that a database can hold


class NoGaps:
    """Answers "not there" (404) for Wagtail's test of faults, and for a chosen thing whose id is no number."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing of its own: the address is known only once it is resolved."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: list[Any], kwargs: dict[str, Any]
    ) -> None:
        """Raises Http404 for what would end in a fault."""
        match = request.resolver_match
        if match is None or not request.path_info.startswith("/desk/"):
            return
        if match.url_name in FAULTS:
            raise Http404
        if match.url_name == "chosen" and not _is_id(str(kwargs.get("pk", ""))):
            raise Http404
        if match.url_name == "chosen_multiple" and not all(map(_is_id, request.GET.getlist("id"))):
            raise Http404


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST
