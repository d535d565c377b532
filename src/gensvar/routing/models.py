"""When we work: the week, and the days that are not as the week says; and what a coordinator must hear the same day."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.people.models import Tenure


class WorkingWeek(models.Model):
    """Which days of an ordinary week are worked, and when the day ends (municipality's time zone). One row."""

    monday = models.BooleanField(_("Monday"), default=True)
    tuesday = models.BooleanField(_("Tuesday"), default=True)
    wednesday = models.BooleanField(_("Wednesday"), default=True)
    thursday = models.BooleanField(_("Thursday"), default=True)
    friday = models.BooleanField(_("Friday"), default=True)
    saturday = models.BooleanField(_("Saturday"), default=False)
    sunday = models.BooleanField(_("Sunday"), default=False)
    day_ends = models.TimeField(_("the day ends at"), default=dt.time(16, 0))

    class Meta:
        verbose_name = _("working week")
        verbose_name_plural = _("working week")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="week_has_a_working_day",
                condition=Q(monday=True)
                | Q(tuesday=True)
                | Q(wednesday=True)
                | Q(thursday=True)
                | Q(friday=True)
                | Q(saturday=True)
                | Q(sunday=True),
                violation_error_message=_("At least one day of the week must be worked."),
            )
        ]

    def __str__(self) -> str:
        return str(_("working week"))


class SpecialDay(models.Model):
    """A day that is not as the week says: a holiday, or a Saturday that is worked."""

    date = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    worked = models.BooleanField(_("worked"), default=False)

    class Meta:
        ordering: ClassVar = ["date"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class FilledYear(models.Model):
    """A year whose holidays were filled in once: what somebody changed or took away afterwards stays so."""

    year = models.PositiveSmallIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.year)


class Alarm(models.Model):
    """That something needs a coordinator: since when, why, and when it was mended. Rows are ended, not deleted."""

    class Why(models.TextChoices):
        """What is wrong: a closed set."""

        VACANT = "vacant", _("neither owner nor deputy")
        UNABLE = "unable", _("neither owner nor deputy has a log-in and a role to answer with")
        MOVED = "moved", _("its function is closed, or neither owner nor deputy holds it")
        AWAY = "away", _("neither owner nor deputy is there")
        LEAVING = "leaving", _("an external person leaves soon")

    why = models.CharField(max_length=10, choices=Why)
    point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, null=True, related_name="alarms")
    tenure = models.ForeignKey(Tenure, on_delete=models.PROTECT, null=True, related_name="alarms")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="alarm_is_of_one_thing",
                condition=Q(point__isnull=False, tenure__isnull=True)
                | Q(point__isnull=True, tenure__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["point"], name="one_alarm_a_place", condition=Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["tenure"], name="one_alarm_a_tenure", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.point_id or self.tenure_id}"
