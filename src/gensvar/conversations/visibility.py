"""Which conversations a member of staff may see: deny first. Neighbours: queries and every service ask here."""

from __future__ import annotations

import datetime as dt
import functools

from django.db.models import Q, QuerySet

from gensvar.conversations.models import Conversation, Mention
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.queries import tenures_of, tenures_on


def visible_to(user: User) -> QuerySet[Conversation]:
    """All for those who read all; else those of one's functions today, assigned to one, or where one was asked."""
    if user.may(May.READ_ALL):
        return Conversation.objects.all()
    if not user.may(May.READ_OWN):
        return Conversation.objects.none()
    return _own(user.pk, clock.today()).all()


@functools.lru_cache(maxsize=256)
def _own(user: int, today: dt.date) -> QuerySet[Conversation]:
    """Drawn up once a day for each log-in: a page of the desk asks it nine times over."""
    asked = Mention.objects.filter(person__user=user).values("message__conversation")
    held = tenures_on(today).filter(person__user=user).values("function")
    return Conversation.objects.filter(Q(function__in=held) | Q(assignee__user=user) | Q(pk__in=asked))


def in_functions_of(user: User) -> QuerySet[Conversation]:
    """What the shared queues of a user are made of: their functions' conversations, or all for those who read all."""
    if user.may(May.READ_ALL):
        return Conversation.objects.all()
    if not user.may(May.READ_OWN):
        return Conversation.objects.none()
    return Conversation.objects.filter(function__in=tenures_of(user).values("function"))
