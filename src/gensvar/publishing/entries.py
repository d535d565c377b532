"""Everything public that is told one after another, exchanges, posts, positions and more: one list from the gates (law 5).

Neighbours: feeds, topic pages and newsletters read it. A room below hands over its own kind in ENTRIES of config/flow.py.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar

from django.db import DatabaseError
from django.db.models import F, Model, QuerySet, Value

from gensvar.core import handed
from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.publishing import following, gate, index
from gensvar.publishing.finding import Finding
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.positions import gate as positions
from gensvar.publishing.positions.models import Position
from gensvar.publishing.positions.values import PositionPage, PublishedPosition
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.models import Post
from gensvar.publishing.posts.values import PostPage, PublishedPost
from gensvar.publishing.values import ExchangePage, Part, PublishedExchange, PublishedTopic

EXCHANGE: Final = 0
POST: Final = 1
POSITION: Final = 2  # its place is that of the wording: each change is told
# 3 are outcomes, 4 to 6 the words of a question that is followed, 7 to 9 appearances, experiments and surveys.
_LAST: Final = 2**63 - 1

Key = tuple[dt.datetime, int, int]
"""Where a list begins: the time of an entry (aware), its kind, and its place among those of the same time."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which entries: all, or those of one function, one topic or one person (empty and 0 say: any).

    Or the words of one exchange, by its number, with what is said below it.
    """

    function: str = ""
    topic: str = ""
    person: int = 0
    exchange: str = ""


class Told(Protocol):
    """What a letter says of an entry of a further kind, in the language of the reader."""

    @property
    def title_parts(self) -> tuple[Part, ...]:
        """Its headline."""

    @property
    def lead_parts(self) -> tuple[Part, ...]:
        """Its words in short."""

    @property
    def signed(self) -> str:
        """Who stands behind it."""

    @property
    def path(self) -> str:
        """The path of its page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One public entry: exactly one of the kinds is there."""

    at: dt.datetime  # aware; when it was first public
    kind: int
    place: int
    exchange: PublishedExchange | None = None
    post: PublishedPost | None = None
    position: PublishedPosition | None = None
    further: Told | None = None
    row: int = 0  # the key of what has its topics
    topics: tuple[PublishedTopic, ...] = ()  # by name; for feeds alone
    finding: Finding | None = None  # of further kinds, where it was sought

    @property
    def key(self) -> Key:
        """Its place in the list."""
        return self.at, self.kind, self.place


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, newest first, and where the next ones begin (None at the end)."""

    entries: tuple[Entry, ...]
    next: Key | None


Row = TypeVar("Row", bound=Model)
Found = tuple[list[Entry], tuple[dt.datetime, int] | None]
Source = Callable[[tuple[dt.datetime, int] | None, int], Found]


class Further(Protocol):
    """A further kind of entry, read through a gate of its own."""

    number: int
    """Its kind in keys and in what subscribers were told: never another's, and the same for ever."""

    @property
    def tied(self) -> type[Any] | None:
        """The rows that have topics, by the keys in `Entry.row`; None: it is about none."""

    def page(self, before: tuple[dt.datetime, int] | None, size: int, which: Narrowing) -> Found:
        """At most `size` of its entries, newest first, after that key, and where the next ones begin."""

    def is_shown(self, place: int, since: dt.datetime | None = None) -> bool:
        """Whether the entry of that place may be seen now; with `since` (aware): and says what it said at that time."""

    def topics(self) -> QuerySet[Topic]:
        """The topics of what may be seen."""

    def authors(self) -> QuerySet[Person]:
        """Those behind what may be seen who agreed to be named."""


class Searched(Protocol):
    """A further kind that search finds, through a gate of its own; finding.py keeps its words."""

    number: int
    """As above; of a kind that stands in no list, one that is nobody else's."""

    def search(
        self, asked: Sequence[tuple[str, ...]], before: tuple[dt.datetime, int] | None, size: int
    ) -> Found:
        """At most `size` of those that hold one stem of each of these, as Further.page gives them, with their findings."""

    def reindex(self) -> int:
        """Keep their words anew from what may be seen now; gives how many can be found."""


@functools.cache
def searched() -> tuple[Searched, ...]:
    """What the other rooms let search find: SEARCHED of config/flow.py."""
    return tuple(handed.table("GENSVAR_FLOW", "SEARCHED", ()))


@functools.cache
def further() -> tuple[Further, ...]:
    """What the other rooms have handed over: ENTRIES of config/flow.py."""
    return tuple(handed.table("GENSVAR_FLOW", "ENTRIES", ()))


def page(
    language: str,
    before: Key | None = None,
    size: int = 20,
    which: Narrowing = Narrowing(),
    *,
    for_feeds: bool = False,
) -> EntryPage:
    """At most `size` entries after the key `before`; posts in this language where they stand in it.

    `for_feeds` gives the text of each post with it, and what else is about.
    Every kind is read with its own limit; a page ends where one kind's reading ended, so that nothing is passed over.
    """
    if which.exchange:
        return _of_question(which.exchange, before, size)
    found = _merged(_sources(language, which, parts_too=for_feeds), before, size)
    return _with_topics(found) if for_feeds else found


def _with_topics(page: EntryPage) -> EntryPage:
    """The same, each with what it is about: one reading for all kinds."""
    tied = {
        EXCHANGE: PublicExchange,
        POST: Post,
        POSITION: Position,
        **{one.number: one.tied for one in further()},
    }
    rows = {kind: [one.row for one in page.entries if one.kind == kind] for kind in tied}
    asked = [_links(kind, model, rows[kind]) for kind, model in tied.items() if model and rows[kind]]
    about: dict[tuple[int, int], list[PublishedTopic]] = {}
    for kind, row, slug, name, name_en in asked[0].union(*asked[1:], all=True) if asked else ():
        about.setdefault((kind, row), []).append(PublishedTopic(slug, name, name_en))
    told = (
        replace(
            one, topics=tuple(sorted(about.get((one.kind, one.row), ()), key=lambda topic: topic.name_sv))
        )
        for one in page.entries
    )
    return EntryPage(tuple(told), page.next)


def _links(kind: int, model: type[Any], keys: Iterable[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """The kind, the key and the topic's words, of each topic of these rows."""
    ties = model.topics
    name = ties.field.m2m_field_name()
    rows = ties.through._default_manager.filter(**{f"{name}__in": keys})
    found: QuerySet[Any, tuple[Any, ...]] = rows.annotate(kind=Value(kind), row=F(f"{name}_id")).values_list(
        "kind", "row", "topic__slug", "topic__name", "topic__name_en"
    )
    return found


def _of_question(number: str, before: Key | None, size: int) -> EntryPage:
    said = following.said(number, size + 1)
    found = [Entry(one.at, one.kind, one.key, further=one) for one in said]
    found = [one for one in found if before is None or one.key < before]
    return EntryPage(tuple(found[:size]), found[size - 1].key if len(found) > size else None)


def search(words: str, before: Key | None = None, size: int = 20, *, language: str = "sv") -> EntryPage:
    """At most `size` entries of every kind that hold all the words, newest first, after the key `before`.

    Of a post's translations that hold them one is given: that language's, else the square's first, else what was written first.
    """
    asked = gate.sought(words)
    sources: dict[int, Source] = {
        EXCHANGE: lambda start, most: _of_exchanges(gate.search(words, start, most)),
        POST: lambda start, most: _of_posts(posts.search(asked, language, start, most)),
        POSITION: lambda start, most: _of_positions(positions.search(words, start, most)),
        **{one.number: functools.partial(_sought, one, asked) for one in searched()},
    }
    return _merged(sources, before, size)


def _sought(
    kind: Searched, asked: Sequence[tuple[str, ...]], before: tuple[dt.datetime, int] | None, size: int
) -> Found:
    if not asked:
        return [], None
    try:
        return kind.search(asked, before, size)
    except DatabaseError as error:
        if index.unknown_letter(error):
            return [], None
        raise


def _merged(sources: Mapping[int, Source], before: Key | None, size: int) -> EntryPage:
    found: list[Entry] = []
    ends: list[Key] = []
    for kind, source in sources.items():
        entries, following = source(_key_for(kind, before), size)
        found += entries
        if following is not None:
            ends.append((following[0], kind, following[1]))
    end = max(ends, default=None)
    found = sorted(
        (one for one in found if end is None or one.key >= end), key=lambda one: one.key, reverse=True
    )
    if len(found) > size:
        return EntryPage(tuple(found[:size]), found[size - 1].key)
    return EntryPage(tuple(found), end)


def is_shown(kind: int, place: int, since: dt.datetime | None = None) -> bool:
    """Whether that very entry may be seen now; with `since` (aware), of posts and further kinds: and says what it said at that time."""
    if kind == EXCHANGE:
        return gate.is_shown(place)
    if kind == POST:
        return posts.is_shown(place, since)
    if kind == POSITION:
        return positions.is_shown(place)
    if kind in following.KINDS:
        return following.is_shown(kind, place)
    return any(one.is_shown(place, since) for one in further() if one.number == kind)


def topics() -> tuple[Topic, ...]:
    """The topics that something public is about, by name."""
    found = _together(gate.topics(), posts.topics(), positions.topics(), *(one.topics() for one in further()))
    return tuple(sorted(found, key=lambda one: str(one).casefold()))


def authors() -> tuple[Person, ...]:
    """Those who answered or wrote something public and agreed to be named, by name."""
    more = (one.authors() for one in further())
    found = _together(gate.authors(), posts.authors(), positions.authors(), *more)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.pk)))


def _together(first: QuerySet[Row], *more: QuerySet[Row]) -> Iterable[Row]:
    """All of these rows, each once; one statement however many kinds there are."""
    found = first.order_by().union(*(one.order_by() for one in more), all=True)
    return {one.pk: one for one in found}.values()


def _sources(language: str, which: Narrowing, *, parts_too: bool) -> dict[int, Source]:
    return {
        EXCHANGE: lambda before, size: _exchanges(before, size, which),
        POST: lambda before, size: _posts(language, before, size, which, parts_too=parts_too),
        POSITION: lambda before, size: _positions(before, size, which),
        **{one.number: functools.partial(one.page, which=which) for one in further()},
    }


def _key_for(kind: int, before: Key | None) -> tuple[dt.datetime, int] | None:
    """The same place in the list as one kind's own reading knows it."""
    if before is None:
        return None
    at, at_kind, place = before
    if kind == at_kind:
        return at, place
    return at, _LAST if kind < at_kind else 0


def _exchanges(before: tuple[dt.datetime, int] | None, size: int, which: Narrowing) -> Found:
    found = gate.published_page(before, size, function=which.function, topic=which.topic, person=which.person)
    return _of_exchanges(found)


def _of_exchanges(found: ExchangePage) -> tuple[list[Entry], tuple[dt.datetime, int] | None]:
    return [
        Entry(one.published_at, EXCHANGE, one.key, exchange=one, row=one.key) for one in found.exchanges
    ], found.next


def _positions(
    before: tuple[dt.datetime, int] | None, size: int, which: Narrowing
) -> tuple[list[Entry], tuple[dt.datetime, int] | None]:
    return _of_positions(
        positions.page(before, size, function=which.function, topic=which.topic, person=which.person)
    )


def _of_positions(found: PositionPage) -> tuple[list[Entry], tuple[dt.datetime, int] | None]:
    return [
        Entry(one.newest.holds_from, POSITION, one.newest.key, position=one, row=one.key)
        for one in found.positions
    ], found.next


def _posts(
    language: str,
    before: tuple[dt.datetime, int] | None,
    size: int,
    which: Narrowing,
    *,
    parts_too: bool,
) -> Found:
    found = posts.page(
        language,
        before,
        size,
        function=which.function,
        topic=which.topic,
        person=which.person,
        parts_too=parts_too,
    )
    return _of_posts(found)


def _of_posts(found: PostPage) -> Found:
    return [
        Entry(one.first_published_at, POST, one.key, post=one, row=one.key) for one in found.posts
    ], found.next
