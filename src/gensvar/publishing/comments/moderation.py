"""What staff do with comments: show, not show with a ground, judge an appeal, show our answer, close a page for new ones.

Nothing is deleted: each decision keeps the words that it was about, and the writer is told. Neighbours: letters, gate.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.answers.models import Delivery
from gensvar.conversations import services as conversations
from gensvar.conversations.forwards import is_ours
from gensvar.conversations.models import Message
from gensvar.conversations.queries import visible_to
from gensvar.conversations.turns import take_turn
from gensvar.core import audit, clock, freshness
from gensvar.core.access import NotAllowed, require
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person
from gensvar.people.queries import person_of
from gensvar.publishing.comments import keeping, letters
from gensvar.publishing.comments.events import AnswerShown
from gensvar.publishing.comments.models import (
    Appeal,
    Comment,
    CommentAnswer,
    CommentDecision,
    CommentsClosed,
    ModerationGround,
)
from gensvar.publishing.own_names import proposed
from gensvar.publishing.services import (
    NEVER_IN_AN_ANSWER,
    NotPublishable,
    closed_to_all,
    known_names,
    left_in,
)

LONGEST_WORDS: Final = 2_000  # characters that a moderator writes to a comment's writer


@transaction.atomic
@freshness.adding()
def show(comment: Comment, *, by: User) -> None:
    """Let a comment that waits be seen. Raises NotAllowed, NotPublishable."""
    comment, person = _taken(comment, by, May.MODERATE)
    if comment.state != Comment.State.WAITING:
        raise NotPublishable([_not_now(comment)])
    _may_be_seen(comment)
    _set(comment, Comment.State.SHOWN)
    _decide(comment, CommentDecision.Kind.SHOWN, by, person)


@transaction.atomic
def remove(comment: Comment, ground: ModerationGround | None, words: str, *, by: User) -> CommentDecision:
    """Show a comment no longer, or not at all; its writer is told why and may appeal. Raises NotAllowed, NotPublishable."""
    comment, person = _taken(comment, by, May.MODERATE)
    if comment.state not in {Comment.State.WAITING, Comment.State.SHOWN}:
        raise NotPublishable([_not_now(comment)])
    if ground is None or not ModerationGround.on(clock.today()).filter(pk=ground.pk).exists():
        raise NotPublishable([_("Choose the ground. Without one nothing is taken away.")])
    _set(comment, Comment.State.REMOVED)
    return _decide(comment, CommentDecision.Kind.REMOVED, by, person, ground=ground, words=words)


@transaction.atomic
@freshness.adding()
def judge(appeal: Appeal, *, restore: bool, words: str, by: User) -> CommentDecision:
    """Decide an appeal: never by whom it is against. The writer is told. Raises NotAllowed, NotPublishable."""
    comment, person = _taken(appeal.decision.comment, by, May.JUDGE_APPEALS)
    appeal = Appeal.objects.select_related("decision").get(pk=appeal.pk)
    if by.pk == appeal.decision.by_id or person.pk == appeal.decision.person_id:
        raise NotAllowed(_("Another person than the one who decided judges the appeal."))
    if appeal.outcome_id is not None or comment.state != Comment.State.REMOVED:
        raise NotPublishable([_("This appeal has been decided already.")])
    if not words.strip():
        raise NotPublishable([_("Say why, in a sentence or two. It is sent to the writer.")])
    if restore:
        _may_be_seen(comment)
        _set(comment, Comment.State.SHOWN)
    kind = CommentDecision.Kind.RESTORED if restore else CommentDecision.Kind.UPHELD
    decision = _decide(comment, kind, by, person, words=words)
    appeal.outcome = decision
    appeal.save(update_fields=["outcome"])
    return decision


def proposed_answer(message: Message) -> str:
    """An answer as the thread could show it: without the names and numbers of those who take part."""
    return proposed(message, known_names(message.conversation), message.language or "sv")


@transaction.atomic
@freshness.adding()
def show_answer(comment: Comment, message: Message, text: str, *, by: User) -> CommentAnswer:
    """Show an answer of ours under the comment, as that text. Raises NotAllowed, NotPublishable."""
    comment, _person = _taken(comment, by, May.MODERATE)
    text = text.replace("\r\n", "\n").strip()
    if reasons := _answer_reasons(comment, message, text):
        raise NotPublishable(reasons)
    row, _new = CommentAnswer.objects.update_or_create(
        message=message,
        defaults={
            "comment": comment,
            "text": text,
            "shown": True,
            "approved_at": clock.now(),
            "approved_by": by,
        },
    )
    keeping.refresh(comment.pk)
    conversations.record_said(message.conversation)
    emit(AnswerShown(message.pk))
    audit.note(by, "comments.answer_shown", row)
    return row


@transaction.atomic
def hide_answer(answer: CommentAnswer, *, by: User) -> None:
    """Show the answer under the comment no longer; it stays in the conversation."""
    _taken(answer.comment, by, May.MODERATE)
    CommentAnswer.objects.filter(pk=answer.pk).update(shown=False)
    keeping.refresh(answer.comment_id)
    conversations.record_said(answer.message.conversation)
    emit(AnswerShown(answer.message_id))
    audit.note(by, "comments.answer_hidden", answer)


@transaction.atomic
def close_page(comment: Comment, *, by: User) -> None:
    """Take no more comments under the page that this one stands under."""
    comment, _person = _taken(comment, by, May.MODERATE)
    CommentsClosed.objects.get_or_create(
        on_kind=comment.on_kind, on_key=comment.on_key, defaults={"at": clock.now(), "by": by}
    )
    audit.note(by, "comments.closed", comment, kind=comment.on_kind, key=comment.on_key)


@transaction.atomic
def open_page(comment: Comment, *, by: User) -> None:
    """Take comments under that page again."""
    comment, _person = _taken(comment, by, May.MODERATE)
    CommentsClosed.objects.filter(on_kind=comment.on_kind, on_key=comment.on_key).delete()
    audit.note(by, "comments.opened", comment, kind=comment.on_kind, key=comment.on_key)


def _taken(comment: Comment, by: User, permission: May) -> tuple[Comment, Person]:
    """The comment as it stands now, and who decides; one decision at a time."""
    require(by, permission)
    take_turn()
    fresh = Comment.objects.select_related(
        "message__conversation__function", "message__conversation__contact_point", "message__contact"
    ).get(pk=comment.pk)
    if not visible_to(by).filter(pk=fresh.message.conversation_id).exists():
        raise NotAllowed("This comment's conversation is not yours to see.")
    person = person_of(by)
    if person is None:
        raise NotAllowed("This log-in belongs to no person, and every decision needs one.")
    return fresh, person


def _may_be_seen(comment: Comment) -> None:
    contact = comment.message.contact
    reasons = []
    if comment.confirmed_at is None:
        reasons.append(_("Its writer has not confirmed it yet."))
    if comment.message.may_publish is not True:
        reasons.append(_("Its writer has taken the yes to being shown back."))
    if contact is None or contact.protected:
        reasons.append(_("The writer has a protected identity; nothing of theirs is published."))
    if reasons:
        raise NotPublishable(reasons)


def _set(comment: Comment, state: Comment.State) -> None:
    comment.state = state
    if state == Comment.State.SHOWN:
        comment.shown_at = comment.shown_at or clock.now()
    comment.save(update_fields=["state", "shown_at"])
    keeping.refresh(comment.pk)


def _decide(
    comment: Comment,
    kind: CommentDecision.Kind,
    by: User,
    person: Person,
    *,
    ground: ModerationGround | None = None,
    words: str = "",
) -> CommentDecision:
    decision = CommentDecision.objects.create(
        comment=comment,
        kind=kind,
        ground=ground,
        words=words.replace("\r\n", "\n").strip()[:LONGEST_WORDS],
        kept_text=comment.message.text,
        kept_name=comment.shown_name,
        at=clock.now(),
        by=by,
        person=person,
    )
    audit.note(by, f"comments.{kind}", comment, decision=decision.pk)
    if kind != CommentDecision.Kind.SHOWN:
        letters.tell_decision(decision)
    return decision


def _answer_reasons(comment: Comment, message: Message, text: str) -> list[str]:
    if message.conversation_id != comment.message.conversation_id or not is_ours(message):
        return [_("Only an answer of ours to this comment can stand under it.")]
    reasons = closed_to_all(message.conversation)
    reasons += [] if text else [_("The text is empty.")]
    undo = Delivery.objects.filter(message=message, state=Delivery.State.WAITING, send_after__gt=clock.now())
    if undo.exists():
        reasons.append(_("The answer can still be taken back. Wait a few seconds and try again."))
    reasons += left_in(text, names=known_names(comment.message.conversation), kinds=NEVER_IN_AN_ANSWER)
    return reasons


def _not_now(comment: Comment) -> str:
    return _("Somebody was faster, or it has not come that far: the comment is “%(state)s”.") % {
        "state": Comment.State(comment.state).label
    }
