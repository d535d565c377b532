"""Cuts the question of the truck factor into pieces that share nobody, and answers the small ones by trying all of it.

Neighbours: truck.py asks, solving.py takes what is too large to be tried out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic

from gensvar.voices.coverage import Group, Person

TRIED_OUT: Final = 16  # people (alike ones as one) of whom all 2^n choices are looked at


@dataclass(frozen=True)
class Gain(Generic[Person]):
    """How many cells fall, at most, when up to so many people of some pieces leave: `most[k]` for k, and who they are."""

    most: tuple[int, ...] = (0,)
    _who: tuple[tuple[Person, ...], ...] = ((),)

    def people(self, count: int) -> tuple[Person, ...]:
        """Whose leaving uncovers `most[count]` cells."""
        return self._who[count]

    def fewest(self, needed: int) -> tuple[int, int]:
        """How few people uncover at least so many cells, and how many they do. Raises ValueError where none do."""
        for count, weight in enumerate(self.most):
            if weight >= needed:
                return count, weight
        raise ValueError("Not even all of them uncover so many cells.")

    @classmethod
    def together(cls, gains: Sequence[Gain[Person]]) -> Gain[Person]:
        """Of several pieces: how the leavers are best spread over them. Exact, by dynamic programming."""
        import numpy as np

        most = np.zeros(1, dtype=np.int64)
        chosen: list[np.ndarray] = []
        for gain in gains:
            new = np.full(len(most) + len(gain.most) - 1, -1, dtype=np.int64)
            taken = np.zeros(len(new), dtype=np.int64)
            for count, weight in enumerate(gain.most):
                part = new[count : count + len(most)]
                better = most + weight > part
                part[better] = (most + weight)[better]
                taken[count : count + len(most)][better] = count
            most = new
            chosen.append(taken)
        who = [cls._gathered(gains, chosen, count) for count in range(len(most))]
        return cls(tuple(int(weight) for weight in most), tuple(who))

    @staticmethod
    def _gathered(gains: Sequence[Gain[Person]], chosen: Sequence[Any], count: int) -> tuple[Person, ...]:
        found: list[Person] = []
        for gain, taken in zip(reversed(gains), reversed(chosen), strict=True):
            here = int(taken[count])
            found += gain.people(here)
            count -= here
        return tuple(found)


@dataclass
class Piece(Generic[Person]):
    """Groups of cells that hang together by their people. `alike[i]` are people who cover the very same cells, as one."""

    alike: list[tuple[Person, ...]]
    groups: list[tuple[frozenset[int], int]] = field(default_factory=list)  # places in `alike`, weight

    def gain(self) -> Gain[Person]:
        """Every choice of leavers looked at: 2^n sums over subsets, in n passes (the zeta transform)."""
        import numpy as np

        size = len(self.alike)
        falls = np.zeros(1 << size, dtype=np.int64)
        for places, weight in self.groups:
            falls[sum(1 << place for place in places)] += weight
        counts = np.zeros(1 << size, dtype=np.int64)
        for place, people in enumerate(self.alike):
            halves = falls.reshape(-1, 2, 1 << place)
            halves[:, 1] += halves[:, 0]
            counts.reshape(-1, 2, 1 << place)[:, 1] += len(people)
        everybody = sum(map(len, self.alike))
        best = np.full(everybody + 1, -1, dtype=np.int64)
        np.maximum.at(best, counts, falls)
        most, who = [0], [()]  # type: list[int], list[tuple[Person, ...]]
        for count in range(1, everybody + 1):
            if (
                best[count] <= most[-1]
            ):  # one more does not help, or so many there are not: alike ones leave together
                most.append(most[-1])
                who.append(who[-1])
                continue
            choice = int(np.flatnonzero((counts == count) & (falls == best[count]))[0])
            most.append(int(best[count]))
            who.append(tuple(one for at in range(size) if choice >> at & 1 for one in self.alike[at]))
        return Gain(tuple(most), tuple(who))


def pieces_of(
    groups: Sequence[Group[Person]], *, order: Sequence[Person]
) -> tuple[list[Piece[Person]], list[Piece[Person]]]:
    """The pieces small enough to be tried out, and the others; each person (in this order) is in one piece."""
    of: defaultdict[Person, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        for person in group.people:
            of[person].append(number)
    root: dict[Person, Person] = {person: person for person in order}

    def top(person: Person) -> Person:
        while root[person] != person:
            root[person] = root[root[person]]
            person = root[person]
        return person

    for group in groups:
        first, *others = group.people
        for other in others:
            root[top(other)] = top(first)
    same: defaultdict[tuple[int, ...], list[Person]] = defaultdict(list)
    for person in order:
        same[tuple(of[person])].append(person)
    found: dict[Person, Piece[Person]] = {}
    place: dict[Person, int] = {}
    for people in same.values():
        piece = found.setdefault(top(people[0]), Piece(alike=[]))
        place |= dict.fromkeys(people, len(piece.alike))
        piece.alike.append(tuple(people))
    for group in groups:
        piece = found[top(next(iter(group.people)))]
        piece.groups.append((frozenset(place[person] for person in group.people), group.weight))
    pieces = list(found.values())
    small = [piece for piece in pieces if len(piece.alike) <= TRIED_OUT]
    return small, [piece for piece in pieces if len(piece.alike) > TRIED_OUT]


def simple_bound(groups: Sequence[Group[Person]], needed: int) -> int:
    """A number of people that no choice can go below: a cell falls only with all of its people, who share its weight."""
    from fractions import Fraction

    worth: defaultdict[Person, Fraction] = defaultdict(Fraction)
    for group in groups:
        for person in group.people:
            worth[person] += Fraction(group.weight, len(group.people))
    total = Fraction()
    for count, one in enumerate(sorted(worth.values(), reverse=True), start=1):
        total += one
        if total >= needed:
            return count
    return len(worth)
