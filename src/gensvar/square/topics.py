"""A page for each topic: exchanges and posts in one list, newest first, through the gates alone (law 5).

Neighbours: publishing.entries makes the list, feeds has the same as feeds.
"""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gensvar.core import languages
from gensvar.core import topics as vocabulary
from gensvar.publishing import entries
from gensvar.publishing.entries import Key, Narrowing
from gensvar.square.headers import knows, public

PAGE = 24  # fills rows of two, three and four


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """Every topic that something public is about, by name."""
    return render(request, "square/topics.html", {"topics": entries.topics()})


@require_safe
@public
@knows("fore")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """What is public about one topic, by key: `?fore=` says where the page begins. A merged one leads to what it became."""
    found = vocabulary.find(slug)
    if found is None:
        raise Http404
    if found.slug != slug:
        return redirect("square:topic", found.slug, permanent=True)
    before = key_of(request.GET.get("fore", ""))
    language = languages.here()
    page = entries.page(language, before, PAGE, Narrowing(topic=slug))
    following = f"{reverse('square:topic', args=[slug])}?fore={in_address(page.next)}" if page.next else ""
    context = {"topic": found, "page": page, "next": following, "first": before is None}
    return render(request, "square/topic.html", context)


def key_of(text: str) -> Key | None:
    """Where a page begins, as `in_address` wrote it; None for anything else."""
    try:
        at, kind, place = (int(part) for part in text.split("~"))
        moment = dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return (moment, kind, place) if 0 <= kind < 100 and 0 <= place < 2**63 else None


def in_address(key: Key) -> str:
    """A key for an address."""
    at, kind, place = key
    since = at - dt.datetime.fromtimestamp(0, dt.UTC)
    return f"{since // dt.timedelta(microseconds=1)}~{kind}~{place}"
