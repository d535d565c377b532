"""Which cells (contact point × topic) have somebody who could answer, and which fall dark when people leave. No database.

A cell is covered by those who answered there within 180 days and hold access (cells.py finds them). Persons and cells
are any hashable values here. Neighbours: truck.py asks how few people it takes; mending.py asks what would help.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group(Generic[Person]):
    """Cells that the same people cover, as one: `weight` says how many they are."""

    people: frozenset[Person]
    weight: int


@dataclass(frozen=True)
class Coverage(Generic[Cell, Person]):
    """Who covers which cell; cells that nobody covers today are not in it, and so cannot be uncovered."""

    cells: Mapping[Cell, frozenset[Person]]

    @classmethod
    def of(cls, covers: Iterable[tuple[Cell, Person]]) -> Coverage[Cell, Person]:
        """From pairs (cell, person); the same pair twice is one."""
        found: defaultdict[Cell, set[Person]] = defaultdict(set)
        for cell, person in covers:
            found[cell].add(person)
        return cls({cell: frozenset(people) for cell, people in found.items()})

    @property
    def people(self) -> frozenset[Person]:
        """Everybody who covers anything."""
        return frozenset().union(*self.cells.values())

    def uncovered_by(self, leavers: Collection[Person]) -> frozenset[Cell]:
        """The cells that all of whose people leave."""
        gone = frozenset(leavers)
        return frozenset(cell for cell, people in self.cells.items() if people <= gone)

    def groups(self) -> list[Group[Person]]:
        """Cells with the same people merged: what counts for any leaving is only how many they are."""
        weights: defaultdict[frozenset[Person], int] = defaultdict(int)
        for people in self.cells.values():
            weights[people] += 1
        return [Group(people, weight) for people, weight in weights.items()]

    @property
    def most_that_may_go(self) -> int:
        """Half of the cells, rounded down: a leaving that uncovers more than that is what the truck factor counts."""
        return len(self.cells) // 2
