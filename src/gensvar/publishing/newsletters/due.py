"""Every minute: who is due a letter, and of what; nothing is told twice, nothing withdrawn is told at all.

Neighbours: core.recurring calls, letters writes, the outbox asks `instead_of_sending` before every try.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Final

from django.db.models import Prefetch, Q
from django.utils.translation import override

from gensvar.answers.models import Delivery
from gensvar.core import clock
from gensvar.core.recurring import TimeCame, recurring
from gensvar.publishing import entries, following, streams
from gensvar.publishing.entries import Entry
from gensvar.publishing.newsletters import letters, merged, refused
from gensvar.publishing.newsletters.models import Following, Letter, Subscriber, ToldEntry
from gensvar.publishing.newsletters.services import CONFIRMED_WITHIN, end, offered
from gensvar.publishing.newsletters.times import next_time
from gensvar.publishing.wordpress.queries import came_home

MOST_LETTERS: Final = 200  # in one go: others write too
READ_AT_ONCE: Final = 50  # entries
MOST_ENTRIES: Final = 500  # of one stream in one letter
# Whatever the pace: it may have been another until today, and letters may have stopped.
LOOKED_BACK: Final = dt.timedelta(days=15)


@recurring
def write_letters(fact: TimeCame) -> dt.datetime:
    """Handler: end what is over, then write what is due; at once again where there is more than one go's worth."""
    now = clock.now()
    _end_what_is_over(now)
    if not offered():
        return fact.next_time()
    for letter in list(refused.to_tell_again(now - LOOKED_BACK)):
        _tell_anew(letter)
    confirmed = Following.objects.filter(confirmed_at__isnull=False, ended_at=None)
    merged.lead_on(Following.objects.filter(subscriber__ended_at=None))
    waiting = (
        Subscriber.objects.filter(
            Q(next_at__lte=now) | Q(pace=Subscriber.Pace.EACH), confirmed_at__isnull=False
        )
        .filter(ended_at=None)
        .prefetch_related(Prefetch("followings", confirmed, to_attr="active"))
        .order_by("pk")
    )
    rows = list(waiting)
    known = _told_to(rows)
    stirred = following.stirred(now - LOOKED_BACK)
    streams_read: dict[tuple[str, str, str], tuple[Entry, ...]] = {}
    missed = functools.cache(lambda: refused.never_came(now - LOOKED_BACK))
    written = 0
    for one in rows:
        active: list[Following] = one.active
        followed = [row for row in active if row.scope != streams.QUESTION or row.slug in stirred]
        told = known.get(one.pk, set())
        found = _new_for(one, followed, now, told, streams_read)
        if found and (lost := missed().get(one.pk)):
            ToldEntry.objects.filter(pk__in=lost).delete()
            found = _new_for(one, followed, now, told - set(lost.values()), streams_read)
        if found:
            letters.tell(one, found)
            written += 1
        if one.pace != Subscriber.Pace.EACH:
            Subscriber.objects.filter(pk=one.pk).update(next_at=next_time(one.pace, now))
        if written >= MOST_LETTERS:
            return now
    return fact.next_time()


def instead_of_sending(delivery: Delivery) -> Callable[[], None] | None:
    """What is to be done instead of sending this letter; None where every entry of it may still be seen as it is told.

    The rest of its entries, and what was corrected, come in another letter.
    """
    letter = Letter.objects.select_related("subscriber").filter(delivery=delivery).first()
    if letter is None or letter.asks:
        return None
    told = letter.told.values_list("kind", "place")
    if all(entries.is_shown(kind, place, letter.at) for kind, place in told):
        return None

    return functools.partial(_tell_anew, letter)


def _tell_anew(letter: Letter) -> None:
    letter.told.all().delete()
    Subscriber.objects.filter(pk=letter.subscriber_id, next_at__isnull=False).update(next_at=clock.now())


def _told_to(rows: Iterable[Subscriber]) -> dict[int, set[tuple[int, int]]]:
    """What each has been told lately."""
    since = clock.now() - LOOKED_BACK - dt.timedelta(days=1)
    told: dict[int, set[tuple[int, int]]] = {one.pk: set() for one in rows}
    for pk, kind, place in ToldEntry.objects.filter(
        letter__at__gt=since, subscriber__ended_at=None
    ).values_list("subscriber_id", "kind", "place"):
        if pk in told:
            told[pk].add((kind, place))
    return told


def _new_for(
    one: Subscriber,
    followed: Iterable[Following],
    now: dt.datetime,
    known: set[tuple[int, int]],
    read: dict[tuple[str, str, str], tuple[Entry, ...]],
) -> list[Entry]:
    """What is new to this subscriber in all that they follow, oldest first, each once."""
    found: dict[tuple[int, int], Entry] = {}
    for row in followed:
        key = (one.language, row.scope, row.slug)
        if key not in read:
            read[key] = _since(now - LOOKED_BACK, one.language, row)
        assert row.confirmed_at is not None
        since = max(row.confirmed_at, now - LOOKED_BACK)
        for entry in read[key]:
            if entry.at > since and (entry.kind, entry.place) not in known:
                found[entry.kind, entry.place] = entry
    for told in _told_long_ago(one, found):
        del found[told]
    old = came_home(place for kind, place in found if kind == entries.POST)
    new = (entry for (kind, place), entry in found.items() if kind != entries.POST or place not in old)
    return sorted(new, key=lambda entry: entry.key)


def _told_long_ago(one: Subscriber, found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of these entries that they were told of whenever it was: a word that is mended is shown anew, and no news."""
    asked = set(found)
    if not asked:
        return []
    told = ToldEntry.objects.filter(subscriber=one, place__in={place for _kind, place in asked})
    return [name for name in told.values_list("kind", "place") if name in asked]


def _since(at: dt.datetime, language: str, row: Following) -> tuple[Entry, ...]:
    """What the stream of that row holds since then (aware), newest first."""
    which = streams.narrowing(row.scope, row.slug)
    whole = row.scope == streams.QUESTION  # which is read whole each time
    size = MOST_ENTRIES if whole else READ_AT_ONCE
    found: list[Entry] = []
    with override(language):  # gates name functions and states as they read
        page = entries.page(language, size=size, which=which)
        found += page.entries
        while page.next is not None and page.next[0] > at and len(found) < MOST_ENTRIES:
            page = entries.page(language, page.next, size, which)
            found += page.entries
    return tuple(found)


def _end_what_is_over(now: dt.datetime) -> None:
    living = Subscriber.objects.filter(ended_at=None)
    for one in living.filter(confirmed_at=None, asked_at__lt=now - CONFIRMED_WITHIN):
        end(one, Subscriber.Ending.SILENT)
    for one in refused.gone():
        end(one, Subscriber.Ending.BOUNCED)
