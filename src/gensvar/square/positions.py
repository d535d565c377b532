"""What the municipality stands for, read through the positions' gate alone (law 5); neighbour: publishing.positions.gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gensvar.core import languages
from gensvar.core import topics as vocabulary
from gensvar.publishing.positions import comparing, gate
from gensvar.publishing.positions.comparing import Comparison
from gensvar.publishing.positions.values import PublishedPosition, PublishedWording
from gensvar.square.exchanges import key_in_address, key_of
from gensvar.square.headers import knows, public

EACH: Final = 6  # positions of a topic before one follows it further
PAGE: Final = 24
NO_TOPIC: Final = "-"  # in `?amne=`


@dataclass(frozen=True, slots=True)
class Step:
    """One wording in the history, with what changed from the one with words before it (None: nothing to compare)."""

    wording: PublishedWording
    changed: Comparison | None


@require_safe
@public
@knows("amne", "fore")
def index(request: HttpRequest) -> HttpResponse:
    """By topic, newest change first; `?amne=` has one topic's alone, page by page by the key in `?fore=`."""
    about = request.GET.get("amne", "").replace("\0", "")[:60]
    if not about:
        return render(request, "square/positions.html", {"groups": gate.by_topic(EACH)})
    topic = vocabulary.find(about)
    if topic is None and about != NO_TOPIC:
        raise Http404
    if topic is not None and topic.slug != about:
        return redirect(_address(amne=topic.slug), permanent=True)
    before = key_of(request.GET.get("fore", ""))
    page = gate.page(before, PAGE, topic=topic.slug if topic is not None else None)
    context = {
        "page": page,
        "topic": topic,
        "next": _address(amne=about, fore=key_in_address(page.next)) if page.next else "",
        "newest": _address(amne=about),
        "first": before is None,
    }
    return render(request, "square/positions_of.html", context)


@require_safe
@public
def position(request: HttpRequest, slug: str) -> HttpResponse:
    """One position: what holds now, since when and why, and every earlier wording compared with the next."""
    found = gate.find(slug)
    if found is None:
        raise Http404
    return render(request, "square/position.html", {"position": found, "steps": steps_of(found)})


def steps_of(found: PublishedPosition) -> list[Step]:
    """The history, newest first; each wording against the one that held words before it."""
    language = languages.here()
    steps = []
    for place, one in enumerate(found.wordings):
        earlier = next((other for other in found.wordings[place + 1 :] if not other.ends), None)
        compared = comparing.between(earlier, one, language) if earlier and not one.ends else None
        steps.append(Step(one, compared))
    return steps


def _address(**query: str) -> str:
    return f"{reverse('square:positions')}?{urlencode(query)}"
