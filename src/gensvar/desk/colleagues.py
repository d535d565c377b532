"""Whom one can ask: names for the @ in a note."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from gensvar.core.roles import May
from gensvar.desk.access import needs
from gensvar.people.queries import present_on


@needs(May.NOTE)
def names(request: HttpRequest) -> HttpResponseBase:
    """Up to eight persons with a log-in whose name has a word that begins so."""
    typed = request.GET.get("q", "").strip().lower()[:40]
    found = [
        {"name": person.name, "title": person.title}
        for person in present_on().filter(user__isnull=False).order_by("name")
        if person.name.lower().startswith(typed)
        or any(w.startswith(typed) for w in person.name.lower().split())
    ]
    return JsonResponse({"people": found[:8]})
