"""When a municipality works, in a playbook: its week, and the days on which it differs by its own decision.

Holidays are in no file: every Gensvar fills them in by itself. Neighbour: days writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Part, fields_of, filled
from gensvar.core.playbooks.shape import Day, Field, Flag, Record, Text, Time
from gensvar.routing import days
from gensvar.routing.calendar import WEEKDAYS
from gensvar.routing.models import SpecialDay, WorkingWeek


class Week(Part):
    """The one ordinary week."""

    name: ClassVar[str] = "working_week"
    title: ClassVar[str | Promise] = _("working week")
    shape: ClassVar[tuple[Field, ...]] = (
        *(Flag(name=day) for day in WEEKDAYS),
        Time(name="day_ends"),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"routing.WorkingWeek"})
    screen: ClassVar[str] = "desk:days"
    model: ClassVar[type[models.Model] | None] = WorkingWeek

    def standing(self) -> Iterable[Record]:
        """As it holds now."""
        week = _week()
        return [{**fields_of(week, self.shape), "day_ends": f"{week.day_ends:%H:%M}"}]

    def write(self, change: Change, by: User) -> models.Model:
        """By the calendar's own service."""
        values = change.values
        if "day_ends" in values:
            values["day_ends"] = dt.time.fromisoformat(values["day_ends"])
        return days.save_week(filled(_week(), values), by=by)


class Days(Part):
    """Special days of this year and later that somebody decided."""

    name: ClassVar[str] = "special_days"
    title: ClassVar[str | Promise] = _("special days")
    shape: ClassVar[tuple[Field, ...]] = (
        Day(name="date", key=True),
        Text(name="name", longest=80, needed=True),
        Flag(name="worked", needed=True),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"routing.SpecialDay"})
    screen: ClassVar[str] = "desk:days"
    model: ClassVar[type[models.Model] | None] = SpecialDay

    def standing(self) -> Iterable[Record]:
        """All."""
        return [_record(one) for one in SpecialDay.objects.order_by("date")]

    def given(self) -> Iterable[Record]:
        """Those from the first of January on that are not as every calendar has them."""
        rows = list(SpecialDay.objects.filter(date__year__gte=clock.today().year).order_by("date"))
        filled_in = days.holidays_of({one.date.year for one in rows})
        return [_record(one) for one in rows if one.worked or filled_in.get(one.date) != one.name]

    def write(self, change: Change, by: User) -> models.Model:
        """By the calendar's own service."""
        said = change.record
        return days.save_day(dt.date.fromisoformat(said["date"]), said["name"], worked=said["worked"], by=by)


def _week() -> WorkingWeek:
    return WorkingWeek.objects.order_by("pk").first() or WorkingWeek()


def _record(day: SpecialDay) -> dict[str, object]:
    return {"date": day.date.isoformat(), "name": day.name, "worked": day.worked}
