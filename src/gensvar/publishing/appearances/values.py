"""What the public sees of an appearance: plain values that the gate makes and every screen shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gensvar.publishing.values import PublishedTopic


@dataclass(frozen=True, slots=True)
class PublishedTelling:
    """Who spoke where. `name` and `title` are empty where the person did not agree to be named; days are the municipality's."""

    kind: str  # models.Told.Kind
    kind_words: str  # in the reader's language
    function: str
    function_slug: str
    name: str
    title: str
    day: dt.date
    place: str
    link: str  # http or https; may be empty


@dataclass(frozen=True, slots=True)
class Corrected:
    """What stood there before, until when (aware), and why it was corrected."""

    told: PublishedTelling
    until: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PublishedAppearance:
    """One line of the list. Of what is withdrawn nothing is left but its day, and that it was: `told` is None then."""

    key: int
    day: dt.date
    told: PublishedTelling | None
    withdrawn_at: dt.datetime | None = None  # aware
    topics: tuple[PublishedTopic, ...] = ()
    earlier: tuple[Corrected, ...] = ()  # newest first


@dataclass(frozen=True, slots=True)
class AppearancePage:
    """Some of them, newest day first, and where the next ones begin (None at the end)."""

    appearances: tuple[PublishedAppearance, ...]
    next: tuple[dt.date, int] | None

    @property
    def months(self) -> list[tuple[dt.date, list[PublishedAppearance]]]:
        """The same month by month (its first day), as they stand."""
        found: dict[dt.date, list[PublishedAppearance]] = {}
        for one in self.appearances:
            found.setdefault(one.day.replace(day=1), []).append(one)
        return list(found.items())
