""" "You said, we did": what came of what people said, read through the outcomes' gate alone (law 5); neighbour: learning.gate."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gensvar.core import languages
from gensvar.core import topics as vocabulary
from gensvar.learning import gate
from gensvar.square.exchanges import key_in_address, key_of
from gensvar.square.headers import knows, public
from gensvar.square.shown_no_longer import OUTCOME, gone


@require_safe
@public
@knows("amne", "fore")
def index(request: HttpRequest) -> HttpResponse:
    """Newest change first, all or one topic's (`?amne=vinter`); by key: `?fore=` says where the page begins."""
    slug = request.GET.get("amne", "").replace("\0", "")[:60]
    chosen = vocabulary.find(slug) if slug else None
    if slug and (chosen is None or chosen.slug != slug):
        return redirect(_address({"amne": chosen.slug} if chosen is not None else {}))
    before = key_of(request.GET.get("fore", ""))
    page = gate.page(before, topic=slug)
    narrowed = {"amne": slug} if slug else {}
    following = _address(narrowed | {"fore": key_in_address(page.next)}) if page.next is not None else ""
    context = {
        "page": page,
        "next": following,
        "newest": _address(narrowed),
        "first": before is None,
        "topics": gate.topics(),
        "topic": chosen,
    }
    return render(request, "square/outcomes.html", context)


@require_safe
@public
def outcome(request: HttpRequest, key: str, slug: str = "") -> HttpResponse:
    """One outcome with its history; another slug leads to its own, a withdrawn one says that it was there."""
    found = gate.find(int(key), languages.here())
    if found is None:
        if gate.was_shown(int(key)):
            return gone(request, OUTCOME)
        raise Http404
    if slug != found.slug:
        return redirect(found.path, permanent=True)
    return render(request, "square/outcome.html", {"outcome": found})


def _address(narrowed: Mapping[str, str]) -> str:
    query = urlencode(narrowed)
    return reverse("square:outcomes") + (f"?{query}" if query else "")
