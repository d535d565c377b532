"""The link in a notice: which decision it is against, for the form that appeals. Neighbours: letters makes it, taking ties."""

from __future__ import annotations

from gensvar.core import tokens
from gensvar.publishing.comments import letters
from gensvar.publishing.comments.models import Appeal, CommentDecision


def find(token: str) -> CommentDecision | None:
    """The decision that a genuine token of its notice belongs to; None for anything else."""
    key = tokens.read(letters.APPEAL, token)
    if key is None:
        return None
    return (
        CommentDecision.objects.select_related("comment__message", "ground")
        .filter(key=key, kind=CommentDecision.Kind.REMOVED)
        .first()
    )


def of(decision: CommentDecision) -> Appeal | None:
    """The appeal against it, if there is one."""
    return Appeal.objects.filter(decision=decision).select_related("outcome").first()
