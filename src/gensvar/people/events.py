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
class NamedOtherwise(Fact):
    """What the public sees of somebody behind our words is another now: a name or title, or that they are named at all."""

    name: ClassVar[str] = "named_otherwise"
    person_id: int


@dataclass(frozen=True, slots=True)
class AbsenceSaidByAnother(Fact):
    """Somebody else has said that a person is away, or that they are not after all."""

    name: ClassVar[str] = "absence_said_by_another"
    person_id: int
    user_id: int  # who said it
    starts: str  # both days in the form of ISO 8601, since a row that is taken back is gone
    ends: str
    away: bool  # or no longer


@dataclass(frozen=True, slots=True)
class CalendarDue(Fact):
    """It is time to read somebody's calendar."""

    name: ClassVar[str] = "calendar_due"
    calendar_id: int
