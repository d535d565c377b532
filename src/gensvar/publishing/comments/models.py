"""A comment's public side, every decision about it with its ground and a kept copy, and the appeal against one.

The words themselves are a message in a conversation of their own. Readers go through `gate.py` beside this.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.conversations.models import Message
from gensvar.core import languages, tokens
from gensvar.people.models import Person

__all__ = ["Appeal", "Comment", "CommentAnswer", "CommentDecision", "CommentsClosed", "ModerationGround"]


class On(models.TextChoices):
    """What comments stand under; the key is the number of an exchange, the place of a post."""

    EXCHANGE = "exchange", _("question and answer")
    POST = "post", _("post")


class Comment(models.Model):
    """One resident's word under a public page. Kept at once; shown only confirmed, and as the municipality's rule says."""

    class State(models.TextChoices):
        """How far it has come."""

        UNCONFIRMED = "unconfirmed", _("not confirmed by its writer")
        WAITING = "waiting", _("waits to be read")
        SHOWN = "shown", _("shown")
        REMOVED = "removed", _("not shown")

    on_kind = models.CharField(max_length=10, choices=On)
    on_key = models.CharField(max_length=270)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="comment")
    key = models.CharField(max_length=20, unique=True, default=tokens.new_key)  # of the link that confirms it
    shown_name = models.CharField(max_length=200, blank=True)  # as its writer wrote it
    state = models.CharField(max_length=12, choices=State, default=State.UNCONFIRMED)
    found = models.JSONField(default=list)  # why a person should look: kinds of rules.Finding
    came_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)  # when it was first shown

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes: ClassVar = [
            models.Index(fields=["on_kind", "on_key", "came_at"], name="comment_thread"),
            models.Index(fields=["came_at"], name="comment_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-came_at"], name="comment_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} under {self.on_kind} {self.on_key}"

    @property
    def called(self) -> str:
        """By whom, as staff read it: the name as its writer wrote it, never that of a protected identity."""
        writer = self.message.contact
        return str(writer) if writer is not None and writer.protected else self.shown_name


class ModerationGround(models.Model):
    """Why a word is not shown. Laws change: a wording is never edited but ended, and followed by a new row."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    rule = models.CharField(_("rule"), max_length=200, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until and with"), null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering: ClassVar = ["place", "slug", "-since"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["slug", "since"], name="one_ground_a_day")]

    def __str__(self) -> str:
        return languages.named(self.name, self.name_en)

    @classmethod
    def on(cls, day: dt.date) -> models.QuerySet[ModerationGround]:
        """The grounds that hold on that day."""
        return cls.objects.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class CommentDecision(models.Model):
    """What was decided about a comment, by whom, why, and the very words that it was about. Rows are only added."""

    class Kind(models.TextChoices):
        """What was decided."""

        SHOWN = "shown", _("shown")
        REMOVED = "removed", _("not shown")
        UPHELD = "upheld", _("not shown after an appeal either")
        RESTORED = "restored", _("shown again after an appeal")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    ground = models.ForeignKey(ModerationGround, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)  # to the writer
    kept_text = models.TextField()
    kept_name = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=20, unique=True, default=tokens.new_key)  # of the link that appeals
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.comment_id} {self.kind} {self.at:%Y-%m-%d}"


class Appeal(models.Model):
    """The writer asks for another look. Their words are a message of the comment's own conversation."""

    decision = models.OneToOneField(CommentDecision, on_delete=models.PROTECT, related_name="appeal")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="appeal")
    at = models.DateTimeField()
    outcome = models.OneToOneField(CommentDecision, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"against {self.decision_id}"


class CommentAnswer(models.Model):
    """An answer of ours from the comment's conversation, as the thread shows it: read through and approved by a person."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="answers")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="comment_answer")
    text = models.TextField()
    shown = models.BooleanField(default=True)
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.comment_id}/{self.message_id}"


class CommentsClosed(models.Model):
    """A page that takes no new comments; those that stand there stay."""

    on_kind = models.CharField(max_length=10, choices=On)
    on_key = models.CharField(max_length=270)
    at = models.DateTimeField()
    by = models.ForeignKey(  # nobody: it was so where the page came from
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on_kind", "on_key"], name="closed_once_a_page")
        ]

    def __str__(self) -> str:
        return f"{self.on_kind} {self.on_key}"
