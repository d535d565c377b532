"""The gate for comments: what of a thread may be seen is asked at every reading, and whatever cannot be judged is not shown.

A comment passes where it is confirmed and let through, its writer's yes still stands, the writer has no protected identity,
and its conversation is no spam. Pages ask for a thread only when they have passed their own gate (law 5).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from gensvar.conversations.models import Message, Participant
from gensvar.conversations.states import State
from gensvar.publishing.comments import rules
from gensvar.publishing.comments.models import Comment, CommentAnswer, CommentDecision
from gensvar.publishing.comments.values import PublishedComment, PublishedThread
from gensvar.publishing.values import PublishedWord

logger = logging.getLogger(__name__)

PAGE: Final = 50  # comments with their replies
MOST_REPLIES: Final = 200  # shown under one comment


def thread(kind: str, key: str, page: int = 1) -> PublishedThread:
    """That page of the comments under a public page, oldest first; for callers whose own page may be seen."""
    page = max(1, page)
    tops = Comment.objects.filter(on_kind=kind, on_key=key, parent__isnull=True)
    replies = _open(Comment.objects.filter(parent=OuterRef("pk")))
    gone = Q(shown_at__isnull=False) & Exists(replies)
    tops = tops.filter(Q(pk__in=_open(tops).values("pk")) | gone).order_by("came_at", "pk")
    ids = list(tops.values_list("pk", flat=True)[(page - 1) * PAGE : page * PAGE + 1])
    more, ids = len(ids) > PAGE, ids[:PAGE]
    return PublishedThread(
        _shown(ids) if ids else (), rules.takes(kind, key), page - 1, page + 1 if more else 0
    )


def find(pk: int, kind: str, key: str) -> PublishedComment | None:
    """One comment under that page, for a reply to it; None for whatever may not be seen."""
    rows = _with_answers(_open(Comment.objects.filter(pk=pk, on_kind=kind, on_key=key)))
    return next((found for one in rows if (found := _judged(one, ())) is not None), None)


def _open(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    return rows.filter(
        state=Comment.State.SHOWN,
        confirmed_at__isnull=False,
        message__direction=Message.Direction.IN,
        message__author=Message.Author.RESIDENT,
        message__may_publish=True,
        message__contact__protected=False,
    ).exclude(message__conversation__state=State.SPAM)


def _with_answers(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    named = Participant.objects.filter(
        conversation=OuterRef("message__conversation"), contact=OuterRef("message__contact"), show_name=True
    )
    answers = (
        CommentAnswer.objects.filter(shown=True)
        .select_related("message__person", "message__function")
        .order_by("message__at", "pk")
    )
    return (
        rows.select_related("message__contact", "message__conversation")
        .annotate(named=Exists(named))
        .prefetch_related(Prefetch("answers", answers, to_attr="shown_answers"))
    )


def _shown(ids: Sequence[int]) -> tuple[PublishedComment, ...]:
    open_ones = _open(Comment.objects.filter(Q(pk__in=ids) | Q(parent__in=ids)))
    rows = list(_with_answers(open_ones).order_by("came_at", "pk"))
    below: dict[int, list[PublishedComment]] = {}
    for row in rows:
        if row.parent_id is not None and (found := _judged(row, ())) is not None:
            below.setdefault(row.parent_id, []).append(found)
    tops = {row.pk: row for row in rows if row.parent_id is None}
    gone = _gone([pk for pk in ids if pk not in tops and pk in below])
    shown: list[PublishedComment] = []
    for pk in ids:
        replies = tuple(below.get(pk, ())[:MOST_REPLIES])
        one = _judged(tops[pk], replies) if pk in tops else None
        if one is None and pk in gone and replies:
            comment, ground = gone[pk]
            one = PublishedComment(pk, "", "", "", comment.came_at, True, ground, (), replies)
        if one is not None:
            shown.append(one)
    return tuple(shown)


def _gone(ids: Sequence[int]) -> dict[int, tuple[Comment, str]]:
    """Comments that are seen no more, each with the ground on which it was taken away, if it was; nothing of their words."""
    if not ids:
        return {}
    decided = CommentDecision.objects.select_related("ground").order_by("pk")
    found: dict[int, tuple[Comment, str]] = {}
    for one in Comment.objects.filter(pk__in=ids).prefetch_related(Prefetch("decisions", decided)):
        grounds = [str(decision.ground) for decision in one.decisions.all() if decision.ground is not None]
        found[one.pk] = (one, grounds[-1] if grounds and one.state == Comment.State.REMOVED else "")
    return found


def _judged(row: Comment, replies: tuple[PublishedComment, ...]) -> PublishedComment | None:
    try:
        return _pass(row, replies)
    except Exception:
        logger.exception("The gate kept comment %s closed: it could not be judged.", row.pk)
        return None


def _pass(row: Comment, replies: tuple[PublishedComment, ...]) -> PublishedComment | None:
    message = row.message
    contact = message.contact
    if (
        row.state != Comment.State.SHOWN
        or row.confirmed_at is None
        or message.may_publish is not True
        or message.direction != Message.Direction.IN
        or message.author != Message.Author.RESIDENT
        or contact is None
        or contact.protected
        or message.conversation.state == State.SPAM
    ):
        return None
    named: bool = row.named  # type: ignore[attr-defined]
    answers: list[CommentAnswer] = row.shown_answers  # type: ignore[attr-defined]
    return PublishedComment(
        pk=row.pk,
        name=row.shown_name if named else "",
        text=message.text,
        language=message.language,
        at=row.came_at,
        answers=tuple(_answer(one) for one in answers if _may_be_shown(one, message)),
        replies=replies,
    )


def _may_be_shown(answer: CommentAnswer, comment: Message) -> bool:
    said = answer.message
    return (
        said.direction == Message.Direction.OUT
        and said.author == Message.Author.STAFF
        and said.conversation_id == comment.conversation_id
    )


def _answer(row: CommentAnswer) -> PublishedWord:
    person = row.message.person
    shown = person is not None and person.shown
    return PublishedWord(
        ours=True,
        text=row.text,
        language=row.message.language,
        at=row.message.at,
        name=person.name if person is not None and shown else "",
        title=person.title if person is not None and shown else "",
        function=str(row.message.function) if row.message.function is not None else "",
    )
