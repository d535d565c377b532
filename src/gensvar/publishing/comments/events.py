"""The facts of comments: written with the bytes of the word itself, so that none of the two is ever without the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact


@dataclass(frozen=True, slots=True)
class CommentKept(Fact):
    """The bytes of a comment are committed. `parent`: the shown comment that it replies to, or 0."""

    name: ClassVar[str] = "comment_kept"
    envelope_id: int
    kind: str  # models.Comment.On
    key: str
    parent: int = 0


@dataclass(frozen=True, slots=True)
class AppealKept(Fact):
    """The bytes of an appeal against that decision are committed."""

    name: ClassVar[str] = "appeal_kept"
    envelope_id: int
    decision_id: int


@dataclass(frozen=True, slots=True)
class AnswerShown(Fact):
    """An answer of ours stands under its comment for all, or does no longer."""

    name: ClassVar[str] = "answer_shown"
    message_id: int
