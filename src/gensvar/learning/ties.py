"""Ties an outcome to the conversations that led to it and to posts; a tie that ends stays as a row.

Neighbours: services (the outcome itself), telling (those in a conversation that is tied late may be told too),
conversations.joining (calls `follow` where a conversation becomes part of another: JOINED of config/flow.py).
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.conversations.models import Conversation
from gensvar.conversations.states import State
from gensvar.conversations.visibility import visible_to
from gensvar.core import audit, clock
from gensvar.core.access import NotAllowed, require
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.learning.events import ConversationLedTo
from gensvar.learning.models import ConversationTie, Outcome, PostTie
from gensvar.publishing.posts.models import Post
from gensvar.publishing.services import NotPublishable


@transaction.atomic
def tie(outcome: Outcome, conversation: Conversation, *, by: User, tell: bool = False) -> None:
    """Say that this conversation led to it; with `tell`, those in it get a word of the newest public step.

    Telling takes the right to publish. Raises NotAllowed, NotPublishable for spam.
    """
    _may_tie(conversation, by)
    if conversation.state == State.SPAM:
        raise NotPublishable([_("That conversation is marked as spam.")])
    row, new = ConversationTie.objects.get_or_create(
        outcome=outcome, conversation=conversation, defaults={"at": clock.now(), "by": by}
    )
    if not new and row.ended_at is not None:
        ConversationTie.objects.filter(pk=row.pk).update(ended_at=None, at=clock.now(), by=by)
    audit.note(by, "outcomes.tied", outcome, conversation=conversation.pk)
    newest = Outcome.objects.values_list("newest", flat=True).get(pk=outcome.pk)
    if tell and newest is not None:
        require(by, May.PUBLISH)
        emit(ConversationLedTo(newest, conversation.pk))


@transaction.atomic
def untie(outcome: Outcome, conversation: Conversation, *, by: User) -> None:
    """Say that it did not lead to it after all. Raises NotAllowed."""
    _may_tie(conversation, by)
    living = ConversationTie.objects.filter(outcome=outcome, conversation=conversation, ended_at=None)
    if living.update(ended_at=clock.now()):
        audit.note(by, "outcomes.untied", outcome, conversation=conversation.pk)


def follow(source: Conversation, target: Conversation, by: User) -> None:
    """Two conversations became one: what the first led to, the other led to. Where both did, one living tie says so.

    What those in it were told stands as told where it was: whoever heard of a step hears of it no second time.
    """
    there = {one.outcome_id: one for one in ConversationTie.objects.filter(conversation=target)}
    for row in ConversationTie.objects.filter(conversation=source).order_by("pk"):
        other = there.get(row.outcome_id)
        if other is None:
            ConversationTie.objects.filter(pk=row.pk).update(conversation=target)
        elif row.ended_at is None:
            ConversationTie.objects.filter(pk=row.pk).update(ended_at=clock.now())
            ConversationTie.objects.filter(pk=other.pk).update(ended_at=None)


@transaction.atomic
def tie_post(outcome: Outcome, post: Post, *, by: User) -> None:
    """Say that this post has to do with it; it is shown there as long as it is public."""
    require(by, May.PROPOSE_OUTCOMES)
    row, new = PostTie.objects.get_or_create(
        outcome=outcome, post=post, defaults={"at": clock.now(), "by": by}
    )
    if not new and row.ended_at is not None:
        PostTie.objects.filter(pk=row.pk).update(ended_at=None, at=clock.now(), by=by)
    audit.note(by, "outcomes.post_tied", outcome, post=post.pk)


@transaction.atomic
def untie_post(outcome: Outcome, post: Post, *, by: User) -> None:
    """Say that it has not."""
    require(by, May.PROPOSE_OUTCOMES)
    if PostTie.objects.filter(outcome=outcome, post=post, ended_at=None).update(ended_at=clock.now()):
        audit.note(by, "outcomes.post_untied", outcome, post=post.pk)


def _may_tie(conversation: Conversation, by: User) -> None:
    require(by, May.PROPOSE_OUTCOMES)
    if not visible_to(by).filter(pk=conversation.pk).exists():
        raise NotAllowed("This conversation is not yours to see.")
