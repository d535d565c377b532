"""Functions, the persons who hold them, from when until when, and who is away."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gensvar.core import languages


class Function(models.Model):
    """What the municipality does under one name ("Gata & park"): addresses and answers belong to it, not to persons."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    purpose = models.TextField(_("what it is for"), blank=True)
    coordinates = models.BooleanField(
        _("holds it together"),
        default=False,
        help_text=_("The information office: gets what nobody else owns."),
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("function")
        verbose_name_plural = _("functions")

    def __str__(self) -> str:
        return languages.named(self.name, self.name_en)


class Person(models.Model):
    """Somebody who speaks for the municipality; may exist without a log-in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="person"
    )
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    shown = models.BooleanField(_("may be named in public"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return self.name

    @property
    def in_service(self) -> bool:
        """Whether they have not left today: active, and with access if they log in (`queries.in_service` of one row)."""
        return self.active and (self.user is None or self.user.has_access)


class Tenure(models.Model):
    """One person holds one function from a date until a date; rows are ended, not deleted."""

    class Kind(models.TextChoices):
        """In what capacity."""

        EMPLOYEE = "employee", _("employee")
        ELECTED = "elected", _("elected")
        EXTERNAL = "external", _("external")

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="tenures", verbose_name=_("person")
    )
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="tenures", verbose_name=_("function")
    )
    kind = models.CharField(_("capacity"), max_length=10, choices=Kind, default=Kind.EMPLOYEE)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until and with"), null=True, blank=True)
    entered_on = models.DateField(  # when it was noted; not known of those from before this was kept
        null=True, editable=False
    )

    class Meta:
        ordering: ClassVar = ["-starts"]
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tenure_ends_after_start",
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                violation_error_message=_("The last day cannot lie before the first."),
            ),
            models.CheckConstraint(
                name="tenure_external_ends",
                condition=~Q(kind="external") | Q(ends__isnull=False),
                violation_error_message=_("An external person needs a last day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.function}"


class TenureCorrection(models.Model):
    """A tenure's days were noted wrongly: what they were, what they became, who says so, when and why. Rows are only added."""

    tenure = models.ForeignKey(Tenure, on_delete=models.PROTECT, related_name="corrections")
    starts_before = models.DateField()
    ends_before = models.DateField(null=True)
    starts_after = models.DateField()
    ends_after = models.DateField(null=True)
    reason = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="correction_has_a_reason", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.tenure_id} {self.at:%Y-%m-%d}"


class AbsenceCalendar(models.Model):
    """The iCalendar address that one person has given. Its address often opens the whole calendar: it is sealed.

    A calendar that is taken away leaves its row without an address, since past absences point at it.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="absence_calendar")
    sealed = models.TextField(blank=True)  # people.absences.calendars opens it
    tried_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(
        null=True
    )  # when its days were last understood; they hold until the next time
    trouble = models.CharField(max_length=20, blank=True)  # of the last try: a Trouble of people.absences
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="calendar_due", condition=Q(next_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class Absence(models.Model):
    """A person is away on whole days; new words go to the deputy meanwhile. Why is never kept."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="absences", verbose_name=_("person")
    )
    calendar = models.ForeignKey(  # that it was read from; none where somebody said it
        AbsenceCalendar, on_delete=models.PROTECT, null=True, editable=False, related_name="absences"
    )
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until and with"))

    class Meta:
        ordering: ClassVar = ["-starts"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="absence_ends_after_start",
                condition=Q(ends__gte=F("starts")),
                violation_error_message=_("The last day cannot lie before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.starts}–{self.ends}"
