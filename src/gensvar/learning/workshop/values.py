"""What the public sees of an experiment: plain values that the gate makes and every screen shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from gensvar.publishing.values import PublishedTopic


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """One thing that happened. `name` is empty where the person did not agree to be named."""

    kind: str  # models.Line.Kind
    kind_words: str  # in the reader's language
    words: str
    until: dt.date | None  # the day that the decision was moved to
    at: dt.datetime  # aware
    function: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PublishedExperiment:
    """What is tried, and by whom. Days are the municipality's; in lists there are no lines."""

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
class ExperimentPage:
    """Some experiments, newest change first, and where the next ones begin (None at the end)."""

    experiments: tuple[PublishedExperiment, ...]
    next: tuple[dt.datetime, int] | None
