"""What the public sees of an exchange: plain values that the gate makes and every screen, feed and export shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from gensvar.answers.languages import UNKNOWN, guessed, language_of_part, spoken
from gensvar.core import languages
from gensvar.core.models import Topic


@dataclass(frozen=True, slots=True)
class Part:
    """Words in one language, of a line that may be in several."""

    text: str
    language: str | None = None  # BCP 47, empty where it is not known; None: the reader's own

    @property
    def lang(self) -> SafeString:
        """The attribute that says it, where it is another than that of the letter."""
        if self.language is None:
            return SafeString("")
        return language_of_part(self.language, "" if self.language else self.text)


def joined(parts: Iterable[Part]) -> str:
    """The whole line."""
    return "".join(part.text for part in parts)


@dataclass(frozen=True, slots=True)
class PublishedPicture:
    """A picture without its metadata; `sha256` is its address behind the gate."""

    sha256: str
    content_type: str
    alternative: str
    width: int  # pixels
    height: int


@dataclass(frozen=True, slots=True)
class PublishedTopic:
    """A topic of the municipality's vocabulary; its name is in the reader's language where it has one."""

    slug: str
    name_sv: str
    name_en: str = ""

    @property
    def name(self) -> str:
        """Its name as this page says it."""
        return languages.named(self.name_sv, self.name_en)

    @classmethod
    def of(cls, topic: Topic) -> PublishedTopic:
        """That word of the vocabulary."""
        return cls(topic.slug, topic.name, topic.name_en)


@dataclass(frozen=True, slots=True)
class PublishedWord:
    """One word as approved. `name` is empty where its writer did not agree to be named."""

    ours: bool
    text: str
    language: str  # BCP 47, may be empty
    at: dt.datetime  # aware
    name: str
    title: str
    function: str
    pictures: tuple[PublishedPicture, ...] = ()
    key: int = 0  # among public words of its kind, the same for ever
    shown_at: dt.datetime | None = None  # aware; when a person approved it


@dataclass(frozen=True, slots=True)
class PublishedExchange:
    """A public question with its answer, and what was said after it."""

    number: str
    slug: str
    title: str
    language: str
    function: str
    function_slug: str
    published_at: dt.datetime  # aware
    words: tuple[PublishedWord, ...]
    took_working_days: int | None = None
    changed_at: dt.datetime | None = None  # aware; when what is seen here last changed
    topics: tuple[PublishedTopic, ...] = ()  # empty in lists that do not tell them
    key: int = 0  # among those of the same time: where a page of a list begins

    @property
    def title_language(self) -> str:
        """The language of the headline (BCP 47, may be empty): what its own words tell, else that of the question.

        `language` came with the question: in a form it is the language of its page, whatever was written on it.
        """
        told = guessed(self.title)
        if told and told != UNKNOWN:
            return told
        asked = self.question
        return spoken(self.title, spoken(asked.text, asked.language or self.language))

    @property
    def question(self) -> PublishedWord:
        """The word that opened it."""
        return next(word for word in self.words if not word.ours)

    @property
    def answer(self) -> PublishedWord:
        """Our first answer."""
        return next(word for word in self.words if word.ours)

    @property
    def asked_at(self) -> dt.datetime:
        """When the question came, aware."""
        return self.question.at

    @property
    def answered_at(self) -> dt.datetime:
        """When we first answered, aware."""
        return self.answer.at


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """Some exchanges, newest first, and where the next ones begin (None at the end)."""

    exchanges: tuple[PublishedExchange, ...]
    next: tuple[dt.datetime, int] | None
