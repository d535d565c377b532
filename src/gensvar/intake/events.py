"""The facts of intake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class EnvelopeReceived(Fact):
    """The bytes of a word are committed."""

    name: ClassVar[str] = "envelope_received"
    envelope_id: int
