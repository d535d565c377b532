"""Outcomes: what people said, in our words, what we did about it step by step, and the conversations that led to it.

Readers go through `gate.py`, never to these tables. A step that is public is never changed; nothing is deleted (law 6).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.conversations.models import Conversation, Message
from gensvar.core.models import Topic
from gensvar.learning.proposed import Proposed
from gensvar.people.models import Function, Person
from gensvar.publishing.posts.models import Post


class Outcome(Proposed):
    """What some people said and what came of it. Its words stay as they were once they are public: steps tell what follows."""

    said = models.TextField(_("what you said, in our words"), max_length=1500)
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="outcomes", verbose_name=_("function")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="outcomes", verbose_name=_("topics"))
    newest = models.ForeignKey("Step", on_delete=models.PROTECT, null=True, related_name="+")  # of the public
    changed_at = models.DateTimeField(null=True)  # when that step became public

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        indexes: ClassVar = [
            models.Index(
                fields=["-changed_at", "-newest"], name="outcome_public", condition=Q(state="published")
            )
        ]


class Step(models.Model):
    """One dated step, in the words of a person who speaks for a function. The one that is not public yet is a draft."""

    class Status(models.TextChoices):
        """Where the matter stands by this step."""

        PLANNED = "planned", _("planned")
        UNDER_WAY = "under_way", _("under way")
        DONE = "done", _("done")
        NOT_DONE = "not_done", _("not done, and why")

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(_("where it stands"), max_length=10, choices=Status)
    words = models.TextField(_("what we did, or why we did not"), max_length=3000)
    day = models.DateField(_("date"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="outcome_steps")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    told = models.BooleanField(default=False)  # whether those who took part were to be told

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outcome"], condition=Q(published_at__isnull=True), name="one_draft_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome_id} {self.day} {self.status}"

    def save(self, *args: Any, **options: Any) -> None:
        """Store it. Raises ValueError for one that is public already: what people have read is not rewritten."""
        if self.pk and Step.objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise ValueError("A step that is public is never changed; write another one.")
        super().save(*args, **options)


class ConversationTie(models.Model):
    """This conversation led to it. One that ended stays as a row."""

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="conversation_ties")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="outcome_ties")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome", "conversation"], name="tied_once_to_a_conversation")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} led to {self.outcome_id}"


class PostTie(models.Model):
    """This post has to do with it. One that ended stays as a row."""

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="post_ties")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="outcome_ties")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome", "post"], name="tied_once_to_a_post")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} and {self.outcome_id}"


class ToldConversation(models.Model):
    """Those in that conversation were told of that step, once whatever happens; without a message, nobody there could be."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="told_conversations")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="told_steps")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="told_step")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "conversation"], name="told_of_a_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.step_id}"
