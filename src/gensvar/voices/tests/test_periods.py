"""What is read from sums of months and of the days beside them is what was said, whatever the period."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person
from gensvar.voices import shares, sums
from gensvar.voices.models import SaidDay
from gensvar.voices.periods import parts
from gensvar.voices.shares import Selection, Unit

FIRST = dt.date(2027, 12, 20)  # over a leap day
DAYS = 130
CHANNELS = ("email", "web", "post", "outside-talk")
day = st.integers(0, DAYS).map(lambda number: FIRST + dt.timedelta(days=number))
SAID = st.dictionaries(
    st.tuples(
        day,
        st.integers(0, 2),
        st.integers(0, 1),
        st.sampled_from(CHANNELS),
        st.sampled_from(["", ",1,", ",1,2,"]),
    ),
    st.integers(1, 9),
    max_size=30,
)
PERIOD = st.tuples(day, day).map(sorted) | st.sampled_from(
    [[dt.date(2028, 1, 1), dt.date(2028, 2, 29)], [dt.date(2028, 1, 31), dt.date(2028, 2, 1)]]
)


@pytest.fixture
def people(db: None) -> tuple[list[Person], list[Function]]:
    functions = [make_function("Gata & park"), make_function("Skola")]
    make_contact_point(functions[0], address="gata@norrvik.example")
    return [make_person(name, functions[0]) for name in ("Ann Alm", "Bo Berg", "Kim Ek")], functions


def keep(persons: list[Person], functions: list[Function], said: dict[Any, int]) -> None:
    """As sums of days."""
    SaidDay.objects.bulk_create(
        SaidDay(
            day=on,
            person=persons[person],
            function=functions[function],
            channel=by,
            topics=about,
            messages=amount,
            words=amount * 10,
        )
        for (on, person, function, by, about), amount in said.items()
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])  # rolled back by hand
@given(said=SAID, changed=st.integers(1, 9), period=PERIOD, channel=st.sampled_from(["", *CHANNELS]))
def test_months_and_the_days_beside_them_are_the_days(
    people: tuple[list[Person], list[Function]],
    said: dict[Any, int],
    changed: int,
    period: list[dt.date],
    channel: str,
) -> None:
    persons, functions = people
    chosen = Selection(period[0], period[1], channel)
    with transaction.atomic():
        keep(persons, functions, said)
        sums.write_all_months()
        for on in list(said)[:1]:  # one day's words move: its month follows
            moved = SaidDay.objects.filter(day=on[0])
            moved.update(messages=changed, words=changed * 10)
            said |= {key: changed for key in said if key[0] == on[0]}
            sums.write_months([on[0]])
        expected: defaultdict[str, defaultdict[Any, int]] = defaultdict(lambda: defaultdict(int))
        for (on, person, function, by, _about), amount in said.items():
            if chosen.starts <= on <= chosen.ends and channel in ("", by):
                who, what = persons[person].pk, functions[function].pk
                expected["person"][who] += amount
                expected["function"][what] += amount
                expected["month"][on.replace(day=1), who] += amount
                expected["channel"][by, who] += amount
                if by in ("email", "web"):
                    expected["unseen"][what, who] += amount
        for unit, times in ((Unit.MESSAGES, 1), (Unit.WORDS, 10)):
            apart: dict[str, Mapping[Any, dict[int, int]]] = {
                "month": shares.by_month(chosen, unit),
                "channel": shares.by_channel(chosen, unit),
                "unseen": shares.by_function_and_person_unseen(chosen, unit),
            }
            found: dict[str, dict[Any, int]] = {
                "person": shares.by_person(chosen, unit),
                "function": shares.by_function(chosen, unit),
            }
            for name, of in apart.items():
                found[name] = {(key, who): each for key, some in of.items() for who, each in some.items()}
            for name, of_name in found.items():
                assert of_name == {key: amount * times for key, amount in expected[name].items()}, name
        transaction.set_rollback(True)


def test_a_period_is_its_whole_months_and_what_is_beside_them() -> None:
    def day_of(month: int, day: int) -> dt.date:
        return dt.date(2028, month, day)

    assert parts(day_of(1, 31), day_of(3, 30)) == (
        [day_of(2, 1)],
        [(day_of(1, 31), day_of(1, 31)), (day_of(3, 1), day_of(3, 30))],
    )
    assert parts(day_of(2, 1), day_of(2, 29)) == ([day_of(2, 1)], [])
    assert parts(day_of(2, 2), day_of(2, 28)) == ([], [(day_of(2, 2), day_of(2, 28))])
