"""What outcomes and experiments have in common: words that somebody proposes, an editor shows to all and may withdraw.

Neighbours: models and workshop.models add what each of them tells.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Proposed(models.Model):
    """Under a headline, public from when it is published until it is withdrawn; both are kept."""

    class State(models.TextChoices):
        """Whether it may be seen."""

        PROPOSED = "proposed", _("proposed")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    title = models.CharField(_("headline"), max_length=200)
    slug = models.SlugField(max_length=80, allow_unicode=False)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.GENSVAR_STAFF_LANGUAGES, default="sv"
    )
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title
