"""Who follows us by mail, what they follow, and which entries each letter told of; an ended one keeps no address."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.answers.models import Delivery
from gensvar.core import tokens


def languages() -> list[tuple[str, Any]]:
    """The languages that letters are written in: those of the square."""
    return list(settings.LANGUAGES)


class Subscriber(models.Model):
    """A mailbox that follows us. The row stays when it ends, so that the count is right; the address goes."""

    class Pace(models.TextChoices):
        """How often they hear from us."""

        EACH = "each", _("as it comes")
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")

    class Ending(models.TextChoices):
        """Why it ended."""

        WISH = "wish", _("ended it")
        BOUNCED = "bounced", _("the address takes no mail")
        COMPLAINED = "complained", _("called it unwanted")
        SILENT = "silent", _("never confirmed it")

    key = models.CharField(max_length=20, unique=True, default=tokens.new_key)
    address = models.CharField(max_length=320, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages, default="sv")
    pace = models.CharField(_("how often"), max_length=10, choices=Pace, default=Pace.EACH)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # when the next collected letter is due
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, choices=Ending, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(ended_at__isnull=True), name="one_subscriber_an_address"
            )
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class Following(models.Model):
    """One stream that a subscriber follows, or has asked to follow: named as publishing.streams names it."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="followings")
    scope = models.CharField(max_length=10)
    slug = models.CharField(max_length=60, blank=True)
    pace = models.CharField(max_length=10, choices=Subscriber.Pace)  # as it was asked for
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscriber", "scope", "slug"], name="one_following_a_stream")
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.scope} {self.slug}"


class Letter(models.Model):
    """One mail to a subscriber: one that asks to confirm, or one that tells of entries."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="letters")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="letter")
    asks = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"letter {self.pk} to subscriber {self.subscriber_id}"


class ToldEntry(models.Model):
    """That a subscriber was told of an entry: never twice of the same."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="told")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="told")
    kind = models.PositiveSmallIntegerField()  # as publishing.entries numbers them
    place = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscriber", "kind", "place"], name="told_once")
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.kind}/{self.place}"
