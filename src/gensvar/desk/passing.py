"""Middlewares of the desk that let every request on, and act only once its address is known, or where its view failed.

Neighbours: gaps and middleware, whose classes these begin.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

Respond = Callable[[HttpRequest], HttpResponseBase]


class PassesOn:
    """Nothing of its own on the way in and out."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let it on."""
        return self.get_response(request)


class OnceResolved(PassesOn, ABC):
    """Asks, before the view does anything, by what the address was resolved to."""

    def process_view(
        self, request: HttpRequest, view: object, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Django's hook."""
        match = request.resolver_match
        return None if match is None else self.resolved(request, match)

    @abstractmethod
    def resolved(self, request: HttpRequest, match: ResolverMatch) -> HttpResponseBase | None:
        """What is answered instead of the view; None where the view answers."""
