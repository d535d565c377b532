"""The gate for outcomes: page, feed, search, letter and short link ask here what may be seen. It fails closed (law 5).

An outcome passes while it is published and has a public step. What led to it passes its own gates, or is only counted.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import DatabaseError
from django.db.models import CharField, Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from gensvar.conversations.states import State
from gensvar.core import keyset
from gensvar.core.models import Topic
from gensvar.learning.models import ConversationTie, Outcome, PostTie, Step
from gensvar.learning.values import OutcomePage, PublishedOutcome, PublishedStep
from gensvar.people.models import Person
from gensvar.publishing import finding, index
from gensvar.publishing import gate as exchanges
from gensvar.publishing.models import ShortLink
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.models import Post
from gensvar.publishing.values import PublishedTopic

logger = logging.getLogger(__name__)

NUMBER: Final = 3  # the kind of outcomes among all that is public (publishing.entries)
PAGE: Final = 24
MOST_FOUND: Final = 10  # outcomes above the other hits of a search
MOST_BESIDE: Final = 10  # outcomes that stand beside one exchange or post


def page(
    before: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
    *,
    topic: str = "",
    function: str = "",
    person: int = 0,
) -> OutcomePage:
    """Outcomes by their newest step, newest first, after the key `before`."""
    rows = _open()
    if topic:
        rows = rows.filter(topics__slug=topic)
    if function:
        rows = rows.filter(function__slug=function)
    if person:
        rows = rows.filter(newest__person=person, newest__person__shown=True)
    found, following = keyset.newest(_people(rows), "changed_at", before, size, then="newest_id")
    return OutcomePage(tuple(_shown(found)), following)


def public() -> QuerySet[Outcome]:
    """Those that may be seen, as rows: to ask whether there are any, or what they are about."""
    return _open()


def find(key: int, language: str) -> PublishedOutcome | None:
    """The outcome of that key with its history and what led to it; None for whatever may not be seen."""
    row = _with_ties(_with_people(_open().filter(pk=key))).first()
    return _whole(row, language) if row is not None else None


def find_short(key: int) -> PublishedOutcome | None:
    """The outcome of that key without its history; None for whatever may not be seen."""
    return next(iter(_shown(_with_people(_open().filter(pk=key)))), None)


def was_shown(key: int) -> bool:
    """Whether it was public once; ask where `find` gave nothing."""
    return Outcome.objects.filter(pk=key, published_at__isnull=False).exists()


def is_shown(step: int) -> bool:
    """Whether that very step may be seen now."""
    return _open().filter(steps=step, steps__published_at__isnull=False).exists()


def topics() -> QuerySet[Topic]:
    """The topics of what may be seen, by name."""
    return Topic.objects.filter(outcomes__in=_open()).distinct().order_by("name")


def authors() -> QuerySet[Person]:
    """Those behind the newest steps who agreed to be named."""
    return Person.objects.filter(shown=True, pk__in=_open().values("newest__person"))


def of_exchange(number: str) -> tuple[PublishedOutcome, ...]:
    """What that public exchange led to; for callers whose own page may be seen."""
    return _tied(ConversationTie.objects.filter(conversation__number=number, ended_at=None))


def of_post(key: int) -> tuple[PublishedOutcome, ...]:
    """What has to do with that post, or with a translation of it; for callers whose own page may be seen."""
    same = Post.objects.filter(pk=key).values("translation_key")
    return _tied(PostTie.objects.filter(post__translation_key__in=same, ended_at=None))


def _tied(ties: QuerySet[ConversationTie] | QuerySet[PostTie]) -> tuple[PublishedOutcome, ...]:
    return tuple(_shown(_with_people(_open().filter(pk__in=ties.values("outcome")))[:MOST_BESIDE]))


def search(asked: Sequence[tuple[str, ...]]) -> tuple[PublishedOutcome, ...]:
    """Outcomes that hold, for each word, one of its stems; newest change first, at most MOST_FOUND.

    The index is a hint: what is shown must hold them too.
    """
    if not asked:
        return ()
    rows = _with_people(_open().filter(pk__in=finding.held(NUMBER, asked)))
    try:
        steps = Prefetch("steps", Step.objects.select_related("person", "function"))
        found = list(rows.prefetch_related(steps)[:MOST_FOUND])
    except DatabaseError as error:
        if index.unknown_letter(error):
            return ()
        raise
    return tuple(shown for row in found for shown in _shown([row]) if finding.holds(_said(row), asked))


def reindex() -> int:
    """Keep the words of every outcome anew, as they may be seen now; gives how many can be found."""
    rows = _people(_open()).prefetch_related("steps").order_by("pk").iterator(chunk_size=100)
    return finding.keep_all(NUMBER, ((row.pk, _said(row)) for row in rows))


def refresh(key: int) -> None:
    """Let that outcome be found by the words that may be seen of it now, in the caller's transaction."""
    row = _open().filter(pk=key).prefetch_related("steps").first()
    finding.keep(NUMBER, key, _said(row) if row is not None else ())


def _said(row: Outcome) -> tuple[str, ...]:
    return row.title, row.said, *(one.words for one in _public_steps(row))


def as_it_would_be(outcome: Outcome, language: str) -> PublishedOutcome | None:
    """What would be seen if the outcome and its draft step were published now; None without any step."""
    row = _with_ties(_people(Outcome.objects.filter(pk=outcome.pk))).get()
    steps = list(row.steps.select_related("person", "function").order_by("pk"))
    row.newest = steps[-1] if steps else None
    if row.newest is None:
        return None
    return _made(row, language, [_step(one) for one in reversed(steps)])


def _open() -> QuerySet[Outcome]:
    return Outcome.objects.filter(
        state=Outcome.State.PUBLISHED,
        published_at__isnull=False,
        changed_at__isnull=False,
        newest__published_at__isnull=False,
    )


def _with_people(rows: QuerySet[Outcome]) -> QuerySet[Outcome]:
    return _people(rows).order_by("-changed_at", "-newest")


def _people(rows: QuerySet[Outcome]) -> QuerySet[Outcome]:
    return rows.select_related("function", "newest__person", "newest__function")


def _with_ties(rows: QuerySet[Outcome]) -> QuerySet[Outcome]:
    """With how many conversations led to it, and its short link."""
    ties = ConversationTie.objects.filter(outcome=OuterRef("pk"), ended_at=None)
    counted = ties.exclude(conversation__state=State.SPAM).order_by().values("outcome")
    link = ShortLink.objects.filter(
        kind=ShortLink.Kind.OUTCOME, key=Cast(OuterRef("pk"), CharField(max_length=40))
    )
    return rows.annotate(
        tied=Coalesce(Subquery(counted.annotate(many=Count("pk")).values("many")), 0),
        short_link=Subquery(link.values("code")),
    )


def _shown(rows: Iterable[Outcome]) -> Iterable[PublishedOutcome]:
    for row in rows:
        try:
            found = _pass(row)
        except Exception:
            logger.exception("The gate kept outcome %s closed: it could not be judged.", row.pk)
            continue
        if found is not None:
            yield found


def _pass(row: Outcome) -> PublishedOutcome | None:
    if row.state != Outcome.State.PUBLISHED or row.published_at is None:
        return None
    if row.newest is None or row.newest.published_at is None or not row.newest.words.strip():
        return None
    return _bare(row, _step(row.newest), ())


def _bare(row: Outcome, newest: PublishedStep, topics: Iterable[Topic]) -> PublishedOutcome:
    """Its own words, without what led to it."""
    return PublishedOutcome(
        key=row.pk,
        slug=row.slug,
        title=row.title,
        said=row.said,
        language=row.language,
        function=str(row.function),
        function_slug=row.function.slug,
        newest=newest,
        topics=tuple(map(PublishedTopic.of, topics)),
    )


def _whole(row: Outcome, language: str) -> PublishedOutcome | None:
    try:
        if _pass(row) is None:
            return None
        return _made(row, language, [_step(one) for one in _public_steps(row)])
    except Exception:
        logger.exception("The gate kept outcome %s closed: it could not be judged.", row.pk)
        return None


def _public_steps(row: Outcome) -> list[Step]:
    """Newest first."""
    steps = row.steps.all()
    if "steps" not in getattr(row, "_prefetched_objects_cache", {}):
        steps = steps.select_related("person", "function")
    public = [one for one in steps if one.published_at is not None]
    return sorted(public, key=lambda one: (one.published_at, one.pk), reverse=True)


def _made(row: Outcome, language: str, steps: list[PublishedStep]) -> PublishedOutcome:
    ties = ConversationTie.objects.filter(outcome=row.pk, ended_at=None)
    shown = tuple(exchanges.find_all(ties.values("conversation__number")).values())
    written = PostTie.objects.filter(outcome=row.pk, ended_at=None).values("post__translation_key")
    tied: int = row.tied  # type: ignore[attr-defined]
    return dataclasses.replace(
        _bare(row, steps[0], row.topics.all()),
        steps=tuple(steps),
        exchanges=shown,
        posts=posts.find_in(language, written),
        others=max(0, tied - len(shown)),
        code=getattr(row, "short_link", None) or "",
    )


def _step(row: Step) -> PublishedStep:
    named = row.person.shown
    return PublishedStep(
        key=row.pk,
        status=row.status,
        status_words=str(Step.Status(row.status).label),
        words=row.words,
        day=row.day,
        at=row.published_at or row.written_at,
        function=str(row.function),
        name=row.person.name if named else "",
        title=row.person.title if named else "",
    )
