"""The facts of outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class StepPublished(Fact):
    """A step of an outcome became public, and those who took part are to be told."""

    name: ClassVar[str] = "step_published"
    step_id: int


@dataclass(frozen=True, slots=True)
class ConversationLedTo(Fact):
    """A conversation led to that step, and those in it are to be told: one fact for each, so that one fault stops no other."""

    name: ClassVar[str] = "conversation_led_to"
    step_id: int
    conversation_id: int
