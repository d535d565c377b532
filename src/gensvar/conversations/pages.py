"""Lists by key: the next page begins where the last ended, however many came in between."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet

from gensvar.conversations.models import Conversation
from gensvar.core import keyset

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
    return Page(*keyset.newest(queryset, "last_at", before, size))
