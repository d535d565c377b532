"""What would help, if people left: the fewest steps after which no cell is dark. A step lets one person who stays do more.

Pure, as coverage.py; its neighbours on the screen are the cells that truck.py and `uncovered_by` find.
"""

from __future__ import annotations

import enum
import heapq
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from gensvar.voices.budget import Budget
from gensvar.voices.coverage import Coverage, Person

Point = TypeVar("Point", bound=Hashable)
Topic = TypeVar("Topic", bound=Hashable)


class Kind(enum.StrEnum):
    """What a step is."""

    DEPUTY = "deputy"  # somebody who knows the topics begins to answer at that contact point
    TRAINING = "training"  # somebody who answers at those contact points learns that topic
    NEWCOMER = "newcomer"  # nobody who stays is near: somebody must begin there from the start


@dataclass(frozen=True)
class Step(Generic[Point, Topic, Person]):
    """One step and the dark cells that it lights; `person` is None for a newcomer."""

    kind: Kind
    person: Person | None
    point: Point | None  # of a deputy and a newcomer
    topic: Topic | None  # of a training
    cells: frozenset[tuple[Point, Topic]]


@dataclass(frozen=True)
class Mending(Generic[Point, Topic, Person]):
    """The fewest steps: at least `lower`, and `steps` do it; `greedy` is how many the greedy way would take."""

    steps: tuple[Step[Point, Topic, Person], ...]
    lower: int
    greedy: int

    @property
    def exact(self) -> bool:
        """Whether fewer steps cannot do it."""
        return self.lower == len(self.steps)


def mend(
    coverage: Coverage[tuple[Point, Topic], Person],
    leavers: Collection[Person],
    *,
    order: Sequence[Person] = (),
    budget: Budget | None = None,
) -> Mending[Point, Topic, Person]:
    """The fewest steps after which that leaving leaves no cell dark. `order` says whom to ask first where all serve alike.

    `budget` (of its own, where none is given) limits the search; when it is over, whether fewer would do may stay unknown.
    """
    budget = budget or Budget.of()
    dark = sorted(coverage.uncovered_by(leavers), key=repr)
    if not dark:
        return Mending((), 0, 0)
    steps = possible_steps(coverage, dark, leavers, order=order)
    place = {cell: number for number, cell in enumerate(dark)}
    sets = [frozenset(place[cell] for cell in step.cells) for step in steps]
    greedy = _greedily(sets, len(dark))
    from gensvar.voices.solving import fewest_sets  # scipy takes a while to load

    lower, found = fewest_sets(sets, len(dark), budget=budget)
    best = found if found is not None and len(found) < len(greedy) else greedy
    lower = min(max(lower, -(-len(dark) // max(map(len, sets)))), len(best))
    return Mending(tuple(steps[number] for number in sorted(best)), lower, len(greedy))


def possible_steps(
    coverage: Coverage[tuple[Point, Topic], Person],
    dark: Sequence[tuple[Point, Topic]],
    leavers: Collection[Person],
    *,
    order: Sequence[Person] = (),
) -> list[Step[Point, Topic, Person]]:
    """Every step worth taking: who stays and knows the topic, who stays and answers there, and else somebody new."""
    gone = set(leavers)
    points: defaultdict[Person, set[Point]] = defaultdict(set)
    topics: defaultdict[Person, set[Topic]] = defaultdict(set)
    for (point, topic), people in coverage.cells.items():
        for person in people - gone:
            points[person].add(point)
            topics[person].add(topic)
    here = set(points)
    known = [person for person in dict.fromkeys(order) if person in here]
    staying = known + sorted(here - set(known), key=repr)
    of_point: defaultdict[Point, set[tuple[Point, Topic]]] = defaultdict(set)
    of_topic: defaultdict[Topic, set[tuple[Point, Topic]]] = defaultdict(set)
    for cell in dark:
        of_point[cell[0]].add(cell)
        of_topic[cell[1]].add(cell)
    steps: list[Step[Point, Topic, Person]] = []
    for point, cells in of_point.items():
        lit = {person: frozenset(cell for cell in cells if cell[1] in topics[person]) for person in staying}
        steps += [Step(Kind.DEPUTY, who, point, None, what) for who, what in _worth(lit)]
    for topic, cells in of_topic.items():
        lit = {person: frozenset(cell for cell in cells if cell[0] in points[person]) for person in staying}
        steps += [Step(Kind.TRAINING, who, None, topic, what) for who, what in _worth(lit)]
    reached = frozenset().union(*(step.cells for step in steps))
    for point, cells in of_point.items():
        if left := frozenset(cells - reached):
            steps.append(Step(Kind.NEWCOMER, None, point, None, left))
    return steps


def _worth(
    lit: Mapping[Person, frozenset[tuple[Point, Topic]]],
) -> list[tuple[Person, frozenset[tuple[Point, Topic]]]]:
    """Those who light something that nobody before them lights wholly: the others would never be missed."""
    found: list[tuple[Person, frozenset[tuple[Point, Topic]]]] = []
    for person, cells in sorted(lit.items(), key=lambda pair: -len(pair[1])):
        if cells and not any(cells <= other for _who, other in found):
            found.append((person, cells))
    return found


def _greedily(sets: Sequence[frozenset[int]], elements: int) -> list[int]:
    """The set that covers most of what is left, again and again; the first of equals.

    What a set adds only shrinks, so one that is looked at again and still stands first is the best of all.
    """
    left, chosen = set(range(elements)), []  # type: set[int], list[int]
    waiting = [(-len(held), number) for number, held in enumerate(sets)]
    heapq.heapify(waiting)
    while left:
        promised, number = heapq.heappop(waiting)
        adds = -len(sets[number] & left)
        if adds == promised:
            chosen.append(number)
            left -= sets[number]
        elif adds:
            heapq.heappush(waiting, (adds, number))
    return chosen
