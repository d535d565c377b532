"""What the public sees of a position: plain values that the gate makes and every screen and feed shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gensvar.core import languages
from gensvar.publishing.posts.values import PublishedPost
from gensvar.publishing.values import PublishedExchange, PublishedTopic


@dataclass(frozen=True, slots=True)
class Words:
    """A wording in one language."""

    title: str
    text: str
    language: str  # BCP 47


@dataclass(frozen=True, slots=True)
class PublishedCause:
    """What led to a wording and is public itself: exactly one of the two is there."""

    exchange: PublishedExchange | None = None
    post: PublishedPost | None = None


@dataclass(frozen=True, slots=True)
class PublishedWording:
    """One wording. `name` and `person_title` are empty where the person did not agree to be named."""

    title: str
    text: str  # empty where it ends the position
    title_en: str  # both empty where there is no English
    text_en: str
    holds_from: dt.datetime  # aware
    function: str
    name: str
    person_title: str
    reason: str  # of the first wording it may be empty
    reason_en: str
    ends: bool
    key: int
    until: dt.datetime | None = None  # aware; None: it holds now, or nobody asked
    causes: tuple[PublishedCause, ...] = ()

    @property
    def has_english(self) -> bool:
        """Whether it stands in English too."""
        return bool(self.title_en and (self.text_en or self.ends))

    def said(self, language: str) -> Words:
        """Its words in that language, else in Swedish."""
        if language.startswith("en") and self.has_english:
            return Words(self.title_en, self.text_en, "en")
        return Words(self.title, self.text, "sv")

    @property
    def here(self) -> Words:
        """Its words as this page says them."""
        return self.said(languages.here())

    @property
    def why(self) -> Words:
        """Why it changed, as this page says it; without a headline."""
        if languages.in_english() and self.reason_en:
            return Words("", self.reason_en, "en")
        return Words("", self.reason, "sv")


@dataclass(frozen=True, slots=True)
class PublishedPosition:
    """A position with its wordings, newest first; in lists only the newest is there."""

    slug: str
    function: str
    function_slug: str
    wordings: tuple[PublishedWording, ...]
    topics: tuple[PublishedTopic, ...] = ()  # empty in lists that do not tell them
    code: str = ""  # of its short link
    key: int = 0

    @property
    def newest(self) -> PublishedWording:
        """The wording that holds now, or the end."""
        return self.wordings[0]

    @property
    def stands(self) -> bool:
        """Whether we stand for it now."""
        return not self.newest.ends

    @property
    def last_said(self) -> PublishedWording:
        """The newest row with words: what holds now, or what held last."""
        return next((one for one in self.wordings if not one.ends), self.newest)


@dataclass(frozen=True, slots=True)
class PositionPage:
    """Some positions, newest change first, and where the next ones begin (None at the end)."""

    positions: tuple[PublishedPosition, ...]
    next: tuple[dt.datetime, int] | None


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """The newest positions about one topic (None: about none), and how many there are in all."""

    topic: PublishedTopic | None
    positions: tuple[PublishedPosition, ...]
    count: int
