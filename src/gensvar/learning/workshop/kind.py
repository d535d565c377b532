"""Experiments as a further kind of public entry, for feeds, topic pages and letters: config/flow.py hands it over.

Each line is news of its own: an experiment stands in the list once, where its newest line belongs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gensvar.core.models import Topic
from gensvar.learning.workshop import gate
from gensvar.learning.workshop.models import Experiment
from gensvar.learning.workshop.values import PublishedExperiment
from gensvar.people.models import Person
from gensvar.publishing import finding
from gensvar.publishing.entries import Entry, Found, Narrowing
from gensvar.publishing.finding import Finding


class Experiments:
    """Implements publishing.entries.Further and Searched."""

    number = 8
    tied = Experiment

    def page(self, before: tuple[dt.datetime, int] | None, size: int, which: Narrowing) -> Found:
        """By the newest line of each."""
        found = gate.told(before, size, topic=which.topic, function=which.function, person=which.person)
        entries = [
            Entry(one.line.at, self.number, one.line.key, further=one, row=one.experiment.key)
            for one in found.experiments
        ]
        return entries, found.next

    def is_shown(self, place: int, since: dt.datetime | None = None) -> bool:
        """Whether that line may be seen now; a line is never changed."""
        return gate.is_shown(place)

    def topics(self) -> QuerySet[Topic]:
        """Of what may be seen."""
        return gate.topics()

    def authors(self) -> QuerySet[Person]:
        """Who held it by the newest lines and agreed to be named."""
        return gate.authors()

    def search(
        self, asked: Sequence[tuple[str, ...]], before: tuple[dt.datetime, int] | None, size: int
    ) -> Found:
        """Each once, by its newest change, whatever line the words stand in."""
        found = gate.search(self.number, asked, before, size)
        return [
            Entry(one.changed_at, self.number, one.key, finding=_finding(one)) for one in found.experiments
        ], found.next

    def reindex(self) -> int:
        """From what the gate shows."""
        shown = ((one.key, (one.title, *one.texts)) for one in gate.every_shown())
        return finding.keep_all(self.number, shown)


def refresh(key: int) -> None:
    """Let that experiment be found by what the gate shows of it now, in the caller's transaction."""
    shown = gate.find(key)
    finding.keep(Experiments.number, key, (shown.title, *shown.texts) if shown is not None else ())


def _finding(one: PublishedExperiment) -> Finding:
    return Finding(
        sort=_("Experiment"),
        title=one.title,
        title_language=one.language,
        texts=one.texts,
        language=one.language,
        signed=one.function,
        path=one.path,
    )
