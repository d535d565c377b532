"""Answers with bytes that somebody else gave: whatever is in them, no browser runs it, sends it on or tells where it was seen.

For what is shown to few. Public pictures may be shown elsewhere: square.headers.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

NOTHING: Final = "default-src 'none'; sandbox"


def sandboxed(response: HttpResponse, policy: str = NOTHING) -> HttpResponse:
    """The same answer, shut in by headers; `policy` is its Content-Security-Policy."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = policy
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response
