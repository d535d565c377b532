"""Makes a row of the outbox into the word that a channel sends: who speaks, signature, thread, files.

Neighbours: outbox composes once, keeps the bytes, and sends the same ones at every try.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers.links import private_link, square_language
from gensvar.answers.models import Delivery
from gensvar.contactpoints.queries import channel_settings
from gensvar.contract.values import File, Outgoing, Party
from gensvar.conversations.models import Message
from gensvar.core import files, tokens
from gensvar.people.models import Function, Person
from gensvar.people.names import both

SPOKEN: Final = frozenset(
    {
        Delivery.Kind.ANSWER,
        Delivery.Kind.FIRST,
        Delivery.Kind.FORWARD,
        Delivery.Kind.OUTCOME,
        Delivery.Kind.GUEST,
    }
)  # a person stands behind it
MOST_REFERENCES: Final = 20


def outgoing(delivery: Delivery, *, with_files: bool) -> Outgoing:
    """The word as the channel gets it; the same for the same row. Files are only needed where the bytes are made.

    Raises FileNotFoundError where a kept file is gone.
    """
    place, participant = delivery.contact_point, delivery.participant
    assert place is not None, "what a channel sends has an address of ours behind it"
    automatic = delivery.kind not in SPOKEN
    thread = _thread(delivery)
    with override(square_language(delivery.language)):
        return Outgoing(
            recipient=Party(delivery.recipient, delivery.recipient_name),
            sender_name=_sender_name(delivery),
            sender_address=place.address,
            subject=delivery.subject,
            text=_text(delivery),
            message_id=delivery.message_identifier,
            reply_token=participant.token if participant is not None else "",
            bounce_token=tokens.make("bounce", delivery.key),
            in_reply_to=thread[-1] if thread else "",
            references=thread,
            files=_files(delivery) if with_files else (),
            language=delivery.language,
            html=delivery.html,
            unsubscribe=delivery.unsubscribe,
            automatic=automatic,
            private_link=private_link(participant, delivery.language) if participant is not None else "",
            sent_at=delivery.created_at,
        )


def place_settings(delivery: Delivery) -> Any:
    """The channel's settings on the contact point that the delivery speaks from."""
    assert delivery.contact_point is not None
    return channel_settings(delivery.contact_point)


def _sender_name(delivery: Delivery) -> str:
    """“Kim Ek, Gata & park”; what no person wrote comes from the function, or from the municipality."""
    spoken = both(delivery.person, _co_signer(delivery)) if delivery.person is not None else ""
    names = [name for name in (spoken, str(delivery.function or "")) if name]
    return ", ".join(names) or settings.GENSVAR_NAME


def _text(delivery: Delivery) -> str:
    """The words, with the signature of person and function under an answer; a forward has its own already."""
    if delivery.text or delivery.person is None:
        return delivery.text
    words = signed(
        delivery.message.text if delivery.message is not None else "",
        delivery.person,
        delivery.function,
        _co_signer(delivery),
    )
    if delivery.participant is None:
        return words
    link = private_link(delivery.participant, delivery.language)
    return words + "\n\n" + _("The whole conversation, for you alone:") + f"\n{link}"


def _co_signer(delivery: Delivery) -> Person | None:
    """Who stands behind the word beside the one who wrote it."""
    return delivery.message.co_signer if delivery.message is not None else None


def signed(words: str, person: Person, function: Function | None, co_signer: Person | None = None) -> str:
    """The words with a signature under them; its dashes are those that mail programs know (RFC 3676 § 4.3)."""
    signers = [one for one in (person, co_signer) if one is not None]
    name = "\n".join(", ".join(part for part in (one.name, one.title) if part) for one in signers)
    house = ", ".join(part for part in (str(function or ""), settings.GENSVAR_NAME) if part)
    return f"{words}\n\n-- \n{name}\n{house}".lstrip()


def _thread(delivery: Delivery) -> tuple[str, ...]:
    """The Message-IDs that the word follows, oldest first: what this recipient wrote and what we sent them before it."""
    if delivery.cause is not None:
        return (delivery.cause.message_id,) if delivery.cause.channel == delivery.channel else ()
    if delivery.participant is None:
        return ()
    theirs = Message.objects.filter(
        conversation=delivery.conversation,
        contact=delivery.participant.contact_id,
        direction=Message.Direction.IN,
        channel=delivery.channel,
    ).exclude(message_id="")
    ours = Delivery.objects.filter(
        participant=delivery.participant,
        channel=delivery.channel,
        state__in=[Delivery.State.SENT, Delivery.State.KEPT],
    ).exclude(pk=delivery.pk)
    said = list(theirs.values_list("at", "message_id"))
    said += list(ours.values_list("created_at", "message_identifier"))
    before = sorted(item for item in said if item[0] <= delivery.created_at)
    return tuple(name for _when, name in before[-MOST_REFERENCES:])


def _files(delivery: Delivery) -> tuple[File, ...]:
    if delivery.kind not in SPOKEN:
        return ()  # a machine's own words carry nothing
    rows: list[Any] = list(delivery.files.order_by("pk"))
    if delivery.message is not None:
        rows += delivery.message.attachments.order_by("pk")
    return tuple(File(row.filename, row.content_type, files.read(row.sha256)) for row in rows)
