"""The fact of appearances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class AppearanceChanged(Fact):
    """An appearance was entered, corrected or withdrawn, or is about other topics."""

    name: ClassVar[str] = "appearance_changed"
    appearance_id: int
