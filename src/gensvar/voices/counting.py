"""Counts each word of ours once, as it goes out, and moves it where its topics change. Handlers of config/flow.py.

A word is a message by a person for a function that has left us (`sent_at` of one of its deliveries): answers and first
words; not receipts, notes, what is passed on to others, or old words that were brought home.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils import timezone

from gensvar.answers.events import WordSent, WordTakenBack
from gensvar.answers.models import Delivery
from gensvar.answers.outbox import SAID
from gensvar.conversations.events import AboutChanged
from gensvar.conversations.models import Conversation, Message
from gensvar.voices.models import LastAnswer, SaidDay, SaidWord, key_of

TURN: Final = 0x566F6963  # any number of our own
KEY: Final = ("day", "person_id", "function_id", "contact_point_id", "channel", "topics")
Key = tuple[Any, ...]  # the values of these
PLACE: Final = ("contact_point_id", "person_id", "topics")


def count_word(fact: WordSent | WordTakenBack) -> None:
    """Handler: count the message, unless it is counted already as it is now; one that is gone is counted no more."""
    with turn():
        count_messages([fact.message_id])


def count_anew(fact: AboutChanged) -> None:
    """Handler: the words of a conversation are about other topics, or stand in another conversation, than when counted."""
    with turn():
        here = set(said().filter(conversation=fact.conversation_id).values_list("pk", flat=True))
        before = SaidWord.objects.filter(conversation_id=fact.conversation_id)
        count_messages(here | set(before.values_list("message_id", flat=True)))


@contextmanager
def turn() -> Iterator[None]:
    """A transaction in which nobody else counts: sums, last days and the rows that they are made of move together."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        yield


def said() -> QuerySet[Message]:
    """Every message that counts as said by us."""
    left = Delivery.objects.filter(kind__in=SAID, sent_at__isnull=False, message__isnull=False)
    return Message.objects.filter(
        pk__in=left.values("message"),
        direction=Message.Direction.OUT,
        author=Message.Author.STAFF,
        person__isnull=False,
        function__isnull=False,
    )


def rows_for(ids: Iterable[int]) -> dict[int, SaidWord]:
    """How these messages are to be counted as things are now, by id; those that do not count are not in it."""
    fields = ("pk", "at", "person_id", "function_id", "channel", "text", "conversation_id")
    found = list(said().filter(pk__in=list(ids)).values(*fields, point=F("conversation__contact_point_id")))
    about: defaultdict[int, list[int]] = defaultdict(list)
    given = Conversation.topics.through.objects.filter(
        conversation_id__in={one["conversation_id"] for one in found}
    )
    for conversation, topic in given.values_list("conversation_id", "topic_id"):
        about[conversation].append(topic)
    return {
        one["pk"]: SaidWord(
            message_id=one["pk"],
            conversation_id=one["conversation_id"],
            day=timezone.localdate(one["at"]),
            person_id=one["person_id"],
            function_id=one["function_id"],
            contact_point_id=one["point"],
            channel=one["channel"],
            topics=key_of(about[one["conversation_id"]]),
            words=len(one["text"].split()),
        )
        for one in found
    }


def count_messages(ids: Iterable[int]) -> None:
    """Let these messages be counted as they are now, whatever was counted before. In a `turn`."""
    ids = list(ids)
    wanted = rows_for(ids)
    counted = {row.message_id: row for row in SaidWord.objects.filter(message_id__in=ids)}
    changed: set[Key] = set()
    gone, new = [], []
    for message_id in dict.fromkeys(ids):
        before, after = counted.get(message_id), wanted.get(message_id)
        if before is not None and after is not None and _same(before, after):
            continue
        if before is not None:
            changed.add(_key(before))
            gone.append(before.pk)
        if after is not None:
            changed.add(_key(after))
            new.append(after)
    if not changed:
        return
    SaidWord.objects.filter(pk__in=gone).delete()
    SaidWord.objects.bulk_create(new)
    _write_sums(changed)
    _write_last({tuple(dict(zip(KEY, key, strict=True))[name] for name in PLACE) for key in changed})


def _same(one: SaidWord, other: SaidWord) -> bool:
    names = (*KEY, "words", "conversation_id")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _key(row: SaidWord) -> Key:
    return tuple(getattr(row, name) for name in KEY)


def _write_sums(keys: Collection[Key]) -> None:
    """The sums of these keys as their words' rows have it, whatever stood there: a wrong sum never stays in the way."""
    near = SaidWord.objects.filter(day__in={key[0] for key in keys}, person__in={key[1] for key in keys})
    sums = {
        tuple(row[name] for name in KEY): {"messages": row["count"], "words": row["total"]}
        for row in near.order_by().values(*KEY).annotate(count=Count("pk"), total=Sum("words"))
    }
    for key in keys:
        named = dict(zip(KEY, key, strict=True))
        row = SaidDay.objects.filter(**named)
        if key not in sums:
            row.delete()
        elif not row.update(**sums[key]):
            SaidDay.objects.create(**named, **sums[key])


def _write_last(places: Iterable[Key]) -> None:
    for place in places:
        named = dict(zip(PLACE, place, strict=True))
        day: dt.date | None = SaidDay.objects.filter(**named).aggregate(last=Max("day"))["last"]
        if day is None:
            LastAnswer.objects.filter(**named).delete()
        else:
            LastAnswer.objects.update_or_create(**named, defaults={"day": day})
