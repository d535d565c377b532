"""That there is a log-in somewhere outside, and who knows it. No password, no code, no recovery key has a column here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.people.models import Person


class OutsideLogin(models.Model):
    """One log-in: of a place of ours, or of something else under its own name."""

    class Kind(models.TextChoices):
        """What kind of key it is."""

        SHARED = "shared", _("one password that several know")
        PERSONAL = "personal", _("a personal account that manages the page")
        DEVICE = "device", _("a phone, a key or an app for the second step")
        RECOVERY = "recovery", _("the mailbox or number that a lost password goes to")

    point = models.ForeignKey(
        ContactPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="outside_logins",
        verbose_name=_("place"),
    )
    name = models.CharField(
        _("what it opens"),
        max_length=120,
        help_text=_("Such as “our page on Facebook”. Never write the password here."),
    )
    kind = models.CharField(_("what kind"), max_length=10, choices=Kind, default=Kind.SHARED)
    known_by: models.ManyToManyField[Person, models.Model] = models.ManyToManyField(
        Person, related_name="outside_logins", blank=True, verbose_name=_("who knows it")
    )
    changed_on = models.DateField(_("changed on"), null=True, blank=True)
    witness = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who saw it changed"),
    )
    ended_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        verbose_name = _("log-in outside")
        verbose_name_plural = _("log-ins outside")

    def __str__(self) -> str:
        return self.name
