"""All that is known of a period in one value: who said how much, what was left unanswered, how few carry the coverage.

Neighbours: the command `gensvar voices` prints it, the desk's page draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gensvar.people.models import Function, Person
from gensvar.voices import cells, heard, shares
from gensvar.voices.budget import Budget
from gensvar.voices.coverage import Coverage
from gensvar.voices.heard import Heard
from gensvar.voices.measures import Concentration, Share, change, concentration, shares_of
from gensvar.voices.shares import Known, Selection, Unit
from gensvar.voices.truck import TruckFactor, truck_factor


@dataclass(frozen=True)
class Said:
    """Who said how much in a period; persons and functions by name, since names rank nobody."""

    persons: list[Share[Person]]
    functions: list[Share[Function]]
    all: Concentration
    before: Concentration  # the period of the same length just before
    # Who said something of which no recipient is known, by name, and for which functions: only where recipients are counted.
    unknown: list[Person]
    unknown_functions: frozenset[int]

    @property
    def top(self) -> Share[Person] | None:
        """Whoever said most; None where nothing was said."""
        return max(self.persons, key=lambda share: share.amount, default=None)

    @property
    def change(self) -> float | None:
        """How the effective number of voices changed from the period before."""
        return change(self.before.effective, self.all.effective)


@dataclass(frozen=True)
class Carried:
    """The cells covered today, and how few people carry more than half of them."""

    coverage: Coverage[cells.Cell, int]
    truck: TruckFactor[int] | None
    persons: dict[int, Person]

    def named(self, ids: Any) -> list[Person]:
        """These people by name."""
        return sorted((self.persons[pk] for pk in ids), key=lambda person: (person.name, person.pk))


def said(chosen: Selection, unit: Unit) -> Said:
    """Who said how much."""
    if unit is Unit.RECIPIENTS and chosen.reached is None:
        chosen = shares.with_recipients(chosen)
    amounts = shares.by_person(chosen, unit)
    functions = shares.by_function(chosen, unit)
    people = Person.objects.filter(pk__in=amounts).order_by("name", "pk")
    return Said(
        persons=shares_of({person: amounts[person.pk] for person in people}),
        functions=shares_of(
            {one: functions[one.pk] for one in Function.objects.filter(pk__in=functions).order_by("name")}
        ),
        all=concentration(amounts.values()),
        before=concentration(shares.by_person(chosen.before, unit).values()),
        unknown=[person for person in people if unit is Unit.RECIPIENTS and not amounts[person.pk]],
        unknown_functions=frozenset(
            pk for pk, amount in functions.items() if unit is Unit.RECIPIENTS and not amount
        ),
    )


def carried(*, budget: Budget | None = None) -> Carried:
    """Coverage and truck factor as of today; `budget` (of its own, where none is given) limits the search."""
    coverage = cells.covered_today()
    people = cells.who_covers(coverage)
    order = [person.pk for person in people]
    return Carried(
        coverage, truck_factor(coverage, order=order, budget=budget), {one.pk: one for one in people}
    )


def as_json(chosen: Selection) -> dict[str, Any]:
    """The report for machines; docs/reference/commands.md says what each name means."""
    found: dict[str, Any] = {"from": chosen.starts.isoformat(), "to": chosen.ends.isoformat()}
    chosen = shares.with_recipients(chosen)
    for unit in Unit:
        one = said(chosen, unit)
        found[unit.value] = _said_as_json(one)
        if unit is Unit.RECIPIENTS:
            found[unit.value] |= _known_as_json(one, shares.known_in(chosen))
    found |= _heard_as_json(heard.heard_in(chosen))
    found |= _carried_as_json(carried())
    return found


def _said_as_json(one: Said) -> dict[str, Any]:
    return {
        "total": one.all.total,
        "voices": one.all.voices,
        "hhi": one.all.hhi,
        "n": one.all.effective,
        "n_before": one.before.effective,
        "top_share": one.all.top,
        "shares": [
            {"person": share.voice.pk, "name": share.voice.name, "amount": share.amount, "share": share.share}
            for share in one.persons
        ],
        "functions": [
            {"function": share.voice.slug, "amount": share.amount, "share": share.share}
            for share in one.functions
        ],
    }


def _known_as_json(one: Said, known: Known) -> dict[str, Any]:
    """Of how much it is known; who said something and reached nobody that is known of has no share, not one of 0."""
    return {
        "total": one.all.total or None,
        "known_words": known.words,
        "words": known.of_words,
        "known_share_of_words": known.share,
        "known_messages": known.messages,
        "messages": known.of_messages,
        "unknown": [{"person": person.pk, "name": person.name} for person in one.unknown],
    }


def _heard_as_json(one: Heard) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "unanswered": one.unanswered,
        "unanswered_share": one.unanswered_share,
        "median_hours_to_answer": one.hours,
    }


def _carried_as_json(one: Carried) -> dict[str, Any]:
    def people(ids: Any) -> list[dict[str, Any]]:
        return [{"person": person.pk, "name": person.name} for person in one.named(ids)]

    truck = one.truck
    return {
        "coverage_cells": len(one.coverage.cells),
        "truck_factor": truck
        and {
            "exact": truck.upper if truck.exact else None,
            "lower": truck.lower,
            "upper": truck.upper,
            "people": people(truck.leavers),
            "greedy": len(truck.greedy),
            "greedy_people": people(truck.greedy),
        },
    }
