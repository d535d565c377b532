"""Appearances outside: who spoke for which function, when, where and with whom; and what stood there before a correction.

Readers go through `gate.py`, never to these tables. Nothing is deleted: what is wrong is corrected or withdrawn (law 6).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.core.models import Topic
from gensvar.people.models import Function, Person


class Told(models.Model):
    """What is told of one appearance."""

    class Kind(models.TextChoices):
        """What it was."""

        INTERVIEW = "interview", _("interview")
        TALK = "talk", _("talk")
        VISIT = "visit", _("visit")
        MEETING = "meeting", _("meeting outside")

    kind = models.CharField(_("what it was"), max_length=10, choices=Kind)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("who spoke")
    )
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="+", verbose_name=_("for which function")
    )
    day = models.DateField(_("day"))  # of the municipality
    place = models.CharField(_("where or with whom"), max_length=200)
    link = models.CharField(_("link"), max_length=1000, blank=True)  # http or https, as it was written

    class Meta:
        abstract = True


class Appearance(Told):
    """One appearance as it is told today: public from the moment when it is entered until it is withdrawn."""

    topics = models.ManyToManyField(
        Topic, blank=True, related_name="appearances", verbose_name=_("what it was about")
    )
    entered_at = models.DateTimeField()
    told_at = models.DateTimeField()  # its place among all that is told one after another (services.place_of)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        indexes: ClassVar = [
            models.Index(fields=["-day", "-id"], name="appearance_newest"),
            models.Index(
                fields=["-told_at", "-id"], name="appearance_told", condition=Q(withdrawn_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}: {self.place}"


class EarlierTelling(Told):
    """What stood there until it was corrected, and why it was: written once."""

    appearance = models.ForeignKey(Appearance, on_delete=models.PROTECT, related_name="earlier")
    until = models.DateTimeField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-until", "-id"]

    def __str__(self) -> str:
        return f"{self.appearance_id} until {self.until:%Y-%m-%d}"

    def save(self, *args: Any, **options: Any) -> None:
        """Store it. Raises ValueError for one that stands already: what people have read is not rewritten."""
        if self.pk:
            raise ValueError("What stood there before is never changed.")
        super().save(*args, **options)
