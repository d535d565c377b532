"""Experiments as a further kind of public entry, for feeds, topic pages and letters: config/flow.py hands it over.

Each line is news of its own: an experiment stands in the list once, where its newest line belongs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from gensvar.core.models import Topic
from gensvar.learning.workshop import gate
from gensvar.people.models import Person
from gensvar.publishing.entries import Entry, Found, Narrowing


class Experiments:
    """Implements publishing.entries.Further."""

    number = 8

    def page(self, before: tuple[dt.datetime, int] | None, size: int, which: Narrowing) -> Found:
        """By the newest line of each."""
        found = gate.told(before, size, topic=which.topic, function=which.function, person=which.person)
        entries = [Entry(one.line.at, self.number, one.line.key, further=one) for one in found.experiments]
        return entries, found.next

    def is_shown(self, place: int, since: dt.datetime | None = None) -> bool:
        """Whether that line may be seen now; a line is never changed."""
        return gate.is_shown(place)

    def topics(self) -> Iterable[Topic]:
        """Of what may be seen."""
        return gate.topics()

    def authors(self) -> Iterable[Person]:
        """Who held it by the newest lines and agreed to be named."""
        return gate.authors()
