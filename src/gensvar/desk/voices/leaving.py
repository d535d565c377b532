"""What if they leave: the town without those who are ticked, and the fewest steps that would mend it. A plain GET form."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.outside_logins.services import lost_with
from gensvar.core.models import Topic
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.place import Place
from gensvar.desk.voices import sentences
from gensvar.desk.voices.shares import steps_of
from gensvar.people.models import Person
from gensvar.voices import cells, report, waiting
from gensvar.voices.budget import Budget
from gensvar.voices.cells import WITHOUT, Cell
from gensvar.voices.mending import mend
from gensvar.voices.report import Carried

PLACES: Final = 40  # rows of the grid
TOPICS: Final = 10  # columns of it
WAITING: Final = 10
STEPS: Final = 30
SCREENS: Final = {  # of the kinds of a handover, those that have one
    "pages": "calendar",
    "guests": "guests",
    "plans": "calendar",
    "wordings": "positions",
    "steps": "outcomes",
    "surveys": "surveys",
    "experiments": "experiments",
}


@dataclass(frozen=True, slots=True)
class Choosable:
    """One person of the form."""

    person: Person
    external: bool
    leaves: bool


@dataclass(frozen=True, slots=True)
class Square:
    """One place × topic of the grid: how many cover it today, and how many would be left."""

    today: int
    left: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The places and topics that lose a cell, as many as fit; `rows` are places with a square (or None) for each topic."""

    topics: list[str]
    rows: list[tuple[ContactPoint, list[Square | None]]]
    more_places: int
    more_topics: int


@needs(May.SEE_VOICES)
def leaving(request: HttpRequest) -> HttpResponseBase:
    """Everybody to choose from, and what falls with those who are chosen."""
    external = cells.external_today()
    everybody = list(Person.objects.filter(active=True).order_by("name", "pk"))
    ticked = set(request.GET.getlist("person"))
    gone = {one.pk for one in everybody if str(one.pk) in ticked}
    if request.GET.get("external"):
        gone |= external & {one.pk for one in everybody}
    budget = Budget.of()  # the truck factor first: it is of the whole
    carried = report.carried(budget=budget)
    context: dict[str, Any] = {
        "people": [Choosable(one, one.pk in external, one.pk in gone) for one in everybody],
        "all_external": bool(request.GET.get("external")),
        "some_external": bool(external),
        "cells": len(carried.coverage.cells),
        "truck": sentences.truck(carried.truck) if carried.truck else "",
        "truck_people": carried.named(carried.truck.leavers) if carried.truck else [],
    }
    if gone:
        leavers = [one for one in everybody if one.pk in gone]
        context |= what_falls(leavers, carried, budget)
        context["leavers"] = leavers
        context["may_hand_over"] = user_of(request).may(May.HAND_OVER)
        context["names"] = sentences.listed([one.name for one in leavers])
    elif request.GET:
        context["nobody"] = True
    return render(request, "desk/voices/leaving.html", context)


def what_falls(leavers: Sequence[Person], carried: Carried, budget: Budget) -> dict[str, Any]:
    """What the page says of that leaving; as many queries for many as for one."""
    coverage, gone = carried.coverage, {one.pk for one in leavers}
    dark = coverage.uncovered_by(gone)
    mending = mend(coverage, gone, order=list(carried.persons), budget=budget)
    places, lost_functions = cells.lost_places(gone, coverage), cells.lost_functions(gone)
    ownerless, lost_logins = [one.point for one in places if one.ownerless], lost_with(gone)
    return {
        "gone": sorted(gone),
        "dark": len(dark),
        "places": places,
        "ownerless": ownerless,
        "lost_topics": cells.lost_topics(gone),
        "lost_logins": lost_logins,
        "lost_functions": lost_functions,
        "safe": not (dark or ownerless or lost_logins or lost_functions),
        "waiting": [(one, screen_of(one.kind)) for one in waiting.waiting_with(leavers)],
        "queues": [
            (function, count, Place(queue=f"function:{function.slug}").url)
            for function, count in waiting.queues_of(lost_functions)
        ],
        "oldest": list(waiting.conversations_of(leavers).select_related("assignee")[:WAITING]),
        "grid": grid_of(dark, carried, gone),
        "steps_said": sentences.steps(mending),
        "greedy": mending.greedy,
        "steps": steps_of(mending.steps[:STEPS], carried) if mending.steps else [],
        "more_steps": max(0, len(mending.steps) - STEPS),
    }


def screen_of(kind: str) -> str:
    """The address of the screen where things of that kind stand; empty where only their holder sees them."""
    return reverse(f"desk:{SCREENS[kind]}") if kind in SCREENS else ""


def grid_of(dark: Collection[Cell], carried: Carried, gone: Collection[int]) -> Grid | None:
    """Where it goes dark; None where it does not. Two queries."""
    if not dark:
        return None
    points = list(ContactPoint.objects.filter(pk__in={cell[0] for cell in dark}).order_by("name", "pk"))
    named = dict(Topic.objects.filter(pk__in={cell[1] for cell in dark}).values_list("pk", "name"))
    columns = sorted(named, key=lambda pk: named[pk].casefold())
    if any(topic == WITHOUT for _point, topic in dark):
        columns.append(WITHOUT)
    shown = columns[:TOPICS]
    return Grid(
        topics=[named.get(pk) or _("no topic") for pk in shown],
        rows=[(point, _squares(point, shown, carried, gone)) for point in points[:PLACES]],
        more_places=max(0, len(points) - PLACES),
        more_topics=max(0, len(columns) - TOPICS),
    )


def _squares(
    point: ContactPoint, topics: Sequence[int], carried: Carried, gone: Collection[int]
) -> list[Square | None]:
    found: list[Square | None] = []
    for topic in topics:
        people = carried.coverage.cells.get((point.pk, topic))
        found.append(Square(len(people), len(people - set(gone))) if people else None)
    return found
