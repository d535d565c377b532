"""The facts of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class PresenceChanged(Fact):
    """Somebody is away, is back, has left, or their days were moved: what waits at them, or at a place of theirs, is looked at."""

    name: ClassVar[str] = "presence_changed"
    person_id: int


@dataclass(frozen=True, slots=True)
class CalendarDue(Fact):
    """It is time to read somebody's calendar."""

    name: ClassVar[str] = "calendar_due"
    calendar_id: int
