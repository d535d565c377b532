"""The statement that is worked on, each known failure, and every published version as it stood.

What must be said: lag (2018:1937) 13 §, Digg's regulation MDFFS 2019:2, implementing decision (EU) 2018/1523.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gensvar.people.models import Function
from gensvar.publishing.accessibility.kinds import Conformity, Reason

__all__ = ["Conformity", "Failure", "Statement", "StatementVersion"]


class Statement(models.Model):
    """What the next published version will say, beside the failures. One row."""

    body = models.CharField(
        _("body responsible"),
        max_length=200,
        blank=True,
        help_text=_("Empty: the municipality's legal name."),
    )
    covers = models.TextField(_("what it covers"), max_length=2000)
    covers_en = models.TextField(_("what it covers, in English"), max_length=2000, blank=True)
    aims = models.CharField(_("requirements"), max_length=200)
    conformity = models.CharField(_("fulfils them"), max_length=8, choices=Conformity)
    method = models.TextField(_("how it was tried"), max_length=3000)
    method_en = models.TextField(_("how it was tried, in English"), max_length=3000, blank=True)
    assessed_on = models.DateField(_("last tried on"))
    review_on = models.DateField(_("next review"), null=True, blank=True)
    contact = models.ForeignKey(
        Function,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who gets what people tell"),
        help_text=_("Empty: the function that holds it together."),
    )
    authority = models.CharField(_("supervisory authority"), max_length=200)
    authority_en = models.CharField(_("supervisory authority in English"), max_length=200, blank=True)
    authority_url = models.URLField(_("where to report to it"), max_length=300)

    class Meta:
        verbose_name = _("accessibility statement")

    def __str__(self) -> str:
        return str(_("accessibility statement"))


class Failure(models.Model):
    """Something that does not work for everybody. When it is mended it gets a date; the row stays."""

    Reason = Reason

    criterion = models.CharField(
        _("WCAG criterion"),
        max_length=10,
        help_text=_("Its number, such as 1.1.1."),
        validators=[RegexValidator(r"^[1-4]\.\d{1,2}\.\d{1,2}$", _("A number such as 1.1.1."))],
    )
    what = models.TextField(_("what does not work"), max_length=1000)
    what_en = models.TextField(_("what does not work, in English"), max_length=1000, blank=True)
    reason = models.CharField(_("why"), max_length=8, choices=Reason, default=Reason.MENDING)
    why = models.TextField(
        _("explanation"),
        max_length=1000,
        blank=True,
        help_text=_("Needed for a disproportionate burden and for what is outside the law."),
    )
    why_en = models.TextField(_("explanation in English"), max_length=1000, blank=True)
    meanwhile = models.TextField(_("what to do meanwhile"), max_length=1000, blank=True)
    meanwhile_en = models.TextField(_("what to do meanwhile, in English"), max_length=1000, blank=True)
    found_on = models.DateField(_("found on"))
    planned_on = models.DateField(_("to be mended by"), null=True, blank=True)
    mended_on = models.DateField(_("mended on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["criterion", "found_on", "pk"]
        verbose_name = _("known failure")
        verbose_name_plural = _("known failures")

    def __str__(self) -> str:
        return f"WCAG {self.criterion}"


class StatementVersion(models.Model):
    """The statement as the public has seen it from a moment on, whole. Rows are only added; the newest holds."""

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # nobody: it came with Gensvar
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    content = models.JSONField()  # services.content_of

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return str(self.number)
