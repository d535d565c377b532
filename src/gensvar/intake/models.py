"""The envelope: one arrival, its bytes as received, and how far the reading of it has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.core.models import KeptBytes


class Envelope(KeptBytes):
    """What arrived at one contact point. Never deleted, never changed but for the state of its reading."""

    class State(models.TextChoices):
        """How far the reading has come."""

        RECEIVED = "received", _("received")
        READ = "read", _("read")
        FAILED = "failed", _("could not be read")

    class Source(models.TextChoices):
        """Which way it came in."""

        SMTP = "smtp", "SMTP"
        LMTP = "lmtp", "LMTP"
        PIPE = "pipe", _("pipe")
        IMPORT = "import", _("import")
        FORM = "form", _("web form")
        LINK = "link", _("private link")

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="envelopes")
    channel = models.CharField(max_length=30)
    source = models.CharField(max_length=10, choices=Source)
    received_at = models.DateTimeField(db_index=True)
    mail_from = models.CharField(max_length=320, blank=True)
    recipient = models.CharField(max_length=320, blank=True)  # as given, with its plus-token
    message_id = models.CharField(max_length=250)  # derived from the content where there was none
    identity = models.CharField(max_length=64)  # digest of From, Date, Subject and body
    reused_id = models.BooleanField(default=False)  # another mail came under this Message-ID before
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact_point", "message_id", "identity"], name="one_envelope_an_identity"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at"], name="envelope_failed", condition=Q(state="failed")),
            models.Index(fields=["received_at"], name="envelope_unread", condition=Q(state="received")),
        ]
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")

    def __str__(self) -> str:
        return f"{self.pk} {self.channel} {self.received_at:%Y-%m-%d %H:%M}"
