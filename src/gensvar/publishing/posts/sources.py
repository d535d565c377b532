"""What others wrote that we answer: an editorial, a letter about it, and what came after our answer. Neighbours: models, chain."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """One published text of somebody else's. It may answer another source or a post of ours: so they form a chain."""

    class Kind(models.TextChoices):
        """What it is."""

        LETTER = "letter", _("letter to the editor")
        EDITORIAL = "editorial", _("editorial")
        ARTICLE = "article", _("article")
        BROADCAST = "broadcast", _("radio or television")
        OTHER = "other", _("other")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LETTER)
    title = models.CharField(_("headline"), max_length=200)
    medium = models.CharField(_("where it stood"), max_length=120)
    writer = models.CharField(
        _("who wrote it"),
        max_length=120,
        blank=True,
        help_text=_("As it stood there: a name or a signature."),
    )
    date = models.DateField(_("date"))
    url = models.URLField(_("link"), blank=True, max_length=500)
    quote = models.TextField(_("quotation"), blank=True, help_text=_("The sentences that are answered."))
    answers = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name=_("answers this source"),
    )
    answers_post = models.ForeignKey(
        "publishing.Post",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name=_("answers this post of ours"),
    )

    class Meta:
        ordering: ClassVar = ["-date", "-pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return f"{self.title} ({self.medium}, {self.date:%Y-%m-%d})"

    def clean(self) -> None:
        """Raises ValidationError where it answers itself, or two things at once."""
        if self.answers_id and self.answers_post_id:
            raise ValidationError(_("It answers either another source or a post of ours, not both."))
        if self.pk and self.answers_id == self.pk:
            raise ValidationError(_("A source cannot answer itself."))
