"""Who holds which function on a day, and who is away."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.people.models import Absence, Function, Person, Tenure


def tenures_on(day: dt.date | None = None) -> QuerySet[Tenure]:
    """Tenures that hold on that day (today in the municipality's time zone)."""
    day = day or clock.today()
    return Tenure.objects.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day, person__active=True)


def functions_of(user: User, day: dt.date | None = None) -> QuerySet[Function]:
    """The functions that this log-in's person holds on that day."""
    return Function.objects.filter(pk__in=tenures_on(day).filter(person__user=user).values("function"))


def holders_of(function: Function, day: dt.date | None = None) -> QuerySet[Person]:
    """The persons who hold that function on that day."""
    return Person.objects.filter(pk__in=tenures_on(day).filter(function=function).values("person"))


def is_present(person: Person, day: dt.date | None = None) -> bool:
    """Whether that person works on that day as far as we know: active and not away."""
    day = day or clock.today()
    if not person.active or (person.user is not None and not person.user.has_access):
        return False
    return not Absence.objects.filter(person=person, starts__lte=day, ends__gte=day).exists()


def coordinating_function() -> Function | None:
    """The function that gets what nobody owns."""
    return Function.objects.filter(coordinates=True, active=True).order_by("pk").first()
