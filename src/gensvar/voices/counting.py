"""Counts each word of ours once, as it goes out, and moves it where its topics change. Handlers of config/flow.py.

Neighbours: said tells what a word is, and for whom it counts; sums makes many sums at once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Count, Max, Sum

from gensvar.answers.events import WordSent, WordTakenBack
from gensvar.conversations.events import AboutChanged
from gensvar.core import freshness
from gensvar.publishing.appearances.events import AppearanceChanged
from gensvar.publishing.comments.events import AnswerShown
from gensvar.publishing.posts.events import PostChanged
from gensvar.publishing.posts.models import Post
from gensvar.voices import sums
from gensvar.voices.models import LastAnswer, SaidDay, SaidMonth, SaidWord
from gensvar.voices.periods import following
from gensvar.voices.said import KINDS, among, messages

TURN: Final = 0x566F6963  # any number of our own
KEY: Final = ("day", "person_id", "function_id", "contact_point_id", "channel", "topics")
Key = tuple[Any, ...]  # the values of these
Sums = dict[Key, dict[str, int]]
MONTH: Final = ("month", "person_id", "function_id", "channel")
PLACE: Final = ("contact_point_id", "person_id", "topics")


def count_word(fact: WordSent | WordTakenBack | AnswerShown) -> None:
    """Handler: count the message, unless it is counted already as it is now; one that is gone is counted no more."""
    with turn():
        count(SaidWord.Source.MESSAGE, [fact.message_id])


def count_anew(fact: AboutChanged) -> None:
    """Handler: the words of a conversation are about other topics, or stand in another conversation, than when counted."""
    with turn():
        here = set(messages().filter(conversation=fact.conversation_id).values_list("pk", flat=True))
        before = SaidWord.objects.filter(conversation_id=fact.conversation_id)
        count(SaidWord.Source.MESSAGE, here | set(before.values_list("source_id", flat=True)))


def count_post(fact: PostChanged) -> None:
    """Handler: count a post that was published or changed, and no more one that was withdrawn; with its translations."""
    with turn():
        same = Post.objects.filter(pk=fact.post_id).values("translation_key")
        ids = set(Post.objects.filter(translation_key__in=same).values_list("pk", flat=True))
        count(SaidWord.Source.POST, {fact.post_id, *ids})


def count_appearance(fact: AppearanceChanged) -> None:
    """Handler: count an appearance as it is told now, and no more one that was withdrawn."""
    with turn():
        count(SaidWord.Source.APPEARANCE, [fact.appearance_id])


@contextmanager
def turn() -> Iterator[None]:
    """A transaction in which nobody else counts: sums, last days and the rows that they are made of move together."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        yield


def count(source: SaidWord.Source, ids: Collection[int], *, many: bool = False) -> None:
    """Let these be counted as they are now, whatever was counted before. In a `turn`.

    `many`: the sums are made anew inside the database, a whole day at a time.
    """
    wanted = {_one(row): row for row in KINDS[source].rows(ids)}
    counted = {_one(row): row for row in SaidWord.objects.filter(among(ids, "source_id"), source=source)}
    gone = [row for one, row in counted.items() if one not in wanted or not _same(row, wanted[one])]
    new = [row for one, row in wanted.items() if one not in counted or not _same(row, counted[one])]
    changed = {_key(row) for row in (*gone, *new)}
    if not changed:
        return
    SaidWord.objects.filter(pk__in=[row.pk for row in gone]).delete()
    SaidWord.objects.bulk_create(new)
    # Words that only are about something else, or stand in another conversation, are the same to the public.
    days = {row.day for row in (*gone, *new)}
    with freshness.unseen() if _told(gone) == _told(new) else nullcontext():
        if many:
            sums.write_days(days)
            sums.write_months(days)
        else:
            _write_sums(changed)
            _write_months(changed)
    if many:
        sums.raise_last(days)
        changed = {_key(row) for row in gone}
    _write_last({tuple(dict(zip(KEY, key, strict=True))[name] for name in PLACE) for key in changed})


def _one(row: SaidWord) -> tuple[int, int, int]:
    return row.source_id, row.person_id, row.function_id


def _same(one: SaidWord, other: SaidWord) -> bool:
    names = (*KEY, "words", "conversation_id")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _key(row: SaidWord) -> Key:
    return tuple(getattr(row, name) for name in KEY)


def _told(rows: Iterable[SaidWord]) -> Counter[tuple[dt.date, int, int, int]]:
    """What a public page could tell of these (square.voices): the day, who spoke, for which function, and how much."""
    return Counter((row.day, row.person_id, row.function_id, row.words) for row in rows)


def _write_sums(keys: Collection[Key]) -> None:
    """The sums of these keys as their words' rows have it, whatever stood there: a wrong sum never stays in the way."""
    near = SaidWord.objects.filter(day__in={key[0] for key in keys}, person__in={key[1] for key in keys})
    found = {
        tuple(row[name] for name in KEY): {"messages": row["count"], "words": row["total"]}
        for row in near.order_by().values(*KEY).annotate(count=Count("pk"), total=Sum("words"))
    }
    _write(SaidDay, KEY, keys, found)


def _write_months(keys: Collection[Key]) -> None:
    """The sums of the months of these keys as the days have it, whatever stood there."""
    of = {
        (day.replace(day=1), person, function, channel) for day, person, function, _point, channel, _t in keys
    }
    found: Sums = {}
    for month in {key[0] for key in of}:
        near = SaidDay.objects.filter(
            day__gte=month, day__lt=following(month), person__in={key[1] for key in of}
        )
        for *rest, count, total in (
            near.order_by().values_list(*MONTH[1:]).annotate(Sum("messages"), Sum("words"))
        ):
            found[month, *rest] = {"messages": count, "words": total}
    _write(SaidMonth, MONTH, of, found)


def _write(model: type[SaidDay | SaidMonth], names: Sequence[str], keys: Iterable[Key], found: Sums) -> None:
    for key in keys:
        named = dict(zip(names, key, strict=True))
        row = model._default_manager.filter(**named)
        if key not in found:
            row.delete()
        elif not row.update(**found[key]):
            model._default_manager.create(**named, **found[key])


def _write_last(places: Iterable[Key]) -> None:
    """Who answered last where; what has no contact point covers none."""
    for place in places:
        named = dict(zip(PLACE, place, strict=True))
        if named["contact_point_id"] is None:
            continue
        day: dt.date | None = SaidDay.objects.filter(**named).aggregate(last=Max("day"))["last"]
        if day is None:
            LastAnswer.objects.filter(**named).delete()
        else:
            LastAnswer.objects.update_or_create(**named, defaults={"day": day})
