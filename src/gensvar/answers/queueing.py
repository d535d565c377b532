"""Puts rows into the one outbox: each with its own Message-ID and bounce key, made once, and the fact that sends it.

Neighbours: services, forwarding, receipts and notices say what; outbox.deliver sends.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.conf import settings

from gensvar.answers.events import DeliveryQueued
from gensvar.answers.models import Delivery
from gensvar.answers.ways import Way
from gensvar.conversations.models import Message
from gensvar.conversations.rows import insert_new
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.core.models import Event
from gensvar.core.runner import LANES

_COLUMNS = tuple(field.attname for field in Delivery._meta.concrete_fields if not field.primary_key)


def make_identifier(token: str, address: str) -> str:
    """A Message-ID without its brackets: the reply token, where there is one, and a random part (RFC 5322 § 3.6.4)."""
    domain = address.rpartition("@")[2] if "@" in address else urlsplit(settings.GENSVAR_URL).hostname
    unique = secrets.token_hex(10)
    return f"{token}.{unique}@{domain}" if token else f"{unique}@{domain}"


def put(
    delivery: Delivery, *, token: str = "", after: dt.timedelta | None = None, later: bool = False
) -> Delivery:
    """Store the row and the fact that starts its sending, in the caller's transaction; `after` leaves time to undo it.

    `later`: it is one of many, and nobody waits for it; whatever else is sent goes before it.
    `token` is the participant's reply token: it rides in the Message-ID, so that a reply finds its way home.
    """
    now = clock.now()
    address = delivery.contact_point.address if delivery.contact_point is not None else ""
    delivery.message_identifier = make_identifier(token, address)
    delivery.domain = delivery.recipient.rpartition("@")[2].lower()[:255]
    delivery.subject = delivery.subject[:250]
    delivery.created_at = now
    delivery.send_after = now + (after or dt.timedelta())
    delivery.raw_size = 0
    delivery.pk = insert_new(Delivery, **{name: getattr(delivery, name) for name in _COLUMNS})
    emit(DeliveryQueued(delivery.pk), at=delivery.send_after, later=later)
    return delivery


def reply_subject(subject: str) -> str:
    """The subject of a reply (RFC 5322 § 3.6.5): one “Re:” before it, whatever stood there."""
    return subject if subject[:3].lower() in {"re:", "sv:"} else f"Re: {subject}".strip()


def put_all(
    message: Message,
    found: Sequence[Way],
    *,
    kind: str,
    undo: bool = True,
    subjects: Mapping[int, str] | None = None,
) -> list[Delivery]:
    """Put one delivery for each way into the outbox, and tie the message to the first Message-ID, for the threading.

    Without `undo` they go at once. `subjects`: by participant, what stands over theirs instead of the message's own.
    """
    deliveries = [
        put(
            Delivery(
                kind=kind,
                conversation=message.conversation,
                message=message,
                participant=way.participant,
                contact_point=way.contact_point,
                person=message.person,
                function=message.function,
                channel=way.channel,
                recipient=way.recipient,
                recipient_name=way.participant.contact.name,
                subject=(subjects or {}).get(way.participant.pk, message.subject),
                language=message.conversation.language or way.participant.contact.language or "sv",
            ),
            token=way.participant.token,
            after=undo_time() if undo else None,
        )
        for way in found
    ]
    message.message_id = deliveries[0].message_identifier
    message.save(update_fields=["message_id"])
    return deliveries


def put_again(delivery: Delivery, *, at: dt.datetime | None = None) -> None:
    """Start the sending of a row once more, now or at that time; the row's own state must say that it waits."""
    emit(DeliveryQueued(delivery.pk), at=at)


def undo_time() -> dt.timedelta:
    """How long an answer can be taken back."""
    return dt.timedelta(seconds=settings.GENSVAR_UNDO_SECONDS)


def hurry(delivery: Delivery) -> bool:
    """Let a row that waits for its next try be tried now; False where it does not wait, or is just being tried."""
    return bool(
        Event.objects.filter(
            fact=DeliveryQueued.name,
            payload__delivery_id=delivery.pk,
            lane__in=LANES[Event.Lane.NETWORK],
            state=Event.State.WAITING,
            attempts=0,
        ).update(run_at=clock.now())
    )
