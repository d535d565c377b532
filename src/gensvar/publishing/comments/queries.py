"""What the desk asks of comments: those that wait, appeals, and one with all that was decided about it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from gensvar.conversations.queries import visible_to
from gensvar.core.models import User
from gensvar.publishing.comments.models import Appeal, Comment, CommentDecision

QUEUES = ("waiting", "appeals", "shown", "removed", "unconfirmed")


def comments_for(user: User, queue: str = "") -> QuerySet[Comment]:
    """The comments whose conversations this person sees: the oldest first of what waits, else the newest first."""
    rows = Comment.objects.filter(message__conversation__in=visible_to(user).values("pk"))
    rows = rows.select_related("message__conversation__function", "message__contact", "parent__message")
    if queue == "appeals":
        open_ones = Appeal.objects.filter(decision__comment=OuterRef("pk"), outcome__isnull=True)
        return rows.filter(Exists(open_ones)).order_by("came_at", "pk")
    if queue == "waiting":
        return rows.filter(state=Comment.State.WAITING).order_by("came_at", "pk")
    return (rows.filter(state=queue) if queue else rows).order_by("-came_at", "-pk")


def history(comment: Comment) -> list[CommentDecision]:
    """Everything that was decided about it, oldest first."""
    return list(comment.decisions.select_related("ground", "person", "appeal__message").order_by("pk"))


def open_appeal(comment: Comment) -> Appeal | None:
    """The appeal that waits for its outcome, if any."""
    return (
        Appeal.objects.filter(decision__comment=comment, outcome__isnull=True)
        .select_related("decision__comment", "decision__person", "message")
        .first()
    )
