"""How much of what residents asked in a period was answered, and how soon: never shown apart from who says it.

A conversation counts on the day of its first word, if a resident began it; spam, old words brought home, those merged
into another and those of people with a protected identity are left out. One that was closed without an answer counts as unanswered.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.states import State
from gensvar.voices.shares import Selection, alike_topics

Times = tuple[dt.datetime, dt.datetime | None]  # asked and, where it was, answered


@dataclass(frozen=True, slots=True)
class Heard:
    """`asked` conversations, of which so many are unanswered today; `hours` is the median time to the first answer."""

    asked: int
    unanswered: int
    hours: float | None

    @property
    def unanswered_share(self) -> float | None:
        """Between 0 and 1; None where nobody asked."""
        return self.unanswered / self.asked if self.asked else None


def asked_in(chosen: Selection) -> QuerySet[Conversation]:
    """The conversations that residents began on those days."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start = timezone.make_aware(dt.datetime.combine(chosen.starts, dt.time()), zone)
    end = timezone.make_aware(dt.datetime.combine(chosen.ends + dt.timedelta(days=1), dt.time()), zone)
    theirs = Message.objects.filter(conversation=OuterRef("pk"), direction=Message.Direction.IN)
    found = Conversation.objects.filter(
        Exists(theirs),
        last_at__gte=start,  # follows from the next line; by it the database finds them in an index
        opened_at__gte=start,
        opened_at__lt=end,
        imported=False,
        merged_into=None,
    ).exclude(Q(state=State.SPAM) | Q(contact__protected=True))
    if chosen.channel:
        found = found.filter(channel=chosen.channel)
    if chosen.topic is not None:
        links = Conversation.topics.through.objects.filter(topic_id__in=alike_topics(chosen.topic))
        found = found.filter(Q(pk__in=links.values("conversation_id")))
    return found


def heard_in(chosen: Selection) -> Heard:
    """What was asked and answered; one query."""
    return _heard(asked_in(chosen).values_list("opened_at", "answered_at"))


def heard_by_month(chosen: Selection) -> dict[dt.date, Heard]:
    """The same for each month (its first day) that the days lie in; one query."""
    times: dict[dt.date, list[Times]] = {month: [] for month in chosen.months}
    for opened, answered in asked_in(chosen).values_list("opened_at", "answered_at"):
        times[timezone.localdate(opened).replace(day=1)].append((opened, answered))
    return {month: _heard(those) for month, those in times.items()}


def _heard(times: Iterable[Times]) -> Heard:
    times = list(times)
    waits = [(answered - opened).total_seconds() / 3600 for opened, answered in times if answered is not None]
    return Heard(
        asked=len(times),
        unanswered=len(times) - len(waits),
        hours=statistics.median(waits) if waits else None,
    )
