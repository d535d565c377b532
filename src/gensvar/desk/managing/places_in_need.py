"""What each place lacks, in words and in the order in which it presses; neighbour: places shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from gensvar.contactpoints import services, watching
from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock
from gensvar.desk.rows import Form, Mark, form_of
from gensvar.publishing.links.models import OutsideLink
from gensvar.publishing.links.queries import IN_NEED, of_places, sentence
from gensvar.routing import calendar
from gensvar.routing.alarms.keeping import places_in_need
from gensvar.routing.models import Alarm

LONGEST_REST: Final = 30  # days that are looked back through for a day that was worked
_ORDER: Final = {ContactPoint.State.LIVE: 0, ContactPoint.State.DRAFT: 1, ContactPoint.State.CLOSED: 2}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as the list says it. `marks` are what it lacks, the most pressing first; `seen` is the day of its last look."""

    point: ContactPoint
    form: Form
    marks: tuple[Mark, ...]
    press: int  # how much it presses: 0 is the most
    looks: bool  # somebody must look there each working day
    seen_on: dt.date | None
    seen: bool  # it has been looked at since the last working day


def last_working_day(today: dt.date) -> dt.date:
    """Today where it is worked, else the last day that was; today where the calendar knows none."""
    known = calendar.load()
    days = (today - dt.timedelta(days=back) for back in range(LONGEST_REST))
    return next((day for day in days if known.is_working_day(day)), today)


def all_places() -> list[PlaceRow]:
    """Every place, what presses most first; four queries and the calendar."""
    points = list(ContactPoint.objects.select_related("function", "owner", "deputy").order_by("name"))
    live = [point for point in points if point.state == ContactPoint.State.LIVE]
    looks, links = watching.last_looks(live), of_places(point.pk for point in live)
    in_need = places_in_need()
    since = last_working_day(clock.today())
    rows = [
        _row(point, looks.get(point.pk), since, links.get(point.pk), in_need.get(point.pk))
        for point in points
    ]
    return sorted(rows, key=lambda row: (_ORDER[ContactPoint.State(row.point.state)], row.press))


def watched(points: Iterable[ContactPoint]) -> list[PlaceRow]:
    """These places for who looks after them: not yet seen first."""
    points = list(points)
    looks, since = watching.last_looks(points), last_working_day(clock.today())
    rows = [_row(point, looks.get(point.pk), since, None, None) for point in points]
    return sorted(rows, key=lambda row: row.seen)


def _row(
    point: ContactPoint,
    last: dt.date | None,
    since: dt.date,
    link: OutsideLink | None,
    need: Alarm.Why | None,
) -> PlaceRow:
    asks = watching.asks_for_looks(point)
    seen = watching.is_watched(point, last, since)
    found = list(_lacks(point, seen, link, need)) if point.state == ContactPoint.State.LIVE else []
    return PlaceRow(
        point=point,
        form=form_of(point.channel),
        marks=tuple(mark for _press, mark in found),
        press=min((press for press, _mark in found), default=9),
        looks=asks,
        seen_on=last,
        seen=seen,
    )


def _lacks(
    point: ContactPoint, seen: bool, link: OutsideLink | None, need: Alarm.Why | None
) -> Iterable[tuple[int, Mark]]:
    held = {point.owner_id, point.deputy_id} - {None}
    if not held:
        yield 0, _late(_("has neither owner nor deputy"))
    elif need is not None:
        yield 0, _late(_("owner and deputy have left") if need == Alarm.Why.VACANT else str(need.label))
    if not seen:
        yield 1, Mark("late", "time", _("nobody has looked there since the last working day"))
    if held and point.owner_id is None:
        yield 2, _late(_("has no owner"))
    if held and point.deputy_id is None:
        yield 2, _late(_("has no deputy"))
    lacks = services.lacking(point)
    for field in ("notice", "archiving"):
        if field in lacks:
            yield 3, _late(lacks[field])
    if link is not None and link.state in IN_NEED:
        yield 4, Mark("late", "link", sentence(link.finding, link.details))


def _late(said: str) -> Mark:
    return Mark("late", "warning", said)
