"""The workshop: what the municipality tries, read through the experiments' gate alone (law 5); neighbour: learning.workshop."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gensvar.learning.workshop import gate
from gensvar.square.exchanges import key_in_address, key_of
from gensvar.square.headers import knows, public
from gensvar.square.shown_no_longer import EXPERIMENT, gone

GOING_ON: Final = 100  # experiments at once, far more than a municipality keeps going


@require_safe
@public
@knows("fore")
def index(request: HttpRequest) -> HttpResponse:
    """What is being tried, newest change first, then what was decided; by key: `?fore=` says where the decided begin."""
    before = key_of(request.GET.get("fore", ""))
    going_on = gate.page(size=GOING_ON, decided=False).experiments if before is None else ()
    decided = gate.page(before, decided=True)
    address = reverse("square:workshop")
    following = f"{address}?{urlencode({'fore': key_in_address(decided.next)})}" if decided.next else ""
    context = {
        "going_on": going_on,
        "decided": decided.experiments,
        "next": following,
        "newest": address,
        "first": before is None,
    }
    return render(request, "square/workshop.html", context)


@require_safe
@public
def experiment(request: HttpRequest, key: str, slug: str = "") -> HttpResponse:
    """One of them with all that happened; another slug leads to its own, a withdrawn one says that it was there."""
    found = gate.find(int(key))
    if found is None:
        if gate.was_shown(int(key)):
            return gone(request, EXPERIMENT)
        raise Http404
    if slug != found.slug:
        return redirect(found.path, permanent=True)
    return render(request, "square/experiment.html", {"experiment": found})
