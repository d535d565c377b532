"""Conversations that belong together: linked, or merged into one.

What rooms below hang on a conversation follows too: the table JOINED of config/flow.py says who sees to it.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from gensvar.conversations import counts
from gensvar.conversations.answered import answered_since
from gensvar.conversations.changing import acting, changing, living, mark_anew, require_read, require_visible
from gensvar.conversations.counts import Standing
from gensvar.conversations.events import AboutChanged, tell_sight
from gensvar.conversations.models import AwaitedReference, Conversation, Message, Participant
from gensvar.conversations.outgoing import as_before, as_it_is
from gensvar.conversations.states import ImpossibleMove, Move, State, after
from gensvar.conversations.turns import turn
from gensvar.core import clock, handed
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May

__all__ = ["Joined", "link", "merge"]

Joined = Callable[[Conversation, Conversation, User], None]
"""Given a conversation, the one that it has just been merged into, and by whom: lets what hangs on the first follow."""


def link(conversation: Conversation, other: Conversation, *, by: User) -> None:
    """Say that this one has to do with the other; both must be visible to who says it.

    A conversation points at one other: where this one does already, that one points here. Raises NotAllowed, and ImpossibleMove
    for itself and where both point elsewhere: no tie is taken away by another.
    """
    with acting(conversation, by, May.ASSIGN, "link", other=other.pk) as found:
        other = living(Conversation.objects.get(pk=other.pk))
        require_visible(other, by)
        if other.pk == found.pk:
            raise ImpossibleMove(_("A conversation cannot be linked to itself."))
        if other.linked_from_id == found.pk:
            return
        if found.linked_from_id in {None, other.pk}:
            found.linked_from = other
        elif other.linked_from_id is None:
            Conversation.objects.filter(pk=other.pk).update(linked_from=found)
        else:
            words = _("Both are linked with others already: link one of those with this one instead.")
            raise ImpossibleMove(words)


def merge(conversation: Conversation, into: Conversation, *, by: User, seen: int | None = None) -> None:
    """All words and people of this one go on in the other; its number and its links lead there. Nothing is lost.

    A private link shows after it what it showed before: their own words, and what was said to them. Where an address has a
    part in both, the key that was mailed shows both, and one that was shown to whoever typed it no more than before
    (typed_keys). Raises NotAllowed, and ImpossibleMove for one with itself, where the public would lose sight of what it
    can read, where an address would read what was not written to it (_same_ways), and where persons wrote
    more than `seen` words in this one (require_read).
    """
    with turn():
        source, target = _join(conversation, into, by, seen)
        for follow in _following():
            follow(source, target, by)
        with changing(target) as found:
            found.answered_at = answered_since(found)
    conversation.refresh_from_db()
    into.refresh_from_db()


@functools.cache
def _following() -> Sequence[Joined]:
    """What the rooms below have handed over: JOINED of config/flow.py."""
    # Where it is missing nothing is merged: what hangs on it would be lost.
    found: Sequence[Joined] = handed.table("GENSVAR_FLOW", "JOINED")
    return found


def _join(
    conversation: Conversation, into: Conversation, by: User, seen: int | None
) -> tuple[Conversation, Conversation]:
    with acting(into, by, May.ASSIGN, "merge", merged=conversation.pk) as target:
        source = living(Conversation.objects.get(pk=conversation.pk))
        require_visible(source, by)
        if source.pk == target.pk:
            raise ImpossibleMove(_("These two are one conversation already."))
        _neither_is_spam(source, target)
        require_read(source, seen)
        public = Conversation.Visibility.PUBLIC
        if source.visibility == public != target.visibility:
            words = _(
                "%(number)s stands in public. Merge the other one into it, or take it back from the public first."
            )
            raise ImpossibleMove(words % {"number": source.number})
        _same_ways(source, target)
        before = Standing.of(source)
        _let_be_taken_back(source, target)
        moved = Message.objects.filter(conversation=source).update(conversation=target)
        _move_people(source, target)
        _move_ties(source, target)
        _take_over(source, target)
        target.message_count += moved
        source.merged_into, source.closed_at = target, clock.now()
        source.state, source.snoozed_until, source.due_at = State.CLOSED, None, None
        source.delivery_failed = source.unread = False
        source.save()
        counts.moved(before, Standing.of(source))
        mark_anew(target)
        emit(AboutChanged(target.pk))
        tell_sight([source.pk, target.pk])
    return source, target


def _neither_is_spam(source: Conversation, target: Conversation) -> None:
    """Raises ImpossibleMove where one is spam: a question would leave all queues, or spam would come into them unseen."""
    for one in (source, target):
        if one.state == State.SPAM:
            words = _("%(number)s is marked as spam. Take that mark away first.")
            raise ImpossibleMove(words % {"number": one.number})


def _same_ways(source: Conversation, target: Conversation) -> None:
    """Raises ImpossibleMove where the answers to one contact go to one address in the one and to another in the other.

    Anybody may write in another's name and ask for the answers (Reply-To): the key of that part was mailed there, and would
    open after a merge what its owner wrote in the other.
    """
    both = Q(conversation__in=(source, target)) | Q(conversation__merged_into__in=(source, target))
    addresses: dict[int, set[str]] = {}
    for contact, address in Participant.objects.filter(both).values_list("contact", "address"):
        addresses.setdefault(contact, set()).add(address)
    if any(len(different) > 1 for different in addresses.values()):
        raise ImpossibleMove(
            _("One who wrote in both gets the answers at different addresses. Link them instead.")
        )


def _move_people(source: Conversation, target: Conversation) -> None:
    """Who is in both keeps the old part where it is: its key still opens, and leads on."""
    there = Participant.objects.filter(conversation=target).values("contact")
    Participant.objects.filter(conversation=source).exclude(contact__in=there).update(conversation=target)


def _move_ties(source: Conversation, target: Conversation) -> None:
    """What it is about and linked with, what is awaited there, and what was merged into it before: one step leads on."""
    target.topics.add(*source.topics.all())
    AwaitedReference.objects.filter(conversation=source).update(conversation=target)
    Conversation.objects.filter(merged_into=source).update(merged_into=target)
    Conversation.objects.filter(linked_from=source).exclude(pk=target.pk).update(linked_from=target)
    if target.linked_from_id in {None, source.pk}:
        target.linked_from = source.linked_from if source.linked_from_id != target.pk else None
    elif source.linked_from_id not in {None, target.pk}:  # then that one points here, where it is free
        Conversation.objects.filter(pk=source.linked_from_id, linked_from=None).update(linked_from=target)


def _take_over(source: Conversation, target: Conversation) -> None:
    if source.last_at > target.last_at:
        target.last_at, target.preview = source.last_at, source.preview
    target.has_files = target.has_files or source.has_files
    target.unread = target.unread or source.unread
    target.doubted = target.doubted or source.doubted
    target.delivery_failed = target.delivery_failed or source.delivery_failed
    if source.state == State.OPEN:
        # It sleeps only while both would: what is awake in one must not fall asleep in the other.
        rests = [source.snoozed_until, *([target.snoozed_until] if target.state == State.OPEN else [])]
        target.snoozed_until = None if None in rests else min(at for at in rests if at is not None)
        if target.state != State.OPEN:
            target.state = after(target.state, Move.RECEIVE)
            target.closed_at = None
        promised = [at for at in (source.due_at, target.due_at) if at is not None]
        target.due_at = min(promised, default=None)


def _let_be_taken_back(source: Conversation, target: Conversation) -> None:
    """Our newest word in each can still be taken back: what was before it is then what both were, as one."""
    for one in (source, target):
        ours = Message.objects.filter(conversation=one, direction=Message.Direction.OUT, before__isnull=False)
        message = ours.order_by("-pk").first()
        if message is None:
            continue
        was = as_before(one, message)
        part, whole = (was, copy.copy(target)) if one is source else (source, was)
        _take_over(part, whole)
        Message.objects.filter(pk=message.pk).update(before=as_it_is(whole))
