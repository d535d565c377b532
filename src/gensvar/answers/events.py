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
