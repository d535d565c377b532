"""That there is a log-in somewhere outside, and who knows it. No password, no code, no recovery key has a column here."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
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
        return known_since(self.since, self.told_by)


class KnowingCorrection(models.Model):
    """What was noted of how somebody knows one was wrong or missing: what it was, what it became, who says so, when and why.

    Rows are only added. They stay with the log-in when the person does not know it any more.
    """

    login = models.ForeignKey(OutsideLogin, on_delete=models.PROTECT, related_name="corrections")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since_before = models.DateField(null=True)
    since_after = models.DateField(null=True)
    told_by_before = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    told_by_after = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("why"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="knowing_corrected_with_a_reason",
                condition=~Q(reason="") | Q(since_before__isnull=True, told_by_before__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.login_id} {self.person_id} {self.at:%Y-%m-%d}"

    @property
    def words_before(self) -> str:
        """What was noted before it, for people; empty where nothing was."""
        return known_since(self.since_before, self.told_by_before)


def known_since(since: dt.date | None, told_by: Person | None) -> str:
    """Since when and from whom somebody knows it, for people; empty where neither is known."""
    if since is None:
        return gettext("told by %(person)s") % {"person": told_by} if told_by else ""
    told = {"day": since.isoformat(), "person": told_by}
    return (gettext("since %(day)s, told by %(person)s") if told_by else gettext("since %(day)s")) % told
