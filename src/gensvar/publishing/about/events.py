"""The fact that a word by the form is about a page: written with its bytes, so that none of the two is ever without the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class AboutKept(Fact):
    """The bytes of a word about a page are committed."""

    name: ClassVar[str] = "about_kept"
    envelope_id: int
    why: str  # models.WordAbout.Why
    kind: str  # models.WordAbout.On
    key: str
    function: str = ""  # the slug of who answers there, where the page cannot say it
