"""Where in the inbox one stands: queue, search, filters and how far down the list. All of it lives in the address."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from gensvar.conversations.queue_names import QueueName

QUEUE: Final = re.compile(r"[a-z]{1,20}|function:[-\w]{1,60}")
Key = tuple[dt.datetime, int]
"""The place of a row in a list: when its newest word came, and its id."""


@dataclass(frozen=True, slots=True)
class Place:
    """One state of the inbox, as its address says it."""

    queue: str = ""
    q: str = ""
    function: str = ""
    channel: str = ""
    before: Key | None = None
    queues_first: bool = False  # on a phone: the column of queues

    @classmethod
    def read(cls, query: QueryDict) -> Place:
        """The place that a query string names; what makes no sense is left out."""
        return cls(
            queue=_read_queue(query.get("queue", "")),
            q=query.get("q", "").replace("\0", "").strip()[:200],
            function=query.get("function", "")[:60],
            channel=query.get("channel", "")[:30],
            before=_read_key(query.get("before", "")),
            queues_first=query.get("view") == "queues",
        )

    def but(self, **changes: Any) -> Place:
        """The same place with some of it changed."""
        return replace(self, **changes)

    @property
    def lasting(self) -> Place:
        """What of the place is worth keeping: what narrows the list. A search goes through every queue but spam, or through that."""
        everywhere = self.q and self.queue != QueueName.SPAM
        return replace(self, queue="" if everywhere else self.queue, before=None, queues_first=False)

    @property
    def query(self) -> str:
        """The query string, with its question mark, or nothing."""
        values = {
            "queue": self.queue,
            "q": self.q,
            "function": self.function,
            "channel": self.channel,
            "before": write_key(self.before) if self.before else "",
            "view": "queues" if self.queues_first else "",
        }
        written = urlencode({name: value for name, value in values.items() if value})
        return f"?{written}" if written else ""

    @property
    def url(self) -> str:
        """The address of the list."""
        return reverse("desk:inbox") + self.query

    def url_of(self, number: str, *, word: int | None = None, until: int | None = None) -> str:
        """The address of a conversation, opened from this place; of one word in it, or of the words before one."""
        base = reverse("desk:conversation", args=[number]) + self.but(before=None, queues_first=False).query
        joint = "&" if "?" in base else "?"
        if word is not None:
            return f"{base}{joint}word={word}#word-{word}"
        return base if until is None else f"{base}{joint}until={until}"

    @property
    def filtered(self) -> bool:
        """Whether something narrows the queue."""
        return bool(self.q or self.function or self.channel)


def write_key(key: Key) -> str:
    """A key as text for an address: microseconds since 1970 (UTC) and the id."""
    at, pk = key
    micros = (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
    return f"{micros}-{pk}"


def _read_queue(text: str) -> str:
    return text if QUEUE.fullmatch(text) else ""


def _read_key(text: str) -> Key | None:
    micros, _, pk = text.partition("-")
    if not (micros.isdecimal() and pk.isdecimal() and len(micros) < 18 and len(pk) < 18):
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(micros)), int(pk)
