"""Whom one can ask: names for the @ in a note, each with its title: of two of one name it is part of what asks them."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase, JsonResponse

from gensvar.conversations.notes import called_in_notes
from gensvar.core.roles import May
from gensvar.desk.access import needs
from gensvar.people.access import who_may
from gensvar.people.queries import present

MOST: Final = 8


@needs(May.NOTE)
def names(request: HttpRequest) -> HttpResponseBase:
    """Up to eight persons who are there and can open the conversation, whose name has a word that begins so."""
    typed = request.GET.get("q", "").strip().lower()[:40]
    found = [
        person
        for person in present().filter(user__in=who_may(May.NOTE)).order_by("name", "pk")
        if person.name.lower().startswith(typed)
        or any(w.startswith(typed) for w in person.name.lower().split())
    ][:MOST]
    called = called_in_notes(found)
    told = [
        {"name": name, "title": person.title if name == person.name else ""}
        for person, name in zip(found, called, strict=True)
    ]
    return JsonResponse({"people": told})
