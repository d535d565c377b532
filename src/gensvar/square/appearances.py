"""Where we spoke elsewhere: interviews, talks, visits and meetings, many voices and nobody ranked; neighbour: their gate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gensvar.publishing.appearances import gate, queries
from gensvar.square.headers import knows, public


@require_safe
@public
@knows("fore")
def page(request: HttpRequest) -> HttpResponse:
    """Newest day first, month by month; by key: `?fore=` says where the page begins."""
    before = queries.key_of(request.GET.get("fore", ""))
    found = gate.page(before)
    address = reverse("square:appearances")
    following = f"{address}?{urlencode({'fore': queries.in_address(found.next)})}" if found.next else ""
    context = {
        "months": found.months,
        "next": following,
        "newest": address,
        "first": before is None,
    }
    return render(request, "square/appearances.html", context)
