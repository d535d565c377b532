"""Reads the outbox: what went out, what waits, what is still within its time to be taken back."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet

from gensvar.answers.models import Delivery
from gensvar.conversations.models import Message
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import May


def outbox(user: User) -> QuerySet[Delivery]:
    """Every outgoing word, newest first; nothing for those who may not see the outbox.

    Letters to those who follow us are left out for all who may not see who they are; invitations to surveys for
    everybody, since a reminder says who had not answered: they stand with their round. The demo shows them.
    """
    if not user.may(May.SEE_OUTBOX):
        return Delivery.objects.none()
    rows = Delivery.objects.select_related(
        "conversation", "participant__contact", "contact_point", "person", "function"
    ).order_by("-created_at", "-pk")
    if not settings.GENSVAR_DEMO:
        rows = rows.exclude(kind=Delivery.Kind.SURVEY)
    return rows if user.may(May.SEE_SUBSCRIBERS) else rows.exclude(kind=Delivery.Kind.NEWS)


def take_back_until(message: Message) -> dt.datetime | None:
    """Until when that answer can be taken back, or None where it cannot any more."""
    deliveries = [one for one in message.deliveries.all() if one.kind != Delivery.Kind.NOTICE]
    waiting = [one for one in deliveries if one.state == Delivery.State.WAITING and one.attempts == 0]
    if not waiting or len(waiting) != len(deliveries):
        return None
    until = min(one.send_after for one in waiting)
    return until if until > clock.now() else None
