"""What was said, counted as words go out: one row a word, and the sums of a day and of a month that the pages read.

Neighbours: said tells what counts and how; counting keeps them all in one transaction; rebuilding makes them anew.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from gensvar.contactpoints.models import ContactPoint
from gensvar.people.models import Function, Person

POST: Final = "post"
OUTSIDE: Final = "outside-"  # no channel is called so


class Counted(models.Model):
    """How something that was said is counted: the key of its sum. Topics are ids, since a word may have several or none.

    Two topics that become one are one at the next reading (`topics_of`); nothing here needs to change for it.
    """

    day = models.DateField()  # of the municipality, on which it was written
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    contact_point = models.ForeignKey(  # none: it was said to all, or elsewhere
        ContactPoint, on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.CharField(max_length=30)  # of the message; POST, or OUTSIDE and the kind of appearance
    topics = models.CharField(max_length=400, blank=True)  # ",3,17,": ids in order

    class Meta:
        abstract = True


class SaidWord(Counted):
    """One thing that one person said for one function, as it was counted; by it a handler may run twice.

    An appearance has one row, a message and a post one for each who signed it. `words` of an appearance are none.
    """

    class Source(models.TextChoices):
        """What it is; `source_id` is the id of that."""

        MESSAGE = "message"
        POST = "post"
        APPEARANCE = "appearance"

    source = models.CharField(max_length=10, choices=Source)
    source_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True, db_index=True)  # of a message
    words = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day"], name="said_word_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_id", "person", "function"], name="counted_once_for_each"
            ),
            models.CheckConstraint(
                name="message_has_its_place",
                condition=Q(source="message", contact_point__isnull=False, conversation_id__isnull=False)
                | ~Q(source="message") & Q(contact_point__isnull=True, conversation_id__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}: {self.words}"


class SaidDay(Counted):
    """How much one person said on one day for one function, at one contact point, by one channel, about the same topics.

    What has no contact point is one sum too: a constraint of its own says so, since in the first no two nulls are equal.
    """

    messages = models.PositiveIntegerField()
    words = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "person", "function", "contact_point", "channel", "topics"],
                name="one_sum_of_a_day",
            ),
            models.UniqueConstraint(
                fields=["day", "person", "function", "channel", "topics"],
                name="one_sum_of_a_day_elsewhere",
                condition=Q(contact_point__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["contact_point", "person", "topics", "day"], name="said_day_last")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.person_id}: {self.messages}"


class SaidMonth(models.Model):
    """How much one person said in one month for one function by one channel: the sum of what the days have.

    Without places and topics, by which so little is said twice in a month that a sum of it would be as long as the days.
    """

    month = models.DateField()  # its first day
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=30)
    messages = models.PositiveIntegerField()
    words = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["month", "person", "function", "channel"], name="one_sum_of_a_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.person_id}: {self.messages}"


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
