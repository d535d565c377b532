"""How long the solver may search for one page or command: all its searches together, so that an answer always comes.

Neighbours: truck.py and mending.py take what is left of it, and say as bounds what they could not prove in time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

LIMIT: Final = 5.0  # seconds
LEAST: Final = 0.1  # seconds, also for what comes last: a small question needs no more
SPENT: Final = 0.75  # of the time that is left: HiGHS looks at its clock only between two steps


@dataclass(frozen=True, slots=True)
class Budget:
    """`until` is a time of `time.monotonic`, at which all searching is to be over."""

    until: float

    @classmethod
    def of(cls, seconds: float = LIMIT) -> Budget:
        """One that begins now."""
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds; never less than LEAST."""
        return max(LEAST, self.until - time.monotonic())

    @property
    def for_the_solver(self) -> float:
        """The seconds that a solver is told, so that it is back in time."""
        return max(LEAST, SPENT * self.left)
