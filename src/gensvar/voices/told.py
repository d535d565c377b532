"""What the public is told of who speaks: by function, never so that a figure is one person's. No database here.

The threshold rule of official statistics: a function has a figure of its own where at least PEOPLE spoke for it, MESSAGES
times in all. The others stand together as one; where these would be too few themselves, the smallest of those shown joins
them, so that no figure follows from the total. Where even all together are too few, nothing is told.
How much is left unanswered is told by the same rule, of those who asked (`shares_told`).
What everybody can count for themselves, one by one (posts, appearances), hides nobody: the rule holds for the rest alone.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from gensvar.voices.measures import Concentration, Share, concentration

PEOPLE: Final = 3
MESSAGES: Final = 5
Function = TypeVar("Function", bound=Hashable)
Amounts = Mapping[int, int]  # messages by person


@dataclass(frozen=True)
class Told(Generic[Function]):
    """The functions that may be shown, in the order given, and the rest as one.

    `all` counts the rest as one voice, so that `all.effective` is at least told and nothing of the rest follows from it.
    """

    functions: tuple[Share[Function], ...]
    rest: int  # messages
    others: frozenset[Function]  # whose the rest is
    people: int  # who spoke; 0 where nothing is told
    all: Concentration

    @property
    def together(self) -> int:
        """How many functions the rest is."""
        return len(self.others)

    @property
    def rest_share(self) -> float:
        """Between 0 and 1."""
        return self.rest / self.all.total if self.all.total else 0.0


def told(
    amounts: Mapping[Function, Amounts], unseen: Mapping[Function, Amounts] | None = None
) -> Told[Function]:
    """From the messages of each person for each function; `unseen` are those of them that do not stand in public one by one.

    Where it is not given, none does. Raises ValueError for a negative number.
    """
    said = {one: of for one, of in amounts.items() if sum(of.values())}
    hidden = said if unseen is None else {one: unseen.get(one, {}) for one in said}

    def may_stand(together: Collection[Function]) -> bool:
        return may_be_told([said[one] for one in together]) and (
            unseen is None or _nothing(hidden, together) or may_be_told([hidden[one] for one in together])
        )

    shown = {one for one in said if may_stand([one])}
    rest = said.keys() - shown
    while rest and shown and not may_stand(rest):
        least = min(shown, key=lambda one: (len(_people([said[one]])), sum(said[one].values())))
        shown.remove(least)
        rest |= {least}
    if rest and not may_stand(rest):
        return Told((), 0, frozenset(), 0, concentration([]))
    left = sum(sum(said[one].values()) for one in rest)
    counted = concentration([*(sum(said[one].values()) for one in said if one in shown), left])
    return Told(
        functions=tuple(
            Share(one, sum(of.values()), sum(of.values()) / counted.total)
            for one, of in said.items()
            if one in shown
        ),
        rest=left,
        others=frozenset(rest),
        people=len(_people(said.values())),
        all=counted,
    )


def shares_told(asked: Mapping[Function, int], apart: int = 0) -> set[Function]:
    """Of which of these it may be told how much is unanswered, from how many asked of each; `apart` stand in no line at all.

    Those where MESSAGES or more asked, without the smallest of them where the ones left out would be fewer than that together.
    """
    told = {one for one, count in asked.items() if count >= MESSAGES}
    left = sum(asked[one] for one in asked.keys() - told) + apart
    while told and 0 < left < MESSAGES:
        least = min((one for one in asked if one in told), key=lambda one: asked[one])
        told.remove(least)
        left += asked[least]
    return told


def _nothing(hidden: Mapping[Function, Amounts], together: Collection[Function]) -> bool:
    return not any(sum(hidden[one].values()) for one in together)


def may_be_told(amounts: Sequence[Amounts]) -> bool:
    """Whether the sum of these is of enough people and messages."""
    return len(_people(amounts)) >= PEOPLE and sum(sum(of.values()) for of in amounts) >= MESSAGES


def _people(amounts: Iterable[Amounts]) -> set[int]:
    return {person for of in amounts for person, amount in of.items() if amount}
