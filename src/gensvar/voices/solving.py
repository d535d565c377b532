"""The integer programmes, through scipy's HiGHS: pieces too large to be tried out, and the fewest steps that mend.

Imported only where one is solved: loading scipy takes longer than most answers. Neighbours: truck.py, mending.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

from gensvar.voices.budget import Budget
from gensvar.voices.coverage import Person
from gensvar.voices.pieces import Gain, Piece

OPTIMAL: Final = 0
INFEASIBLE: Final = 2
NEARLY: Final = 1e-6


@dataclass
class Rows:
    """The coefficients of a sparse matrix, row by row."""

    values: list[float] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])

    def add(self, row: dict[int, float]) -> None:
        """One more row, by column."""
        self.columns += row.keys()
        self.values += row.values()
        self.ends.append(len(self.columns))

    def matrix(self, width: int) -> csr_array:
        """All of them."""
        return csr_array((self.values, self.columns, self.ends), shape=(len(self.ends) - 1, width))


def search(
    large: Sequence[Piece[Person]], gain: Gain[Person], needed: int, *, known: int, budget: Budget
) -> tuple[int, frozenset[Person] | None]:
    """(a number of leavers that none goes below, whom it found): fewer than the `known` number, or None.

    min Σ people·x + Σ k·z  where a group's y ≤ x of each of its people, one z says how many of the small pieces leave,
    and Σ weight·y + Σ most[k]·z reaches what is needed. y needs not be whole: it is, where x is.
    """
    whose: list[tuple[Person, ...]] = []
    rows, weights, groups = Rows(), {}, 0  # type: Rows, dict[int, float], int
    starts = [sum(len(piece.alike) for piece in large[:number]) for number in range(len(large))]
    for piece in large:
        whose += piece.alike
    for piece, start in zip(large, starts, strict=True):
        groups += _add_groups(piece, start, len(whose) + groups, rows, weights)
    first = len(whose) + groups
    counts = list(range(len(gain.most)))
    width = first + len(counts)
    weights |= {first + place: gain.most[count] for place, count in enumerate(counts)}
    costs = np.array([len(people) for people in whose] + [0] * groups + counts, dtype=float)
    enough, one, fewer = Rows(), Rows(), Rows()
    enough.add(weights)
    one.add({first + place: 1.0 for place in range(len(counts))})
    fewer.add({place: float(cost) for place, cost in enumerate(costs) if cost})
    found = milp(
        costs,
        integrality=np.array([1] * len(whose) + [0] * groups + [1] * len(counts)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(rows.matrix(width), -np.inf, 0),
            LinearConstraint(enough.matrix(width), needed - 0.5, np.inf),  # all weights are whole
            LinearConstraint(one.matrix(width), 1, 1),
            LinearConstraint(fewer.matrix(width), 0, known - 1),
        ],
        options={"time_limit": budget.for_the_solver},
    )
    if found.status == INFEASIBLE:
        return known, None
    lower = _lower(found)
    if found.x is None:
        return lower, None
    leavers = {person for place, people in enumerate(whose) if found.x[place] > 0.5 for person in people}
    chosen = max(range(len(counts)), key=lambda place: found.x[first + place])
    return lower, frozenset(leavers | set(gain.people(counts[chosen])))


def _add_groups(piece: Piece[Person], start: int, column: int, rows: Rows, weights: dict[int, float]) -> int:
    """A column for each group; it hangs on groups within it rather than on people, where there are: far fewer rows."""
    ordered = sorted(piece.groups, key=lambda group: (len(group[0]), sorted(group[0])))
    of: dict[int, list[int]] = {}
    for number, (places, weight) in enumerate(ordered):
        weights[column + number] = weight
        within = {other for place in places for other in of.get(place, ()) if ordered[other][0] < places}
        held: set[int] = set()
        for other in sorted(within, reverse=True):  # the largest first
            if not ordered[other][0] <= held:
                rows.add({column + number: 1.0, column + other: -1.0})
                held |= ordered[other][0]
        for place in places - held:
            rows.add({column + number: 1.0, start + place: -1.0})
        for place in places:
            of.setdefault(place, []).append(number)
    return len(ordered)


def _lower(found: OptimizeResult) -> int:
    """The whole number that the solver has proven that no solution goes below."""
    proven = found.fun if found.status == OPTIMAL else found.mip_dual_bound
    return 0 if proven is None or not math.isfinite(proven) else math.ceil(proven - NEARLY)


def fewest_sets(
    sets: Sequence[frozenset[int]], elements: int, *, budget: Budget
) -> tuple[int, list[int] | None]:
    """Set cover: (a number of sets that none goes below, which sets it found, if any) to cover all the elements.

    Every element must lie in some set.
    """
    rows = Rows()
    of: list[dict[int, float]] = [{} for _ in range(elements)]
    for number, held in enumerate(sets):
        for element in held:
            of[element][number] = 1.0
    for row in of:
        rows.add(row)
    found = milp(
        np.ones(len(sets)),
        integrality=np.ones(len(sets)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(rows.matrix(len(sets)), 1, np.inf)],
        options={"time_limit": budget.for_the_solver},
    )
    if found.x is None:
        return _lower(found), None
    return _lower(found), [number for number in range(len(sets)) if found.x[number] > 0.5]
