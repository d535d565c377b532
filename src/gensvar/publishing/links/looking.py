"""Looks at others' addresses when it is time, a few a minute and one a host, and keeps what each look found.

Neighbours: core.outside fetches (never inside a transaction), judging judges, deciding is what people say of it.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.services import note_link_back
from gensvar.core import clock
from gensvar.core.events import Again, Settle, emit, network
from gensvar.core.outside.fetching import Seen, fetch
from gensvar.core.outside.reading import Page, read
from gensvar.core.recurring import TimeCame, recurring
from gensvar.publishing.links import judging
from gensvar.publishing.links.events import LinkDue
from gensvar.publishing.links.models import Finding, LinkLook, LinkUse, OutsideLink
from gensvar.publishing.links.sites import host_of, site_of

A_MINUTE: Final = 6  # looks at most, each at another host: the senders have mail to send too
LOOKED_THROUGH: Final = 200  # due addresses that are looked through for hosts
HELD: Final = dt.timedelta(hours=2)  # for how long a look that was asked for is not asked for again


@dataclass(frozen=True, slots=True)
class Look:
    """What one look brought, before it is judged."""

    seen: Seen
    page: Page
    links_back: bool


@recurring
def ask_for_looks(fact: TimeCame) -> dt.datetime:
    """Recurring, each minute: lets the senders look at what is due, at most one address of each host."""
    if not settings.GENSVAR_LINK_CHECKS:
        return fact.next_time()
    now = clock.now()
    due = due_links().order_by("next_at", "pk").values_list("pk", "host")[:LOOKED_THROUGH]
    by_host: dict[str, int] = {}
    for pk, host in due:
        by_host.setdefault(site_of(host), pk)
    chosen = list(by_host.values())[:A_MINUTE]
    OutsideLink.objects.filter(pk__in=chosen).update(next_at=now + HELD)
    for pk in chosen:
        emit(LinkDue(pk))
    return fact.next_time()


def due_links() -> QuerySet[OutsideLink]:
    """The addresses whose time has come."""
    return OutsideLink.objects.exclude(state=OutsideLink.State.UNUSED).filter(next_at__lte=clock.now())


@network()
def look_at(fact: LinkDue) -> Settle:
    """Handler: fetch outside any transaction; what was found is written by what it gives back."""
    link = OutsideLink.objects.exclude(state=OutsideLink.State.UNUSED).filter(pk=fact.link).first()
    if link is None or not settings.GENSVAR_LINK_CHECKS:
        return _nothing
    return functools.partial(settle, link.pk, look(link.address))


def look(address: str) -> Look:
    """Fetch one address and read it. Takes up to fifteen seconds; never raises for what others do."""
    agent = f"Gensvar link check (+{settings.GENSVAR_URL}{reverse('square:about')})"
    seen = fetch(address, agent=agent, allowed=frozenset(settings.GENSVAR_LINK_CHECKS_LET_THROUGH))
    return understood(seen)


def understood(seen: Seen) -> Look:
    """Read a page that was fetched."""
    page = read(seen.body, seen.charset, seen.address) if seen.body else Page()
    return Look(seen, page, bool(page.me & own_pages()))


def own_pages() -> frozenset[str]:
    """Our pages to which others may link back: they link to every place with rel="me" themselves."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            for view in ("square:home", "square:places"):
                address = settings.GENSVAR_URL + reverse(view)
                found |= {address, address.rstrip("/"), address.rstrip("/") + "/"}
    return frozenset(found)


def settle(pk: int, look: Look) -> Again:
    """Judge and keep, in the caller's transaction."""
    link = OutsideLink.objects.select_for_update().filter(pk=pk).first()
    if link is None or link.state == OutsideLink.State.UNUSED:
        return None
    now = clock.now()
    keys = list(LinkUse.objects.filter(link=link, kind=LinkUse.Kind.PLACE).values_list("key", flat=True))
    seen, page = look.seen, look.page
    found = judging.judge(link, seen, page, links_back=look.links_back, of_place=bool(keys))
    judging.after(link, found, now, of_place=bool(keys))
    if seen.pause is not None and found.finding != Finding.WELL:
        link.next_at = max(link.next_at, now + seen.pause)
    if found.finding == Finding.WELL:
        remember(link, look)
    link.save()
    LinkLook.objects.create(
        link=link,
        at=now,
        finding=found.finding,
        state=link.state,
        details=dict(found.details),
        landed=seen.address[:2000],
        title=page.title,
        owner=page.owner,
        linked_back=look.links_back,
    )
    _tell_places(link, keys, look)
    return None


def remember(link: OutsideLink, look: Look) -> None:
    """Take what was seen for how the page is when it is well (in memory)."""
    link.site = link.site or site_of(host_of(look.seen.address))
    link.title, link.owner = look.page.title or link.title, look.page.owner or link.owner
    link.linked_back = link.linked_back or look.links_back


def _tell_places(link: OutsideLink, keys: list[str], look: Look) -> None:
    """Verified only where the page itself linked back at the last look; a look that saw no page says nothing yet."""
    lost = link.state in {OutsideLink.State.BROKEN, OutsideLink.State.STRANGE}
    strange = judging.KINDS[Finding(link.finding)] == OutsideLink.State.STRANGE
    if not (look.seen.body or lost):
        return
    for point in ContactPoint.objects.filter(pk__in=[int(key) for key in keys]):
        holds = look.links_back and not lost and not strange
        note_link_back(point, point.page if holds else "")


def _nothing() -> Again:
    return None
