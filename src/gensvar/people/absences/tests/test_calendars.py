"""Days of absence from a person's own calendar: which count, and that nothing else is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from gensvar.core import clock, runner
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry, Event
from gensvar.core.outside.tests.server import leads, serving
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.people.absences import calendars
from gensvar.people.absences.reading import ask_for_calendars
from gensvar.people.absences.understanding import HORIZON, NotACalendar, Understood, absent_days, spans
from gensvar.people.models import Absence, AbsenceCalendar, Person
from gensvar.people.tests.factories import make_absence, make_function, make_person, make_user, user_of

TODAY = dt.date(2026, 11, 27)  # a Friday


def ics(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def days(*events: str) -> list[str]:
    return [str(day) for day in sorted(read(ics(*events)).days)]


def read(body: bytes) -> Understood:
    return absent_days(body, today=TODAY, words=["semester", "vab", "frånvarande"])


ALL_DAY = "DTSTART;VALUE=DATE:20261201|DTEND;VALUE=DATE:20261203|"
OOF = "X-MICROSOFT-CDO-BUSYSTATUS:OOF"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (ALL_DAY + "SUMMARY:Semester på Kreta", ["2026-12-01", "2026-12-02"]),
        (ALL_DAY + "SUMMARY:x|CATEGORIES:Möte,VAB", ["2026-12-01", "2026-12-02"]),
        (ALL_DAY + f"SUMMARY:x|{OOF}", ["2026-12-01", "2026-12-02"]),
        (ALL_DAY + f"SUMMARY:x|{OOF}|TRANSP:TRANSPARENT", []),
        (ALL_DAY + "SUMMARY:Semester|STATUS:CANCELLED", []),
        (ALL_DAY + "SUMMARY:Annas semester", []),
        (ALL_DAY + "SUMMARY:Semesterplanering", []),
        (f"DTSTART:20261201T070000Z|DTEND:20261201T150000Z|{OOF}", ["2026-12-01"]),
        (f"DTSTART:20261201T120000Z|DTEND:20261201T150000Z|{OOF}", []),
        (
            "DTSTART;VALUE=DATE:20261204|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;VALUE=DATE:20261211|SUMMARY:Semester",
            ["2026-12-04", "2026-12-18"],
        ),
        ("DTSTART;VALUE=DATE:20261204|RRULE:FREQ=DAILY;INTERVAL=0|SUMMARY:Semester", []),
        ("DTSTART:20261204T080000|RRULE:FREQ=SECONDLY|SUMMARY:Semester", []),
        ("DTSTART;VALUE=DATE:20261204|RRULE:FREQ=WEEKLY;BYDAY=XX|SUMMARY:Semester", []),
        (ALL_DAY + "SUMMARY:Semester|CATEGORIES;VALUE=PERIOD:x", ["2026-12-01", "2026-12-02"]),
        ("DTSTART;VALUE=DATE:20261204|DURATION:P2D|SUMMARY:Semester", ["2026-12-04", "2026-12-05"]),
        ("DTSTART;TZID=Romance Standard Time:20261204T080000|DURATION:PT8H|X-junk|" + OOF, ["2026-12-04"]),
        (
            "DTSTART;VALUE=DATE:20271231|DTEND;VALUE=DATE:99991231|SUMMARY:Semester",
            ["2027-12-31", "2028-01-01"],
        ),
    ],
)
def test_which_days_count(event: str, expected: list[str]) -> None:
    assert days(event) == expected


@pytest.mark.parametrize(
    "body", [b"<html>log in", ics(ALL_DAY + "SUMMARY:Semester")[:-20]], ids=["a page", "half"]
)
def test_what_is_no_whole_calendar_is_said(body: bytes) -> None:
    with pytest.raises(NotACalendar):
        read(body)


WHOLE = ics(ALL_DAY + "SUMMARY:Frånvarande")


@pytest.mark.parametrize(
    "body",
    [
        WHOLE.replace("å".encode(), b"\xc3\r\n \xa5"),  # folded within a letter
        WHOLE.decode().encode("latin-1"),
        b"\xef\xbb\xbf" + WHOLE.replace(b"\r\n", b"\n"),
        WHOLE.replace(b"VERSION:2.0", b"VERSION:2.0\r\nX\r\nBEGIN:VTODO\r\nDUE:1997T1300Z\r\nEND:VTODO"),
        ics("DTSTART;VALUE=DATE:20261224|SUMMARY:Jul") + WHOLE,
        WHOLE.replace(b"VERSION:2.0", b"VERSION:2.0\r\nX-WR-CALNAME:Sk\xc3"),
    ],
    ids=["folded", "latin-1", "byte order mark", "broken beside", "two calendars", "a letter cut elsewhere"],
)
def test_a_calendar_counts_as_other_programs_write_it(body: bytes) -> None:
    assert read(body) == Understood(frozenset({dt.date(2026, 12, 1), dt.date(2026, 12, 2)}))


@pytest.mark.parametrize("broken", ["DTEND:hej", "RRULE:FREQ=XX", "EXDATE:hej", "RRULE:FREQ=HOURLY"])
def test_one_broken_entry_is_counted_and_takes_no_other_with_it(broken: str) -> None:
    start = "DTSTART;VALUE=DATE:20261204|"
    body = ics(start + "SUMMARY:Semester|" + broken, start + "SUMMARY:Möte|" + broken, start + "SUMMARY:VAB")
    assert read(body) == Understood(frozenset({dt.date(2026, 12, 4)}), left=1)


OTHER = ics(ALL_DAY + "SUMMARY:Semester|X-LAST:x").replace(b"UID:0", b"UID:other")
UNENDED = OTHER.replace(b"END:VEVENT\r\n", b"")


@pytest.mark.parametrize(
    "body",
    [UNENDED + WHOLE, OTHER.replace(b"X-LAST:x", b"BEGIN:VALARM") + WHOLE, WHOLE + UNENDED],
    ids=["without an end", "an alarm without an end", "the last"],
)
def test_one_that_never_ends_may_be_the_absence_itself_and_is_counted(body: bytes) -> None:
    assert read(body) == Understood(frozenset({dt.date(2026, 12, 1), dt.date(2026, 12, 2)}), left=1)


@given(
    start=st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)),
    length=st.integers(0, 3000),
    rule=st.sampled_from(["", "|RRULE:FREQ=YEARLY", "|RRULE:FREQ=WEEKLY;BYDAY=MO,FR"]),
)
def test_no_day_lies_beyond_the_horizon(start: dt.date, length: int, rule: str) -> None:
    end = start + dt.timedelta(days=length + 1)
    event = f"DTSTART;VALUE=DATE:{start:%Y%m%d}|DTEND;VALUE=DATE:{end:%Y%m%d}{rule}|SUMMARY:Semester"
    found = read(ics(event)).days
    last = TODAY + dt.timedelta(days=HORIZON)
    assert all(day <= last for day in found)
    assert all(TODAY <= second <= last for _first, second in spans(found, today=TODAY))
    if not rule:
        assert (TODAY in found) == (start <= TODAY < end)


@pytest.mark.django_db
def test_a_calendar_is_read_and_only_its_days_are_kept(settings: Any) -> None:
    person = make_person("Kim Ek", make_function())
    by_hand = make_absence(person, days=2)
    today = clock.today()
    later = today + dt.timedelta(days=10)
    event = f"DTSTART;VALUE=DATE:{later:%Y%m%d}|SUMMARY:Semester i hemlighet|LOCATION:Kreta"
    with serving() as server:
        settings.GENSVAR_CALENDARS_LET_THROUGH = [server.pair]
        settings.GENSVAR_ABSENCE_WORDS = ["semester"]
        body = ics(event)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nContent-Length: {len(body)}\r\n\r\n"
        server.pages["/hemlig.ics"] = head.encode() + body
        calendars.save_calendar(person, server.at("/hemlig.ics"), by=user_of(person))
        runner.run_waiting()
        calendar = AbsenceCalendar.objects.get()
        assert (calendar.trouble, calendar.read_at is not None) == ("", True)
        kept_days = Absence.objects.get(calendar=calendar)
        assert (kept_days.starts, kept_days.ends) == (later, later)
        broken = ics(event, "DTSTART:x|SUMMARY:Semester")
        server.pages["/hemlig.ics"] = head.replace(str(len(body)), str(len(broken))).encode() + broken
        AbsenceCalendar.objects.update(read_at=None)
        calendars.save_calendar(person, server.at("/hemlig.ics"), by=user_of(person))
        runner.run_waiting()
        calendar.refresh_from_db()
        assert (calendar.trouble, calendar.read_at is not None) == ("some_left", True)
        assert Absence.objects.filter(pk=kept_days.pk).exists()
        del server.pages["/hemlig.ics"]
        calendars.save_calendar(person, server.at("/hemlig.ics"), by=user_of(person))
        runner.run_waiting()
        assert AbsenceCalendar.objects.get().trouble == "refused"
        assert Absence.objects.filter(pk=kept_days.pk).exists()
    kept = [
        repr(row) for model in (AbsenceCalendar, Absence, AuditEntry, Event) for row in model.objects.values()
    ]
    assert not any(word in row for row in kept for word in ("hemlig", "Kreta", "Semester"))
    calendars.remove_calendar(person, by=user_of(person))
    assert list(Absence.objects.all()) == [by_hand]
    assert AbsenceCalendar.objects.get().sealed == ""


@pytest.mark.django_db
def test_the_address_of_who_has_left_is_forgotten() -> None:
    person, stays = make_person("Kim Ek", make_function()), make_person("Siv Ås")
    for one in (person, stays):
        calendars.save_calendar(one, "https://calendar.example/hemlig.ics", by=user_of(one))
    Person.objects.filter(pk=person.pk).update(active=False)
    ask_for_calendars(TimeCame("people.ask_for_calendars", 0))
    assert calendars.calendar_of(person) is None
    assert calendars.calendar_of(stays) is not None


@pytest.mark.django_db
def test_an_address_inside_or_without_tls_is_refused(settings: Any) -> None:
    person = make_person()
    for address in (
        "http://calendar.example/a.ics",
        "ftp://calendar.example/",
        "x",
        "https://u:p@a.example/",
    ):
        with pytest.raises(ValidationError):
            calendars.save_calendar(person, address, by=user_of(person))
    assert calendars.normal("webcal://calendar.example/a.ics") == "https://calendar.example/a.ics"
    with serving() as server:
        settings.GENSVAR_CALENDARS_LET_THROUGH = [server.pair]
        server.pages["/a"] = leads("https://127.0.0.2/b")
        calendars.save_calendar(person, server.at("/a"), by=user_of(person))
        runner.run_waiting()
    assert AbsenceCalendar.objects.get().trouble == "inside"


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_only_coordinators_and_administrators_give_the_calendar_of_somebody_else(role: Role) -> None:
    kim, other = make_person("Kim Ek"), make_user(role)
    if role not in {Role.COORDINATOR, Role.ADMINISTRATOR}:
        with pytest.raises(NotAllowed):
            calendars.save_calendar(kim, "webcal://calendar.example/k3y.ics", by=other)
        with pytest.raises(NotAllowed):
            calendars.remove_calendar(kim, by=other)
        return
    calendars.save_calendar(kim, "webcal://calendar.example/k3y.ics", by=other)
    assert calendars.calendar_of(kim) is not None
    calendars.remove_calendar(kim, by=other)
    assert calendars.calendar_of(kim) is None
