"""One post to a screen is one act of its table: `action` names it. Used by screens on which much can be done to one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest

from gensvar.publishing.services import NotPublishable

Row = TypeVar("Row")
Act = Callable[[HttpRequest, Row, dict[str, Any]], str]
"""Does it, and says so in words; "" where its form, which it left among the bound ones, must be shown again."""


def acted(request: HttpRequest, acts: Mapping[str, Act[Row]], row: Row, bound: dict[str, Any]) -> bool:
    """Whether the screen is to be asked for anew, with what was done or refused said; else its bound form is shown again.

    Raises Http404 for an act that is none.
    """
    act = acts.get(request.POST.get("action", ""))
    if act is None:
        raise Http404
    try:
        done = act(request, row, bound)
    except NotPublishable as error:
        for reason in error.reasons:
            messages.error(request, reason)
        return not bound
    if done:
        messages.success(request, done)
    return bool(done)
