"""The truck factor: the fewest people whose leaving uncovers more than half of the cells that are covered today.

After Avelino, Passos, Hora & Valente, "A novel approach for estimating truck factors", ICPC 2016 (arXiv 1604.06766),
whose greedy count is given beside. Here it is exact: teams that share nobody are each tried out whole, what hangs
together more widely goes to integer programming (pieces.py, solving.py). Where the time is up, both bounds are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from gensvar.voices.budget import Budget
from gensvar.voices.coverage import Cell, Coverage, Person
from gensvar.voices.pieces import Gain, Piece, pieces_of, simple_bound


@dataclass(frozen=True)
class TruckFactor(Generic[Person]):
    """Between `lower` and `upper` people; `leavers` are `upper` whose leaving does uncover more than half.

    `greedy`: whom one finds by taking away, again and again, whoever covers most of what is left; never fewer than `upper`.
    """

    cells: int
    lower: int
    upper: int
    leavers: frozenset[Person]
    greedy: tuple[Person, ...]

    @property
    def exact(self) -> bool:
        """Whether the bounds meet: no smaller set exists, and this one does it."""
        return self.lower == self.upper


def truck_factor(
    coverage: Coverage[Cell, Person], *, order: Sequence[Person] = (), budget: Budget | None = None
) -> TruckFactor[Person] | None:
    """The truck factor; None where no cell is covered. `order` (of people) decides between equals, so that it is repeatable.

    `budget` (of its own, where none is given) limits the search; when it is over, `lower` < `upper` may be left.
    """
    if not coverage.cells:
        return None
    budget = budget or Budget.of()
    groups = coverage.groups()
    needed = coverage.most_that_may_go + 1
    greedy = greedy_leavers(coverage, order=order)
    best: Sequence[Person] = min((greedy, _sparing(coverage, order=order)), key=lambda found: len(set(found)))
    small, large = pieces_of(groups, order=_in_order(coverage, order))
    gain = Gain.together([piece.gain() for piece in small])
    if not large:
        count, weight = gain.fewest(needed)
        assert weight >= needed
        return TruckFactor(len(coverage.cells), count, count, frozenset(gain.people(count)), greedy)
    lower, found = _searched(large, gain, needed, len(best), budget)
    if found is not None and len(found) < len(best):
        best = sorted(found, key=_in_order(coverage, order).index)
    if len(coverage.uncovered_by(best)) < needed:  # what is shown is what was counted, whatever a solver says
        raise ArithmeticError("The people found do not uncover more than half of the cells.")
    lower = min(max(lower, simple_bound(groups, needed)), len(best))
    return TruckFactor(len(coverage.cells), lower, len(best), frozenset(best), greedy)


def _searched(
    large: Sequence[Piece[Person]], gain: Gain[Person], needed: int, known: int, budget: Budget
) -> tuple[int, frozenset[Person] | None]:
    from gensvar.voices.solving import search  # scipy takes a while to load

    return search(large, gain, needed, known=known, budget=budget)


def greedy_leavers(coverage: Coverage[Cell, Person], *, order: Sequence[Person] = ()) -> tuple[Person, ...]:
    """Avelino's greedy way: take away whoever covers most cells that are still covered, until more than half are not."""
    people = _in_order(coverage, order)
    groups = coverage.groups()
    standing = dict.fromkeys(people, 0)
    of = {person: [group for group in groups if person in group.people] for person in people}
    left = {group.people: len(group.people) for group in groups}
    for group in groups:
        for person in group.people:
            standing[person] += group.weight
    gone: list[Person] = []
    covered, rank = len(coverage.cells), {person: place for place, person in enumerate(people)}
    while len(coverage.cells) - covered <= coverage.most_that_may_go:
        most = max(standing, key=lambda person: (standing[person], -rank[person]))
        gone.append(most)
        del standing[most]
        for group in of[most]:
            left[group.people] -= 1
            if not left[group.people]:
                covered -= group.weight
    return tuple(gone)


def _sparing(coverage: Coverage[Cell, Person], *, order: Sequence[Person]) -> tuple[Person, ...]:
    """Another upper bound, often a lower one: everybody leaves, then those stay, one by one, who keep fewest cells covered."""
    people = _in_order(coverage, order)
    dark = {group.people: group.weight for group in coverage.groups()}
    of = {person: [one for one in dark if person in one] for person in people}
    keeps = {person: sum(dark[one] for one in of[person]) for person in people}
    uncovered = len(coverage.cells)
    while True:
        stays = min(keeps, key=lambda person: keeps[person])
        if uncovered - keeps[stays] <= coverage.most_that_may_go:
            return tuple(keeps)
        uncovered -= keeps.pop(stays)
        for one in of[stays]:
            weight = dark.pop(one, 0)
            for other in one if weight else ():
                if other in keeps:
                    keeps[other] -= weight


def _in_order(coverage: Coverage[Cell, Person], order: Sequence[Person]) -> list[Person]:
    here = coverage.people
    known = [person for person in dict.fromkeys(order) if person in here]
    return known + sorted(here - set(known), key=repr)
