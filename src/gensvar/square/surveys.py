"""How we lead: what those who are led answered, read through the surveys' gate alone (law 5). Neighbours: leading, voices.plots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from gensvar.learning.surveys import gate
from gensvar.learning.surveys.scale import CANNOT_SAY_WORDS, STEPS
from gensvar.learning.surveys.values import Counted, PublishedQuestion, PublishedSurvey
from gensvar.square.exchanges import key_in_address, key_of
from gensvar.square.headers import knows, public
from gensvar.square.shown_no_longer import SURVEY, gone
from gensvar.voices.plots import Bar, Plot, percent, plot


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a step, or a year."""

    label: str
    people: int
    share: float | None  # of those who chose a step; None where it is no part of them
    path: str = ""
    words: str = ""

    @property
    def part(self) -> str:
        """ "61 %"."""
        return percent(self.share) if self.share is not None else ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One question as the page draws it."""

    question: PublishedQuestion
    lines: tuple[Line, ...] = ()
    plot: Plot | None = None
    years: tuple[Line, ...] = ()
    years_plot: Plot | None = None


@require_safe
@public
@knows("fore")
def index(request: HttpRequest) -> HttpResponse:
    """Every round that is public, newest first, by key."""
    before = key_of(request.GET.get("fore", ""))
    found = gate.page(before)
    address = reverse("square:surveys")
    context = {
        "surveys": found.surveys,
        "next": f"{address}?{urlencode({'fore': key_in_address(found.next)})}" if found.next else "",
        "newest": address,
        "first": before is None,
    }
    return render(request, "square/surveys.html", context)


@require_safe
@public
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them with its figures and texts, beside those of earlier years; a withdrawn one says that it was there."""
    found = gate.find(slug)
    if found is None:
        if gate.was_shown(slug):
            return gone(request, SURVEY)
        raise Http404
    short = settings.GENSVAR_URL + reverse("square:short", args=[found.code]) if found.code else ""
    context = {"survey": found, "questions": list(drawn(found)), "short": short}
    return render(request, "square/survey.html", context)


def drawn(found: PublishedSurvey) -> Iterator[Drawn]:
    """Its questions with their bars and tables, in the reader's language."""
    for question in found.questions:
        if question.counted is None:
            yield Drawn(question)
            continue
        lines = tuple(_steps(question.counted))
        years = tuple(_years(found, question, question.counted)) if question.earlier else ()
        yield Drawn(
            question,
            lines,
            plot(_("How many chose what; the same stands in the table."), _bars(question.counted, lines)),
            years,
            plot(_("How many agreed, year by year; the same stands in the table."), _bars_of_years(years))
            if years
            else None,
        )


def _steps(counted: Counted) -> Iterator[Line]:
    for words, people in zip(STEPS.values(), counted.steps, strict=True):
        yield Line(str(words).capitalize(), people, people / counted.chose)
    yield Line(str(CANNOT_SAY_WORDS).capitalize(), counted.cannot_say, None)


def _years(found: PublishedSurvey, question: PublishedQuestion, counted: Counted) -> Iterator[Line]:
    yield Line(str(found.year), counted.chose, counted.agree)
    for one in question.earlier:
        yield Line(str(one.year), one.counted.chose, one.counted.agree, one.path, one.words)


def _bars(counted: Counted, lines: tuple[Line, ...]) -> list[Bar]:
    answered = counted.chose + counted.cannot_say
    return [
        Bar(line.label, _people(line.people), line.people / answered, open=line.share is None)
        for line in lines
    ]


def _bars_of_years(years: tuple[Line, ...]) -> list[Bar]:
    return [
        Bar(line.label, line.part, line.share or 0.0, open=number > 0) for number, line in enumerate(years)
    ]


def _people(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d persons", count) % {"count": count}
