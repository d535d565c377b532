"""What the municipality says of itself (rows are only added), and its counters with their hours and the days that differ."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.municipality import hours
from gensvar.core import languages
from gensvar.people.models import Function

__all__ = ["WEEKDAYS", "Office", "OfficeDay", "Provider"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _url(label: object, default: str = "") -> models.URLField[str, str]:
    return models.URLField(label, max_length=300, blank=True, default=default)  # type: ignore[arg-type]


class Provider(models.Model):
    """Who provides this service and answers for the personal data in it. The newest row holds; older ones are kept.

    What each field must tell: lag (1998:112) 3 § 1; GDPR article 13.
    """

    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    organisation_number = models.CharField(_("organisation number"), max_length=20, blank=True)
    postal_address = models.TextField(_("postal address"), max_length=500, blank=True)
    phone = models.CharField(_("switchboard"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    controller = models.CharField(
        _("who answers for the personal data"),
        max_length=200,
        blank=True,
        help_text=_("The board that is controller. Empty: the municipality."),
    )
    officer = models.CharField(
        _("data protection officer"),
        max_length=200,
        blank=True,
        help_text=_("A person, an office or a company."),
    )
    officer_email = models.EmailField(_("the officer's e-mail address"), blank=True)
    officer_phone = models.CharField(_("the officer's phone"), max_length=50, blank=True)
    legal_basis = models.TextField(_("legal basis"), max_length=3000, blank=True)
    legal_basis_en = models.TextField(_("legal basis in English"), max_length=3000, blank=True)
    retention = models.TextField(
        _("how long it is kept"), max_length=3000, blank=True, help_text=_("Name the decisions.")
    )
    retention_en = models.TextField(_("how long it is kept, in English"), max_length=3000, blank=True)
    recipients = models.TextField(_("who else gets it"), max_length=3000, blank=True)
    recipients_en = models.TextField(_("who else gets it, in English"), max_length=3000, blank=True)
    privacy_authority = models.CharField(
        _("supervisory authority for personal data"),
        max_length=200,
        blank=True,
        default="Integritetsskyddsmyndigheten (IMY)",
    )
    privacy_authority_url = _url(_("its address"), "https://www.imy.se/privatperson/forstaelse/klagomal/")
    saved_at = models.DateTimeField(null=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("who provides this")
        verbose_name_plural = _("who provides this")

    def __str__(self) -> str:
        return self.legal_name or settings.GENSVAR_NAME


class Office(models.Model):
    """A counter where one can come in person. It belongs to a function; a closed one stays."""

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="offices", verbose_name=_("function")
    )
    address = models.TextField(_("visiting address"), max_length=300)
    directions = models.TextField(
        _("how to get in"),
        max_length=1000,
        blank=True,
        help_text=_("Step-free entrance, hearing loop, where to park, which bus."),
    )
    directions_en = models.TextField(_("how to get in, in English"), max_length=1000, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    monday = models.CharField(_("Monday"), max_length=60, blank=True, validators=[hours.check])
    tuesday = models.CharField(_("Tuesday"), max_length=60, blank=True, validators=[hours.check])
    wednesday = models.CharField(_("Wednesday"), max_length=60, blank=True, validators=[hours.check])
    thursday = models.CharField(_("Thursday"), max_length=60, blank=True, validators=[hours.check])
    friday = models.CharField(_("Friday"), max_length=60, blank=True, validators=[hours.check])
    saturday = models.CharField(_("Saturday"), max_length=60, blank=True, validators=[hours.check])
    sunday = models.CharField(_("Sunday"), max_length=60, blank=True, validators=[hours.check])
    place = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    closed_on = models.DateField(_("closed for good on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["place", "name"]
        verbose_name = _("counter")
        verbose_name_plural = _("counters")

    def __str__(self) -> str:
        return languages.named(self.name, self.name_en)

    def on(self, day: dt.date) -> str:
        """The hours that the ordinary week gives that day; empty where it is closed."""
        found: str = getattr(self, WEEKDAYS[day.weekday()])
        return found


class OfficeDay(models.Model):
    """A day on which a counter is not open as its week says."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="days")
    date = models.DateField(_("date"))
    name = models.CharField(_("why"), max_length=80, blank=True)
    hours = models.CharField(
        _("hours"),
        max_length=60,
        blank=True,
        validators=[hours.check],
        help_text=_("Such as 8–12. Empty: closed all day."),
    )
    taken_back = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "date"], name="one_deviation_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.date}"
