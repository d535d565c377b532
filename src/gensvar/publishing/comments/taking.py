"""Makes a comment of a word that came by intake: its place under a page, its function, the mail that confirms it.

Neighbours: the square keeps the bytes with the fact, routing has placed the word before, letters writes the mail.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from django.db import transaction

from gensvar.contract.values import AnswerBy
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation
from gensvar.conversations.turns import take_turn
from gensvar.core import audit, clock, freshness, tokens
from gensvar.core.events import Again
from gensvar.publishing import arrived
from gensvar.publishing.comments import keeping, letters, pages, rules
from gensvar.publishing.comments.events import AppealKept, CommentKept
from gensvar.publishing.comments.models import Appeal, Comment, CommentDecision
from gensvar.publishing.comments.pages import CommentedPage

logger = logging.getLogger(__name__)

CONFIRMED_WITHIN: Final = dt.timedelta(days=14)


def take_comment(fact: CommentKept) -> Again:
    """Handler: wait until the word is read and has its place, then tie it to its page and ask its writer to confirm it."""
    take_turn()
    message = arrived.read(fact.envelope_id)
    if message is None or not arrived.routed(message):
        return arrived.later(fact.envelope_id)
    if Comment.objects.filter(message=message).exists() or not arrived.opened_by(message):
        return None
    page = pages.page_of(fact.kind, fact.key)
    key = page.key if page is not None else fact.key
    parent = Comment.objects.filter(
        pk=fact.parent, on_kind=fact.kind, on_key=key, shown_at__isnull=False
    ).first()
    comment = Comment.objects.create(
        on_kind=fact.kind,
        on_key=key,
        parent=(parent.parent or parent) if parent is not None else None,
        message=message,
        shown_name=message.sender_name,
        found=rules.findings(message.text, message.sender_name),
        came_at=message.at,
    )
    _link(message.conversation, parent, page)
    arrived.pass_to(message.conversation, page.function if page is not None else None)
    audit.note(None, "comments.kept", comment)
    message.conversation.refresh_from_db()
    letters.ask_to_confirm(comment)
    return None


def take_appeal(fact: AppealKept) -> Again:
    """Handler: tie the words of an appeal to the decision that they are against; the first words count."""
    take_turn()
    message = arrived.read(fact.envelope_id)
    if message is None:
        return arrived.later(fact.envelope_id)
    decision = CommentDecision.objects.select_related("comment__message").get(pk=fact.decision_id)
    if (
        decision.kind == CommentDecision.Kind.REMOVED
        and not Appeal.objects.filter(decision=decision).exists()
        and message.contact_id == decision.comment.message.contact_id
        and message.conversation_id == decision.comment.message.conversation_id
    ):
        appeal = Appeal.objects.create(decision=decision, message=message, at=message.at)
        audit.note(None, "comments.appealed", appeal)
    return None


def find_to_confirm(token: str) -> Comment | None:
    """The comment that a genuine token of its mail belongs to; None for anything else."""
    key = tokens.read(letters.CONFIRM, token)
    return Comment.objects.select_related("message").filter(key=key).first() if key is not None else None


def too_old(comment: Comment) -> bool:
    """Whether its link confirms nothing any more."""
    return comment.confirmed_at is None and comment.came_at < clock.now() - CONFIRMED_WITHIN


@transaction.atomic
@freshness.adding()
def confirm(comment: Comment) -> Comment:
    """Its writer says that it is theirs: it is shown, or waits to be read. Once is enough, and the link shows nothing anew."""
    take_turn()
    found = Comment.objects.select_related("message__contact").get(pk=comment.pk)
    if found.state != Comment.State.UNCONFIRMED or too_old(found):
        return found
    now = clock.now()
    found.confirmed_at, found.state = now, Comment.State.WAITING
    contact = found.message.contact
    if rules.rule() == rules.AFTER and not found.found and contact is not None and not contact.protected:
        found.state, found.shown_at = Comment.State.SHOWN, now
    found.save(update_fields=["confirmed_at", "state", "shown_at"])
    keeping.refresh(found.pk)
    participant = letters.writer_of(found.message)
    if participant is not None:
        conversations.set_answer_by(participant, AnswerBy.EMAIL)
    audit.note(None, "comments.confirmed", found, state=found.state)
    return found


def _link(conversation: Conversation, parent: Comment | None, page: CommentedPage | None) -> None:
    other = parent.message.conversation_id if parent is not None else page.conversation_id if page else None
    arrived.link(conversation, other)
