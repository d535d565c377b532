"""Handovers to show, and those that are due: externals whose last day comes near, and people who left with things in hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from gensvar.core import clock
from gensvar.people.access import last_as_external
from gensvar.people.handover.holding import holdings
from gensvar.people.handover.models import Handover
from gensvar.people.handover.states import State
from gensvar.people.models import Person

AHEAD: Final = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody whose handover has not been done, and their last day."""

    person: Person
    last_day: dt.date


def handovers_due(day: dt.date | None = None, ahead: dt.timedelta = AHEAD) -> list[Due]:
    """External people whose last tenure ends within that time from that day (today) or has ended, the earliest first.

    Due until a handover is done that reaches that last day, or nothing hangs on them any more. One query, and where some
    have left without a handover one for each kind of thing, or two, for all of them together.
    """
    day = day or clock.today()
    last = last_as_external().filter(person=OuterRef("pk")).order_by("pk")
    found = (
        Person.objects.annotate(last_day=Subquery(last.values("ends")[:1]))
        .filter(last_day__lte=day + ahead)
        .filter(
            ~Exists(
                Handover.objects.filter(
                    person=OuterRef("pk"),
                    state__in=[State.DONE, State.FINISHED],
                    last_day__gte=OuterRef("last_day"),
                )
            )
        )
        .order_by("last_day", "name", "pk")
    )
    hold = holders([person for person in found if person.last_day < day])
    return [Due(person, person.last_day) for person in found if person.last_day >= day or person.pk in hold]


def holders(people: Collection[Person]) -> set[int]:
    """Which of these (by id) anything hangs on."""
    return {pk for holding in holdings() for pk, held in holding.held_by_each(people).items() if held}


def all_handovers() -> QuerySet[Handover]:
    """Every one, the newest first."""
    return Handover.objects.select_related("person", "prepared_by", "reviewed_by")
