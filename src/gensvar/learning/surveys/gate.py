"""The gate for surveys of how we lead: page, list, feeds, letters and sitemap ask here what may be seen. It fails closed (law 5)."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from gensvar.core import keyset, languages
from gensvar.learning.surveys.models import FreeText, Survey, Tally
from gensvar.learning.surveys.models import Question as Asked
from gensvar.learning.surveys.scale import ENOUGH
from gensvar.learning.surveys.values import (
    Counted,
    Earlier,
    PublishedQuestion,
    PublishedSurvey,
    SurveyPage,
)
from gensvar.publishing import finding, short_links
from gensvar.publishing.models import ShortLink

logger = logging.getLogger(__name__)

PAGE: Final = 24


def public() -> QuerySet[Survey]:
    """Those that may be seen, as rows: to ask whether there are any."""
    return Survey.objects.filter(
        state=Survey.State.PUBLISHED,
        published_at__isnull=False,
        changed_at__isnull=False,
        answered__gte=ENOUGH,
    )


def page(
    before: tuple[dt.datetime, int] | None = None, size: int = PAGE, *, function: str = ""
) -> SurveyPage:
    """Rounds by when they were first published, newest first, after the key `before`."""
    rows = public().select_related("leader", "function", "form")
    if function:
        rows = rows.filter(function__slug=function)
    found, following = keyset.newest(rows, "published_at", before, size)
    return SurveyPage(tuple(shown for row in found if (shown := _shown(row)) is not None), following)


def search(
    number: int, asked: Sequence[Sequence[str]], before: tuple[dt.datetime, int] | None, size: int
) -> SurveyPage:
    """Rounds that hold one stem of each of these, as `page` gives them, with what they say; three queries."""
    rows = _with_words(public().filter(pk__in=finding.held(number, asked)))
    found, following = keyset.newest(rows, "published_at", before, size)
    return SurveyPage(
        tuple(one for one in map(_sought, found) if one is not None and finding.holds(one.said, asked)),
        following,
    )


def every_sought() -> Iterator[PublishedSurvey]:
    """Every round that may be seen with what it says, for what search keeps."""
    yield from (one for row in _with_words(public().order_by("pk")) if (one := _sought(row)) is not None)


def find_sought(key: int) -> PublishedSurvey | None:
    """The round of that key with what it says; None for whatever may not be seen."""
    row = _with_words(public().filter(pk=key)).first()
    return _sought(row) if row is not None else None


def find(slug: str) -> PublishedSurvey | None:
    """The round at that address with all that was answered; None for whatever may not be seen."""
    row = public().select_related("leader", "function", "form").filter(slug=slug).first()
    return _shown(row, whole=True) if row is not None else None


def find_short(key: int) -> PublishedSurvey | None:
    """The round of that key without its questions, for what leads to it; None for whatever may not be seen."""
    row = public().select_related("leader", "function", "form").filter(pk=key).first()
    return _shown(row) if row is not None else None


def is_shown(key: int) -> bool:
    """Whether that very round may be seen now."""
    return public().filter(pk=key).exists()


def was_shown(slug: str) -> bool:
    """Whether it was public once; ask where `find` gave nothing."""
    return Survey.objects.filter(slug=slug, published_at__isnull=False).exists()


def as_it_would_be(survey: Survey) -> PublishedSurvey | None:
    """What would be seen if it were published now; for those who run it. None as long as nothing is opened."""
    opened = (Survey.State.OPENED, Survey.State.PUBLISHED, Survey.State.WITHDRAWN)
    return _made(survey, whole=True) if survey.state in opened else None


def asked(survey: Survey) -> list[PublishedQuestion]:
    """The questions of a round without any answer, for those who are asked."""
    found = []
    for one in survey.form.questions.all():
        words, language = _here(one.words, one.words_en)
        found.append(PublishedQuestion(one.key, words, language, one.kind == Asked.Kind.SCALE))
    return found


def _shown(row: Survey, *, whole: bool = False) -> PublishedSurvey | None:
    try:
        return _made(row, whole=whole)
    except Exception:
        logger.exception("The gate kept survey %s closed: it could not be judged.", row.pk)
        return None


def _with_words(rows: QuerySet[Survey]) -> QuerySet[Survey]:
    """With the questions, and of what was written only what everybody reads."""
    released = FreeText.objects.filter(state=FreeText.State.RELEASED)
    return rows.select_related("leader", "function", "form").prefetch_related(
        "form__questions", Prefetch("texts", released, to_attr="released")
    )


def _sought(row: Survey) -> PublishedSurvey | None:
    """With what it says: its form, its questions and the texts, in no order that tells who wrote what."""
    shown = _shown(row)
    if shown is None:
        return None
    said = [row.form.title, row.form.title_en]
    said += [words for one in row.form.questions.all() for words in (one.words, one.words_en)]
    released: list[FreeText] = row.released  # type: ignore[attr-defined]
    texts = sorted(one.shown for one in released)
    return replace(shown, said=tuple(text for text in (*said, *texts) if text))


def _made(row: Survey, *, whole: bool) -> PublishedSurvey:
    assert row.first_day is not None, "it was opened"
    title, language = _here(row.form.title, row.form.title_en)
    return PublishedSurvey(
        key=row.pk,
        slug=row.slug,
        leader=row.leader.name if row.leader.shown else "",
        function=str(row.function),
        function_slug=row.function.slug,
        title=title,
        title_language=language,
        first_day=row.first_day,
        last_day=row.last_day,
        asked=row.asked or 0,
        answered=row.answered or 0,
        published_at=row.published_at or row.made_at,
        changed_at=row.changed_at or row.made_at,
        questions=tuple(_questions(row)) if whole else (),
        code=short_links.code_of(ShortLink.Kind.SURVEY, str(row.pk)) if whole else "",
    )


def _questions(row: Survey) -> Iterable[PublishedQuestion]:
    tallies = {one.question_id: one for one in row.tallies.all()}
    texts: dict[int, list[FreeText]] = defaultdict(list)
    for text in row.texts.all():
        texts[text.question_id].append(text)
    earlier = _earlier(row)
    for asked in row.form.questions.all():
        words, language = _here(asked.words, asked.words_en)
        tally, written = tallies.get(asked.pk), texts[asked.pk]
        yield PublishedQuestion(
            key=asked.key,
            words=words,
            language=language,
            is_scale=asked.kind == Asked.Kind.SCALE,
            counted=_counted(tally) if tally is not None else None,
            earlier=tuple(
                Earlier(one.survey.last_day.year, _path(one.survey), _counted(one), _other(one, asked))
                for one in earlier[asked.key]
            ),
            texts=tuple(one.shown for one in written if one.state == FreeText.State.RELEASED),
            kept_back=sum(one.state == FreeText.State.KEPT for one in written),
        )


def _earlier(row: Survey) -> dict[str, list[Tally]]:
    """The sums of earlier public rounds of the same leader and function, by the questions' keys, newest first; one query."""
    before = public().filter(leader=row.leader_id, function=row.function_id).exclude(pk=row.pk)
    rows = Tally.objects.filter(survey__in=before, survey__last_day__lte=row.last_day)
    found: dict[str, list[Tally]] = defaultdict(list)
    for one in rows.select_related("survey", "question").order_by("-survey__last_day", "-survey"):
        found[one.question.key].append(one)
    return found


def _counted(tally: Tally) -> Counted:
    return Counted(tally.steps, tally.cannot_say)


def _path(survey: Survey) -> str:
    return reverse("square:survey", args=[survey.slug])


def _other(tally: Tally, asked: Asked) -> str:
    """The words of then, where they were not those of now."""
    then = _here(tally.question.words, tally.question.words_en)[0]
    return then if then != _here(asked.words, asked.words_en)[0] else ""


def _here(words: str, words_en: str) -> tuple[str, str]:
    """The words for this reader and their language: Swedish for those who read it, English for others where there is some."""
    if words_en and languages.here() != "sv":
        return words_en, "en"
    return words, "sv"
