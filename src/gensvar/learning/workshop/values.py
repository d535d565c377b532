"""What the public sees of an experiment: plain values that the gate makes and every screen shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst

from gensvar.publishing.values import Part, PublishedTopic

LEAD: Final = 400  # characters of a line in a letter


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """One thing that happened. `name` is empty where the person did not agree to be named."""

    key: int
    kind: str  # models.Line.Kind
    kind_words: str  # in the reader's language
    words: str
    until: dt.date | None  # the day that the decision was moved to
    at: dt.datetime  # aware
    function: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PublishedExperiment:
    """What is tried, and by whom. Days are the municipality's; in lists there are no lines, and as told neither persons nor topics."""

    key: int
    slug: str
    title: str
    language: str  # BCP 47
    tries: str
    why: str
    known_by: str
    function: str
    function_slug: str
    holder: str  # empty where the person did not agree to be named, or holds nothing any more
    is_held: bool  # by somebody who works here today
    others: tuple[str, ...]  # who could take over and agreed to be named
    unnamed: int  # who could take over and did not
    starts: dt.date
    decides: dt.date
    stage: str  # planned, under_way, late, or models.Experiment.Verdict
    stage_words: str  # in the reader's language
    result: str
    decided_on: dt.date | None
    changed_at: dt.datetime  # aware
    topics: tuple[PublishedTopic, ...] = ()
    lines: tuple[PublishedLine, ...] = ()  # newest first

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, without its headline and without anybody's name."""
        told = (line.words for line in self.lines)
        return (self.tries, self.why, self.known_by, *(text for text in (self.result, *told) if text))

    @property
    def path(self) -> str:
        """The path of its page, in the language of the reader."""
        return reverse("square:experiment", args=[self.key, self.slug])

    @property
    def is_decided(self) -> bool:
        """Whether it has come to its end."""
        return self.decided_on is not None

    @property
    def hangs_on_one(self) -> bool:
        """Whether it would end with the one who holds it: nobody else could take over."""
        return not self.is_decided and self.is_held and not self.others and not self.unnamed


@dataclass(frozen=True, slots=True)
class ToldExperiment:
    """Its newest line as feeds, topic pages and letters tell it, in the language of the reader (publishing.entries.Told)."""

    experiment: PublishedExperiment
    line: PublishedLine

    @property
    def title(self) -> str:
        """What is tried."""
        return self.experiment.title

    @property
    def title_parts(self) -> tuple[Part, ...]:
        """The same, for a letter."""
        return (Part(self.title, self.experiment.language),)

    @property
    def heading(self) -> str:
        """What happened; of a decision, which one; of one that is decided on another day, on which."""
        if self.line.until is not None:
            return f"{capfirst(self.line.kind_words)}, {date_format(self.line.until, 'j F Y')}"
        return capfirst(self.experiment.stage_words if self.line.kind == "decided" else self.line.kind_words)

    @property
    def words(self) -> str:
        """What is said of it: when it begins, what is tried; of one that somebody else holds, who."""
        return self.line.words or (self.signed if self.line.kind == "handed" else self.experiment.tries)

    @property
    def lead_parts(self) -> tuple[Part, ...]:
        """What happened, in short."""
        handed = self.line.kind == "handed" and not self.line.words
        said = Part(Truncator(self.words).chars(LEAD), None if handed else self.experiment.language)
        return Part(f"{self.heading}: "), said

    @property
    def signed(self) -> str:
        """Who held it then, where they agreed to be named, and for whom."""
        return ", ".join(part for part in (self.line.name, self.line.function) if part)

    @property
    def path(self) -> str:
        """The path of its page."""
        return self.experiment.path


@dataclass(frozen=True, slots=True)
class ToldPage:
    """Some experiments by their newest lines, newest first, and where the next ones begin (None at the end)."""

    experiments: tuple[ToldExperiment, ...]
    next: tuple[dt.datetime, int] | None


@dataclass(frozen=True, slots=True)
class ExperimentPage:
    """Some experiments, newest change first, and where the next ones begin (None at the end)."""

    experiments: tuple[PublishedExperiment, ...]
    next: tuple[dt.datetime, int] | None
