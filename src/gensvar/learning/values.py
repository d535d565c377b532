"""What the public sees of an outcome: plain values that the gate makes and every screen, feed and letter shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator

from gensvar.publishing.posts.values import PublishedPost
from gensvar.publishing.values import Part, PublishedExchange, PublishedTopic

LEAD = 400  # characters of a step in a letter


@dataclass(frozen=True, slots=True)
class PublishedStep:
    """One step. `name` and `title` are empty where the person did not agree to be named."""

    key: int
    status: str  # models.Step.Status
    status_words: str  # in the reader's language
    words: str
    day: dt.date
    at: dt.datetime  # aware; when it became public
    function: str
    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class PublishedOutcome:
    """What people said and what came of it. In lists only the newest step is there, and no exchanges and posts."""

    key: int
    slug: str
    title: str
    said: str
    language: str  # BCP 47
    function: str
    function_slug: str
    newest: PublishedStep
    steps: tuple[PublishedStep, ...] = ()  # newest first
    topics: tuple[PublishedTopic, ...] = ()
    exchanges: tuple[PublishedExchange, ...] = ()
    posts: tuple[PublishedPost, ...] = ()
    others: int = 0  # conversations that led to it and are not public
    code: str = ""  # of its short link

    @property
    def path(self) -> str:
        """The path of its page, in the language of the reader."""
        return reverse("square:outcome", args=[self.key, self.slug])

    @property
    def title_parts(self) -> tuple[Part, ...]:
        """Its headline, for a letter."""
        return (Part(self.title, self.language),)

    @property
    def lead_parts(self) -> tuple[Part, ...]:
        """Where it stands, in short."""
        stands = Part(f"{self.newest.status_words.capitalize()}: ")
        return stands, Part(Truncator(self.newest.words).chars(LEAD), self.language)

    @property
    def signed(self) -> str:
        """Who stands behind the newest step."""
        return ", ".join(part for part in (self.newest.name, self.newest.function) if part)


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """Some outcomes, newest change first, and where the next ones begin (None at the end)."""

    outcomes: tuple[PublishedOutcome, ...]
    next: tuple[dt.datetime, int] | None
