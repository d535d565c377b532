"""The address of a person's own calendar: given, sealed, taken away. Neighbour: reading asks it for its days."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

import httpx
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, seals
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.outside import guard
from gensvar.people.events import CalendarDue
from gensvar.people.models import Absence, AbsenceCalendar, Person
from gensvar.people.services import require_own_or_others, tell_presence

log = logging.getLogger(__name__)

PURPOSE: Final = "gensvar absence calendar"
HELD: Final = dt.timedelta(minutes=30)  # for how long a reading that was asked for is not asked for again


def let_through() -> frozenset[str]:
    """The host:port pairs of our own network at which calendars may lie."""
    return frozenset(settings.GENSVAR_CALENDARS_LET_THROUGH)


def normal(address: str) -> str:
    """The address as it is asked: webcal:// is https. Raises ValidationError for what is none, without repeating it."""
    address = address.strip()
    if address.lower().startswith(("webcal://", "webcals://")):
        address = "https://" + address.partition("://")[2]
    try:
        url = httpx.URL(address).copy_with(fragment=None)
        guard.check(url, let_through(), secure=True)
    except (httpx.InvalidURL, UnicodeError, ValueError, guard.BadAddress):
        raise ValidationError(
            _("Give an address that begins with https:// or webcal://. Nothing was changed.")
        ) from None
    return str(url)


@transaction.atomic
def save_calendar(person: Person, address: str, *, by: User | None) -> AbsenceCalendar:
    """Take the days of absence from that calendar from now on; it is read at once. Who may say so is as for absences.

    Raises NotAllowed, ValidationError.
    """
    require_own_or_others(person, by)
    sealed = seals.seal(normal(address), PURPOSE)
    values = {
        "sealed": sealed,
        "tried_at": None,
        "read_at": None,
        "trouble": "",
        "next_at": clock.now() + HELD,
    }
    calendar, _made = AbsenceCalendar.objects.update_or_create(person=person, defaults=values)
    emit(CalendarDue(calendar.pk))
    audit.note(by, "people.save_absence_calendar", calendar, person=person.pk)
    return calendar


@transaction.atomic
def remove_calendar(person: Person, *, by: User | None) -> None:
    """Forget the address, and the days to come that were read from it; those that have been stay. Raises NotAllowed."""
    require_own_or_others(person, by)
    calendar = AbsenceCalendar.objects.select_for_update().filter(person=person).exclude(sealed="").first()
    if calendar is None:
        return
    calendar.sealed, calendar.trouble, calendar.next_at = "", "", None
    calendar.save()
    forget_coming(calendar, clock.today())
    tell_presence(person)
    audit.note(by, "people.remove_absence_calendar", calendar, person=person.pk)


def forget_coming(calendar: AbsenceCalendar, today: dt.date) -> None:
    """Take away what was read of days to come; an absence that has begun ends yesterday."""
    read = Absence.objects.filter(calendar=calendar, ends__gte=today)
    read.filter(starts__gte=today).delete()
    read.update(ends=today - dt.timedelta(days=1))


def address_of(calendar: AbsenceCalendar) -> str:
    """Its address; empty where there is none, or where no known key opens it."""
    if not calendar.sealed:
        return ""
    try:
        return seals.unseal(calendar.sealed, PURPOSE)
    except seals.InvalidToken:
        log.error("The calendar %s cannot be opened with today's secret key.", calendar.pk)
        return ""


def calendar_of(person: Person) -> AbsenceCalendar | None:
    """The calendar that the person has given, if any."""
    return AbsenceCalendar.objects.filter(person=person).exclude(sealed="").first()
