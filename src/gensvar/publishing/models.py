"""What has passed the gate: an exchange made public, and the very text of each word that may be seen."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.conversations.models import Attachment, Conversation, Message
from gensvar.core.models import Topic
from gensvar.people.models import Function


class PublicExchange(models.Model):
    """A conversation's public side. Readers go through `gate.py`, never to this table."""

    class State(models.TextChoices):
        """Whether it may be seen."""

        PREPARED = "prepared", _("being prepared")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    conversation = models.OneToOneField(
        Conversation, on_delete=models.PROTECT, related_name="public_exchange"
    )
    number = models.CharField(max_length=20, unique=True)
    slug = models.SlugField(max_length=80, allow_unicode=False)
    title = models.CharField(_("headline"), max_length=200)
    language = models.CharField(max_length=20, default="sv")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    topics = models.ManyToManyField(Topic, blank=True, related_name="exchanges")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    changed_at = models.DateTimeField(
        null=True
    )  # when what may be seen of it last changed (indexing.refresh)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["-published_at", "-id"], name="exchange_public", condition=Q(state="published")
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class PublicText(models.Model):
    """One word as the public sees it: masked, approved by a person, with a name only where its writer said yes."""

    exchange = models.ForeignKey(PublicExchange, on_delete=models.PROTECT, related_name="texts")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="public_text")
    text = models.TextField()
    shown_name = models.CharField(max_length=200, blank=True)
    approved = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.exchange_id}/{self.message_id}"


class PublicPicture(models.Model):
    """A picture that may be seen: re-encoded without metadata, kept under its own digest."""

    text = models.ForeignKey(PublicText, on_delete=models.PROTECT, related_name="pictures")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="public_picture")
    alternative = models.CharField(max_length=300)
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.alternative


class ShortLink(models.Model):
    """A short address of ours for one public page, for good: it is never given to another page."""

    class Kind(models.TextChoices):
        """What it leads to; `key` is the number of an exchange, or the id of any other."""

        EXCHANGE = "exchange", _("question and answer")
        PAGE = "page", _("page")
        PLACE = "place", _("place")
        POSITION = "position", _("position")
        OUTCOME = "outcome", _("outcome")
        SURVEY = "survey", _("how we lead")

    code = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_short_link_a_page")
        ]

    def __str__(self) -> str:
        return f"/k/{self.code}"


class ShortLinkDay(models.Model):
    """How often a short link was followed on one day; of those who followed it nothing is kept."""

    link = models.ForeignKey(ShortLink, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "day"], name="one_count_a_link_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}: {self.count}"
