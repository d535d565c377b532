"""The square's own short memory: which form was sent already, and how often somebody wrote lately, without knowing who."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gensvar.intake.models import Envelope


class Knocks(models.Model):
    """How many times one address wrote within one span of time; the address itself is nowhere, only a keyed digest."""

    digest = models.CharField(max_length=64, primary_key=True)  # HMAC of the span and the address (limits.py)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="knocks_until")]

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%Y-%m-%d %H:%M}"


class Submission(models.Model):
    """One filled-in form, or the words of one, and the envelope that it became, as long as the form could be sent again.

    A browser draws a new multipart boundary at each click, so the bytes of a double click differ; what was filled in does not.
    """

    digest = models.CharField(
        max_length=64, primary_key=True
    )  # SHA-256 of fields and files, the form's own id among them; or of that id and the words
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="submission_until")]

    def __str__(self) -> str:
        return f"{self.envelope_id} until {self.until:%Y-%m-%d %H:%M}"
