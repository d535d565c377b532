"""Lists by key: the next page begins where the last ended, however many came in between."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from gensvar.conversations.models import Conversation

Key = tuple[dt.datetime, int]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the key that the next page begins after (None: there is no next).

    `hits` says of a search which message was found in which conversation (ids).
    """

    rows: list[Conversation]
    next: Key | None
    hits: dict[int, int] = field(default_factory=dict)


def page(queryset: QuerySet[Conversation], *, before: Key | None = None, size: int = 25) -> Page:
    """The newest rows after `before` (last_at, id). One query, whatever came before."""
    found = queryset.order_by("-last_at", "-pk")
    if before is not None:
        at, pk = before
        # The first condition is implied by the second; it is the one that an index can follow.
        found = found.filter(Q(last_at__lte=at), Q(last_at__lt=at) | Q(pk__lt=pk))
    rows = list(found[: size + 1])
    if len(rows) <= size:
        return Page(rows, None)
    return Page(rows[:size], (rows[size - 1].last_at, rows[size - 1].pk))
