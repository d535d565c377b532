"""Experiments: what we try, why, how we will know, who holds it and who could take over; and what happened, line by line.

Readers go through `gate.py`, never to these tables. A line that is public is never changed; nothing is deleted (law 6).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gensvar.core.models import Topic
from gensvar.learning.proposed import Proposed
from gensvar.people.models import Function, Person


class Experiment(Proposed):
    """Something that is tried until a day on which it is decided. Its words stay as they were once they are public."""

    class Verdict(models.TextChoices):
        """What was decided in the end."""

        KEPT = "kept", _("we go on with it")
        CHANGED = "changed", _("we go on in another way")
        FAILED = "failed", _("it did not work, and we stop")

    tries = models.TextField(_("what we try"), max_length=1500)
    why = models.TextField(_("why"), max_length=1500)
    known_by = models.TextField(_("how we will know"), max_length=1500)
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="experiments", verbose_name=_("function")
    )
    holder = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="experiments", verbose_name=_("who holds it")
    )
    successors = models.ManyToManyField(
        Person, blank=True, related_name="could_take_over", verbose_name=_("who could take over")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="experiments", verbose_name=_("topics"))
    starts = models.DateField(_("begins on"))
    decides = models.DateField(_("is decided by"))
    verdict = models.CharField(_("what we decided"), max_length=10, choices=Verdict, blank=True)
    result = models.TextField(_("what came of it"), max_length=3000, blank=True)
    decided_on = models.DateField(null=True)
    changed_at = models.DateTimeField(null=True)  # when what the public sees of it last changed

    class Meta:
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")
        indexes: ClassVar = [
            models.Index(
                fields=["-changed_at", "-id"], name="experiment_public", condition=Q(state="published")
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="experiment_decided_after_start", condition=Q(decides__gte=F("starts"))
            ),
            models.CheckConstraint(
                name="experiment_verdict_with_result",
                condition=Q(verdict="", decided_on__isnull=True)
                | (~Q(verdict="") & ~Q(result="") & Q(decided_on__isnull=False)),
            ),
        ]


class Line(models.Model):
    """What happened to an experiment, in public: written once, in the name of whoever held it then."""

    class Kind(models.TextChoices):
        """What the line tells."""

        BEGUN = "begun", _("shown in public")
        LEARNT = "learnt", _("learnt meanwhile")
        MOVED = "moved", _("to be decided on another day")
        HANDED = "handed", _("held by somebody else")
        DECIDED = "decided", _("decided")

    experiment = models.ForeignKey(Experiment, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField(max_length=3000, blank=True)
    until = models.DateField(null=True)  # the day that it was moved to
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who held it from then on
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.experiment_id} {self.kind} {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **options: Any) -> None:
        """Store it. Raises ValueError for one that stands already: what people have read is not rewritten."""
        if self.pk:
            raise ValueError("A line is never changed; write another one.")
        super().save(*args, **options)
