"""What the public sees of a thread: plain values that the gate makes and every page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gensvar.publishing.values import PublishedWord


@dataclass(frozen=True, slots=True)
class PublishedComment:
    """A comment. One that is `gone` and was replied to holds nothing but its replies, and the ground."""

    pk: int
    name: str  # as its writer wrote it; empty: somebody in the municipality
    text: str
    language: str  # BCP 47, may be empty
    at: dt.datetime  # aware
    gone: bool = False
    ground: str = ""  # why it was taken away, where we did
    answers: tuple[PublishedWord, ...] = ()
    replies: tuple[PublishedComment, ...] = ()
    shown_at: dt.datetime | None = None  # aware; when it was first shown
    parent: int = 0  # which comment it replies to
    page: int = 1  # of the thread, where it was asked for by itself (gate.newest)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said in it, and our answers: what search finds it by."""
        return (self.text, *(answer.text for answer in self.answers))


@dataclass(frozen=True, slots=True)
class PublishedThread:
    """One page of a thread, oldest first. `before` and `after`: the numbers of the pages beside it, or 0."""

    comments: tuple[PublishedComment, ...]
    open: bool  # whether it takes new comments
    before: int = 0
    after: int = 0
