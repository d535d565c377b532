"""A topic or a question that becomes part of another: whoever followed the one by mail follows the other from then on.

Neighbours: due leads on before every letter, services before a change and for the own page.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from gensvar.conversations.models import Conversation
from gensvar.core import clock
from gensvar.core import topics as vocabulary
from gensvar.core.models import Topic
from gensvar.publishing import short_links, streams
from gensvar.publishing.newsletters.models import Following, Subscriber

WAITED: Final = {  # how old what is still to be told may be: what the other was about before is nobody's news
    Subscriber.Pace.EACH: dt.timedelta(days=1),
    Subscriber.Pace.DAILY: dt.timedelta(days=2),
    Subscriber.Pace.WEEKLY: dt.timedelta(days=8),
}


def among(rows: QuerySet[Following]) -> QuerySet[Following]:
    """Those of these rows whose stream goes on under another name."""
    topics = Topic.objects.filter(slug=OuterRef("slug"), merged_into__isnull=False)
    questions = Conversation.objects.filter(number=OuterRef("slug"), merged_into__isnull=False)
    return rows.filter(
        Q(Exists(topics), scope=streams.TOPIC) | Q(Exists(questions), scope=streams.QUESTION)
    ).order_by("pk")


def name_of(row: Following) -> str:
    """The short name under which the stream of such a row goes on."""
    if row.scope == streams.TOPIC:
        topic = vocabulary.find(row.slug)
        return topic.slug if topic is not None else row.slug
    return short_links.successor(row.slug) or row.slug


def lead_on(rows: QuerySet[Following]) -> None:
    """Let those of these rows that are confirmed and have not ended go on as rows of what became of their streams.

    In the caller's transaction. The old row stays, ended, with the day when its following was confirmed.
    """
    now = clock.now()
    confirmed = rows.filter(confirmed_at__isnull=False, ended_at=None)
    for row in among(confirmed).select_related("subscriber"):
        assert row.confirmed_at is not None
        since = max(row.confirmed_at, now - WAITED[Subscriber.Pace(row.subscriber.pace)])
        other, new = Following.objects.get_or_create(
            subscriber=row.subscriber,
            scope=row.scope,
            slug=name_of(row),
            defaults={"pace": row.pace, "asked_at": row.asked_at, "confirmed_at": since},
        )
        if other.pk == row.pk:
            continue
        if not new:
            there = other.confirmed_at if other.ended_at is None else None
            other.confirmed_at, other.ended_at = min(there or since, since), None
            other.save(update_fields=["confirmed_at", "ended_at"])
        row.ended_at = now
        row.save(update_fields=["ended_at"])
