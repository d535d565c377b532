"""How long half of those who asked wait for an answer, with those who wait still. No database.

Whoever has no answer yet has waited at least until now: to leave them out makes the slow ones that are still to come look as
if they were none. Kaplan & Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958), counts them for as
long as they have waited. Neighbours: heard and the square's directory.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import Final

_NEAR: Final = 1e-9  # what a product of fractions may be off the half that it is


def median_wait(answered: Collection[int], waiting: Collection[int]) -> float | None:
    """The time after which half have an answer: `answered` waited so long for it, `waiting` have waited so long and have none.

    In the unit that was given. Where exactly half are left for a while, the middle of that while: so with nobody waiting it
    is the plain median. None where the curve never comes down to a half, as where nobody was answered.
    """
    total = len(answered) + len(waiting)
    if not answered:
        return None
    times = sorted(answered)
    middle = (total - 1) // 2
    if middle < len(times) and (not waiting or min(waiting) >= times[middle]):
        after = total // 2
        return (times[middle] + times[after if after < len(times) else middle]) / 2
    return _median_of_the_curve(times, sorted(waiting))


def _median_of_the_curve(times: list[int], waiting: list[int]) -> float | None:
    at_risk, left, gone = len(times) + len(waiting), 1.0, 0
    half: int | None = None
    for time, same in groupby(times):
        while (
            gone < len(waiting) and waiting[gone] < time
        ):  # who is answered at that very moment is counted first
            gone += 1
            at_risk -= 1
        count = sum(1 for _one in same)
        left *= 1 - count / at_risk
        at_risk -= count
        if half is not None:
            return (half + time) / 2
        if left < 0.5 - _NEAR:
            return time
        if left <= 0.5 + _NEAR:
            half = time
    return half
