"""Reckons with the days of a tenure: which lie before a day, which since, and which another period lacks.

Neighbours: services moves days to come, correcting days that have passed, queries tells of any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gensvar.people.models import Tenure

DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From a day until and with another, or without an end."""

    starts: dt.date
    ends: dt.date | None

    @classmethod
    def of(cls, tenure: Tenure) -> Days:
        """Those of a tenure as it stands."""
        return cls(tenure.starts, tenure.ends)

    def __contains__(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def before(self, day: dt.date) -> Days | None:
        """Those of them that lie before that day."""
        if day <= self.starts:
            return None
        last = day - DAY
        return Days(self.starts, last if self.ends is None else min(self.ends, last))

    def since(self, day: dt.date) -> Days | None:
        """Those of them that are that day or later."""
        if self.ends is not None and self.ends < day:
            return None
        return Days(max(self.starts, day), self.ends)

    def without(self, other: Days) -> Iterator[Days]:
        """What of them the other lacks, in one piece or two."""
        if (first := self.before(other.starts)) is not None:
            yield first
        after = day_after(other.ends)
        if after is not None and (rest := self.since(after)) is not None:
            yield rest


def day_after(last: dt.date | None) -> dt.date | None:
    """The day after that one, where there is one: what ends on the last day that a date can be has none."""
    return last + DAY if last is not None and last < dt.date.max else None
