"""How many voices speak, as numbers: shares, their concentration, and the effective number of voices. No database here.

Neighbours: shares.py fills these from what was said; coverage.py asks the other question, what falls if somebody leaves.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

Voice = TypeVar("Voice", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Share(Generic[Voice]):
    """One voice and its part of what was said: `amount` in messages or words, `share` between 0 and 1."""

    voice: Voice
    amount: int
    share: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much of what was said comes from how few. With no voice at all each number is None: nothing was said.

    `hhi` is the sum of the squared shares (Herfindahl 1950, Hirschman 1945), between 1/voices and 1; `effective` is its
    inverse, between 1 and the number of voices (Laakso & Taagepera, Comparative Political Studies 12, 1979).
    """

    voices: int
    total: int
    hhi: float | None
    effective: float | None
    top: float | None


def shares_of(amounts: Mapping[Voice, int]) -> list[Share[Voice]]:
    """The part of each voice that said anything, in the order given. Raises ValueError for a negative amount."""
    if any(amount < 0 for amount in amounts.values()):
        raise ValueError("Nobody says less than nothing.")
    total = sum(amounts.values())
    return [Share(voice, amount, amount / total) for voice, amount in amounts.items() if amount]


def concentration(amounts: Iterable[int]) -> Concentration:
    """The concentration of these amounts; those that are 0 are no voices. Raises ValueError for a negative one.

    Computed in whole numbers, so that neither their order nor their scale changes a digit.
    """
    said = [amount for amount in amounts if amount]
    if any(amount < 0 for amount in said):
        raise ValueError("Nobody says less than nothing.")
    if not said:
        return Concentration(voices=0, total=0, hhi=None, effective=None, top=None)
    total, squares = sum(said), sum(amount * amount for amount in said)
    return Concentration(
        voices=len(said),
        total=total,
        hhi=float(Fraction(squares, total * total)),
        effective=float(Fraction(total * total, squares)),
        top=float(Fraction(max(said), total)),
    )


def change(before: float | None, after: float | None) -> float | None:
    """How much a number grew from one period to the next, in its own unit; None where either has none."""
    return None if before is None or after is None else after - before
