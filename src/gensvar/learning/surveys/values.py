"""What the public sees of a survey: plain values that the gate makes and every screen shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.publishing.values import Part

Steps = tuple[int, int, int, int, int]
"""How often 1, 2, 3, 4 and 5 were chosen."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The answers to one statement in one round."""

    steps: Steps
    cannot_say: int

    @property
    def chose(self) -> int:
        """How many chose a step."""
        return sum(self.steps)

    @property
    def agree(self) -> float:
        """The share of those who chose a step that chose 4 or 5, between 0 and 1."""
        return (self.steps[3] + self.steps[4]) / self.chose


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same question in an earlier round; `words` only where they were others then."""

    year: int
    path: str
    counted: Counted
    words: str = ""


@dataclass(frozen=True, slots=True)
class PublishedQuestion:
    """One question and what was answered; a statement that fewer than five judged has no `counted`."""

    key: str
    words: str
    language: str  # BCP 47, of the words
    is_scale: bool
    counted: Counted | None = None
    earlier: tuple[Earlier, ...] = ()  # newest first
    texts: tuple[str, ...] = ()
    kept_back: int = 0  # texts that the coordinator did not release


@dataclass(frozen=True, slots=True)
class PublishedSurvey:
    """One round. Days are the municipality's; in lists there are no questions."""

    key: int
    slug: str
    leader: str  # empty where the person did not agree to be named
    function: str
    function_slug: str
    title: str
    title_language: str  # BCP 47
    first_day: dt.date
    last_day: dt.date
    asked: int
    answered: int
    published_at: dt.datetime  # aware
    changed_at: dt.datetime  # aware
    questions: tuple[PublishedQuestion, ...] = ()
    code: str = ""  # of its short link
    said: tuple[str, ...] = ()  # its questions and what was written, in every language; where it was sought

    @property
    def path(self) -> str:
        """The path of its page, in the language of the reader."""
        return reverse("square:survey", args=[self.slug])

    @property
    def year(self) -> int:
        """Of its last day."""
        return self.last_day.year


@dataclass(frozen=True, slots=True)
class ToldSurvey:
    """One round as feeds and letters tell it, in the language of the reader (publishing.entries.Told)."""

    survey: PublishedSurvey

    @property
    def title(self) -> str:
        """Whom it is about, where they agreed to be named, and which year."""
        one = self.survey
        if one.leader:
            return _("How %(leader)s leads, %(year)s") % {"leader": one.leader, "year": one.year}
        return _("How %(function)s is led, %(year)s") % {"function": one.function, "year": one.year}

    @property
    def title_parts(self) -> tuple[Part, ...]:
        """The same, for a letter."""
        return (Part(self.title),)

    @property
    def lead_parts(self) -> tuple[Part, ...]:
        """How many answered, for a letter."""
        return (Part(self.lead),)

    @property
    def lead(self) -> str:
        """How many answered."""
        return _(
            "%(answered)s of the %(asked)s who were asked answered without their names. Read what they said."
        ) % {"answered": self.survey.answered, "asked": self.survey.asked}

    @property
    def signed(self) -> str:
        """Where it was asked."""
        return self.survey.function

    @property
    def path(self) -> str:
        """The path of its page."""
        return self.survey.path


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """Some rounds, newest first, and where the next ones begin (None at the end)."""

    surveys: tuple[PublishedSurvey, ...]
    next: tuple[dt.datetime, int] | None
