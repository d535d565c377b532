"""Every way to get in touch, in the order of how people think: write, call, send a letter, come by, follow; neighbour: places."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gensvar.contactpoints.municipality import queries
from gensvar.core import clock
from gensvar.routing.models import SpecialDay
from gensvar.square.directory import Listed, directory
from gensvar.square.headers import public


@dataclass(frozen=True, slots=True)
class Ways:
    """The open places where somebody answers, by how one comes to them."""

    write: tuple[Listed, ...]  # our form, and mail
    call: tuple[Listed, ...]
    others: tuple[Listed, ...]


@require_safe
@public
def contact(request: HttpRequest) -> HttpResponse:
    """Get in touch. Hours are shown, never whether it is open now: the page may be a minute old, and printed."""
    today = clock.today()
    holidays = dict(
        SpecialDay.objects.filter(date__gte=today, date__lte=today + queries.AHEAD, worked=False).values_list(
            "date", "name"
        )
    )
    found = directory()
    context = {
        "ways": ways_of(found.talk),
        "follow": found.follow,
        "provider": queries.provider(),
        "offices": queries.offices(today, holidays),
    }
    return render(request, "square/contact.html", context)


def ways_of(listed: tuple[Listed, ...]) -> Ways:
    """The places sorted by what their link does."""
    calls = tuple(one for one in listed if one.place.link.startswith("tel:"))
    write = tuple(one for one in listed if one.place.link.startswith(("/", "mailto:")))
    write = tuple(sorted(write, key=lambda one: one.place.link.startswith("mailto:")))
    return Ways(write, calls, tuple(one for one in listed if one not in calls and one not in write))
