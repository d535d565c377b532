"""The gate for comments: what of a thread may be seen is asked at every reading, and whatever cannot be judged is not shown.

A comment passes where it is confirmed and let through, its writer's yes still stands, the writer has no protected identity,
and its conversation is no spam. Pages ask for a thread only when they have passed their own gate (law 5).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gensvar.conversations.forwards import is_ours
from gensvar.conversations.models import Message, Participant
from gensvar.conversations.protecting import protected_writer
from gensvar.conversations.states import State
from gensvar.core import keyset
from gensvar.publishing import finding
from gensvar.publishing.comments import rules
from gensvar.publishing.comments.models import Comment, CommentAnswer, CommentDecision, CommentsClosed
from gensvar.publishing.comments.values import PublishedComment, PublishedThread
from gensvar.publishing.named import named_in
from gensvar.publishing.values import PublishedWord

logger = logging.getLogger(__name__)

NUMBER: Final = 5  # the kind of comments among all that is public (publishing.entries)
PAGE: Final = 50  # comments with their replies
MOST_REPLIES: Final = 200  # shown under one comment
STEP: Final = 200  # comments that are read at a time


_OPEN: Final = Q(
    state=Comment.State.SHOWN,
    confirmed_at__isnull=False,
    message__direction=Message.Direction.IN,
    message__author=Message.Author.RESIDENT,
    message__may_publish=True,
    message__contact__protected=False,
) & ~Q(message__conversation__state=State.SPAM)


@dataclass(frozen=True, slots=True)
class FoundComment:
    """A comment that was sought, and which page it stands under."""

    comment: PublishedComment
    kind: str
    key: str


def thread(kind: str, key: str, page: int = 1) -> PublishedThread:
    """That page of the comments under a public page, oldest first; for callers whose own page may be seen.

    One query, and one more each where answers, or what was taken away, stand in it.
    """
    page = max(1, page)
    here = Comment.objects.filter(on_kind=kind, on_key=key)
    ids = _tops(here).values("pk")[(page - 1) * PAGE : page * PAGE + 1]
    shut = CommentsClosed.objects.filter(on_kind=kind, on_key=key)
    wanted = Q(pk__in=ids) | Q(_OPEN, parent__in=ids)
    if page == 1:  # a page is closed through a comment: the first one tells it, seen or not
        wanted |= Q(Exists(shut), pk=Subquery(here.order_by("came_at", "pk").values("pk")[:1]))
    rows = list(_whole(here.filter(wanted)).annotate(shut=Exists(shut)).order_by("came_at", "pk"))
    closed = any(row.shut for row in rows) if rows or page == 1 else shut.exists()
    shown = _shown(rows)
    return PublishedThread(
        shown[:PAGE], not closed and rules.rule() != rules.OFF, page - 1, page + 1 if len(shown) > PAGE else 0
    )


def find(pk: int, kind: str, key: str) -> PublishedComment | None:
    """One comment under that page with our answers, without its replies; None for whatever may not be seen."""
    rows = _whole(Comment.objects.filter(_OPEN, pk=pk, on_kind=kind, on_key=key))
    return next(iter(_flat(rows)), None)


def find_by_key(pk: int) -> PublishedComment | None:
    """The same of that key, whatever page it stands under: who asks for more than its words asks that page's gate too."""
    return next(iter(_flat(_whole(Comment.objects.filter(_OPEN, pk=pk)))), None)


def every_shown() -> Iterator[PublishedComment]:
    """Every comment that may be seen, whatever page it stands under, for what search keeps."""
    last = 0
    while rows := list(_whole(Comment.objects.filter(_OPEN, pk__gt=last)).order_by("pk")[:STEP]):
        yield from _flat(rows)
        last = rows[-1].pk


def search(
    asked: Sequence[Sequence[str]], before: tuple[dt.datetime, int] | None, size: int
) -> tuple[list[FoundComment], tuple[dt.datetime, int] | None]:
    """Comments that hold one stem of each of these, newest first, and where the next begin; their pages are not judged."""
    rows = _whole(Comment.objects.filter(_OPEN, pk__in=finding.held(NUMBER, asked)))
    found, following = keyset.newest(rows, "came_at", before, size)
    pages = {row.pk: (row.on_kind, row.on_key) for row in found}
    kept = (one for one in _flat(found) if finding.holds(one.texts, asked))
    return [FoundComment(one, *pages[one.pk]) for one in kept], following


def pages_of(ids: Collection[int]) -> Mapping[int, int]:
    """On which page of its thread each of these stands, beginning with 1; one reading, none for none."""
    if not ids:
        return {}
    begins, first = Coalesce("parent__came_at", "came_at"), Coalesce("parent", "pk")
    above = _tops(Comment.objects.filter(on_kind=OuterRef("on_kind"), on_key=OuterRef("on_key")))
    above = above.filter(
        Q(came_at__lt=OuterRef("begins")) | Q(came_at=OuterRef("begins"), pk__lt=OuterRef("first"))
    )
    counted = above.order_by().values("on_key").annotate(many=Count("pk")).values("many")
    rows = Comment.objects.filter(pk__in=ids).annotate(begins=begins, first=first)
    return {
        pk: (many or 0) // PAGE + 1
        for pk, many in rows.annotate(above=Subquery(counted)).values_list("pk", "above")
    }


def newest(kind: str, key: str, most: int) -> tuple[PublishedComment, ...]:
    """The comments and replies that were shown last, and those that were answered last, at most `most` of each.

    Each by itself, with our answers; for callers whose own page may be seen.
    """
    everything = Comment.objects.filter(on_kind=kind, on_key=key)
    here = everything.filter(_OPEN)
    answered = CommentAnswer.objects.filter(shown=True, comment__in=here).order_by("-approved_at", "-pk")
    last = here.order_by("-shown_at", "-pk").values("pk")[:most]
    wanted = Q(pk__in=last) | Q(pk__in=answered.values("comment")[:most])
    tops = {pk: place // PAGE + 1 for place, pk in enumerate(_tops(everything).values_list("pk", flat=True))}
    found = _flat(_whole(here.filter(wanted)).order_by("pk"))
    return tuple(replace(one, page=tops.get(one.parent or one.pk, 1)) for one in found)


def _tops(here: QuerySet[Comment]) -> QuerySet[Comment]:
    """Those that begin a thread and are shown, or stand in it as a gap, oldest first."""
    replied = Exists(Comment.objects.filter(_OPEN, parent=OuterRef("pk")))
    shown = here.filter(_OPEN | Q(replied, shown_at__isnull=False), parent__isnull=True)
    return shown.order_by("came_at", "pk")


def _flat(rows: Iterable[Comment]) -> Iterator[PublishedComment]:
    """Each that may be seen, without what stands below it."""
    found = list(rows)
    answers = _answers([row.pk for row in found if row.answered])  # type: ignore[attr-defined]
    for row in found:
        if (one := _judged(row, (), answers.get(row.pk, ()))) is not None:
            yield one


def _whole(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    named = Participant.objects.filter(
        conversation=OuterRef("message__conversation"), contact=OuterRef("message__contact"), show_name=True
    )
    answered = CommentAnswer.objects.filter(comment=OuterRef("pk"), shown=True)
    return rows.select_related("message__contact", "message__conversation").annotate(
        named=Exists(named), answered=Exists(answered)
    )


def _shown(rows: Sequence[Comment]) -> tuple[PublishedComment, ...]:
    answers = _answers([row.pk for row in rows if row.answered])  # type: ignore[attr-defined]
    below: dict[int, list[PublishedComment]] = {}
    for row in rows:
        found = _judged(row, (), answers.get(row.pk, ())) if row.parent_id is not None else None
        if found is not None and row.parent_id is not None:
            below.setdefault(row.parent_id, []).append(found)
    shown: list[PublishedComment] = []
    gone: list[Comment] = []
    for row in (one for one in rows if one.parent_id is None):
        replies = tuple(below.get(row.pk, ())[:MOST_REPLIES])
        one = _judged(row, replies, answers.get(row.pk, ()))
        if one is None and replies:
            gone.append(row)
            one = PublishedComment(row.pk, "", "", "", row.came_at, gone=True, replies=replies)
        if one is not None:
            shown.append(one)
    grounds = _grounds([row.pk for row in gone if row.state == Comment.State.REMOVED])
    return tuple(replace(one, ground=grounds.get(one.pk, "")) if one.gone else one for one in shown)


def _answers(ids: Sequence[int]) -> dict[int, list[CommentAnswer]]:
    found: dict[int, list[CommentAnswer]] = {}
    if ids:
        rows = CommentAnswer.objects.filter(
            ~protected_writer("message__conversation"), comment__in=ids, shown=True
        ).order_by("message__at", "pk")
        for one in rows.select_related("message__person", "message__co_signer", "message__function"):
            found.setdefault(one.comment_id, []).append(one)
    return found


def _grounds(ids: Sequence[int]) -> dict[int, str]:
    """Why these were taken away; nothing of their words."""
    if not ids:
        return {}
    decided = CommentDecision.objects.filter(comment__in=ids, ground__isnull=False).select_related("ground")
    return {one.comment_id: str(one.ground) for one in decided.order_by("pk")}


def _judged(
    row: Comment, replies: tuple[PublishedComment, ...], answers: Sequence[CommentAnswer]
) -> PublishedComment | None:
    try:
        return _pass(row, replies, answers)
    except Exception:
        logger.exception("The gate kept comment %s closed: it could not be judged.", row.pk)
        return None


def _pass(
    row: Comment, replies: tuple[PublishedComment, ...], answers: Sequence[CommentAnswer]
) -> PublishedComment | None:
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
    return PublishedComment(
        pk=row.pk,
        name=row.shown_name if named else "",
        text=message.text,
        language=message.language,
        at=row.came_at,
        answers=tuple(_answer(one) for one in answers if _may_be_shown(one, message)),
        replies=replies,
        shown_at=row.shown_at,
        parent=row.parent_id or 0,
    )


def _may_be_shown(answer: CommentAnswer, comment: Message) -> bool:
    return is_ours(answer.message) and answer.message.conversation_id == comment.conversation_id


def _answer(row: CommentAnswer) -> PublishedWord:
    name, title = named_in(row.message)
    return PublishedWord(
        ours=True,
        text=row.text,
        language=row.message.language,
        at=row.message.at,
        name=name,
        title=title,
        function=str(row.message.function) if row.message.function is not None else "",
        key=row.pk,
        shown_at=row.approved_at,
    )
