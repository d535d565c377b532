"""The gate for experiments: page, list, feeds, letters and sitemap ask here what may be seen. It fails closed (law 5)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from django.db.models import Max, Prefetch, QuerySet
from django.utils.translation import gettext as _

from gensvar.core import clock, keyset
from gensvar.core.models import Topic
from gensvar.learning.workshop.models import Experiment, Line
from gensvar.learning.workshop.values import (
    ExperimentPage,
    PublishedExperiment,
    PublishedLine,
    ToldExperiment,
    ToldPage,
)
from gensvar.people.models import Person
from gensvar.people.queries import tenures_on
from gensvar.publishing import finding
from gensvar.publishing.values import PublishedTopic

logger = logging.getLogger(__name__)

PAGE: Final = 24


def page(
    before: tuple[dt.datetime, int] | None = None, size: int = PAGE, *, decided: bool | None = None
) -> ExperimentPage:
    """Experiments by their newest change, newest first, after the key `before`; `decided`: only those, or only the others."""
    rows = public()
    if decided is not None:
        rows = rows.filter(decided_on__isnull=not decided)
    found, following = keyset.newest(_with_people(rows), "changed_at", before, size)
    return ExperimentPage(tuple(_shown(found)), following)


def told(
    before: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
    *,
    topic: str = "",
    function: str = "",
    person: int = 0,
) -> ToldPage:
    """Experiments by their newest lines, newest first, after the key `before`; `person`: who held it by that line."""
    rows = _newest_lines().select_related("person", "function", "experiment__function")
    if topic:
        rows = rows.filter(experiment__topics__slug=topic)
    if function:
        rows = rows.filter(experiment__function__slug=function)
    if person:
        rows = rows.filter(person=person, person__shown=True)
    found, following = keyset.newest(rows, "at", before, size)
    return ToldPage(tuple(_told(found)), following)


def search(
    number: int, asked: Sequence[Sequence[str]], before: tuple[dt.datetime, int] | None, size: int
) -> ExperimentPage:
    """Those that hold one stem of each of these, in short with all their lines, by their newest change, after the key `before`."""
    rows = _with_lines(public().filter(pk__in=finding.held(number, asked)).select_related("function"))
    found, following = keyset.newest(rows, "changed_at", before, size)
    kept = (one for one in _judged(found, _short) if finding.holds((one.title, *one.texts), asked))
    return ExperimentPage(tuple(kept), following)


def every_shown() -> Iterator[PublishedExperiment]:
    """Every one that may be seen with all its lines, for what search keeps."""
    yield from _shown(_with_lines(_with_people(public().order_by("pk"))))


def is_shown(line: int) -> bool:
    """Whether that very line may be seen now."""
    return public().filter(lines=line).exists()


def topics() -> QuerySet[Topic]:
    """The topics of what may be seen."""
    return Topic.objects.filter(experiments__in=public()).distinct()


def authors() -> QuerySet[Person]:
    """Who held what may be seen when it was last told of, and agreed to be named."""
    return Person.objects.filter(shown=True, pk__in=_newest_lines().order_by().values("person"))


def public() -> QuerySet[Experiment]:
    """Those that may be seen, as rows: to ask whether there are any."""
    return Experiment.objects.filter(
        state=Experiment.State.PUBLISHED, published_at__isnull=False, changed_at__isnull=False
    )


def find(key: int) -> PublishedExperiment | None:
    """The experiment of that key with all its lines; None for whatever may not be seen."""
    return next(iter(_shown(_with_lines(_with_people(public().filter(pk=key))))), None)


def was_shown(key: int) -> bool:
    """Whether it was public once; ask where `find` gave nothing."""
    return Experiment.objects.filter(pk=key, published_at__isnull=False).exists()


def as_it_would_be(experiment: Experiment) -> PublishedExperiment:
    """What would be seen if it were published now; for those who write it."""
    return _made(_with_lines(_with_people(Experiment.objects.filter(pk=experiment.pk))).get())


def _newest_lines() -> QuerySet[Line]:
    """The newest line of each that may be seen: lines are only ever added."""
    return Line.objects.filter(pk__in=public().annotate(newest=Max("lines")).values("newest"))


def _with_people(rows: QuerySet[Experiment]) -> QuerySet[Experiment]:
    return rows.select_related("function", "holder").prefetch_related(
        "topics", Prefetch("successors", _could_take_over(), to_attr="could_now")
    )


def _could_take_over() -> QuerySet[Person]:
    """Of those who are named, the ones who work here today."""
    return Person.objects.filter(active=True, pk__in=tenures_on().values("person")).order_by("name", "pk")


def _with_lines(rows: QuerySet[Experiment]) -> QuerySet[Experiment]:
    return rows.prefetch_related(Prefetch("lines", Line.objects.select_related("person", "function")))


def _shown(rows: Iterable[Experiment]) -> Iterable[PublishedExperiment]:
    found = list(rows)
    holding = set(
        tenures_on().filter(person__in={one.holder_id for one in found}).values_list("person", flat=True)
    )
    yield from _judged(found, lambda row: _made(row, holding))


def _judged(
    rows: Iterable[Experiment], make: Callable[[Experiment], PublishedExperiment]
) -> Iterator[PublishedExperiment]:
    for row in rows:
        try:
            yield make(row)
        except Exception:
            logger.exception("The gate kept experiment %s closed: it could not be judged.", row.pk)


def _told(lines: list[Line]) -> Iterator[ToldExperiment]:
    shown = {one.key: one for one in _judged((line.experiment for line in lines), _short)}
    for line in lines:
        if line.experiment_id in shown:
            yield ToldExperiment(shown[line.experiment_id], _line(line))


def _made(row: Experiment, holding: set[int] | None = None) -> PublishedExperiment:
    if holding is None:
        holding = set(tenures_on().filter(person=row.holder_id).values_list("person", flat=True))
    is_held = row.holder_id in holding
    others: list[Person] = [one for one in row.could_now if one.pk != row.holder_id]  # type: ignore[attr-defined]
    return replace(
        _short(row),
        holder=row.holder.name if is_held and row.holder.shown else "",
        is_held=is_held,
        others=tuple(one.name for one in others if one.shown),
        unnamed=sum(not one.shown for one in others),
        topics=tuple(map(PublishedTopic.of, row.topics.all())),
    )


def _short(row: Experiment) -> PublishedExperiment:
    """Without who holds it, who could take over and its topics: a list does not tell them, and each would be a query."""
    stage, words = _stage(row)
    fetched = getattr(row, "_prefetched_objects_cache", {})
    return PublishedExperiment(
        key=row.pk,
        slug=row.slug,
        title=row.title,
        language=row.language,
        tries=row.tries,
        why=row.why,
        known_by=row.known_by,
        function=str(row.function),
        function_slug=row.function.slug,
        holder="",
        is_held=False,
        others=(),
        unnamed=0,
        starts=row.starts,
        decides=row.decides,
        stage=stage,
        stage_words=words,
        result=row.result,
        decided_on=row.decided_on,
        changed_at=row.changed_at or row.proposed_at,
        topics=(),
        lines=tuple(_line(one) for one in row.lines.all()) if "lines" in fetched else (),
    )


def _stage(row: Experiment) -> tuple[str, str]:
    today = clock.today()
    if row.verdict:
        return row.verdict, str(Experiment.Verdict(row.verdict).label)
    if row.decides < today:
        return "late", _("to be decided, and late")
    if row.starts > today:
        return "planned", _("begins later")
    return "under_way", _("under way")


def _line(row: Line) -> PublishedLine:
    return PublishedLine(
        key=row.pk,
        kind=row.kind,
        kind_words=str(row.get_kind_display()),
        words=row.words,
        until=row.until,
        at=row.at,
        function=str(row.function),
        name=row.person.name if row.person.shown else "",
    )
