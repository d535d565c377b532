"""By which way an answer reaches each participant, from which of our addresses; what staff read is made from the same.

Neighbours: services queues one delivery for each way, sentences puts them into words before anything is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import speaking
from gensvar.contract.channel import capabilities_of, carrier, carrying
from gensvar.contract.values import Address, AnswerBy, Answered
from gensvar.conversations.models import Conversation, Participant
from gensvar.conversations.other_addresses import each_once
from gensvar.conversations.typed_keys import has_spoken_itself, told_of_what_is_said_now
from gensvar.people.models import Function

LINK: Final = "link"  # nothing is sent: the answer stands at the private link
PHONE: Final = str(AnswerBy.PHONE)  # somebody must call
LETTER: Final = str(AnswerBy.LETTER)  # somebody must post it
BY_HAND: Final = frozenset({PHONE, LETTER})


@dataclass(frozen=True, slots=True)
class Way:
    """One recipient and how the word gets there."""

    participant: Participant
    channel: str
    recipient: str  # an address, a phone number, or nothing
    contact_point: ContactPoint


def recipients(conversation: Conversation) -> list[Participant]:
    """Whom an answer goes to unless staff choose otherwise: those who wrote, not those who were copied in.

    Those who wrote in a conversation that was merged into this one belong to it. Of several addresses that staff hold to be
    one person's, the answer goes to the one that wrote last.
    """
    found = Participant.of(conversation).filter(author=True).select_related("contact").order_by("pk")
    return each_once(conversation, list(found))


def ways(
    conversation: Conversation, function: Function | None, participants: Sequence[Participant] | None = None
) -> list[Way]:
    """One way for each recipient, as each of them wished. The same address is not written to twice."""
    found: list[Way] = []
    for participant in recipients(conversation) if participants is None else participants:
        way = way_to(participant, conversation, function)
        if not way.recipient or (way.channel, way.recipient) not in {(w.channel, w.recipient) for w in found}:
            found.append(way)
    return found


def way_to(participant: Participant, conversation: Conversation, function: Function | None) -> Way:
    """How the answer reaches that participant. Where there is no other way, it stands at the private link."""
    place = conversation.contact_point
    wish = _wish(participant, conversation)
    if wish == AnswerBy.PHONE and participant.phone:
        return Way(participant, PHONE, participant.phone, place)
    if wish == AnswerBy.LETTER and participant.postal_address:
        return Way(participant, LETTER, "", place)
    if wish != AnswerBy.HERE and participant.address:
        channel = carrier(participant.channel, participant.address)
        speaks_from = _place_to_speak_from(channel, conversation, function)
        if speaks_from is not None:
            return Way(participant, channel, participant.address, speaks_from)
    return Way(participant, LINK, "", place)


def _wish(participant: Participant, conversation: Conversation) -> str:
    """How they want the answer. What whoever typed an address wished is no wish of the address: once anything came otherwise
    the answer is not for their phone, and goes to the address. It stands at the link alone until that address writes itself.
    """
    wish = participant.answer_by
    if participant.typed_key is None or wish in {AnswerBy.SAME, AnswerBy.EMAIL}:
        return wish
    if told_of_what_is_said_now(conversation, [participant]):
        return wish
    stays = wish == AnswerBy.HERE and not has_spoken_itself(conversation, participant)
    return wish if stays else str(AnswerBy.SAME)


def mail() -> str:
    """The name of the channel that writes first to a mailbox: for colleagues, and for those outside. Empty: none is installed."""
    return carrying(Address.MAILBOX)


def _place_to_speak_from(
    channel: str, conversation: Conversation, function: Function | None
) -> ContactPoint | None:
    """The address that they wrote to, so that the thread stays in one place; else one of the function's own."""
    can = capabilities_of(channel)
    if not can.answers or can.answered != Answered.SENT:
        return None
    place = conversation.contact_point
    if place.channel == channel and place.state == ContactPoint.State.LIVE:
        return place
    return speaking(channel, function)
