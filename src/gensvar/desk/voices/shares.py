"""Who says how much: by name for those who hold it together, one's own figures for everybody else. Nobody is ranked.

Always beside how much is left unanswered and how long an answer takes: many voices that do not answer are worth little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import topics
from gensvar.core.models import Topic
from gensvar.core.roles import May
from gensvar.desk.access import READING, needs, user_of
from gensvar.desk.voices import choosing, sentences, tables
from gensvar.desk.voices.choosing import Choice
from gensvar.desk.voices.tables import Row
from gensvar.people.models import Person
from gensvar.people.queries import person_of
from gensvar.voices import heard, report, shares
from gensvar.voices.budget import Budget
from gensvar.voices.heard import Apart
from gensvar.voices.mending import mend
from gensvar.voices.plots import Bar, Plot, decimal, percent, plot
from gensvar.voices.report import Carried, Said
from gensvar.voices.shares import Unit

DRAWN: Final = 12  # voices with a bar of their own
STEPS: Final = 5


@needs(*READING)
def voices(request: HttpRequest) -> HttpResponseBase:
    """The shares of a period that stands in the address."""
    user = user_of(request)
    choice = choosing.chosen(request.GET)
    if choice.unit is Unit.RECIPIENTS:
        choice = replace(choice, selection=shares.with_recipients(choice.selection))
    asked = heard.read(choice.selection)
    context = {
        "choice": choice,
        "period": sentences.period(choice.selection),
        "channels": choosing.channels(),
        "topics": topics.in_use(),
        "heard": asked.all,
        "counted": sentences.unit_title(choice.unit),
        "sees_all": user.may(May.SEE_VOICES),
        "sees_history": user.may(May.SEE_VOICES) or user.may(May.MANAGE_PEOPLE) or user.may(May.SEE_AUDIT),
    }
    more = _of_all(choice, asked) if user.may(May.SEE_VOICES) else {}
    return render(request, "desk/voices/shares.html", context | more | _own(person_of(user), choice))


def _of_all(choice: Choice, asked: Apart) -> dict[str, Any]:
    """What only those see who hold it together."""
    said = report.said(choice.selection, choice.unit)
    months = tables.by_month(choice, asked)
    return {
        "said": said,
        "finding": sentences.finding(said.all, choice.selection, choice.unit),
        "plot": _shares_plot(said, choice),
        "months": months,
        "months_plot": _months_plot(months),
        "by_person": tables.by_person(said),
        "known": sentences.known(shares.known_in(choice.selection)) if choice.unit is Unit.RECIPIENTS else "",
        "by_function": tables.by_function(said, asked),
        "by_channel": tables.by_channel(choice, asked),
        "by_topic": tables.by_topic(choice, asked),
        **_what_now(said),
    }


def _own(person: Person | None, choice: Choice) -> dict[str, Any]:
    """How much the one who looks said: theirs alone, whatever others said."""
    if person is None:
        return {}
    theirs = shares.by_month(choice.selection, choice.unit, person=person.pk)
    found = {month: of.get(person.pk) for month, of in theirs.items()}
    months = {month: amount or 0 for month, amount in found.items()}
    most = max(months.values(), default=0)
    bars = [
        Bar(sentences.month(month), sentences.amount(amount, choice.unit), amount / most if most else 0)
        for month, amount in months.items()
    ]
    total, spoke = sum(months.values()), any(amount is not None for amount in found.values())
    return {
        "own": sentences.own(total, choice.unit, spoke),
        "own_months": [
            (sentences.month(month), months[month], _unknown(amount, choice))
            for month, amount in found.items()
        ],
        "own_plot": plot(_("What you said, month by month; the same stands in the table below."), bars)
        if total
        else None,
    }


def _unknown(amount: int | None, choice: Choice) -> bool:
    return choice.unit is Unit.RECIPIENTS and amount == 0


def _shares_plot(said: Said, choice: Choice) -> Plot | None:
    """The largest shares with a bar each, in the order of names, and the others as one."""
    if not said.persons:
        return None
    largest = sorted(said.persons, key=lambda share: share.amount, reverse=True)[:DRAWN]
    drawn = {share.voice.pk for share in largest}
    bars = [
        Bar(share.voice.name, _figure(share.share, share.amount, choice), share.share)
        for share in said.persons
        if share.voice.pk in drawn
    ]
    others = [share for share in said.persons if share.voice.pk not in drawn]
    if others:
        name = ngettext("%(count)d other", "%(count)d others together", len(others)) % {"count": len(others)}
        part = sum(share.share for share in others)
        figure = _figure(part, sum(share.amount for share in others), choice)
        bars.append(Bar(name, figure, part, open=True))
    return plot(_("The share of each person, by name; the same stands in the table below."), bars)


def _figure(share: float, amount: int, choice: Choice) -> str:
    return f"{percent(share)} ({sentences.amount(amount, choice.unit)})"


def _months_plot(months: Sequence[Row]) -> Plot | None:
    most = max((row.said.effective or 0 for row in months), default=0)
    if not most:
        return None
    bars = [
        Bar(
            row.name,
            _("N %(voices)s, unanswered %(unanswered)s")
            % {"voices": decimal(row.said.effective), "unanswered": percent(row.heard.unanswered_share)},
            (row.said.effective or 0) / most,
        )
        for row in months
    ]
    return plot(
        _("The effective number of voices, month by month; the same stands in the table below."), bars
    )


def _what_now(said: Said) -> dict[str, Any]:
    """How few carry what is covered today, and the steps that would help if whoever says most left."""
    budget = Budget.of()  # the truck factor first: it is of the whole
    carried = report.carried(budget=budget)
    found: dict[str, Any] = {"truck": None, "steps": []}
    if carried.truck is not None:
        found["truck"] = sentences.truck(carried.truck)
        found["truck_people"] = carried.named(carried.truck.leavers)
    if said.top is not None and said.top.voice.pk in carried.coverage.people:
        mending = mend(carried.coverage, {said.top.voice.pk}, order=list(carried.persons), budget=budget)
        found |= {
            "top": said.top.voice,
            "steps_said": sentences.steps(mending),
            "more_steps": len(mending.steps) > STEPS,
        }
        found["steps"] = steps_of(mending.steps[:STEPS], carried)
    return found


def steps_of(chosen: Sequence[Any], carried: Carried) -> list[str]:
    """These steps in words; two queries."""
    cells = frozenset().union(*(step.cells for step in chosen))
    points = dict(ContactPoint.objects.filter(pk__in={cell[0] for cell in cells}).values_list("pk", "name"))
    named = dict(Topic.objects.filter(pk__in={cell[1] for cell in cells}).values_list("pk", "name"))
    people = {pk: person.name for pk, person in carried.persons.items()}
    about = sentences.topic_names(cells, named)
    return [sentences.step(step, people, points, about) for step in chosen]
