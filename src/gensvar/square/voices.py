"""How many voices speak for the municipality: by function alone, nobody named or ranked, small figures together (voices.told).

The last whole quarter of a year: periods that share no day, so that no two pages differ by what one person said. Neighbour: answering.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from gensvar.core import clock
from gensvar.people.models import Function
from gensvar.square.headers import public
from gensvar.voices import heard, shares
from gensvar.voices.heard import Apart, Heard
from gensvar.voices.plots import Bar, Plot, decimal, percent, plot
from gensvar.voices.shares import Selection, Unit
from gensvar.voices.told import MESSAGES, Told, shares_told, told

MONTHS: Final = 3  # of a quarter


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; `function` is None where it is the others together. `heard` is None where too few asked."""

    function: Function | None
    name: str
    messages: int
    share: float
    heard: Heard | None = None

    @property
    def part(self) -> str:
        """ "61 %"."""
        return percent(self.share)

    @property
    def figure(self) -> str:
        """ "61 % (122 times)"."""
        return f"{self.part} ({times(self.messages)})"

    @property
    def unanswered(self) -> str:
        """How much of what was asked of it is unanswered today: "61 %"."""
        return percent(self.heard.unanswered_share if self.heard else None)

    @property
    def waited(self) -> str:
        """Within what time half get an answer: "4 days"."""
        if self.heard is not None and mostly_waiting(self.heard):
            return _("fewer than half yet")
        return (self.heard and waited(self.heard)) or percent(None)


def last_quarter(before: dt.date) -> Selection:
    """The last whole quarter before that of that day.

    Three months that moved on by one each month would tell by subtraction what a function said in each month, however few spoke.
    """
    begins = before.replace(month=before.month - (before.month - 1) % MONTHS, day=1)
    ends = begins - dt.timedelta(days=1)
    return Selection(ends.replace(month=ends.month - MONTHS + 1, day=1), ends)


def told_of(chosen: Selection) -> Told[int]:
    """What may be told of these days, by the ids of functions; two queries."""
    unseen = shares.by_function_and_person_unseen(chosen, Unit.MESSAGES)
    return told(shares.by_function_and_person(chosen, Unit.MESSAGES), unseen)


def lines_of(found: Told[int]) -> list[Line]:
    """By name, the others last; one query."""
    functions = Function.objects.in_bulk([share.voice for share in found.functions])
    lines = [
        Line(functions[share.voice], str(functions[share.voice]), share.amount, share.share)
        for share in found.functions
    ]
    lines.sort(key=lambda line: line.name.casefold())
    if found.together:
        lines.append(Line(None, others(found.together, bool(lines)), found.rest, found.rest_share))
    return lines


def beside(lines: Sequence[Line], found: Told[int], chosen: Selection, asked: Apart) -> list[Line]:
    """The lines with what was asked of each function, where it may be told. Two queries."""
    own = [[one.function.pk] if one.function else sorted(found.others) for one in lines]
    those = heard.heard_together(chosen, own)
    counts = {number: one.asked for number, one in enumerate(those)}
    may = shares_told(counts, apart=asked.all.asked - sum(counts.values()))
    return [
        replace(line, heard=those[number]) if number in may else line for number, line in enumerate(lines)
    ]


def others(count: int, beside: bool) -> str:
    """What the functions are called that are told of together only."""
    if not beside:
        return ngettext("%(count)d function", "All %(count)d functions together", count) % {"count": count}
    return ngettext("%(count)d other function", "%(count)d other functions together", count) % {
        "count": count
    }


def times(count: int) -> str:
    """ "12 times"."""
    return ngettext("%(count)d time", "%(count)d times", count) % {"count": count}


def drawn(lines: list[Line]) -> Plot | None:
    """A bar for each line; None where there is nothing to compare."""
    if len(lines) < 2:
        return None
    bars = [Bar(line.name, line.figure, line.share, open=line.function is None) for line in lines]
    return plot(_("The share of each function, by name; the same stands in the table below."), bars)


def in_days(hours: float | None) -> str:
    """A median time to an answer, in hours or days."""
    if hours is None:
        return ""
    if hours < 48:
        whole = max(1, round(hours))
        return ngettext("%(count)d hour", "%(count)d hours", whole) % {"count": whole}
    whole = round(hours / 24)
    return ngettext("%(count)d day", "%(count)d days", whole) % {"count": whole}


def waited(found: Heard) -> str:
    """Within what time half get an answer; empty where so few were answered that it is nearly one answer's, or fewer than half."""
    return in_days(found.hours) if found.answered >= MESSAGES else ""


def mostly_waiting(found: Heard) -> bool:
    """Whether fewer than half have an answer, of so many that it may be told."""
    return may_be_told(found) and found.mostly_waiting


def may_be_told(found: Heard) -> bool:
    """Whether enough was asked for a share to say something of nobody in particular."""
    return found.asked >= MESSAGES


@require_safe
@public
def page(request: HttpRequest) -> HttpResponse:
    """How many voices speak, beside how much is left unanswered."""
    chosen = last_quarter(clock.today())
    found, before, asked = (
        told_of(chosen),
        told_of(last_quarter(chosen.starts)),
        heard.read(chosen, by_topic=False),
    )
    lines, together = beside(lines_of(found), found, chosen, asked), asked.all
    effective, earlier = found.all.effective, before.all.effective
    context = {
        "months": _months(chosen),
        "told": found,
        "lines": lines,
        "plot": drawn(lines),
        "effective": decimal(effective) if effective is not None else "",
        "before": decimal(earlier) if earlier is not None else "",
        "asked": together.asked if may_be_told(together) else 0,
        "unanswered": percent(together.unanswered_share),
        "waited": waited(together),
        "mostly_waiting": mostly_waiting(together),
    }
    return render(request, "square/voices.html", context)


def _months(chosen: Selection) -> str:
    return f"{date_format(chosen.starts, 'F Y')} – {date_format(chosen.ends, 'F Y')}"
