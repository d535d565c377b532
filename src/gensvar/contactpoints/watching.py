"""Looks after places whose words do not come in by themselves: each working day, by somebody, with a log.

Source: practice of municipalities (reference in docs/how-to/places.md). Neighbours: the desk's screens; routing knows
which days are worked and gives `since`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max, QuerySet

from gensvar.contactpoints.models import ContactPoint, PlaceLook
from gensvar.contract.channel import capabilities_of
from gensvar.core import audit, clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.queries import functions_of

LONGEST_WORDS = 500


def asks_for_looks(point: ContactPoint) -> bool:
    """Whether somebody must go there to see what was written: it is open, and its words do not come in here."""
    return point.state == ContactPoint.State.LIVE and not capabilities_of(point.channel).receives


def last_looks(points: Iterable[ContactPoint]) -> dict[int, dt.date]:
    """By place the day of its last look; places at which nobody looked are not there. One query."""
    rows = PlaceLook.objects.filter(point__in=[point.pk for point in points]).order_by()
    return dict(rows.values_list("point").annotate(Max("day")))


def is_watched(point: ContactPoint, last: dt.date | None, since: dt.date) -> bool:
    """Whether somebody looked on the day `since` (the last working day) or later; or nobody need, being just opened."""
    if not asks_for_looks(point):
        return True
    opened = point.opened_on or dt.date.min
    return max(last or dt.date.min, opened) >= since


def may_look(user: User) -> QuerySet[ContactPoint]:
    """The open places that this log-in may say it has looked at: all, or those of the functions that it holds today."""
    live = ContactPoint.objects.filter(state=ContactPoint.State.LIVE)
    return live if user.may(May.MANAGE_PLACES) else live.filter(function__in=functions_of(user))


@transaction.atomic
def look(point: ContactPoint, words: str = "", *, by: User) -> PlaceLook:
    """Write down that `by` looked there now. The same again the same day, without new words, adds nothing.

    Raises NotAllowed for a place that is not theirs.
    """
    if not may_look(by).filter(pk=point.pk).exists():
        raise NotAllowed("This place belongs to another function, or it is not open.")
    words = " ".join(words.split())[:LONGEST_WORDS]
    today = PlaceLook.objects.filter(point=point, day=clock.today(), by=by).order_by("-pk").first()
    if today is not None and words in {"", today.words}:
        return today
    made = PlaceLook.objects.create(point=point, day=clock.today(), at=clock.now(), by=by, words=words)
    audit.note(by, "contactpoints.look", point)
    return made
