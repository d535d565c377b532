"""The facts of routing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class MessageRouted(Fact):
    """The word has a function, perhaps a person, and a promised day."""

    name: ClassVar[str] = "message_routed"
    message_id: int
    new: bool


@dataclass(frozen=True, slots=True)
class AlarmsRaised(Fact):
    """Something needs a coordinator; all that was found in one look is told in one mail."""

    name: ClassVar[str] = "alarms_raised"
    alarm_ids: list[int]
