"""Who of each function is there on the days to come. Four queries, however many days and people."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from gensvar.people.models import Absence, Function, Person, Tenure
from gensvar.people.queries import in_service


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a function: who holds it, and who of them is there."""

    day: dt.date
    holders: tuple[Person, ...]
    there: tuple[Person, ...]

    @property
    def empty(self) -> bool:
        """Whether somebody holds the function, and nobody is there."""
        return bool(self.holders) and not self.there


@dataclass(frozen=True, slots=True)
class Roster:
    """The days of one function, in the order in which they were asked for."""

    function: Function
    days: tuple[Day, ...]


def absences_between(first: dt.date, last: dt.date) -> QuerySet[Absence]:
    """The absences that touch those days, of people who have not left."""
    found = Absence.objects.filter(starts__lte=last, ends__gte=first, person__active=True)
    return found.select_related("person").order_by("starts", "person__name", "pk")


def rosters(days: Sequence[dt.date]) -> list[Roster]:
    """Every active function on each of these days (ascending, at least one)."""
    first, last = days[0], days[-1]
    away = defaultdict(list)
    for absence in absences_between(first, last):
        away[absence.person_id].append((absence.starts, absence.ends))
    held = defaultdict(list)
    tenures = Tenure.objects.filter(Q(ends__isnull=True) | Q(ends__gte=first), starts__lte=last)
    for tenure in tenures.filter(person__in=in_service(first)).select_related("person__user"):
        held[tenure.function_id].append(tenure)

    def one(function: Function, day: dt.date) -> Day:
        holders = {
            tenure.person
            for tenure in held[function.pk]
            if tenure.starts <= day
            and (tenure.ends is None or tenure.ends >= day)
            and _has_access(tenure, day)
        }
        there = {
            person
            for person in holders
            if not any(starts <= day <= ends for starts, ends in away.get(person.pk, ()))
        }
        return Day(day, _by_name(holders), _by_name(there))

    return [
        Roster(function, tuple(one(function, day) for day in days))
        for function in Function.objects.filter(active=True).order_by("name", "pk")
    ]


def _has_access(tenure: Tenure, day: dt.date) -> bool:
    user = tenure.person.user
    return user is None or user.access_until is None or user.access_until >= day


def _by_name(people: set[Person]) -> tuple[Person, ...]:
    return tuple(sorted(people, key=lambda person: (person.name, person.pk)))
