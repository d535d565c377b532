"""While somebody writes: public answers that may be theirs already. It never stands in the way, and keeps no word of it.

Neighbours: publishing.gate says what resembles the text, limits how often one network may ask, writing shows the same.
"""

from __future__ import annotations

import logging
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gensvar.publishing import gate
from gensvar.publishing.values import PublishedExchange
from gensvar.square import guards, limits
from gensvar.square.headers import secret

logger = logging.getLogger(__name__)

LARGEST: Final = 300_000  # bytes: the longest text of the form, as a browser writes it in a body
OFTEN: Final = 10  # how many times as often as a word may be sent


@csrf_exempt  # nothing is changed by it; guards looks at where it came from
@require_POST
@secret
def similar(request: HttpRequest) -> HttpResponse:
    """Public answers like the words in the body, as a piece of the page; 204 where the page shows the right ones already."""
    if not guards.comes_from_here(request):
        return HttpResponse(status=403)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        if limits.too_many(request, "similar", settings.GENSVAR_FORM_LIMIT * OFTEN):
            return HttpResponse(status=429)
        fields = QueryDict(request.body, encoding="utf-8")
    except Exception as error:
        return _none(error)
    found = kindred(fields.get("text", ""), about=fields.get("about", ""))
    if [one.number for one in found] == fields.get("shown", "").split():
        return HttpResponse(status=204)
    return render(request, "square/_similar.html", {"similar": found})


def kindred(text: str, *, about: str = "") -> tuple[PublishedExchange, ...]:
    """At most three public answers like this text, without the one that it is about anyway; none when anything fails."""
    if not text.strip():
        return ()
    try:
        return tuple(one for one in gate.suggest(text, 4) if one.number != about)[:3]
    except Exception as error:
        _none(error)
        return ()


def _none(error: Exception) -> HttpResponse:
    """A suggestion is a kindness: what goes wrong with it is ours to read, without a word of the text."""
    logger.error("No public answers could be suggested: %s", type(error).__name__)
    return HttpResponse(status=503)
