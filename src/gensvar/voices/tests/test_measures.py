"""The measures, against cases computed by hand, the literature's own, and what must hold for any amounts."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from gensvar.voices.measures import change, concentration, shares_of

amounts = some.lists(some.integers(min_value=0, max_value=10**9), max_size=60)


def test_four_equal_voices_count_as_four() -> None:
    found = concentration([25, 25, 25, 25])
    assert (found.voices, found.total, found.hhi, found.effective, found.top) == (4, 100, 0.25, 4.0, 0.25)


def test_one_voice_counts_as_one_where_gini_would_say_0() -> None:
    found = concentration([7])
    assert (found.hhi, found.effective, found.top) == (1.0, 1.0, 1.0)


def test_one_loud_voice_among_many_by_hand() -> None:
    found = concentration([60, 10, 10, 10, 10])  # 0.36 + 4 × 0.01 = 0.40
    assert found.hhi == pytest.approx(0.40)
    assert found.effective == pytest.approx(2.5)
    assert found.top == 0.6


def test_nothing_said_is_no_number_rather_than_0_or_1() -> None:
    for none in ([], [0, 0]):
        found = concentration(none)
        assert (found.voices, found.hhi, found.effective, found.top) == (0, None, None, None)
    assert shares_of({"kim": 0}) == []


# Golosov, Party Politics 16 (2010) 171–192, table 1: Laakso & Taagepera's number for eight constellations.
LITERATURE = (
    ([0.75, 0.25], 1.60),
    ([0.75, 0.10, *[0.01] * 15], 1.74),
    ([0.55, 0.45], 1.98),
    ([0.55, *[0.10] * 3, *[0.01] * 15], 2.99),
    ([0.35, 0.35, 0.30], 2.99),
    ([0.35, *[0.10] * 5, *[0.01] * 15], 5.75),
    ([0.15, *[0.15] * 5, 0.10], 6.90),
    ([0.15, *[0.10] * 7, *[0.01] * 15], 10.64),
)


@pytest.mark.parametrize(("shares", "effective"), LITERATURE)
def test_the_effective_number_of_the_literature(shares: list[float], effective: float) -> None:
    assert sum(shares) == pytest.approx(1)
    found = concentration([round(share * 100) for share in shares])
    assert found.effective == pytest.approx(effective, abs=0.0051)


def test_shares_keep_order_and_leave_out_the_silent() -> None:
    found = shares_of({"kim": 3, "sam": 0, "ann": 1})
    assert [(one.voice, one.amount, one.share) for one in found] == [("kim", 3, 0.75), ("ann", 1, 0.25)]


def test_nobody_says_less_than_nothing() -> None:
    for wrong in (lambda: concentration([3, -1]), lambda: shares_of({"kim": -1})):
        with pytest.raises(ValueError, match="less than nothing"):
            wrong()


def test_change_needs_both_periods() -> None:
    assert change(2.0, 2.5) == 0.5
    assert change(None, 2.5) is None
    assert change(2.5, None) is None


@given(amounts)
def test_there_are_at_least_one_and_at_most_as_many_effective_voices_as_voices(said: list[int]) -> None:
    assume(any(said))
    found = concentration(said)
    assert found.effective is not None
    assert found.hhi is not None
    assert found.top is not None
    assert 1 <= found.effective <= found.voices <= len(said)
    assert 1 / found.effective == pytest.approx(found.hhi)
    assert found.hhi <= found.top + 1e-12  # Σs² ≤ max s · Σs
    assert found.top**2 <= found.hhi + 1e-12


@given(amounts, some.integers(min_value=1, max_value=10**6), some.integers())
def test_neither_order_nor_scale_matters(said: list[int], scale: int, seed: int) -> None:
    other = [scale * one for one in said]
    random.Random(seed).shuffle(other)
    first, second = concentration(said), concentration(other)
    assert (first.voices, first.hhi, first.effective, first.top) == (
        second.voices,
        second.hhi,
        second.effective,
        second.top,
    )


@given(some.dictionaries(some.integers(), some.integers(min_value=0, max_value=10**9)))
def test_shares_add_up_to_the_whole(said: dict[int, int]) -> None:
    found = shares_of(said)
    assert math.fsum(one.share for one in found) == pytest.approx(1 if any(said.values()) else 0)
    assert sum(one.amount for one in found) == sum(said.values())


@given(some.lists(some.integers(min_value=1, max_value=1000), min_size=2, max_size=20))
def test_when_two_voices_become_one_there_are_fewer_effective_voices(said: list[int]) -> None:
    apart, together = concentration(said), concentration([said[0] + said[1], *said[2:]])
    assert apart.effective is not None
    assert together.effective is not None
    assert together.effective < apart.effective
