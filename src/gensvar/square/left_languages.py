"""Addresses of a language that the square has no longer lead to the same page in its first: mailed keys and short links too.

Neighbour: errors asks for it where nothing stands.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from gensvar.square.headers import hide


def led_on(request: HttpRequest) -> HttpResponse | None:
    """A redirect that keeps the method (RFC 9110 § 15.4.8: a letter is ended by a post), or None. Not for ever: it may come back."""
    _empty, code, rest = (*request.path.split("/", 2), "", "")[:3]
    if code not in settings.GENSVAR_LANGUAGES_LEFT or rest.startswith("/"):
        return None
    asked = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(f"/{rest}?{asked}" if asked else f"/{rest}")
    response.status_code = 307
    hide(response)  # a key may stand in it
    return response
