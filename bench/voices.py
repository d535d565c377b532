"""The truck factor of a whole municipality: 500 persons, 200 contact points, 100 topics, beside the greedy way in the same run.

`make bench` runs it, or `python -m bench.voices`. Each case is a municipality of another shape, made from a fixed seed.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.intake import machine
from gensvar.voices.coverage import Coverage
from gensvar.voices.truck import greedy_leavers, truck_factor

TABLE: Final = Path("bench/results/voices.md")
PERSONS, POINTS, TOPICS = 500, 200, 100
ROUNDS: Final = 3
Dice = random.Random
Town = Coverage[tuple[int, int], int]
Held = Callable[[Dice, Sequence[int]], Sequence[int]]


def whole(dice: Dice, team: Sequence[int]) -> Sequence[int]:
    """Everybody in the team answers about everything."""
    return team


def part(dice: Dice, team: Sequence[int]) -> Sequence[int]:
    """Some of the team answer about each topic."""
    return dice.sample(list(team), dice.randint(1, len(team)))


def apart(dice: Dice, most: int) -> list[list[int]]:
    """Each person is in one team."""
    people, teams = list(range(PERSONS)), []
    while people:
        size = dice.randint(2, most)
        teams.append(people[:size])
        del people[:size]
    return [dice.choice(teams) for _point in range(POINTS)]


def helping(dice: Dice, most: int) -> list[list[int]]:
    """Each person is in one team, and one contact point in twenty has somebody from elsewhere beside its own."""
    return [[*team, dice.randrange(PERSONS)] if dice.random() < 0.05 else team for team in apart(dice, most)]


def drawn(dice: Dice, most: int) -> list[list[int]]:
    """Each contact point has a team of its own from the whole municipality: everything hangs together."""
    return [dice.sample(range(PERSONS), dice.randint(2, most)) for _point in range(POINTS)]


CASES: Final[tuple[tuple[str, Callable[[Dice, int], list[list[int]]], Held], ...]] = (
    ("one team a person, whole team answers", apart, whole),
    ("one team a person, part of it answers", apart, part),
    ("one team a person, some help another", helping, part),
    ("teams drawn from all, whole team answers", drawn, whole),
    ("teams drawn from all, part of it answers", drawn, part),
)


def town(teams: Callable[[Dice, int], list[list[int]]], held: Held, most: int) -> Town:
    """The cells of that municipality."""
    dice = Dice(2026)
    of = teams(dice, most)
    return Coverage(
        {
            (point, topic): frozenset(held(dice, of[point]))
            for point in range(POINTS)
            for topic in range(TOPICS)
        }
    )


def main() -> int:
    """Measure, print and write the table."""
    others = os.getloadavg()[0]
    rows = [row(name, town(teams, held, most), most) for name, teams, held in CASES for most in (6, 14)]
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(page(rows, others))
    print(f"Written to {TABLE}.")
    return 0


def row(name: str, cells: Town, most: int) -> str:
    """One line of the table: the median of the rounds."""
    taken, greedily, found = [], [], None
    for _round in range(ROUNDS):
        start = time.perf_counter()
        greedy_leavers(cells)
        middle = time.perf_counter()
        found = truck_factor(cells)
        taken.append(time.perf_counter() - middle)
        greedily.append(middle - start)
    assert found is not None
    seconds, ratio = statistics.median(taken), statistics.median(taken) / statistics.median(greedily)
    size = str(found.upper) if found.exact else f"{found.lower} to {found.upper}"
    said = f"| {name} | 2 to {most} | {size} | {len(found.greedy)} | {seconds:.2f} | {ratio:.1f} |"
    print(said, flush=True)
    return said


def page(rows: Sequence[str], others: float) -> str:
    """The table with what it was measured on."""
    head = "| municipality | team | exact, or bounds | greedy | seconds | times the greedy way's |"
    return "\n".join(
        [
            "# The truck factor of a whole municipality",
            "",
            f"{PERSONS} persons, {POINTS} contact points, {TOPICS} topics; median of {ROUNDS}; {datetime.now(UTC):%Y-%m-%d};",
            f"{machine()}; load before it began {others:.1f}.",
            "",
            "Wanted: exact within 2 s for teams of 2 to 6, within 5 s for teams up to 14. Two numbers are a lower and an upper",
            "bound that five seconds did not bring together.",
            "",
            head,
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
