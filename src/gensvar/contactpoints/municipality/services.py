"""Changes what the municipality says of itself, and its counters' hours; the audit log keeps each act, the rows every wording.

`by` is the member of staff who acts. Neighbours: the desk's forms, the demo.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from gensvar.contactpoints.municipality import hours
from gensvar.contactpoints.municipality.models import WEEKDAYS, Office, OfficeDay, Provider
from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May


@transaction.atomic
def save_provider(said: Provider, *, by: User) -> Provider:
    """Say it anew: what was said before stays as a row of its own. Raises NotAllowed, ValidationError."""
    require(by, May.MANAGE_STATEMENTS)
    said.pk = None
    said._state.adding = True
    said.full_clean()
    said.saved_at, said.saved_by = clock.now(), by
    said.save(force_insert=True)
    audit.note(by, "municipality.saved", said)
    return said


@transaction.atomic
def save_office(office: Office, *, by: User) -> Office:
    """Store a counter with its week. Raises NotAllowed, and ValidationError by field for hours that cannot be read."""
    require(by, May.MANAGE_PLACES)
    office.full_clean()
    for day in WEEKDAYS:
        setattr(office, day, hours.normal(getattr(office, day)))
    office.save()
    week = {day: getattr(office, day) for day in WEEKDAYS}
    audit.note(by, "offices.saved", office, **week, closed_on=str(office.closed_on or ""))
    return office


@transaction.atomic
def save_day(day: OfficeDay, *, by: User) -> OfficeDay:
    """Say that a counter is open otherwise on a day; the same day again changes it. Raises NotAllowed, ValidationError."""
    require(by, May.MANAGE_PLACES)
    day.clean_fields(exclude=["office"])
    fields = {"name": day.name, "hours": hours.normal(day.hours), "taken_back": False}
    saved, _new = OfficeDay.objects.update_or_create(office=day.office, date=day.date, defaults=fields)
    audit.note(by, "offices.day", saved, date=saved.date.isoformat(), hours=saved.hours)
    return saved


@transaction.atomic
def take_back_day(day: OfficeDay, *, by: User) -> None:
    """Let a day be as the week says; the row stays. Raises NotAllowed."""
    require(by, May.MANAGE_PLACES)
    OfficeDay.objects.filter(pk=day.pk).update(taken_back=True)
    audit.note(by, "offices.day_taken_back", day, date=day.date.isoformat())


def days_from(office: Office, today: dt.date) -> list[OfficeDay]:
    """The deviating days of a counter from today on."""
    return list(office.days.filter(date__gte=today, taken_back=False))
