"""What a conversation that began by the form is about, and what readers said of an answer. Neighbours: tying, verdicts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gensvar.conversations.models import Message
from gensvar.publishing.models import PublicExchange

__all__ = ["Verdicts", "WordAbout"]


class WordAbout(models.Model):
    """A resident's first word, and the public page that it is about."""

    class Why(models.TextChoices):
        """How it came to be about that page."""

        QUESTION = "question", _("asks about it")
        NO_ANSWER = "no", _("found no answer in it")
        ANSWER = "yes", _("found an answer in it")
        ACCESSIBILITY = "access", _("tells what is hard to use")

    class On(models.TextChoices):
        """What page it is.

        The key is the number of an exchange, the place of a post, the slug of a position, the key and slug of an
        outcome, the path of any other page.
        """

        EXCHANGE = "exchange", _("question and answer")
        POST = "post", _("post")
        POSITION = "position", _("position")
        OUTCOME = "outcome", _("outcome")
        PAGE = "page", _("page")

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="about")
    why = models.CharField(max_length=10, choices=Why)
    on_kind = models.CharField(max_length=10, choices=On)
    on_key = models.CharField(max_length=270, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["on_kind", "on_key"], name="word_about_page")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.why} {self.on_kind} {self.on_key}"


class Verdicts(models.Model):
    """How many readers said on one day that an exchange was an answer to them, or none; of who they are nothing is kept."""

    exchange = models.ForeignKey(PublicExchange, on_delete=models.PROTECT, related_name="verdicts")
    day = models.DateField()
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exchange", "day"], name="one_count_of_verdicts_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.exchange_id} {self.day}: {self.yes}/{self.no}"
