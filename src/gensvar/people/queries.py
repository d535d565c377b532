"""Who holds which function on a day, who is away, and who may speak for what."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.access import who_may
from gensvar.people.days import Days
from gensvar.people.models import Absence, Function, Person, Tenure, TenureCorrection


def tenures_on(day: dt.date | None = None) -> QuerySet[Tenure]:
    """Tenures that hold on that day (today in the municipality's time zone)."""
    return _tenures_on(day or clock.today()).all()


@functools.lru_cache(maxsize=8)
def _tenures_on(day: dt.date) -> QuerySet[Tenure]:
    """Drawn up once: a page of the desk asks it some fifteen times, and most queries of who may see what stand on it."""
    return Tenure.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day, person__active=True
    )


def could_speak_on(day: dt.date) -> QuerySet[Tenure]:
    """Who held which function on that day, as the tenures tell: also of those who have left since. By function and name."""
    held = Tenure.objects.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)
    return held.select_related("person", "function").order_by("function__name", "person__name", "pk")


@dataclass(frozen=True, slots=True)
class Told:
    """What the tenures tell of one day: whether it was held, as we know it today, and the corrections that changed that answer."""

    tenure: Tenure
    holds: bool
    corrections: tuple[
        TenureCorrection, ...
    ]  # the oldest first: what it said before each is what was believed
    noted_later: bool  # it was entered after that day, so nobody knew of it then


def told_of(day: dt.date) -> list[Told]:
    """Who held which function on that day, as corrected, beside what was believed before. By function and name; two queries."""
    before = TenureCorrection.objects.filter(
        Q(ends_before__isnull=True) | Q(ends_before__gte=day), tenure=OuterRef("pk"), starts_before__lte=day
    )
    held = Q(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)
    rows = (
        Tenure.objects.filter(held | Exists(before))
        .select_related("person", "function")
        .prefetch_related(Prefetch("corrections", TenureCorrection.objects.select_related("by")))
        .order_by("function__name", "person__name", "pk")
    )
    told = [
        Told(
            one,
            day in Days.of(one),
            tuple(
                said
                for said in one.corrections.all()
                if (day in Days(said.starts_before, said.ends_before))
                != (day in Days(said.starts_after, said.ends_after))
            ),
            noted_later=one.entered_on is not None and one.entered_on > day,
        )
        for one in rows
    ]
    return [
        one for one in told if one.holds or one.corrections
    ]  # who left in the ordinary way was no mistake


def with_word() -> QuerySet[Person]:
    """Those who could answer today if they are not away: a log-in that may be used and may answer, and some function."""
    today = tenures_on().values("person")
    return Person.objects.filter(active=True, user__in=who_may(May.ANSWER), pk__in=today)


def tenures_of(user: User) -> QuerySet[Tenure]:
    """The tenures of this log-in's person that hold today."""
    return tenures_on().filter(person__user=user)


def functions_of(user: User) -> QuerySet[Function]:
    """The functions that this log-in's person holds today."""
    return Function.objects.filter(pk__in=tenures_of(user).values("function"))


def held_by(person: Person) -> QuerySet[Function]:
    """The active functions in whose name that person may speak today; none after the person's access has ended."""
    if not person.in_service:
        return Function.objects.none()
    return Function.objects.filter(active=True, pk__in=tenures_on().filter(person=person).values("function"))


def holders_of(function: Function) -> QuerySet[Person]:
    """The persons who hold that function today."""
    return Person.objects.filter(pk__in=tenures_on().filter(function=function).values("person"))


def away_today() -> QuerySet[Absence]:
    """The absences that cover today."""
    today = clock.today()
    return Absence.objects.filter(starts__lte=today, ends__gte=today)


def in_service(day: dt.date | None = None) -> QuerySet[Person]:
    """The persons who have not left on that day: active, and with access if they log in; they may be away."""
    day = day or clock.today()
    has_access = Q(user__isnull=True) | (
        Q(user__is_active=True) & (Q(user__access_until__isnull=True) | Q(user__access_until__gte=day))
    )
    return Person.objects.filter(has_access, active=True)


def present() -> QuerySet[Person]:
    """The persons who work today as far as we know: active, with access if they log in, and not away."""
    return in_service().filter(~Exists(away_today().filter(person=OuterRef("pk"))))


def appointed() -> QuerySet[Person]:
    """The persons who have not left and hold some function today; they may be away."""
    return in_service().filter(pk__in=tenures_on().values("person"))


def on_duty() -> QuerySet[Person]:
    """The persons who are there today and hold some function: what they may do there is asked by `on_duty_who_may`."""
    return present().filter(pk__in=tenures_on().values("person"))


def on_duty_who_may(permission: May) -> QuerySet[Person]:
    """Those on duty today whose log-in may be used and gives that: whom something is given to that only such a one can do."""
    return on_duty().filter(user__in=who_may(permission))


def attended_functions() -> QuerySet[Function]:
    """The active functions in which somebody who holds them could answer today."""
    held = tenures_on().filter(person__in=on_duty_who_may(May.ANSWER))
    return Function.objects.filter(active=True, pk__in=held.values("function"))


def is_present(person: Person) -> bool:
    """Whether that person works today as far as we know."""
    return present().filter(pk=person.pk).exists()


def coordinating_function() -> Function | None:
    """The function that gets what nobody owns."""
    return Function.objects.filter(coordinates=True, active=True).order_by("pk").first()


def person_of(user: User) -> Person | None:
    """The person behind a log-in, if it has one."""
    return Person.objects.filter(user=user).first()
