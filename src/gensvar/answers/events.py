"""The facts of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class DeliveryQueued(Fact):
    """A row of the outbox waits to be sent."""

    name: ClassVar[str] = "delivery_queued"
    delivery_id: int


@dataclass(frozen=True, slots=True)
class WordSent(Fact):
    """An answer or a first word has left us, to one of its recipients at least; may be told once for each."""

    name: ClassVar[str] = "word_sent"
    message_id: int


@dataclass(frozen=True, slots=True)
class WordTakenBack(Fact):
    """A word that had left us once (it bounced and was to go again) is a draft again; its message is gone."""

    name: ClassVar[str] = "word_taken_back"
    message_id: int
