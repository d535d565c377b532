"""Short links of ours and ways to pass a page on, without asking anybody else for anything; neighbours: publishing has the rows."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import LISTED
from gensvar.learning import gate as outcomes
from gensvar.learning.surveys import gate as surveys
from gensvar.learning.values import PublishedOutcome
from gensvar.publishing import gate, short_links
from gensvar.publishing.links import dead_ends
from gensvar.publishing.models import ShortLink
from gensvar.publishing.positions import gate as positions
from gensvar.publishing.positions.values import PublishedPosition
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.values import PublishedPost
from gensvar.publishing.values import PublishedExchange
from gensvar.square.headers import secret, tellable
from gensvar.square.shown_no_longer import gone, of_short_link
from gensvar.square.subjects import (
    LONGEST,
    OF_A_POSITION,
    OF_A_POST,
    OF_AN_OUTCOME,
    outcome_named,
    position_named,
    post_named,
)

logger = logging.getLogger(__name__)

LONGEST_SERVER: Final = 253  # characters of a host name (RFC 1035)
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


@dataclass(frozen=True, slots=True)
class Sharing:
    """What the share block of a page needs: its address as short as we have it, and the way by mail."""

    title: str
    address: str  # absolute
    mail: str  # a mailto: link (RFC 6068)
    fediverse: str
    page: str  # its own address, as a path
    name: str  # what `?om=` says of it


def of_exchange(exchange: PublishedExchange) -> Sharing:
    """How to pass an exchange on."""
    code = short_links.code_of(ShortLink.Kind.EXCHANGE, exchange.number)
    return _sharing(exchange.title, code, _page_of(exchange), exchange.number)


def of_post(post: PublishedPost) -> Sharing:
    """How to pass a post on."""
    return _sharing(post.title, post.code, _page_of_post(post), f"{OF_A_POST}{post.key}")


def of_position(position: PublishedPosition) -> Sharing:
    """How to pass a position on."""
    page = _page_of_position(position)
    return _sharing(position.newest.here.title, position.code, page, f"{OF_A_POSITION}{position.key}")


def of_outcome(outcome: PublishedOutcome) -> Sharing:
    """How to pass an outcome on."""
    code = outcome.code or short_links.code_of(ShortLink.Kind.OUTCOME, str(outcome.key))
    return _sharing(outcome.title, code, outcome.path, f"{OF_AN_OUTCOME}{outcome.key}")


def _sharing(title: str, code: str, page: str, name: str) -> Sharing:
    address = settings.GENSVAR_URL + (reverse("square:short", args=[code]) if code else page)
    mail = urlencode({"subject": title, "body": f"{title}\n{address}\n"}, quote_via=quote)
    return Sharing(
        title=title,
        address=address,
        mail=f"mailto:?{mail}",
        fediverse=f"{reverse('square:fediverse')}?{urlencode({'om': name})}",
        page=page,
        name=name,
    )


def _named(name: str) -> Sharing | None:
    """How to pass on what stands in `?om=`, where it may be seen."""
    if (position := position_named(name)) is not None:
        return of_position(position)
    if (outcome := outcome_named(name)) is not None:
        return of_outcome(outcome)
    if (post := post_named(name)) is not None:
        return of_post(post)
    exchange = gate.find(name) if "\0" not in name else None
    return of_exchange(exchange) if exchange is not None else None


@require_safe
@tellable
def short(request: HttpRequest, code: str) -> HttpResponse:
    """Leads to the page of a short link and counts the day's readers; 410, which says what
    happened, once that page is shown no longer."""
    link = short_links.find(code.lower())
    if link is None:
        raise Http404
    address = _address_of(link)
    if address is None:
        response = gone(request, of_short_link(link))
    else:
        response = redirect(address)  # not for ever: what it leads to may be withdrawn
    if request.method == "GET":
        _count(link, leads=address is not None)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _count(link: ShortLink, *, leads: bool) -> None:
    """A reader goes on also where nothing can be written: a disk is full, or the database only reads."""
    try:
        if leads:
            short_links.count(link)
        else:
            dead_ends.note(link)
    except DatabaseError:
        logger.warning("That the short link %s was followed could not be counted.", link.code, exc_info=True)


@require_safe
@secret
def fediverse(request: HttpRequest) -> HttpResponse:
    """Asks for one's own server and makes a link to its own form; we send nothing there and keep nothing."""
    sharing = _named(request.GET.get("om", "")[:LONGEST])
    if sharing is None:
        raise Http404
    given = request.GET.get("server", "").strip()
    server = host_of(given)
    context = {
        "sharing": sharing,
        "given": given[:LONGEST_SERVER],
        "server": server,
        "link": f"https://{server}/share?{urlencode({'text': f'{sharing.title} {sharing.address}'})}"
        if server
        else "",
        "fault": _("Write the name of your server, such as mastodon.example.")
        if given and not server
        else "",
    }
    return render(request, "square/fediverse.html", context)


def host_of(given: str) -> str:
    """The server in "mastodon.example", "https://mastodon.example/home" or "@me@mastodon.example"; "" for anything else."""
    name = given.lower().removeprefix("https://").removeprefix("http://").partition("/")[0].rpartition("@")[2]
    if len(name) > LONGEST_SERVER:
        return ""
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return name if _HOST.fullmatch(name) else ""


def _address_of(link: ShortLink) -> str | None:
    """Where it leads now, or None where nothing is shown any more."""
    if link.kind == ShortLink.Kind.EXCHANGE:
        exchange = gate.find(link.key) or _successor(link.key)
        return _page_of(exchange) if exchange is not None else None
    if link.kind == ShortLink.Kind.PLACE:
        listed = ContactPoint.objects.filter(LISTED, pk=link.key)
        return f"{reverse('square:places')}#plats-{link.key}" if listed.exists() else None
    if link.kind == ShortLink.Kind.POSITION:
        position = positions.find_by_key(int(link.key))
        return _page_of_position(position) if position is not None else None
    if link.kind == ShortLink.Kind.OUTCOME:
        outcome = outcomes.find_short(int(link.key))
        return outcome.path if outcome is not None else None
    if link.kind == ShortLink.Kind.SURVEY:
        survey = surveys.find_short(int(link.key))
        return survey.path if survey is not None else None
    post = posts.find_by_key(int(link.key))
    return _page_of_post(post) if post is not None else None


def _successor(number: str) -> PublishedExchange | None:
    """The exchange in which the words of a merged conversation go on, where it may be seen."""
    further = short_links.successor(number)
    return gate.find(further) if further is not None else None


def _page_of(exchange: PublishedExchange) -> str:
    return reverse("square:exchange", args=[exchange.number, exchange.slug])


def _page_of_position(position: PublishedPosition) -> str:
    return reverse("square:position", args=[position.slug])


def _page_of_post(post: PublishedPost) -> str:
    with override(post.language):
        return reverse("square:post", args=[post.year, post.slug])
