"""A short form of `make crash` on the database of this test run: a few places on the way of a word, and each kind of process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gensvar.core.stops import NAMES
from tests.faults import crash

if TYPE_CHECKING:
    from conftest import FreshDatabase

pytestmark = pytest.mark.processes
PLACES = ["intake.before_commit", "answers.before_commit", "answers.after_commit", "delivery.after_send"]


def test_no_accepted_word_is_lost_and_none_stands_twice_when_processes_are_killed(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    with crash.harness(fresh_database.environment, fresh_database.rows, tmp_path, seed=4) as made:
        tally = crash.run(made, [*PLACES, ""], lambda done, total: None)
    assert tally.accepted > 0
    assert tally.is_well, tally
    assert sum(tally.stops.values()) == 5
    assert {tally.stops[f"answers.{when}_commit", "web worker"] for when in ("before", "after")} == {1}


def test_a_full_plan_comes_to_every_named_place() -> None:
    stops = crash.plan(named=2, at_random=30)
    assert {name: stops.count(name) for name in NAMES} == dict.fromkeys(NAMES, 2)
    assert stops.count("") == 30
