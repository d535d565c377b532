"""Short addresses of ours for public pages: made once, kept for good, counted by day without knowing who; neighbour: square."""

from __future__ import annotations

import datetime as dt
import functools
import secrets
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from gensvar.conversations.models import Conversation
from gensvar.core import clock, handed
from gensvar.core.models import User
from gensvar.publishing.models import ShortLink, ShortLinkDay

LETTERS: Final = (
    "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another when said aloud or written by hand
)
LENGTH: Final = 7  # 2.7 * 10^10 codes
TRIES: Final = 8


class Linked(Protocol):
    """A kind of page that a room below has short links for; SHORT_LINKED of config/flow.py names them."""

    @property
    def short_link(self) -> ShortLink.Kind:
        """Of its pages."""

    def shown_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of these short links' keys whose page may be seen."""


@functools.cache
def linked() -> Sequence[Linked]:
    """What rooms below have short links for."""
    found: Sequence[Linked] = handed.table("GENSVAR_FLOW", "SHORT_LINKED", ())
    return found


def make(kind: ShortLink.Kind, key: str, *, by: User | None) -> ShortLink:
    """The short link of that page: the one that it has, else a new one."""
    for _ in range(TRIES):
        if found := ShortLink.objects.filter(kind=kind, key=key).first():
            return found
        try:
            with transaction.atomic():
                return ShortLink.objects.create(
                    code=new_code(), kind=kind, key=key, made_at=clock.now(), made_by=by
                )
        except IntegrityError:  # another made it meanwhile, or the code is taken
            continue
    raise RuntimeError("No free code was found for a short link; its page is public without one.")


def new_code() -> str:
    """A code that tells nothing and cannot be guessed from another."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def code_of(kind: ShortLink.Kind, key: str) -> str:
    """The code of that page's short link; empty where it has none yet."""
    return ShortLink.objects.filter(kind=kind, key=key).values_list("code", flat=True).first() or ""


def codes_of(kind: ShortLink.Kind) -> dict[str, str]:
    """The codes of all pages of that kind that have one, by key."""
    return dict(ShortLink.objects.filter(kind=kind).values_list("key", "code"))


def find(code: str) -> ShortLink | None:
    """The short link of that code, or None."""
    return ShortLink.objects.filter(code=code).first()


def successor(number: str) -> str | None:
    """The number of the exchange in which a merged conversation's words go on, or None where it was not merged."""
    before = Conversation.objects.filter(number=number).select_related("merged_into").first()
    seen: set[int] = set()
    while before is not None and before.merged_into is not None and before.pk not in seen:
        seen.add(before.pk)
        before = before.merged_into
    return before.number if before is not None and before.number != number else None


def counts_of(links: Iterable[int], since: dt.date | None = None) -> dict[int, int]:
    """How often each of these was followed, in all or from that day on (the municipality's); one query."""
    rows = ShortLinkDay.objects.filter(link__in=list(links))
    rows = rows.filter(day__gte=since) if since is not None else rows
    return dict(rows.order_by().values_list("link").annotate(Sum("count")))


def count(link: ShortLink) -> None:
    """Count that it was followed once more today (the municipality's day); nothing else is kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO publishing_shortlinkday (link_id, day, count) VALUES (%s, %s, 1) "
            "ON CONFLICT (link_id, day) DO UPDATE SET count = publishing_shortlinkday.count + 1",
            [link.pk, connection.ops.adapt_datefield_value(clock.today())],
        )
