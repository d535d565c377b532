"""Asking to follow by mail, confirming it, changing it and ending it; an ended subscription keeps no address (law 6).

Neighbours: letters writes the words, due sends what is new; the square has the forms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from gensvar.answers.bounces import COMPLAINT, FAILED, delivery_of
from gensvar.answers.models import Delivery
from gensvar.answers.outbox import UNSETTLED
from gensvar.answers.ways import mail
from gensvar.contactpoints.queries import own_addresses, speaking
from gensvar.contract.addresses import untagged
from gensvar.contract.channel import channel
from gensvar.conversations.events import ReportReceived
from gensvar.core import audit, clock, tokens
from gensvar.publishing import streams
from gensvar.publishing.newsletters import letters, merged
from gensvar.publishing.newsletters.models import Following, Letter, Subscriber
from gensvar.publishing.newsletters.refused import Said, told_by_report
from gensvar.publishing.newsletters.times import next_time
from gensvar.publishing.streams import Stream

CONFIRMED_WITHIN: Final = dt.timedelta(days=7)
MOST_ASKED: Final = 3  # mails that ask one address to confirm, in a day
MOST_STREAMS: Final = 100


def offered() -> bool:
    """Whether letters can be sent at all: some place of ours must speak by mail."""
    return bool(mail()) and speaking(mail(), None) is not None


@transaction.atomic
def ask(address: str, found: Iterable[Stream], *, pace: str, language: str) -> bool:
    """Keep the wish and mail the link that confirms it; False where no mail goes (asked too often, an address of ours).

    Raises ValueError for what is no mail address. Whoever asked learns nothing of who follows us.
    """
    address = channel(mail()).normalise(address)
    if address in own_addresses(mail()):
        return False
    now = clock.now()
    subscriber, begins = Subscriber.objects.select_for_update().get_or_create(
        address=address,
        ended_at=None,
        defaults={"language": language, "pace": pace, "asked_at": now},
    )
    if _asked_lately(address, now) >= MOST_ASKED:
        return False
    for one in list(found)[:MOST_STREAMS]:
        row, new = Following.objects.get_or_create(
            subscriber=subscriber, scope=one.scope, slug=one.slug, defaults={"pace": pace, "asked_at": now}
        )
        if not new:
            row.pace, row.asked_at = pace, now
            if row.ended_at is not None:
                row.ended_at = row.confirmed_at = None
            row.save()
    if (
        not begins and subscriber.confirmed_at is None
    ):  # what is asked last is what they wait for, and lives as long
        subscriber.asked_at, subscriber.language, subscriber.pace = now, language, pace
        subscriber.save(update_fields=["asked_at", "language", "pace"])
    letters.ask_to_confirm(subscriber)
    return True


def _asked_lately(address: str, now: dt.datetime) -> int:
    """How many mails that ask to confirm went to that mailbox within a day, by whatever tag."""
    mailbox = untagged(address)
    local, _at, domain = mailbox.rpartition("@")
    asked = Letter.objects.filter(asks=True, at__gt=now - dt.timedelta(days=1))
    its = Q(subscriber__address__in={address, mailbox})
    its |= Q(subscriber__address__startswith=f"{local}+", subscriber__address__endswith=f"@{domain}")
    return asked.filter(its).count()


def find(purpose: str, token: str) -> Subscriber | None:
    """The subscriber of a genuine token ("newsletter" opens the own page, "newsletter-confirm" confirms), or None."""
    key = tokens.read(purpose, token)
    return Subscriber.objects.filter(key=key).first() if key is not None else None


def waiting(subscriber: Subscriber) -> QuerySet[Following]:
    """What was asked for and not yet confirmed, and is not too old to be."""
    since = clock.now() - CONFIRMED_WITHIN
    asked: QuerySet[Following] = subscriber.followings.filter(asked_at__gt=since)
    return asked.filter(confirmed_at=None, ended_at=None).order_by("pk")


@transaction.atomic
def confirm(subscriber: Subscriber) -> bool:
    """The mailbox's owner wants it; False where there is nothing to confirm. Only what comes from now on is told."""
    if subscriber.ended_at is not None:
        return False
    now, rows = clock.now(), list(waiting(subscriber))
    for row in rows:
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at"])
    if rows:
        subscriber.confirmed_at = subscriber.confirmed_at or now
        subscriber.pace = rows[-1].pace
        subscriber.next_at = next_time(subscriber.pace, now)
        subscriber.save(update_fields=["confirmed_at", "pace", "next_at"])
        audit.note(None, "newsletters.confirmed", subscriber, pace=subscriber.pace)
    return bool(rows)


@transaction.atomic
def change(subscriber: Subscriber, found: Iterable[Stream], *, pace: str, language: str) -> None:
    """Let the subscriber follow these streams and no others; none at all ends it."""
    wanted = list(found)[:MOST_STREAMS]
    if not wanted:
        end(subscriber, Subscriber.Ending.WISH)
        return
    now = clock.now()
    _end_others(subscriber, wanted)
    for one in wanted:
        row, _new = Following.objects.get_or_create(
            subscriber=subscriber,
            scope=one.scope,
            slug=one.slug,
            defaults={"pace": pace, "asked_at": now, "confirmed_at": now},
        )
        if row.ended_at is not None or row.confirmed_at is None:
            row.ended_at, row.confirmed_at = None, now
            row.save(update_fields=["ended_at", "confirmed_at"])
    if subscriber.pace != pace:
        subscriber.next_at = next_time(pace, now)
    subscriber.pace, subscriber.language = pace, language
    subscriber.confirmed_at = subscriber.confirmed_at or now
    subscriber.save()
    audit.note(None, "newsletters.changed", subscriber, pace=pace)


@transaction.atomic
def keep_only(subscriber: Subscriber, found: Iterable[Stream]) -> None:
    """Let the subscriber follow nothing but these any more. Where none is left they are not ended: they may choose again."""
    _end_others(subscriber, found)
    audit.note(None, "newsletters.changed", subscriber, pace=subscriber.pace)


def _end_others(subscriber: Subscriber, wanted: Iterable[Stream]) -> None:
    merged.lead_on(subscriber.followings.all())  # what they read there is what became of it
    names = {(one.scope, one.slug) for one in wanted}
    for row in subscriber.followings.filter(ended_at=None):
        if (row.scope, row.slug) not in names:
            row.ended_at = clock.now()
            row.save(update_fields=["ended_at"])


@transaction.atomic
def end(subscriber: Subscriber, why: str) -> None:
    """No letter goes any more. The decision and the count are kept; the address goes, out of its letters too."""
    ended = Subscriber.objects.filter(pk=subscriber.pk, ended_at=None).update(
        ended_at=clock.now(), ended_why=why, address="", next_at=None
    )
    subscriber.refresh_from_db()
    if not ended:
        return
    sent = Delivery.objects.filter(letter__subscriber=subscriber)
    sent.filter(state__in=UNSETTLED).update(state=Delivery.State.CANCELLED, next_try_at=None)
    sent.update(
        recipient="",
        domain="",
        text="",
        html="",
        unsubscribe="",
        reply="",
        raw=None,
        raw_sha256="",
        raw_size=0,
    )
    audit.note(None, "newsletters.ended", subscriber, why=str(why))


def end_reported(fact: ReportReceived) -> None:
    """Handler: a mail server says that there is no such mailbox, or its owner calls the letter unwanted.

    What is refused by a rule, or only said to have failed, may be a fault of ours: `refused` looks at the next one too.
    """
    delivery = delivery_of(fact)
    letter = (
        Letter.objects.select_related("subscriber").filter(delivery=delivery).first() if delivery else None
    )
    if letter is None:
        return
    if fact.action == COMPLAINT:
        end(letter.subscriber, Subscriber.Ending.COMPLAINED)
    elif fact.action == FAILED and told_by_report(f"{fact.status} {fact.diagnostic}") is Said.GONE:
        end(letter.subscriber, Subscriber.Ending.BOUNCED)


def followed(subscriber: Subscriber) -> list[Stream]:
    """What the subscriber follows and has confirmed, by name, in the language of the page."""
    return streams_of(subscriber.followings.filter(confirmed_at__isnull=False, ended_at=None).order_by("pk"))


def streams_of(rows: QuerySet[Following]) -> list[Stream]:
    """The streams of these rows that are there, each once; of one that was merged the one that it goes on in."""
    became = {row.pk: merged.name_of(row) for row in merged.among(rows)}
    names = list(dict.fromkeys((row.scope, became.get(row.pk, row.slug)) for row in rows))
    found = [streams.find(scope, slug) for scope, slug in names if scope != streams.QUESTION]
    questions = streams.questions(slug for scope, slug in names if scope == streams.QUESTION)
    return [*(one for one in found if one is not None), *questions]
