"""Outcomes as a further kind of public entry, for feeds, topic pages and newsletters: config/flow.py hands it over.

Each step is news of its own: an outcome stands in the list once, where its newest step belongs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from gensvar.core.models import Topic
from gensvar.learning import gate
from gensvar.learning.models import Outcome
from gensvar.people.models import Person
from gensvar.publishing.entries import Entry, Found, Narrowing
from gensvar.publishing.models import ShortLink


class Outcomes:
    """Implements publishing.entries.Further."""

    number = gate.NUMBER
    tied = Outcome
    short_link = ShortLink.Kind.OUTCOME

    def page(self, before: tuple[dt.datetime, int] | None, size: int, which: Narrowing) -> Found:
        """By the newest step of each."""
        found = gate.page(before, size, topic=which.topic, function=which.function, person=which.person)
        entries = [
            Entry(one.newest.at, self.number, one.newest.key, further=one, row=one.key)
            for one in found.outcomes
        ]
        return entries, found.next

    def is_shown(self, place: int, since: dt.datetime | None = None) -> bool:
        """Whether that step may be seen now; a step is never changed."""
        return gate.is_shown(place)

    def shown_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Of outcomes that stand in public."""
        found = gate.public().filter(pk__in=[int(key) for key in keys])
        return frozenset(str(key) for key in found.values_list("pk", flat=True))

    def topics(self) -> QuerySet[Topic]:
        """Of what may be seen."""
        return gate.topics()

    def authors(self) -> QuerySet[Person]:
        """Who stands behind the newest steps and agreed to be named."""
        return gate.authors()
