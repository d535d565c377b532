"""Keeps the list of others' addresses as what is shown to the public has it, and of short links that lead nowhere.

Neighbours: addresses finds, looking looks at them; config.flow says how often.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from gensvar.core import clock
from gensvar.core.events import Again, Settle
from gensvar.core.recurring import TimeCame, recurring_apart
from gensvar.publishing.links import dead_ends
from gensvar.publishing.links.addresses import Use, all_shown
from gensvar.publishing.links.models import LinkUse, OutsideLink

SPREAD: Final = 3600  # seconds over which new addresses are looked at


@recurring_apart
def gather(fact: TimeCame) -> Settle:
    """Recurring: the addresses and the dead short links as they are now; read first, written in one transaction."""
    found, dead = set(all_shown()), dead_ends.find()

    def settle() -> Again:
        keep(found)
        dead_ends.keep(dead)
        return fact.next_time()

    return settle


def keep(found: Iterable[Use]) -> None:
    """Make the rows say what was found. An address that nothing shows any more stays, with its history, as unused."""
    found = set(found)
    links = _links_of({address for address, _kind, _key in found})
    wanted = {(links[address].pk, kind, key) for address, kind, key in found}
    there = {(one.link_id, one.kind, one.key): one.pk for one in LinkUse.objects.all()}
    gone = [pk for use, pk in there.items() if use not in wanted]
    for at in range(0, len(gone), 500):
        LinkUse.objects.filter(pk__in=gone[at : at + 500]).delete()
    new = [LinkUse(link_id=link, kind=kind, key=key) for link, kind, key in sorted(wanted - set(there))]
    LinkUse.objects.bulk_create(new, batch_size=200, ignore_conflicts=True)
    _wake_and_rest()


def _links_of(addresses: set[str]) -> dict[str, OutsideLink]:
    now = clock.now()
    rows = [
        OutsideLink(
            digest=digest_of(address),
            address=address,
            host=(urlsplit(address).hostname or "")[:253],
            since=now,
            next_at=now + dt.timedelta(seconds=int(digest_of(address)[:8], 16) % SPREAD),
        )
        for address in sorted(addresses)
    ]
    known = set(OutsideLink.objects.values_list("digest", flat=True))
    OutsideLink.objects.bulk_create(
        [row for row in rows if row.digest not in known], batch_size=100, ignore_conflicts=True
    )
    return {row.address: row for row in OutsideLink.objects.only("pk", "address") if row.address in addresses}


def _wake_and_rest() -> None:
    now, unused = clock.now(), OutsideLink.State.UNUSED
    OutsideLink.objects.exclude(state=unused).filter(uses__isnull=True).update(state=unused, since=now)
    used = LinkUse.objects.values("link")
    OutsideLink.objects.filter(state=unused, pk__in=used).update(
        state=OutsideLink.State.NEW, since=now, next_at=now, tries=0, doubted_at=None
    )


@functools.lru_cache(maxsize=4096)
def digest_of(address: str) -> str:
    """The digest under which an address is kept once."""
    return hashlib.sha256(address.encode()).hexdigest()
