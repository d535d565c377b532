"""The gate for appearances: page, feeds, letters and the search for links ask here what may be seen. It fails closed (law 5)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from django.db.models import Prefetch, QuerySet
from django.utils.translation import override

from gensvar.core import keyset
from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.publishing import finding
from gensvar.publishing.appearances import queries
from gensvar.publishing.appearances.models import Appearance, EarlierTelling
from gensvar.publishing.appearances.values import (
    AppearancePage,
    Corrected,
    PublishedAppearance,
    PublishedTelling,
    ToldAppearance,
    ToldPage,
)
from gensvar.publishing.values import PublishedTopic

logger = logging.getLogger(__name__)

PAGE: Final = 50
Made = TypeVar("Made")


def public() -> QuerySet[Appearance]:
    """Those that may be seen, as rows: to ask whether there are any."""
    return Appearance.objects.filter(withdrawn_at__isnull=True)


def page(before: queries.Key | None = None, size: int = PAGE) -> AppearancePage:
    """Newest day first after the key `before`, also that something was withdrawn; three queries however many there are."""
    rows, following = queries.page(_whole(Appearance.objects.all()), before, size)
    return AppearancePage(tuple(_shown(rows, _made)), following)


def told(
    before: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
    *,
    topic: str = "",
    function: str = "",
    person: int = 0,
) -> ToldPage:
    """Those that may be seen by their place among all that is told, newest first, after the key `before`; two queries."""
    rows = _corrected(public())
    if topic:
        rows = rows.filter(topics__slug=topic)
    if function:
        rows = rows.filter(function__slug=function)
    if person:
        rows = rows.filter(person=person, person__shown=True)
    found, following = keyset.newest(rows.select_related("person", "function"), "told_at", before, size)
    return ToldPage(tuple(_shown(found, _as_told)), following)


def search(
    number: int, asked: Sequence[Sequence[str]], before: tuple[dt.datetime, int] | None, size: int
) -> ToldPage:
    """Those that hold one stem of each of these, as `told` gives them; two queries."""
    rows = _corrected(public().filter(pk__in=finding.held(number, asked))).select_related(
        "person", "function"
    )
    found, following = keyset.newest(rows, "told_at", before, size)
    kept = (one for one in _shown(found, _as_told) if finding.holds(one.said, asked))
    return ToldPage(tuple(kept), following)


def every_shown() -> Iterator[ToldAppearance]:
    """Every one that may be seen, for what search keeps; read a hundred at a time."""
    rows = _corrected(public()).select_related("person", "function").order_by("pk")
    yield from _shown(rows.iterator(chunk_size=100), _as_told)


def find_told(key: int) -> ToldAppearance | None:
    """That one; None for whatever may not be seen."""
    rows = _corrected(public().filter(pk=key)).select_related("person", "function")
    return next(_shown(rows, _as_told), None)


def is_shown(key: int, since: dt.datetime | None = None) -> bool:
    """Whether that very one may be seen now; with `since` (aware): and was not corrected after it."""
    rows = public().filter(pk=key)
    return (rows.exclude(earlier__until__gte=since) if since is not None else rows).exists()


def topics() -> QuerySet[Topic]:
    """What those that may be seen were about."""
    return Topic.objects.filter(appearances__in=public()).distinct()


def authors() -> QuerySet[Person]:
    """Who spoke, in those that may be seen, and agreed to be named."""
    return Person.objects.filter(shown=True, pk__in=public().values("person"))


def links() -> Iterator[tuple[int, str]]:
    """The id and the link of every appearance that has one and may be seen."""
    return public().exclude(link="").order_by("pk").values_list("pk", "link").iterator()


def _whole(rows: QuerySet[Appearance]) -> QuerySet[Appearance]:
    """With what they were about and what stood there before."""
    return _corrected(rows.prefetch_related("topics"))


def _corrected(rows: QuerySet[Appearance]) -> QuerySet[Appearance]:
    """With what stood there before."""
    return rows.prefetch_related(
        Prefetch("earlier", EarlierTelling.objects.select_related("person", "function"))
    )


def _shown(rows: Iterable[Appearance], make: Callable[[Appearance], Made]) -> Iterator[Made]:
    for row in rows:
        try:
            yield make(row)
        except Exception:
            logger.exception("The gate kept appearance %s closed: it could not be judged.", row.pk)


def _made(row: Appearance) -> PublishedAppearance:
    if row.withdrawn_at is not None:
        return PublishedAppearance(row.pk, row.day, None, row.withdrawn_at)
    return PublishedAppearance(
        key=row.pk,
        day=row.day,
        told=_told(row),
        topics=tuple(map(PublishedTopic.of, row.topics.all())),
        earlier=_earlier(row),
    )


def _as_told(row: Appearance) -> ToldAppearance:
    corrected = next(iter(_earlier(row)), None)
    return ToldAppearance(row.pk, _told(row), row.told_at, corrected, said_of(row))


def said_of(row: Appearance) -> tuple[str, ...]:
    """What search finds it by: what it was, in both languages, where, and what stood there before; not its persons' names."""
    kinds = []
    for language in ("sv", "en"):
        with override(language):
            kinds.append(str(row.get_kind_display()))
    earlier = (part for one in row.earlier.all() for part in (one.place, one.reason))
    return (" ".join([row.place, *kinds]), *earlier)


def _earlier(row: Appearance) -> tuple[Corrected, ...]:
    """Newest first."""
    return tuple(Corrected(_told(one), one.until, one.reason) for one in row.earlier.all())


def _told(row: Appearance | EarlierTelling) -> PublishedTelling:
    named = row.person.shown
    return PublishedTelling(
        kind=row.kind,
        kind_words=str(row.get_kind_display()),
        function=str(row.function),
        function_slug=row.function.slug,
        name=row.person.name if named else "",
        title=row.person.title if named else "",
        day=row.day,
        place=row.place,
        link=row.link,
    )
