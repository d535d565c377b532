"""What the public sees of an appearance: plain values that the gate makes and every screen shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.text import capfirst

from gensvar.publishing.values import Part, PublishedTopic, joined


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
class ToldAppearance:
    """One of them as feeds, topic pages and letters tell it, in the language of the reader (publishing.entries.Told)."""

    key: int
    told: PublishedTelling
    at: dt.datetime  # aware; its place among all that is told, the same for ever
    corrected: Corrected | None = None  # the newest correction
    said: tuple[str, ...] = ()  # what search finds it by

    @property
    def title_parts(self) -> tuple[Part, ...]:
        """What it was, and where or with whom."""
        return Part(f"{capfirst(self.told.kind_words)}: "), Part(self.told.place, "")

    @property
    def title(self) -> str:
        """The same in one line."""
        return joined(self.title_parts)

    @property
    def lead_parts(self) -> tuple[Part, ...]:
        """Its day, and where it can be read or heard, for a letter."""
        return (Part(self.lead),)

    @property
    def lead(self) -> str:
        """Its day, and where it can be read or heard."""
        day = date_format(self.told.day, "j F Y")
        return f"{day}: {self.told.link}" if self.told.link else day

    @property
    def signed(self) -> str:
        """Who spoke, where they agreed to be named, and for whom."""
        return ", ".join(part for part in (self.told.name, self.told.function) if part)

    @property
    def path(self) -> str:
        """Where the list begins with it, however many come after it."""
        before = urlencode({"fore": f"{self.told.day.isoformat()}~{self.key + 1}"})
        return f"{reverse('square:appearances')}?{before}#nr-{self.key}"

    @property
    def changed_at(self) -> dt.datetime:
        """Aware: when it was last told otherwise."""
        return max(self.at, self.corrected.until) if self.corrected else self.at


@dataclass(frozen=True, slots=True)
class ToldPage:
    """Some of them by their place, newest first, and where the next ones begin (None at the end)."""

    appearances: tuple[ToldAppearance, ...]
    next: tuple[dt.datetime, int] | None


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
