"""Whether somebody may speak for a function on a day, past or to come: asked of many names and many days at once.

Neighbours: queries tells of one person and today; days reckons with the days of a tenure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gensvar.people.days import Days
from gensvar.people.models import Function, Person

Name = tuple[int, int]
"""Who speaks for what: the ids of a person and of a function."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who may not speak for that function on the day that was asked about; `until` is the last day before it on which
    they could, None where there was none."""

    person: Person
    function: Function
    until: dt.date | None

    def __str__(self) -> str:
        if self.until is None:
            return f"{self.person} ({self.function})"
        day = date_format(self.until, "j F Y")
        about = {"person": self.person, "function": self.function, "day": day}
        return _("%(person)s (%(function)s until %(day)s)") % about


def silent(asked: Sequence[tuple[Collection[Name], dt.date]]) -> list[list[Silent]]:
    """For each of these, those of its names who may not speak on its day, by person and function; as `held_by` has it of today.

    Days are the municipality's. Three queries however many are asked about, and none for no name.
    """
    names = {name for some, _day in asked for name in some}
    if not names:
        return [[] for _one in asked]
    people = (
        Person.objects.select_related("user")
        .prefetch_related("tenures")
        .in_bulk({person for person, _function in names})
    )
    functions = Function.objects.in_bulk({function for _person, function in names})
    return [
        [
            one
            for person, function in sorted(some)
            if person in people and function in functions  # a draft's names are protected by no relation
            if (one := _silent(people[person], functions[function], day)) is not None
        ]
        for some, day in asked
    ]


def _silent(person: Person, function: Function, day: dt.date) -> Silent | None:
    held = [Days.of(one) for one in person.tenures.all() if one.function_id == function.pk]
    if function.active and _works_on(person, day) and any(day in days for days in held):
        return None
    over = [days.ends for days in held if days.ends is not None and days.ends < day]
    return Silent(person, function, max(over, default=None))


def _works_on(person: Person, day: dt.date) -> bool:
    user = person.user
    if not person.active or user is None:
        return person.active
    return user.is_active and (user.access_until is None or user.access_until >= day)
