"""Short links of ours whose page is shown no longer: found each hour, and at once by whoever follows one.

Neighbours: short_links has the links, the gates say what is shown; the square says to the reader what happened.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import LISTED
from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.publishing import gate, short_links
from gensvar.publishing.links.models import DeadShortLink, LinkUse, OutsideLink
from gensvar.publishing.models import PublicExchange, ShortLink
from gensvar.publishing.positions import gate as positions
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.models import Post
from gensvar.publishing.short_links import Linked, linked

Why = DeadShortLink.Why
FAILING: Final = (OutsideLink.State.BROKEN, OutsideLink.State.STRANGE)


def find() -> dict[int, DeadShortLink.Why]:
    """Every short link that leads to nothing shown, by its id, with why. Asks the gates a hundred pages at a time."""
    links: dict[str, dict[str, int]] = {kind: {} for kind in ShortLink.Kind.values}
    for pk, kind, key in ShortLink.objects.values_list("pk", "kind", "key"):
        links[kind][key] = pk
    return {
        **_of_exchanges(links[ShortLink.Kind.EXCHANGE]),
        **_of_posts(links[ShortLink.Kind.PAGE]),
        **_of_places(links[ShortLink.Kind.PLACE]),
        **_of_positions(links[ShortLink.Kind.POSITION]),
        **{pk: why for one in linked() for pk, why in _of_others(one, links[one.short_link]).items()},
    }


def _of_exchanges(links: Mapping[str, int]) -> dict[int, DeadShortLink.Why]:
    shown = gate.shown_among(links)
    away = {number: pk for number, pk in links.items() if number not in shown}
    states = dict(PublicExchange.objects.filter(number__in=list(away)).values_list("number", "state"))
    why = {
        PublicExchange.State.WITHDRAWN.value: Why.WITHDRAWN,
        PublicExchange.State.PREPARED.value: Why.NOT_SHOWN,
        PublicExchange.State.PUBLISHED.value: Why.NOT_SHOWN,
    }
    found = {pk: why[states[number]] if number in states else Why.MISSING for number, pk in away.items()}
    merged = {number for number in away if short_links.successor(number) is not None}
    return {pk: found[pk] for number, pk in away.items() if number not in merged}


def _of_posts(links: Mapping[str, int]) -> dict[int, DeadShortLink.Why]:
    keys = {int(key): pk for key, pk in links.items()}
    shown = posts.shown_among(keys)
    there = set(Post.objects.filter(pk__in=list(keys)).values_list("pk", flat=True))
    return {
        pk: Why.WITHDRAWN if key in there else Why.MISSING for key, pk in keys.items() if key not in shown
    }


def _of_places(links: Mapping[str, int]) -> dict[int, DeadShortLink.Why]:
    listed = dict(ContactPoint.objects.annotate(listed=LISTED).values_list("pk", "listed"))
    failing = LinkUse.objects.filter(kind=LinkUse.Kind.PLACE, link__state__in=FAILING)
    keys = set(failing.values_list("key", flat=True))
    found = {}
    for key, pk in links.items():
        shown = listed.get(int(key))
        if shown is None:
            found[pk] = Why.MISSING
        elif not shown:
            found[pk] = Why.NOT_SHOWN
        elif key in keys:
            found[pk] = Why.PAGE_FAILS
    return found


def _of_positions(links: Mapping[str, int]) -> dict[int, DeadShortLink.Why]:
    there = positions.public().filter(position__in=[int(key) for key in links])
    shown = {str(key) for key in there.values_list("position", flat=True)}
    return {pk: Why.NOT_SHOWN for key, pk in links.items() if key not in shown}


def _of_others(room: Linked, links: Mapping[str, int]) -> dict[int, DeadShortLink.Why]:
    """What another room shows has a link from its first day in public: where it is away, it was withdrawn."""
    shown = room.shown_keys(links) if links else frozenset()
    return {pk: Why.WITHDRAWN for key, pk in links.items() if key not in shown}


def keep(dead: Mapping[int, DeadShortLink.Why]) -> None:
    """Make the rows say it: new deaths begin, those that lead somewhere again end. In the caller's transaction."""
    open_ = {one.link_id: one for one in DeadShortLink.objects.filter(ended_at__isnull=True)}
    now = clock.now()
    over = [one.pk for link, one in open_.items() if dead.get(link) != one.why]
    for at in range(0, len(over), 500):
        DeadShortLink.objects.filter(pk__in=over[at : at + 500]).update(ended_at=now)
    still = {link for link, one in open_.items() if dead.get(link) == one.why}
    new = [DeadShortLink(link_id=link, why=why, since=now) for link, why in dead.items() if link not in still]
    DeadShortLink.objects.bulk_create(new, batch_size=200, ignore_conflicts=True)


def note(link: ShortLink) -> None:
    """Keep, and count, that somebody followed a short link to nothing; the hourly look would find it later."""
    open_ = DeadShortLink.objects.filter(link=link, ended_at__isnull=True)
    if open_.update(followed=F("followed") + 1):
        return
    look: Mapping[ShortLink.Kind, Callable[[Mapping[str, int]], Mapping[int, DeadShortLink.Why]]] = {
        ShortLink.Kind.EXCHANGE: _of_exchanges,
        ShortLink.Kind.PAGE: _of_posts,
        ShortLink.Kind.PLACE: _of_places,
        ShortLink.Kind.POSITION: _of_positions,
        **{one.short_link: functools.partial(_of_others, one) for one in linked()},
    }
    found = look[ShortLink.Kind(link.kind)]({link.key: link.pk})
    for why in _first(found.values()):
        try:
            with transaction.atomic():
                DeadShortLink.objects.create(link=link, why=why, since=clock.now(), followed=1)
        except IntegrityError:  # another reader came in the same moment
            return


def _first(found: Iterable[DeadShortLink.Why]) -> list[DeadShortLink.Why]:
    return list(found)[:1]


@transaction.atomic
def let_rest(dead: DeadShortLink, *, by: User) -> None:
    """Somebody looked: it stays closed, and says so to its readers. Raises NotAllowed."""
    require(by, May.MANAGE_PLACES)
    DeadShortLink.objects.filter(pk=dead.pk, settled_at__isnull=True).update(
        settled_at=clock.now(), settled_by=by
    )
    audit.note(by, "links.short_link_rests", dead.link, why=dead.why)
