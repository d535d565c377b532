"""The fact of posts, for those who need to know which it was; publishing.events tells which streams it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class PostChanged(Fact):
    """A post was published, published anew or withdrawn."""

    name: ClassVar[str] = "post_changed"
    post_id: int


@dataclass(frozen=True, slots=True)
class PostTimed(Fact):
    """A time was set at which a post goes live or its time is over; its rows are due then."""

    name: ClassVar[str] = "post_timed"
    post_id: int


@dataclass(frozen=True, slots=True)
class PostHeld(Fact):
    """A post did not go public at its time: whoever signs it may not speak any more, or it could not be shown as it stands."""

    name: ClassVar[str] = "post_held"
    post_id: int
