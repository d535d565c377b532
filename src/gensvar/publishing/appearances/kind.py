"""Appearances as a further kind of public entry, for feeds, topic pages and letters: config/flow.py hands it over.

Each stands there once, by when it was entered; a correction keeps its place and its name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.publishing import finding
from gensvar.publishing.appearances import gate
from gensvar.publishing.appearances.models import Appearance
from gensvar.publishing.appearances.values import ToldAppearance
from gensvar.publishing.entries import Entry, Found, Narrowing
from gensvar.publishing.finding import Finding


class Appearances:
    """Implements publishing.entries.Further and Searched."""

    number = 7
    tied = Appearance

    def page(self, before: tuple[dt.datetime, int] | None, size: int, which: Narrowing) -> Found:
        """By their place among all that is told."""
        found = gate.told(before, size, topic=which.topic, function=which.function, person=which.person)
        entries = [Entry(one.at, self.number, one.key, further=one, row=one.key) for one in found.appearances]
        return entries, found.next

    def is_shown(self, place: int, since: dt.datetime | None = None) -> bool:
        """Whether it may be seen now, and says what it said at that time."""
        return gate.is_shown(place, since)

    def topics(self) -> QuerySet[Topic]:
        """Of what may be seen."""
        return gate.topics()

    def authors(self) -> QuerySet[Person]:
        """Who spoke and agreed to be named."""
        return gate.authors()

    def search(
        self, asked: Sequence[tuple[str, ...]], before: tuple[dt.datetime, int] | None, size: int
    ) -> Found:
        """By their place among all that is told."""
        found = gate.search(self.number, asked, before, size)
        return [
            Entry(one.at, self.number, one.key, finding=_finding(one)) for one in found.appearances
        ], found.next

    def reindex(self) -> int:
        """From what the gate shows."""
        return finding.keep_all(self.number, ((one.key, one.said) for one in gate.every_shown()))


def refresh(key: int) -> None:
    """Let that appearance be found by what the gate shows of it now, in the caller's transaction."""
    shown = gate.find_told(key)
    finding.keep(Appearances.number, key, shown.said if shown is not None else ())


def _finding(one: ToldAppearance) -> Finding:
    """In doubt its day; of one that was corrected, what stood there and why it went too."""
    was = one.corrected
    return Finding(
        sort=_("Where we spoke"),
        title=one.title,
        title_language=get_language() or "",
        texts=(one.lead, *((was.told.place, was.reason) if was is not None else ())),
        language=get_language() or "",
        signed=one.signed,
        path=one.path,
    )
