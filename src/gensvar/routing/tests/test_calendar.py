"""The working calendar: Swedish holidays, daylight saving, and what must hold for every day there is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_user
from gensvar.routing import calendar, days
from gensvar.routing.calendar import Calendar, NoWorkingDays
from gensvar.routing.models import FilledYear, SpecialDay, WorkingWeek

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HOLIDAYS_2026 = [
    dt.date(2026, month, day)
    for month, day in [
        *((1, 1), (1, 6), (4, 3), (4, 5), (4, 6), (5, 1), (5, 14), (5, 24), (6, 6), (6, 19), (6, 20)),
        *((10, 31), (12, 24), (12, 25), (12, 26), (12, 31)),
    ]
]
ORDINARY = Calendar(
    weekdays=frozenset(range(5)), day_ends=dt.time(16), special=dict.fromkeys(HOLIDAYS_2026, False)
)
moments = st.datetimes(
    min_value=dt.datetime(2019, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=dt.datetime(2035, 12, 31),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
numbers = st.integers(min_value=0, max_value=60)
calendars = st.builds(
    Calendar,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    day_ends=st.times(min_value=dt.time(9), max_value=dt.time(20)).map(
        lambda time: time.replace(microsecond=0)
    ),
    special=st.dictionaries(st.dates(dt.date(2019, 1, 1), dt.date(2036, 12, 31)), st.booleans(), max_size=30),
)


def at(day: str, time: str = "10:00") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("start", "number", "promised"),
    [
        (at("2026-11-23"), 5, at("2026-11-30", "16:00")),
        (at("2026-11-28"), 1, at("2026-11-30", "16:00")),  # came on a Saturday
        (at("2026-12-22"), 2, at("2026-12-28", "16:00")),  # Christmas eve and the holidays do not count
        (at("2026-12-30"), 1, at("2027-01-01", "16:00")),  # next year's holidays are not in this calendar
        (at("2026-06-18"), 1, at("2026-06-22", "16:00")),  # midsummer eve is a Friday that nobody works
        (at("2026-11-23", "15:59"), 0, at("2026-11-23", "16:00")),
        (at("2026-11-23", "16:01"), 0, at("2026-11-24", "16:00")),
        (at("2026-11-28"), 0, at("2026-11-30", "16:00")),
    ],
)
def test_working_days_are_counted_as_people_count_them(
    start: dt.datetime, number: int, promised: dt.datetime
) -> None:
    assert ORDINARY.add(start, number) == promised


def test_the_promise_ends_at_four_by_the_clock_on_both_sides_of_daylight_saving() -> None:
    assert (
        ORDINARY.add(at("2026-03-27"), 1).astimezone(dt.UTC).hour == 14
    )  # Friday before the clocks go forward
    assert ORDINARY.add(at("2026-03-26"), 1).astimezone(dt.UTC).hour == 15
    assert ORDINARY.add(at("2026-10-23"), 1).astimezone(dt.UTC).hour == 15  # Friday before they go back


@given(calendars, moments, numbers)
def test_a_promise_is_the_end_of_a_working_day_in_the_future(
    found: Calendar, start: dt.datetime, number: int
) -> None:
    promised = found.add(start, number)
    local = promised.astimezone(STOCKHOLM)
    assert promised > start or (number == 0 and promised == start)
    assert found.is_working_day(local.date())
    assert local.time() == found.day_ends


@given(calendars, moments, numbers)
def test_one_more_day_is_never_earlier(found: Calendar, start: dt.datetime, number: int) -> None:
    assert found.add(start, number + 1) >= found.add(start, number)


@given(calendars, moments, st.timedeltas(dt.timedelta(), dt.timedelta(days=30)), numbers)
def test_who_writes_later_is_never_promised_earlier(
    found: Calendar, start: dt.datetime, later: dt.timedelta, number: int
) -> None:
    assert found.add(start + later, number) >= found.add(start, number)


@given(calendars, moments, st.integers(min_value=1, max_value=60))
def test_the_days_between_are_those_that_were_added(found: Calendar, start: dt.datetime, number: int) -> None:
    assert found.between(start, found.add(start, number)) == number


@given(moments)
def test_an_answer_on_the_same_day_took_no_working_day(start: dt.datetime) -> None:
    assert ORDINARY.between(start, start) == 0
    assert ORDINARY.between(start, start - dt.timedelta(days=9)) == 0


def test_a_calendar_without_any_work_says_so() -> None:
    idle = Calendar(weekdays=frozenset(), day_ends=dt.time(16), special={})
    with pytest.raises(NoWorkingDays):
        idle.add(at("2026-11-23"), 1)


@pytest.mark.django_db
def test_a_new_house_knows_the_swedish_holidays_and_the_eves_that_nobody_works() -> None:
    not_worked = set(SpecialDay.objects.filter(date__year=2026, worked=False).values_list("date", flat=True))
    assert set(HOLIDAYS_2026) <= not_worked
    assert not calendar.is_working_day(dt.date(2026, 6, 19))  # midsummer eve
    assert not calendar.is_working_day(dt.date(2026, 12, 24))
    assert not calendar.is_working_day(dt.date(2026, 12, 31))
    assert calendar.is_working_day(dt.date(2026, 12, 23))
    assert WorkingWeek.objects.count() == 1


@pytest.mark.django_db
def test_a_holiday_that_somebody_took_away_does_not_come_back() -> None:
    SpecialDay.objects.filter(date=dt.date(2026, 12, 31)).delete()
    days.ensure_holidays([2026])
    assert not SpecialDay.objects.filter(date=dt.date(2026, 12, 31)).exists()


@pytest.mark.django_db
def test_a_year_is_filled_in_once_and_keeps_what_people_said_before() -> None:
    FilledYear.objects.filter(year__gte=2040).delete()
    SpecialDay.objects.create(date=dt.date(2040, 12, 24), name="Vi jobbar", worked=True)
    assert days.ensure_holidays([2040]) == 15
    assert days.ensure_holidays([2040]) == 0
    assert SpecialDay.objects.get(date=dt.date(2040, 12, 24)).worked


@pytest.mark.django_db(transaction=True)
def test_an_administrator_changes_days_and_week_and_the_next_promise_follows() -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    before = calendar.add_working_days(at("2026-11-23"), 1)
    day = days.save_day(dt.date(2026, 11, 24), "Planeringsdag", worked=False, by=administrator)
    assert calendar.add_working_days(at("2026-11-23"), 1) == before + dt.timedelta(days=1)
    days.remove_day(day, by=administrator)
    assert calendar.add_working_days(at("2026-11-23"), 1) == before
    week = WorkingWeek.objects.get()
    week.tuesday, week.day_ends = False, dt.time(15, 30)
    days.save_week(week, by=administrator)
    assert calendar.add_working_days(at("2026-11-23"), 1) == at("2026-11-25", "15:30")
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "routing.save_day",
        "routing.remove_day",
        "routing.save_week",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_changes_the_days(role: Role) -> None:
    user = make_user(role)
    with pytest.raises(NotAllowed):
        days.save_day(dt.date(2026, 11, 24), "Ledigt", worked=False, by=user)
    with pytest.raises(NotAllowed):
        days.save_week(WorkingWeek.objects.get(), by=user)
    with pytest.raises(NotAllowed):
        days.remove_day(SpecialDay.objects.all()[0], by=user)


@pytest.mark.django_db
def test_a_week_without_work_is_refused() -> None:
    from django.core.exceptions import ValidationError

    week = WorkingWeek.objects.get()
    for name in calendar.WEEKDAYS:
        setattr(week, name, False)
    with pytest.raises(ValidationError):
        days.save_week(week, by=make_user(Role.ADMINISTRATOR))
