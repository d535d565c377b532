"""What the public sees of a post: plain values that the gate makes and every screen shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from gensvar.publishing.values import PublishedExchange, PublishedTopic

# Those that an address of a post can say; what an old blog dates otherwise is not shown.
YEARS: Final = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class PublishedByline:
    """Who stands behind it. `name` and `title` are empty where the person did not agree to be named.

    A `guest` is none of ours: `title` is their association, where they write for one, `function` the one that invited them.
    """

    function: str
    function_slug: str
    name: str = ""
    title: str = ""
    guest: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """One file of a picture; `sha256` is its address behind the gate, width and height are pixels."""

    sha256: str
    content_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a page offers it: `plain` for everybody, `files` in newer kinds and several widths, smallest first.

    Kinds come in the order in which a browser should prefer them. Width and height are those of the largest.
    """

    plain: File
    alternative: str
    width: int
    height: int
    files: tuple[File, ...] = ()
    preview: str = ""  # the address of a picture that is not public yet, for staff alone

    @property
    def kinds(self) -> tuple[tuple[str, tuple[File, ...]], ...]:
        """The files by content type."""
        found: dict[str, list[File]] = {}
        for one in self.files:
            found.setdefault(one.content_type, []).append(one)
        return tuple((kind, tuple(files)) for kind, files in found.items())


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """One part of the text: `kind` is a block of `blocks.Parts`, `words` its plain values."""

    kind: str
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """One text of a chain. Ours has a post's year and slug; theirs an address, where it is known."""

    ours: bool
    title: str
    date: dt.date
    kind: str = ""
    medium: str = ""
    writer: str = ""
    quote: str = ""
    url: str = ""
    year: int = 0
    slug: str = ""
    here: bool = False  # the post that is being read
    answered: bool = False  # what that post answers
    bylines: tuple[PublishedByline, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """One language in which a post may be read, and what its address is made of there."""

    language: str  # BCP 47
    year: int  # in the municipality's time zone
    slug: str
    changed_at: dt.datetime  # aware; when it was published last


@dataclass(frozen=True, slots=True)
class InSeries:
    """Another post of the series, as the page of one leads to it."""

    title: str
    language: str  # BCP 47
    year: int  # in the municipality's time zone
    slug: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands, as comments and words about it know it: translations, and posts of two languages, may share a slug."""

    year: int
    slug: str
    language: str  # BCP 47

    def __str__(self) -> str:
        """ "2026/snow", or "en/2026/snow" in another language than the square's first."""
        here = f"{self.year}/{self.slug}"
        return here if self.language == settings.LANGUAGE_CODE else f"{self.language}/{here}"

    @classmethod
    def read(cls, key: str) -> Place | None:
        """The place of such a key; None for anything else."""
        *before, year, slug = key.rsplit("/", 2)
        if len(before) > 1 or not slug or not re.fullmatch(r"[0-9]{4}", year):
            return None
        return cls(int(year), slug, before[0] if before else settings.LANGUAGE_CODE)


@dataclass(frozen=True, slots=True)
class PublishedPost:
    """A post. In lists `parts`, `chain`, `exchange` and `translations` are left out."""

    title: str
    lead: str
    slug: str
    language: str  # BCP 47
    first_published_at: dt.datetime  # aware
    changed_at: dt.datetime  # aware; when it was published last
    year: int  # of the address, in the municipality's time zone
    bylines: tuple[PublishedByline, ...]
    topics: tuple[PublishedTopic, ...] = ()
    series: str = ""
    answers: str = ""  # the headline of what it answers
    parts: tuple[PublishedPart, ...] = ()
    chain: tuple[Link, ...] = ()
    exchange: PublishedExchange | None = None
    in_series: tuple[InSeries, ...] = ()
    code: str = ""  # of its short link
    card: Picture | None = None  # its first picture, cut around the focal point
    key: int = 0  # among those of the same time: where a page of a list begins
    translations: tuple[Translation, ...] = ()  # oldest first, itself among them
    said: tuple[str, ...] = ()  # what each part says, without marks: in search alone
    translated: bool = False  # whether it may be read in the reader's language too: in search alone

    @property
    def place(self) -> str:
        """The key under which comments and words about it are kept."""
        return str(Place(self.year, self.slug, self.language))


@dataclass(frozen=True, slots=True)
class PostPage:
    """Some posts, newest first, and where the next ones begin (None at the end)."""

    posts: tuple[PublishedPost, ...]
    next: tuple[dt.datetime, int] | None
