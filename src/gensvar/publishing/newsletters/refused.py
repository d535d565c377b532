"""Which refused letters say that a mailbox is there no more; every other refusal may be about our own mail server, or us.

Neighbour: due ends whose mailbox is gone. What a server reports later (a bounce) is services' business.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery

from gensvar.answers.models import Delivery
from gensvar.answers.outbox import MOST_TRIES
from gensvar.publishing.newsletters.models import Letter, Subscriber

# Of the recipient alone (RFC 3463 § 3.2 and 3.3, RFC 7505): no such mailbox, no such place, no address, moved, takes no mail,
# switched off. 5.1.7 and 5.1.8 are the sender's, 5.3 to 5.7 our server's, the way's, the mail's or a rule's.
OF_THE_MAILBOX: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
PERHAPS: Final = frozenset(
    {"550", "551", "553"}
)  # so is a mailbox refused, and so much else (RFC 5321 § 4.2.3)
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


def gone() -> Iterator[Subscriber]:
    """Those whose newest two letters were refused because of their mailbox.

    A server that only says no is believed where it took a letter to somebody else between the two: then it is well, and so
    are we.
    """
    newest = Letter.objects.filter(subscriber=OuterRef("subscriber")).order_by("-pk").values("pk")[:1]
    living = Letter.objects.filter(subscriber__ended_at=None, pk=Subquery(newest))
    for last in _refused(living).select_related("subscriber", "delivery"):
        if told_by(last.delivery.reply) is Said.NOTHING:
            continue
        earlier = Letter.objects.filter(subscriber=last.subscriber_id, pk__lt=last.pk).order_by("-pk")[:1]
        before = _refused(Letter.objects.filter(pk__in=list(earlier.values_list("pk", flat=True))))
        for first in before.select_related("delivery"):
            both = {told_by(one.delivery.reply) for one in (first, last)}
            if both == {Said.GONE} or (Said.NOTHING not in both and _took_another(first, last)):
                yield last.subscriber


def _refused(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    return letters.filter(delivery__state=Delivery.State.FAILED, delivery__attempts__lt=MOST_TRIES)


def _took_another(first: Letter, last: Letter) -> bool:
    """Whether a letter to somebody else left between these two."""
    sent = Delivery.objects.filter(kind=Delivery.Kind.NEWS, state=Delivery.State.SENT)
    return sent.filter(sent_at__gt=first.at, sent_at__lt=last.at).exists()
