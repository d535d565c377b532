"""Appearances as a further kind of public entry, for feeds, topic pages and letters: config/flow.py hands it over.

Each stands there once, by when it was entered; a correction keeps its place and its name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.publishing.appearances import gate
from gensvar.publishing.entries import Entry, Found, Narrowing


class Appearances:
    """Implements publishing.entries.Further."""

    number = 7

    def page(self, before: tuple[dt.datetime, int] | None, size: int, which: Narrowing) -> Found:
        """By their place among all that is told."""
        found = gate.told(before, size, topic=which.topic, function=which.function, person=which.person)
        return [Entry(one.at, self.number, one.key, further=one) for one in found.appearances], found.next

    def is_shown(self, place: int, since: dt.datetime | None = None) -> bool:
        """Whether it may be seen now, and says what it said at that time."""
        return gate.is_shown(place, since)

    def topics(self) -> Iterable[Topic]:
        """Of what may be seen."""
        return gate.topics()

    def authors(self) -> Iterable[Person]:
        """Who spoke and agreed to be named."""
        return gate.authors()
