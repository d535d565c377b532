"""Ties what mail servers report (RFC 3464, RFC 5965) to the very delivery that they speak of.

Neighbours: conversations read the report; outbox sends again what failed for a while only.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from gensvar.answers import outbox, queueing
from gensvar.answers.models import Delivery
from gensvar.conversations.events import ReportReceived
from gensvar.conversations.models import ContactAddress
from gensvar.conversations.writers import NOWHERE, bounces_no_more
from gensvar.core import audit, clock, tokens

COMPLAINT: Final = "complaint"
FAILED: Final = "failed"
DELAYED: Final = "delayed"
DELIVERED: Final = "delivered"
FULL_MAILBOX: Final = "5.2.2"  # says 5, but passes (RFC 3463 § 3.3)
RETRY_AFTER: Final = dt.timedelta(hours=24)  # the other server tried for days already
RETRY_FOR: Final = dt.timedelta(days=7)


def settle_report(fact: ReportReceived) -> None:
    """Handler: a bounce changes the delivery that it is about; one that belongs to nothing of ours changes nothing."""
    delivery = delivery_of(fact)
    if delivery is None:
        audit.note(
            None, "answers.report_without_delivery", None, message=fact.message_id, forged=bool(fact.token)
        )
        return
    audit.note(
        None, "answers.report", delivery, reported=fact.action, status=fact.status, message=fact.message_id
    )
    if fact.action == COMPLAINT:
        _mark_address(delivery)
    elif fact.action == DELAYED:
        _tell(delivery, fact)
    elif fact.action == FAILED:
        _failed(delivery, fact)
    elif fact.action == DELIVERED:
        _reached(delivery)


def delivery_of(fact: ReportReceived) -> Delivery | None:
    """The delivery that a report is about: by our own signed token, which settles it, else by Message-ID and recipient.

    A token that is not genuine makes the whole report worthless. That of the conversation stands in the Message-ID of
    our word, where a report brings that back to an address without one: then it must be that recipient's own.
    """
    found = Delivery.objects.select_related("conversation", "participant")
    if fact.token and (key := tokens.read("bounce", fact.token)):
        return found.filter(key=key).first()
    if fact.token:
        part = tokens.read("conversation", fact.token)
        if not part:
            return None
        found = found.filter(participant__key=part)
    if not fact.original_message_id or not fact.recipient:
        return None
    return found.filter(message_identifier=fact.original_message_id, recipient__iexact=fact.recipient).first()


def is_of_no_conversation(fact: ReportReceived) -> bool:
    """Whether the report is about a letter, an invitation or another word of ours that belongs to no conversation."""
    delivery = delivery_of(fact)
    return delivery is not None and delivery.conversation_id is None


def is_permanent(status: str) -> bool:
    """Whether trying again is useless: 5.x.x but a full mailbox (RFC 3463), and whatever gives no status at all."""
    return status != FULL_MAILBOX and not status.startswith("4.")


def _failed(delivery: Delivery, fact: ReportReceived) -> None:
    if delivery.state not in (Delivery.State.SENT, Delivery.State.DELAYED):
        return
    if is_permanent(fact.status):
        outbox.fail(delivery, _words(fact))
        if delivery.channel and delivery.recipient:
            _mark_address(delivery)
    elif clock.now() - delivery.created_at >= RETRY_FOR:
        outbox.fail(delivery, _words(fact))
    else:
        again = clock.now() + RETRY_AFTER
        changed = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENT).update(
            state=Delivery.State.DELAYED, reply=_words(fact), next_try_at=again
        )
        if changed:
            queueing.put_again(delivery, at=again)


def _tell(delivery: Delivery, fact: ReportReceived) -> None:
    """The other server has not got rid of it yet and goes on trying: only said, nothing done."""
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENT).update(reply=_words(fact))


def _mark_address(delivery: Delivery) -> None:
    """The address does not take our words: staff see it on the contact, and on the stand-in of one that is hidden."""
    channels = [delivery.channel, NOWHERE]
    ContactAddress.objects.filter(channel__in=channels, address=delivery.recipient).update(
        bounced_at=clock.now()
    )


def _reached(delivery: Delivery) -> None:
    """What left us after mail to the same address had come back has arrived there."""
    if delivery.sent_at is not None and delivery.participant is not None:
        bounces_no_more(
            delivery.channel,
            delivery.recipient,
            delivery.participant.contact_id,
            at=delivery.sent_at,
            why=f"delivery {delivery.pk}",
        )


def _words(fact: ReportReceived) -> str:
    """What the other side said, on one line."""
    return " ".join(f"{fact.status} {fact.diagnostic}".split())[:2000]
