"""The gate for positions: a wording passes when it is decided and its time has come. Everything public asks here (law 5).

It goes by the clock at every reading, so what held at a past instant is the same whenever one asks.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Final

from django.db import DatabaseError
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Cast, RowNumber

from gensvar.conversations import stems
from gensvar.core import clock, keyset
from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.publishing import gate as exchanges
from gensvar.publishing import index
from gensvar.publishing.models import ShortLink
from gensvar.publishing.positions.models import Cause, Wording
from gensvar.publishing.positions.values import (
    PositionPage,
    PublishedCause,
    PublishedPosition,
    PublishedWording,
    TopicGroup,
)
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.values import PublishedTopic

logger = logging.getLogger(__name__)
PAGE: Final = 24


def page(
    before: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
    *,
    function: str = "",
    topic: str | None = "",
    person: int = 0,
) -> PositionPage:
    """Positions by their newest change, each once, after the key `before`; `topic` None: those about none."""
    rows = _newest()
    if function:
        rows = rows.filter(Q(position__function__slug=function) | Q(function__slug=function))
    if topic:
        rows = rows.filter(position__topics__slug=topic)
    if topic is None:
        rows = rows.filter(position__topics__isnull=True)
    if person:
        rows = rows.filter(person=person, person__shown=True)
    return _page(rows, before, size)


def by_topic(each: int) -> tuple[TopicGroup, ...]:
    """The `each` newest positions of every topic, the topic with the newest change first; three readings for all."""
    place = Window(
        RowNumber(), partition_by=F("position__topics"), order_by=[F("holds_from").desc(), F("pk").desc()]
    )
    count = Window(Count("pk"), partition_by=F("position__topics"))
    ranked = _bare_newest().annotate(place=place, count=count).filter(place__lte=each)
    rows = list(ranked.values_list("pk", "position__topics", "count", "holds_from"))
    found = {
        one.newest.key: one for one in _shown(_whole(Wording.objects.filter(pk__in={row[0] for row in rows})))
    }
    names = Topic.objects.exclude(positions=None).in_bulk()
    held: dict[int | None, list[PublishedPosition]] = {}
    counts: dict[int | None, int] = {}
    for pk, topic, many, _at in sorted(rows, key=lambda row: (row[3], row[0]), reverse=True):
        if pk in found:
            held.setdefault(topic, []).append(found[pk])
            counts[topic] = many
    return tuple(
        TopicGroup(PublishedTopic.of(names[one]) if one is not None else None, tuple(shown), counts[one])
        for one, shown in held.items()
    )


def public() -> QuerySet[Wording]:
    """The wordings that may be seen, as rows: to ask whether there are any."""
    return _open()


def topics() -> QuerySet[Topic]:
    """The topics of what may be seen."""
    return Topic.objects.filter(positions__wordings__in=_open()).distinct()


def authors() -> QuerySet[Person]:
    """Those who stand behind what is said now and agreed to be named."""
    return Person.objects.filter(shown=True, pk__in=_bare_newest().values("person"))


def find(slug: str) -> PublishedPosition | None:
    """The position at this address with every wording and what led to each; None for whatever may not be seen."""
    return _with_history(_open().filter(position__slug=slug), causes=True) if slug else None


def find_by_key(key: int) -> PublishedPosition | None:
    """The position of that key with its newest wording alone; None for whatever may not be seen."""
    return next(iter(_shown(_newest().filter(position=key))), None)


def is_shown(key: int) -> bool:
    """Whether that wording is the newest of its position that may be seen now."""
    return next(iter(_shown(_newest().filter(pk=key))), None) is not None


def search(words: str, before: tuple[dt.datetime, int] | None = None, size: int = PAGE) -> PositionPage:
    """Positions that hold all the words in any wording that everybody can read, newest change first, with all of them."""
    asked = exchanges.sought(words)
    if not asked:
        return PositionPage((), None)
    try:
        found = _page(_newest().filter(position__in=index.holding(asked, index.POSITIONS)), before, size)
    except DatabaseError as error:
        if index.unknown_letter(error):
            return PositionPage((), None)
        raise
    histories = _histories(found.positions)
    told = (histories[one.key] for one in found.positions if one.key in histories)
    return PositionPage(tuple(one for one in told if _holds(one, asked)), found.next)


def found_by(shown: PublishedPosition) -> list[str]:
    """What the index holds of a position: the stems of every wording, the earlier ones too."""
    said = ((one.title, one.text, one.title_en, one.text_en) for one in shown.wordings)
    return stems.indexed(*(text for texts in said for text in texts))


def whole(key: int) -> PublishedPosition | None:
    """The position of that key with all its wordings, without what led to them."""
    return _with_history(_open().filter(position=key))


def _open() -> QuerySet[Wording]:
    """What may be shown: the one place that says so."""
    return Wording.objects.filter(
        decided_at__isnull=False,
        decided_by__isnull=False,
        discarded_at__isnull=True,
        holds_from__lte=clock.now(),
    ).exclude(position__slug="")


def _bare_newest() -> QuerySet[Wording]:
    later = _open().filter(position=OuterRef("position"), holds_from__gt=OuterRef("holds_from"))
    return _open().filter(~Exists(later))


def _newest() -> QuerySet[Wording]:
    return _whole(_bare_newest())


def _whole(rows: QuerySet[Wording]) -> QuerySet[Wording]:
    link = ShortLink.objects.filter(
        kind=ShortLink.Kind.POSITION, key=Cast(OuterRef("position_id"), CharField(max_length=40))
    )
    rows = rows.annotate(short_link=Subquery(link.values("code")))
    return rows.select_related("position__function", "person", "function")


def _page(rows: QuerySet[Wording], before: tuple[dt.datetime, int] | None, size: int) -> PositionPage:
    found, following = keyset.newest(rows, "holds_from", before, size)
    return PositionPage(tuple(_shown(found)), following)


def _shown(rows: Iterable[Wording]) -> Iterable[PublishedPosition]:
    """Each row as a position of that one wording."""
    for row in rows:
        found = _pass(row)
        if found is not None:
            yield _position(row, (found,))


def _pass(row: Wording) -> PublishedWording | None:
    """The row as the public sees it; None for what may not be seen, and for whatever cannot be judged."""
    try:
        if not row.is_public or row.discarded_at is not None or not row.title.strip():
            return None
        if row.holds_from is None or not (row.ends or row.text.strip()):
            return None
        named = row.person.shown
        return PublishedWording(
            title=row.title,
            text="" if row.ends else row.text,
            title_en=row.title_en,
            text_en="" if row.ends else row.text_en,
            holds_from=row.holds_from,
            function=str(row.function),
            name=row.person.name if named else "",
            person_title=row.person.title if named else "",
            reason=row.reason,
            reason_en=row.reason_en,
            ends=row.ends,
            key=row.pk,
        )
    except Exception:
        logger.exception("The gate kept wording %s closed: it could not be judged.", row.pk)
        return None


def _position(row: Wording, wordings: tuple[PublishedWording, ...]) -> PublishedPosition:
    position = row.position
    fetched: Mapping[str, Iterable[Topic]] = getattr(position, "_prefetched_objects_cache", {})
    return PublishedPosition(
        slug=position.slug,
        function=str(position.function),
        function_slug=position.function.slug,
        wordings=wordings,
        topics=tuple(map(PublishedTopic.of, fetched.get("topics", ()))),
        code=getattr(row, "short_link", None) or "",
        key=position.pk,
    )


def _with_history(rows: QuerySet[Wording], *, causes: bool = False) -> PublishedPosition | None:
    """The one position of these rows."""
    if causes:
        rows = rows.prefetch_related("position__topics")
    found = next(iter(_told(_whole(rows)).values()), None)
    if found is None or not causes:
        return found
    led = _causes([one.key for one in found.wordings])
    return replace(found, wordings=tuple(replace(one, causes=led.get(one.key, ())) for one in found.wordings))


def _histories(shown: Iterable[PublishedPosition]) -> dict[int, PublishedPosition]:
    return _told(_whole(_open().filter(position__in=[one.key for one in shown])))


def _told(rows: QuerySet[Wording]) -> dict[int, PublishedPosition]:
    """Whole positions by their keys: newest wording first, each with the time when the next began."""
    found = {}
    ordered = rows.order_by("position", "-holds_from", "-pk")
    for key, group in groupby(ordered, lambda row: row.position_id):
        wordings: list[PublishedWording] = []
        until: dt.datetime | None = None
        newest: Wording | None = None
        for row in group:
            newest = newest or row
            if (one := _pass(row)) is not None:
                wordings.append(replace(one, until=until))
                until = one.holds_from
        if wordings and newest is not None:
            found[key] = _position(newest, tuple(wordings))
    return found


def _causes(keys: list[int]) -> dict[int, tuple[PublishedCause, ...]]:
    """What led to each of these wordings and may itself be seen; as many readings for one as for a hundred."""
    rows = list(
        Cause.objects.filter(wording__in=keys)
        .order_by("pk")
        .values_list("wording", "exchange__number", "post")
    )
    asked = exchanges.find_all({number for _key, number, _post in rows if number})
    told = posts.find_all({post for _key, _number, post in rows if post})
    led: dict[int, tuple[PublishedCause, ...]] = {}
    for key, number, post in rows:
        one = PublishedCause(asked.get(number), None) if number else PublishedCause(None, told.get(post))
        if one.exchange or one.post:
            led[key] = (*led.get(key, ()), one)
    return led


def _holds(shown: PublishedPosition, asked: list[tuple[str, ...]]) -> bool:
    """What was hidden since it was indexed must not be guessed word by word."""
    held = set(found_by(shown))
    return all(not held.isdisjoint(either) for either in asked)
