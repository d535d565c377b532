"""What was said, counted as words go out: one row a word, and the sums of a day that the pages read.

Neighbours: counting keeps all three in one transaction; rebuilding makes them anew from the words themselves.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from gensvar.contactpoints.models import ContactPoint
from gensvar.people.models import Function, Person


class Counted(models.Model):
    """How something that was said is counted: the key of its sum. Topics are ids, since a word may have several or none.

    Two topics that become one are one at the next reading (`topics_of`); nothing here needs to change for it.
    """

    day = models.DateField()  # of the municipality, on which it was written
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=30)
    topics = models.CharField(max_length=400, blank=True)  # ",3,17,": ids in order

    class Meta:
        abstract = True


class SaidWord(Counted):
    """One message that went out, as it was counted; by it a handler may run twice and topics may change afterwards."""

    message_id = models.BigIntegerField(unique=True)
    conversation_id = models.BigIntegerField(db_index=True)
    words = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day"], name="said_word_day")]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.words}"


class SaidDay(Counted):
    """How much one person said on one day for one function, at one contact point, by one channel, about the same topics."""

    messages = models.PositiveIntegerField()
    words = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "person", "function", "contact_point", "channel", "topics"],
                name="one_sum_of_a_day",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["contact_point", "person", "topics", "day"], name="said_day_last")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.person_id}: {self.messages}"


class LastAnswer(models.Model):
    """When a person last answered at a contact point about these topics: what coverage is read from."""

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    topics = models.CharField(max_length=400, blank=True)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact_point", "person", "topics"], name="one_last_answer")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.contact_point_id}: {self.day}"


class WritingLimit(models.Model):
    """How much of what we tell one person should write: the newest row holds, and 0 per cent is no limit."""

    percent = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()  # over how many days, today included
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="limit_is_a_share", condition=models.Q(percent__lte=100))
        ]

    def __str__(self) -> str:
        return f"{self.percent} % / {self.days}"


def key_of(topics: list[int]) -> str:
    """The topics as they are kept: ",3,17,"; empty for none. More than 400 characters of ids are cut at a whole id."""
    kept = ""
    for pk in sorted(set(topics)):
        longer = f"{kept or ','}{pk},"
        if len(longer) > 400:
            break
        kept = longer
    return kept


def topics_of(key: str) -> list[int]:
    """The ids of a kept key."""
    return [int(pk) for pk in key.split(",") if pk]
