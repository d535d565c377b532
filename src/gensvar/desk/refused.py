"""What was typed into a form that was refused, given back once: kept in the session, since words never stand in an address.

Neighbours: acts keeps it, inbox gives it to the page that is shown next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest

KEPT: Final = "desk-refused"
LONGEST: Final = 2_000  # letters of a field; longer words are written in drafts, which are kept otherwise


def keep(request: HttpRequest, act: str, number: str, fields: Sequence[str]) -> None:
    """Keep what stands in these fields until the conversation is shown again."""
    if fields:
        typed = {field: request.POST.get(field, "")[:LONGEST] for field in fields}
        request.session[KEPT] = {"number": number, "act": act, **typed}


def take(request: HttpRequest, number: str) -> dict[str, str]:
    """What was refused in this conversation just now, by field, with the act it was for; nothing the second time."""
    kept: dict[str, str] = request.session.get(KEPT, {})
    if kept.get("number") != number:
        return {}
    del request.session[KEPT]
    return kept
