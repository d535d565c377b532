"""Which letters that did not arrive say that a mailbox is there no more; whatever else they say may be about our server, or us.

Neighbours: due ends whose mailbox is gone, and tells once more what was refused for our sake; services ends it where a report says so.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterator
from typing import Final

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from gensvar.answers.models import Delivery
from gensvar.answers.outbox import MOST_TRIES
from gensvar.core import clock
from gensvar.publishing.newsletters.models import Letter, Subscriber, ToldEntry

# Of the recipient alone (RFC 3463 § 3.2 and 3.3, RFC 7505): no such mailbox, no such place, no address, moved, takes no mail,
# switched off. 5.1.7 and 5.1.8 are the sender's, 5.3 to 5.7 our server's, the way's, the mail's or a rule's.
OF_THE_MAILBOX: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
PERHAPS: Final = frozenset(
    {"550", "551", "553"}
)  # so is a mailbox refused, and so much else (RFC 5321 § 4.2.3)
# What a report gives where it says no more: something, of the address, of the mailbox, no way to its place.
UNSAID: Final = frozenset({"", "5.0.0", "5.1.0", "5.2.0", "5.4.4"})
WAITED: Final = dt.timedelta(days=1)  # that a letter may have waited for its server before it left
_STATUS: Final = re.compile(r"(?<![\w.])([45]\.[0-9]{1,3}\.[0-9]{1,3})(?![\w.])")
_SAID: Final = re.compile(r"(?:^|\s)(5[0-9]{2})[ -](?:(5\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.]))?")


class Said(enum.Enum):
    """What the words of a refusal tell of the mailbox."""

    GONE = enum.auto()
    PERHAPS = enum.auto()
    NOTHING = enum.auto()


def told_by(reply: str) -> Said:
    """What a server's answer, as the outbox keeps it, tells of the mailbox that the letter was for."""
    found = _SAID.search(reply)
    if found is None:
        return Said.NOTHING
    code, enhanced = found.groups()
    if enhanced is not None:
        return Said.GONE if enhanced in OF_THE_MAILBOX else Said.NOTHING
    return Said.PERHAPS if code in PERHAPS else Said.NOTHING


def told_by_report(words: str) -> Said:
    """What a report of failure tells of it, as the outbox keeps its words: status and diagnostic."""
    found = _STATUS.findall(words)
    status = next((one for one in found if one not in UNSAID), found[0] if found else "")
    if status in OF_THE_MAILBOX:
        return Said.GONE
    return Said.PERHAPS if status in UNSAID else Said.NOTHING


def _told(delivery: Delivery) -> Said:
    """What has left us did not arrive by a report; what has not, by the answer of the server that we hand it to."""
    reported = delivery.sent_at is not None
    return told_by_report(delivery.reply) if reported else told_by(delivery.reply)


def gone() -> Iterator[Subscriber]:
    """Those whose newest two letters did not arrive because of their mailbox.

    A server that only says no is believed where it took a letter to somebody else between the two: then it is well, and so
    are we.
    """
    newest = Letter.objects.filter(subscriber=OuterRef("subscriber")).order_by("-pk").values("pk")[:1]
    living = Letter.objects.filter(subscriber__ended_at=None, pk=Subquery(newest))
    for last in _refused(living).select_related("subscriber", "delivery"):
        if _told(last.delivery) is Said.NOTHING:
            continue
        earlier = Letter.objects.filter(subscriber=last.subscriber_id, pk__lt=last.pk).order_by("-pk")[:1]
        before = _refused(Letter.objects.filter(pk__in=list(earlier.values_list("pk", flat=True))))
        for first in before.select_related("delivery"):
            both = {_told(one.delivery) for one in (first, last)}
            if both == {Said.GONE} or (Said.NOTHING not in both and _took_another(first, last)):
                yield last.subscriber


def to_tell_again(since: dt.datetime) -> Iterator[Letter]:
    """Letters since then (aware) that our server refused for no fault of the mailbox, as soon as one to somebody else has left.

    Once: not where the one before was refused too, while others left between the two. It is asked each minute, in one
    statement however many there are, and another where one waits to be told again.
    """
    earlier = Letter.objects.filter(subscriber=OuterRef("subscriber"), pk__lt=OuterRef("pk")).order_by("-pk")
    told = Exists(ToldEntry.objects.filter(letter=OuterRef("pk")))
    letters = Letter.objects.filter(told, at__gt=since, subscriber__ended_at=None).select_related("delivery")
    failed = letters.filter(delivery__state=Delivery.State.FAILED, delivery__sent_at=None).annotate(
        before_at=Subquery(earlier.values("at")[:1]),
        before_state=Subquery(earlier.values("delivery__state")[:1]),
        others_left=Exists(_left(since - WAITED, OuterRef("before_at"), OuterRef("at"))),
    )
    first = [
        letter
        for letter in failed.defer("delivery__raw", "delivery__text", "delivery__html").order_by("pk")
        if told_by(letter.delivery.reply) is Said.NOTHING
        and not (letter.before_state == Delivery.State.FAILED and letter.others_left)
    ]
    if first:
        lately = _left(first[0].at - WAITED, first[0].at, clock.now())
        newest = lately.aggregate(at=Max("sent_at"))["at"]
        yield from (letter for letter in first if newest is not None and letter.at < newest)


def never_came(since: dt.datetime) -> dict[int, dict[int, tuple[int, int]]]:
    """By subscriber what letters told that were written since then (aware) and did not arrive, and that no other letter told: each
    by the id of its row. It goes along with the next letter, which costs no try more. One statement."""
    rows = ToldEntry.objects.filter(
        letter__at__gt=since, letter__delivery__state=Delivery.State.FAILED, subscriber__ended_at=None
    )
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for pk, subscriber, kind, place in rows.values_list("pk", "subscriber_id", "kind", "place"):
        found.setdefault(subscriber, {})[pk] = (kind, place)
    return found


def _refused(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    return letters.filter(delivery__state=Delivery.State.FAILED, delivery__attempts__lt=MOST_TRIES)


def _took_another(first: Letter, last: Letter) -> bool:
    """Whether a letter to somebody else left between these two."""
    return _left(first.at - WAITED, first.at, last.at).exists()


def _left(
    written: dt.datetime, after: dt.datetime | OuterRef, before: dt.datetime | OuterRef
) -> QuerySet[Delivery]:
    """Letters that left between the two times; those alone that were `written` since then, as the outbox has an index of that."""
    sent = Delivery.objects.filter(kind=Delivery.Kind.NEWS, state=Delivery.State.SENT)
    return sent.filter(created_at__gt=written, created_at__lt=before, sent_at__gt=after, sent_at__lt=before)
