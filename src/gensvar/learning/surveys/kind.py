"""Surveys of how we lead as a further kind of public entry, for feeds and letters, and as pages with short links (config/flow.py).

A result stands there once, by when it was first published: whom it is about and how many answered. The figures and the words
stay on its page, where a text that is kept back later is gone at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gensvar.core.models import Topic
from gensvar.learning.surveys import gate
from gensvar.learning.surveys.values import PublishedSurvey, ToldSurvey
from gensvar.people.models import Person
from gensvar.publishing import finding
from gensvar.publishing.entries import Entry, Found, Narrowing
from gensvar.publishing.finding import Finding
from gensvar.publishing.models import ShortLink


class Surveys:
    """Implements publishing.entries.Further and Searched, and publishing.short_links.Linked."""

    number = 9
    tied = None
    short_link = ShortLink.Kind.SURVEY

    def page(self, before: tuple[dt.datetime, int] | None, size: int, which: Narrowing) -> Found:
        """By when each was first published. It is about no topic, and whoever leads did not write it."""
        if which.topic or which.person:
            return [], None
        found = gate.page(before, size, function=which.function)
        entries = [
            Entry(one.published_at, self.number, one.key, further=ToldSurvey(one)) for one in found.surveys
        ]
        return entries, found.next

    def is_shown(self, place: int, since: dt.datetime | None = None) -> bool:
        """Whether that round may be seen now; what is told of it is never changed."""
        return gate.is_shown(place)

    def shown_keys(self, keys: Iterable[str]) -> frozenset[str]:
        """Of rounds that stand in public."""
        found = gate.public().filter(pk__in=[int(key) for key in keys])
        return frozenset(str(key) for key in found.values_list("pk", flat=True))

    def topics(self) -> QuerySet[Topic]:
        """None."""
        return Topic.objects.none()

    def authors(self) -> QuerySet[Person]:
        """None."""
        return Person.objects.none()

    def search(
        self, asked: Sequence[tuple[str, ...]], before: tuple[dt.datetime, int] | None, size: int
    ) -> Found:
        """By the words of their questions and by what was written and released; never by a figure."""
        found = gate.search(self.number, asked, before, size)
        return [
            Entry(one.published_at, self.number, one.key, finding=_finding(one)) for one in found.surveys
        ], found.next

    def reindex(self) -> int:
        """From what the gate shows."""
        return finding.keep_all(self.number, ((one.key, one.said) for one in gate.every_sought()))


def refresh(key: int) -> None:
    """Let that round be found by what the gate shows of it now, in the caller's transaction."""
    shown = gate.find_sought(key)
    finding.keep(Surveys.number, key, shown.said if shown is not None else ())


def _finding(one: PublishedSurvey) -> Finding:
    """In doubt that so many answered."""
    told = ToldSurvey(one)
    return Finding(
        sort=_("Survey of how we lead"),
        title=told.title,
        title_language="",
        texts=(told.lead, *one.said),
        language="",
        signed=told.signed,
        path=one.path,
    )
