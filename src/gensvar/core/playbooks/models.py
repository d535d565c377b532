"""Playbooks that came here: the file as it was, who brought it, and what was taken of it. Rows are only added and then taken once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from gensvar.core.models import KeptBytes


class Playbook(KeptBytes):
    """One file of another municipality (or of an earlier us)."""

    source = models.CharField(max_length=100, blank=True)  # the municipality that the file names
    came_at = models.DateTimeField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done = models.JSONField(
        default=list
    )  # what was written: {"part", "id", "label", "kind", "row"}, in order

    class Meta:
        ordering: ClassVar = ["-came_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.source}"
