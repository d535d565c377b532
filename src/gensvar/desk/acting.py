"""One post to a screen is one act of its table: `action` names it. Used by screens on which much can be done to one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest

from gensvar.desk.numbers import together
from gensvar.publishing.services import NotPublishable

Row = TypeVar("Row")
Chosen = TypeVar("Chosen")
Act = Callable[[HttpRequest, Row, dict[str, Any]], str]
"""Does it, and says so in words; "" where its form, which it left among the bound ones, must be shown again."""


def acted(request: HttpRequest, acts: Mapping[str, Act[Row]], row: Row, bound: dict[str, Any]) -> bool:
    """Whether the screen is to be asked for anew, with what was done or refused said; else its bound form is shown again.

    Raises Http404 for an act that is none.
    """
    act = _of(acts, request)
    done = _tried(request, lambda: act(request, row, bound))
    return bool(done) if done is not None else not bound


def decided(request: HttpRequest, acts: Mapping[str, Callable[[HttpRequest, Row], str]], row: Row) -> None:
    """Do one act that leaves no form to be shown again, and say what was done or why nothing was.

    Raises Http404 for an act that is none.
    """
    act = _of(acts, request)
    _tried(request, lambda: act(request, row))


def _of(acts: Mapping[str, Chosen], request: HttpRequest) -> Chosen:
    act = acts.get(request.POST.get("action", ""))
    if act is None:
        raise Http404
    return act


def _tried(request: HttpRequest, act: Callable[[], str]) -> str | None:
    """What was done, in words; None where it was refused."""
    try:
        done = act()
    except (NotPublishable, ValidationError) as refusal:
        for reason in refusal.reasons if isinstance(refusal, NotPublishable) else refusal.messages:
            messages.error(request, together(reason))
        return None
    if done:
        messages.success(request, together(done))
    return done
