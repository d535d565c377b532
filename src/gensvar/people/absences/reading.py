"""Reads the calendars that people have given, by the clock, and keeps the days and nothing else of what it read.

Neighbours: core.outside fetches (never inside a transaction), understanding finds the days, calendars opens the address.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from gensvar.core import audit, clock
from gensvar.core.events import Again, Settle, emit, network
from gensvar.core.outside import fetching
from gensvar.core.recurring import TimeCame, recurring
from gensvar.people.absences import calendars
from gensvar.people.absences.understanding import NotACalendar, Span, TooMuch, absent_days, spans
from gensvar.people.events import CalendarDue
from gensvar.people.models import Absence, AbsenceCalendar
from gensvar.people.queries import in_service
from gensvar.people.services import tell_presence

EVERY: Final = dt.timedelta(hours=1)  # how often one calendar is read
AT_ONCE: Final = 20  # calendars asked for in one go
LARGEST: Final = 8 * 1024 * 1024  # bytes of a calendar: a secret address often gives all years
WANTED: Final = fetching.Wanted("text/calendar,*/*;q=0.5", frozenset(), largest=LARGEST + 1, secure=True)


class Trouble(enum.StrEnum):
    """Why a calendar was not read, beside what core.outside says (its Trouble): a closed set."""

    REFUSED = "refused"  # the server answered, and gave no calendar
    NOT_A_CALENDAR = "not_a_calendar"
    TOO_MUCH = "too_much"
    SEALED = "sealed"  # no known key opens the address
    SOME_LEFT = (
        "some_left"  # it was read, and some entries that say that their owner is away could not be understood
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What one reading brought: spans of days, or a trouble (SOME_LEFT is both); how long the server asks us to wait."""

    spans: Sequence[Span] = ()
    trouble: str = ""
    pause: dt.timedelta = dt.timedelta()


@recurring
def ask_for_calendars(fact: TimeCame) -> dt.datetime:
    """Recurring: lets the senders read the calendars whose time has come, and forgets the address of who has left."""
    now = clock.now()
    left = AbsenceCalendar.objects.exclude(sealed="").exclude(person__in=in_service())
    left.update(sealed="", trouble="", next_at=None)
    due = list(
        AbsenceCalendar.objects.filter(next_at__lte=now)
        .exclude(sealed="")
        .order_by("next_at", "pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    AbsenceCalendar.objects.filter(pk__in=due).update(next_at=now + calendars.HELD)
    for pk in due:
        emit(CalendarDue(pk))
    return fact.next_time()


@network()
def read_calendar(fact: CalendarDue) -> Settle:
    """Handler: fetch and understand outside any transaction; what it gives back writes."""
    calendar = AbsenceCalendar.objects.filter(pk=fact.calendar_id).exclude(sealed="").first()
    if calendar is None:
        return _nothing
    return functools.partial(settle, calendar.pk, calendar.sealed, look(calendar))


def look(calendar: AbsenceCalendar) -> Found:
    """Fetch the calendar and find its days. Takes up to fifteen seconds; never raises for what others do."""
    address = calendars.address_of(calendar)
    if not address:
        return Found(trouble=Trouble.SEALED)
    agent = f"Gensvar absence calendar (+{settings.GENSVAR_URL}/)"
    seen = fetching.fetch(address, agent=agent, wanted=WANTED, allowed=calendars.let_through())
    pause = seen.pause or dt.timedelta()
    if seen.trouble is not None:
        return Found(trouble=seen.trouble)
    if seen.status != 200:
        return Found(trouble=Trouble.REFUSED, pause=pause)
    return understood(seen.body)


def understood(body: bytes) -> Found:
    """The days of a calendar that was fetched."""
    if len(body) > LARGEST:
        return Found(trouble=Trouble.TOO_MUCH)
    today = clock.today()
    try:
        read = absent_days(body, today=today, words=settings.GENSVAR_ABSENCE_WORDS)
    except NotACalendar:
        return Found(trouble=Trouble.NOT_A_CALENDAR)
    except TooMuch:
        return Found(trouble=Trouble.TOO_MUCH)
    return Found(spans(read.days, today=today), trouble=Trouble.SOME_LEFT if read.left else "")


def settle(pk: int, sealed: str, found: Found) -> Again:
    """Keep what was found, in the caller's transaction; nothing where another address was given meanwhile.

    A reading that failed leaves what was read last.
    """
    calendar = AbsenceCalendar.objects.select_for_update().filter(pk=pk, sealed=sealed).first()
    if calendar is None:
        return None
    now = clock.now()
    calendar.tried_at, calendar.trouble = now, str(found.trouble)
    calendar.next_at = now + max(EVERY, found.pause)
    if found.trouble in {"", Trouble.SOME_LEFT}:
        calendar.read_at = now
        replace(calendar, found.spans)
    calendar.save()
    return None


def replace(calendar: AbsenceCalendar, found: Sequence[Span]) -> None:
    """Let the calendar's absences, from today on, be these; what people said by hand and what has been stay as they are."""
    today = clock.today()
    wanted = set(found)
    changed = False
    for row in Absence.objects.filter(calendar=calendar, ends__gte=today):
        if (row.starts, row.ends) in wanted:
            wanted.discard((row.starts, row.ends))
            continue
        changed = True
        if row.starts >= today or any(first == row.starts for first, _last in wanted):
            row.delete()
        else:
            row.ends = today - dt.timedelta(days=1)
            row.save(update_fields=["ends"])
    if not (wanted or changed):
        return
    person = calendar.person
    Absence.objects.bulk_create(
        [Absence(person=person, calendar=calendar, starts=first, ends=last) for first, last in sorted(wanted)]
    )
    tell_presence(person, *(first for first, _last in wanted))
    audit.note(None, "people.read_absences", calendar, person=person.pk, spans=len(found))


def _nothing() -> Again:
    return None
