"""Changes who holds what: functions, persons, tenures, absences. Used by the desk's forms, `gensvar init` and the demo.

`by` is who acts; None is the command line, whose user holds the server anyway.
Neighbours: people.logins changes log-ins and roles, people.correcting days that were noted wrongly.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.access import last_as_external
from gensvar.people.days import Days, day_after
from gensvar.people.events import AbsenceSaidByAnother, NamedOtherwise, PresenceChanged
from gensvar.people.models import Absence, Function, Person, Tenure


def require_people(by: User | None) -> None:
    """Raise NotAllowed unless `by` may manage people, or is the command line (None)."""
    if by is not None:
        require(by, May.MANAGE_PEOPLE)


def require_own_or_others(person: Person, by: User | None) -> None:
    """Raise NotAllowed unless `by` is that person, or may say of others that they are away."""
    if by is not None and person.user_id != by.pk:
        require(by, May.SAY_ABSENCES)


def tell_presence(person: Person, *days: dt.date | None) -> None:
    """Let those who follow look anew: now, and at the beginning of each of these days that is still to come, where there is one."""
    today = clock.today()
    emit(PresenceChanged(person.pk))
    for day in sorted({day for day in days if day is not None and day > today}):
        emit(PresenceChanged(person.pk), at=clock.begins(day))


@transaction.atomic
def save_function(function: Function, *, by: User | None) -> Function:
    """Store a new or changed function. Only one holds it together: the others stop doing so.

    Raises NotAllowed, and ValidationError where the last one that holds it together would be lost.
    """
    require_people(by)
    function.full_clean()
    others = Function.objects.filter(coordinates=True, active=True).exclude(pk=function.pk)
    if function.coordinates and function.active:
        others.update(coordinates=False)
    elif (
        not others.exists()
        and Function.objects.filter(pk=function.pk, coordinates=True, active=True).exists()
    ):
        raise ValidationError(
            _("Another function must hold it together before this one can stop. Nothing was changed.")
        )
    function.save()
    audit.note(by, "people.save_function", function, active=function.active, coordinates=function.coordinates)
    return function


@transaction.atomic
def save_person(person: Person, *, by: User | None) -> Person:
    """Store a new or changed person. Raises NotAllowed, ValidationError."""
    require_people(by)
    person.full_clean()
    before = Person.objects.filter(pk=person.pk).first()
    person.save()
    tell_presence(person)
    if before is not None and _as_named(before) != _as_named(person):
        emit(NamedOtherwise(person.pk))
    audit.note(by, "people.save_person", person, active=person.active)
    return person


def _as_named(person: Person) -> tuple[str, str] | None:
    return (person.name, person.title) if person.shown else None


@transaction.atomic
def begin_tenure(
    person: Person,
    function: Function,
    starts: dt.date,
    *,
    by: User | None,
    ends: dt.date | None = None,
    kind: str = Tenure.Kind.EMPLOYEE,
) -> Tenure:
    """Let a person hold a function from a day (until and with another). An external person's log-in ends with it; that of somebody
    who was external and is taken on goes on.

    Raises NotAllowed, and ValidationError where the days do not fit or the person holds it then already.
    """
    require_people(by)
    tenure = Tenure(person=person, function=function, kind=kind, starts=starts, ends=ends)
    check_tenure(tenure)
    tenure.entered_on = clock.today()
    tenure.save()
    end_with_tenures(person)
    let_go_on(tenure)
    audit.note(by, "people.begin_tenure", tenure, person=person.pk, function=function.pk, kind=str(kind))
    return tenure


@transaction.atomic
def change_tenure(tenure: Tenure, *, starts: dt.date, ends: dt.date | None, by: User | None) -> Tenure:
    """Move the days of a tenure that are still to come. Raises NotAllowed, ValidationError; also where a past day would change."""
    require_people(by)
    _check_past(tenure, starts, ends)
    tenure.starts, tenure.ends = starts, ends
    check_tenure(tenure)
    tenure.save()
    end_with_tenures(tenure.person)
    let_go_on(tenure)
    tell_presence(tenure.person, day_after(ends))
    audit.note(by, "people.change_tenure", tenure, starts=str(starts), ends=str(ends) if ends else None)
    return tenure


def end_tenure(tenure: Tenure, last_day: dt.date, *, by: User | None) -> Tenure:
    """Let a tenure end after that day; the row stays. Raises NotAllowed, ValidationError."""
    return change_tenure(tenure, starts=tenure.starts, ends=last_day, by=by)


def _check_past(tenure: Tenure, starts: dt.date, ends: dt.date | None) -> None:
    """Who could speak on a day that has passed is history: it stays as it was, whoever says otherwise today."""
    kept = Tenure.objects.select_for_update(no_key=True).get(pk=tenure.pk)
    if Days.of(kept).before(clock.today()) != Days(starts, ends).before(clock.today()):
        raise ValidationError(
            _(
                "Who held a function on a day that has passed cannot be changed: the last day can be yesterday at the "
                "earliest, and a new tenure begins today. A day that was noted wrongly is corrected, with a reason. "
                "Nothing was changed."
            )
        )


def check_tenure(tenure: Tenure) -> None:
    """Raise ValidationError where its days do not fit, or the person holds the function then already."""
    tenure.full_clean()
    rivals = Tenure.objects.filter(person=tenure.person, function=tenure.function).exclude(pk=tenure.pk)
    for other in rivals:
        begins_before = tenure.ends is None or other.starts <= tenure.ends
        ends_after = other.ends is None or other.ends >= tenure.starts
        if begins_before and ends_after:
            raise ValidationError(
                _("%(person)s holds %(function)s during those days already.")
                % {"person": tenure.person.name, "function": tenure.function}
            )


def end_with_tenures(person: Person) -> None:
    """Let the log-in of somebody whose last tenure is external end with it; others' log-ins stay as they are."""
    last = last_as_external().filter(person=person).first()
    if person.user is None or last is None:
        return
    User.objects.filter(pk=person.user.pk).update(access_until=last.ends)
    person.user.refresh_from_db(fields=["access_until"])


def let_go_on(tenure: Tenure) -> None:
    """A last day that a log-in got with an external tenure holds no longer where this one, which is none, goes on after it."""
    user = tenure.person.user
    if user is None or tenure.kind == Tenure.Kind.EXTERNAL:
        return
    outside = Tenure.objects.filter(person=tenure.person, kind=Tenure.Kind.EXTERNAL)
    ending = User.objects.filter(pk=user.pk, access_until__in=outside.values("ends"))
    if tenure.ends is not None:
        ending = ending.filter(access_until__lt=tenure.ends)
    ending.update(access_until=None)
    user.refresh_from_db(fields=["access_until"])


@transaction.atomic
def save_absence(person: Person, starts: dt.date, ends: dt.date, *, by: User | None) -> Absence:
    """Say that somebody is away; new words go to the deputy meanwhile. Everybody may say it of themselves,
    and those who hold it together of others: whoever falls ill on a Friday may not be able to.

    What waits moves on at once, or when the first day begins. Raises NotAllowed, ValidationError.
    """
    require_own_or_others(person, by)
    absence = Absence(person=person, starts=starts, ends=ends)
    absence.full_clean()
    absence.save()
    tell_presence(person, starts)
    _tell_said_by_another(absence, by, away=True)
    audit.note(by, "people.save_absence", absence, person=person.pk)
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by: User | None) -> None:
    """Take back that somebody is away. What has moved on meanwhile stays where it is.

    Raises NotAllowed, and ValidationError for what was read from a calendar: it would come back.
    """
    require_own_or_others(absence.person, by)
    if absence.calendar_id is not None:
        raise ValidationError(_("This was read from the calendar: change it there. Nothing was changed."))
    audit.note(by, "people.remove_absence", absence, person=absence.person.pk)
    tell_presence(absence.person)
    _tell_said_by_another(absence, by, away=False)
    absence.delete()


def _tell_said_by_another(absence: Absence, by: User | None, *, away: bool) -> None:
    """Nobody is away without knowing it."""
    if by is not None and by.pk != absence.person.user_id:
        days = (absence.starts.isoformat(), absence.ends.isoformat())
        emit(AbsenceSaidByAnother(absence.person_id, by.pk, *days, away=away))
