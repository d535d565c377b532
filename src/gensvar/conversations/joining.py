"""Conversations that belong together: linked, or merged into one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gensvar.conversations import counts
from gensvar.conversations.changing import acting, living, mark_anew, require_visible
from gensvar.conversations.counts import Standing
from gensvar.conversations.events import AboutChanged
from gensvar.conversations.models import AwaitedReference, Conversation, Message, Participant
from gensvar.conversations.states import ImpossibleMove, Move, State, after
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May

__all__ = ["link", "merge"]


def link(conversation: Conversation, other: Conversation, *, by: User) -> None:
    """Say that this one has to do with the other; both must be visible to who says it."""
    with acting(conversation, by, May.ASSIGN, "link", other=other.pk) as found:
        other = living(other)
        require_visible(other, by)
        if other.pk == found.pk:
            raise ImpossibleMove(_("A conversation cannot be linked to itself."))
        found.linked_from = other


def merge(conversation: Conversation, into: Conversation, *, by: User) -> None:
    """All words and people of this one go on in the other; its number and its links lead there. Nothing is lost.

    A private link shows after it what it showed before: their own words, and what was said to them.
    """
    with acting(into, by, May.ASSIGN, "merge", merged=conversation.pk) as target:
        source = living(Conversation.objects.get(pk=conversation.pk))
        require_visible(source, by)
        if source.pk == target.pk:
            raise ImpossibleMove(_("These two are one conversation already."))
        before = Standing.of(source)
        moved = Message.objects.filter(conversation=source).update(conversation=target)
        _move_people(source, target)
        AwaitedReference.objects.filter(conversation=source).update(conversation=target)
        _take_over(source, target, moved)
        source.merged_into, source.closed_at = target, clock.now()
        source.state, source.snoozed_until, source.due_at = State.CLOSED, None, None
        source.delivery_failed = source.unread = False
        source.save()
        counts.moved(before, Standing.of(source))
        mark_anew(target)
        emit(AboutChanged(target.pk))
    conversation.refresh_from_db()


def _move_people(source: Conversation, target: Conversation) -> None:
    """Who is in both keeps the old part where it is: its key still opens, and leads on."""
    there = Participant.objects.filter(conversation=target).values("contact")
    Participant.objects.filter(conversation=source).exclude(contact__in=there).update(conversation=target)


def _take_over(source: Conversation, target: Conversation, moved: int) -> None:
    if source.last_at > target.last_at:
        target.last_at, target.preview = source.last_at, source.preview
    target.message_count += moved
    target.has_files = target.has_files or source.has_files
    target.unread = target.unread or source.unread
    if source.state == State.OPEN:
        if target.state != State.OPEN:
            target.state = after(target.state, Move.RECEIVE)
            target.closed_at = None
        promised = [at for at in (source.due_at, target.due_at) if at is not None]
        target.due_at = min(promised, default=None)
