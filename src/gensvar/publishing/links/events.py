"""The fact of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class LinkDue(Fact):
    """It is time to look at an address of somebody else's."""

    name: ClassVar[str] = "link_due"
    link: int
