"""The median of waits of which some go on: by hand, by what was published, and against the plain median."""

from __future__ import annotations

import random
import statistics
from fractions import Fraction

import pytest

from gensvar.voices.survival import median_wait

# Of survival's data sets: remission of leukaemia without and with 6-MP (Freireich et al. 1963; Kaplan-Meier in Cox 1972),
# and maintenance of AML (Miller 1981). The medians are those that R's survfit and the textbooks print.
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
SIX_MP = ([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
MAINTAINED = ([9, 13, 18, 23, 31, 34, 48], [13, 28, 45, 161])
NOT_MAINTAINED = ([5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45], [16])


@pytest.mark.parametrize(
    ("answered", "waiting", "median"),
    [
        (PLACEBO, [], 8),
        (*SIX_MP, 23),
        (*MAINTAINED, 31),
        (*NOT_MAINTAINED, 23),
        # By hand: 4 of 5 left after 1; one goes; 2/3 of them after 3 (8/15); 1/3 after 4: 4/15.
        ([1, 3, 4], [2, 9], 4),
        ([1, 4], [2, 3], 4),  # 3/4 after 1, nobody after 4
        ([2, 3], [1, 1, 1, 1], 2.5),  # of two at risk one is left from 2 until 3
        ([2], [1, 3], 2),  # a half is left, and nobody is answered any more
        ([3], [5, 5], None),
        ([], [1], None),
        ([], [], None),
    ],
)
def test_it_is_the_published_median(answered: list[int], waiting: list[int], median: float | None) -> None:
    assert median_wait(answered, waiting) == median


def exactly(answered: list[int], waiting: list[int]) -> float | None:
    """The same by the definition, in whole fractions."""
    left, steps = Fraction(1), []
    for time in sorted(set(answered)):
        at_risk = sum(one >= time for one in [*answered, *waiting])
        left *= 1 - Fraction(answered.count(time), at_risk)
        steps.append((time, left))
    reached = [step for step in steps if step[1] <= Fraction(1, 2)]
    if len(reached) > 1 and reached[0][1] == Fraction(1, 2):
        return (reached[0][0] + reached[1][0]) / 2
    return reached[0][0] if reached else None


def test_it_is_the_definition_s_and_with_nobody_waiting_the_plain_median() -> None:
    chance = random.Random(9)
    for _round in range(400):
        answered = [chance.randrange(12) for _one in range(chance.randrange(1, 12))]
        waiting = [chance.randrange(14) for _one in range(chance.randrange(12))]
        assert median_wait(answered, waiting) == exactly(answered, waiting), (answered, waiting)
        assert median_wait(answered, []) == statistics.median(answered)
