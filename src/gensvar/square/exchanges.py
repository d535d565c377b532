"""What others asked and what we answered, read through the gate alone (law 5); neighbour: publishing.gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gensvar.learning import gate as outcomes
from gensvar.publishing import gate, short_links
from gensvar.publishing.comments import gate as comments
from gensvar.publishing.values import ExchangePage, PublishedExchange
from gensvar.square.headers import harmless, knows, public
from gensvar.square.shown_no_longer import EXCHANGE, gone

PAGE = 24  # fills rows of two, three and four


@require_safe
@public
@knows("fore")
def index(request: HttpRequest, year: str = "", month: str = "") -> HttpResponse:
    """Newest first, all or one month's, by key: `?fore=` says where the page begins. An empty month is not there."""
    before = key_of(request.GET.get("fore", ""))
    page = gate.published_page(before, PAGE, month=(int(year), int(month)) if month else None)
    if month and not page.exchanges and page.next is None and before is None:
        return render(request, "square/no_such_month.html", {"all": reverse("square:exchanges")}, status=404)
    following = next_after(page)
    context = {
        "page": page,
        "next": f"{request.path}?fore={following}" if following else "",
        "first": before is None,
        "month": dt.date(int(year), int(month), 1) if month else None,
        "months": gate.months(),
    }
    return render(request, "square/exchanges.html", context)


@require_safe
@public
@knows("kommentarer")
def exchange(request: HttpRequest, number: str, slug: str = "") -> HttpResponse:
    """One exchange; another slug leads to its own, a withdrawn one says that it was there."""
    found = gate.find(number)
    if found is None:
        return instead(request, number, address_of)
    if slug != found.slug:
        return redirect(f"{address_of(found)}{same_page(request)}", permanent=True)
    context = {
        "exchange": found,
        "thread": comments.thread("exchange", found.number, page_in(request)),
        "comment_at": reverse("square:comment_exchange", args=[found.number]),
        "led_to": outcomes.of_exchange(found.number),
        "rest": [word for word in found.words if word not in (found.question, found.answer)],
    }
    return render(request, "square/exchange.html", context)


def instead(request: HttpRequest, number: str, lead_to: Callable[[PublishedExchange], str]) -> HttpResponse:
    """What answers where that exchange may not be seen: the way to what it became, or that it was there. Raises Http404."""
    further = short_links.successor(number)  # its words go on in another, where those may be seen
    if further is not None and (merged := gate.find(further)) is not None:
        return redirect(lead_to(merged))
    if gate.was_withdrawn(number):
        return gone(request, EXCHANGE)
    raise Http404


@require_safe
@public
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture that the gate lets through, and nothing else."""
    found = gate.picture(sha256)
    if found is None:
        raise Http404
    return harmless(*found)


def address_of(found: PublishedExchange) -> str:
    """The page of an exchange."""
    return reverse("square:exchange", args=[found.number, found.slug])


def page_in(request: HttpRequest) -> int:
    """Which page of the comments is asked for: `?kommentarer=2`."""
    given = request.GET.get("kommentarer", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 1


def same_page(request: HttpRequest) -> str:
    """The query that asks for the same page of the comments: where a comment stands was told with the address of then."""
    return f"?kommentarer={page}" if (page := page_in(request)) > 1 else ""


def key_of(text: str) -> tuple[dt.datetime, int] | None:
    """Where a page begins, as `next_after` wrote it into the address; None for anything else."""
    at, _mark, pk = text.partition("~")
    try:
        moment = dt.datetime.fromtimestamp(int(at) / 1_000_000, dt.UTC)
        return (moment, int(pk)) if 0 <= int(pk) < 2**63 else None
    except (ValueError, OverflowError, OSError):
        return None


def next_after(page: ExchangePage) -> str:
    """The key of the page after this one, for its address; empty at the end."""
    if page.next is None:
        return ""
    return key_in_address(page.next)


def key_in_address(key: tuple[dt.datetime, int]) -> str:
    """A key for an address, as `key_of` reads it."""
    at, pk = key
    since = at - dt.datetime.fromtimestamp(0, dt.UTC)
    microseconds = since // dt.timedelta(microseconds=1)
    return f"{microseconds}~{pk}"
