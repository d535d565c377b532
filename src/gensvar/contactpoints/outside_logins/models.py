"""That there is a log-in somewhere outside, and who knows it. No password, no code, no recovery key has a column here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext
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
    known_by: models.ManyToManyField[Person, KnownBy] = models.ManyToManyField(
        Person,
        through="KnownBy",
        through_fields=("login", "person"),
        related_name="outside_logins",
        blank=True,
        verbose_name=_("who knows it"),
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


class KnownBy(models.Model):
    """That somebody knows one, since when and from whom, as far as that was noted."""

    login = models.ForeignKey(
        OutsideLogin, on_delete=models.CASCADE, related_name="knowings", db_column="outsidelogin_id"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateField(null=True)
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "contactpoints_outsidelogin_known_by"
        unique_together: ClassVar = [("login", "person")]

    def __str__(self) -> str:
        return f"{self.login_id} {self.person_id}"

    @property
    def words(self) -> str:
        """Since when and from whom, for people; empty where neither was noted."""
        if self.since is None:
            return gettext("told by %(person)s") % {"person": self.told_by} if self.told_by else ""
        told = {"day": self.since.isoformat(), "person": self.told_by}
        return (
            gettext("since %(day)s, told by %(person)s") if self.told_by else gettext("since %(day)s")
        ) % told
