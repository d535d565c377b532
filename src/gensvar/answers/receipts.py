"""Tells a writer that the word has come: its number, the promised day, the private link. Quotes nothing, loops never.

Neighbours: routing says that the word has its function and day; limits says how many receipts are too many (RFC 3834).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers import limits, queueing
from gensvar.answers.first_words import awaiting_receipt
from gensvar.answers.languages import guessed, languages_of
from gensvar.answers.links import private_link, square_language
from gensvar.answers.models import Delivery
from gensvar.answers.ways import BY_HAND, LINK, Way, way_to
from gensvar.contactpoints.queries import own_addresses
from gensvar.contract.channel import capabilities_of
from gensvar.contract.values import Address, AnswerBy
from gensvar.conversations.models import Conversation, Participant
from gensvar.conversations.writers import is_machine
from gensvar.routing.events import MessageRouted

BETWEEN_LANGUAGES = "\n\n* * *\n\n"
NEVER = frozenset(
    {"list", "automatic", "own"}
)  # marks of a word that a machine sent or that we sent ourselves


def acknowledge(fact: MessageRouted) -> None:
    """Handler: queue a receipt for the first word of a conversation, where somebody may want one."""
    word = awaiting_receipt(fact.message_id) if fact.new else None
    if word is None:
        return
    conversation, participant = word.conversation, word.participant
    way = _allowed(participant, conversation)
    if way is None:
        return
    languages = languages_of(conversation.language or word.language or guessed(word.text))
    _queue(
        way,
        conversation,
        cause_id=word.message_id,
        subject=subject(conversation, languages),
        text=text(conversation, participant, languages),
        language=languages[0],
    )


@transaction.atomic
def mail_link(participant: Participant, language: str) -> None:
    """Mail the private link to the address that was typed in the form, as seldom as receipts go there; quotes nothing.

    For whoever was shown the typed key. Says to nobody whether a mail went.
    """
    conversation = participant.conversation
    way = _allowed(participant, conversation)
    if way is None:
        return
    number = {"number": conversation.number}
    language = square_language(language)
    with override(language):
        lines = [
            _(
                "Somebody asked at our website that this link be sent to you. It opens all of conversation %(number)s:"
            )
            % number
            + f"\n{private_link(participant, language)}",
            _("If it was not you, you need do nothing: only this address has got the link."),
            settings.GENSVAR_NAME,
        ]
        subject_line = _("The link to your conversation (%(number)s)") % number
    _queue(way, conversation, subject=subject_line, text="\n\n".join(lines), language=language)


def _allowed(participant: Participant, conversation: Conversation) -> Way | None:
    """The way to their address; none to one of ours, to one that nobody reads, nor to one that had as many as it may get."""
    way = _way(participant, conversation)
    if way is None or is_machine(way.recipient) or way.recipient in own_addresses(way.channel):
        return None
    if not limits.allow(way):
        return None
    return way


def _queue(way: Way, conversation: Conversation, **said: Any) -> None:
    queueing.put(
        Delivery(
            kind=Delivery.Kind.RECEIPT,
            conversation=conversation,
            participant=way.participant,
            contact_point=way.contact_point,
            function=conversation.function,
            channel=way.channel,
            recipient=way.recipient,
            **said,
        ),
        token=way.participant.token,
    )


def _way(participant: Participant, conversation: Conversation) -> Way | None:
    """To their address, whatever the wish for the answer itself; nothing where none of our own is open."""
    participant.answer_by = AnswerBy.SAME
    way = way_to(participant, conversation, conversation.function)
    if way.channel == LINK or way.channel in BY_HAND:
        return None
    mailbox = capabilities_of(way.channel).addresses == Address.MAILBOX
    return way if "@" in way.recipient or not mailbox else None


def subject(conversation: Conversation, languages: list[str]) -> str:
    """A subject of our own: nothing of what the writer wrote goes back, to whomever that address belongs."""
    said = []
    for language in languages:
        with override(language):
            said.append(_("We have received what you wrote (%(number)s)") % {"number": conversation.number})
    return " / ".join(said)


def text(conversation: Conversation, participant: Participant, languages: list[str]) -> str:
    """The receipt in each of the languages; it quotes nothing, not even a name."""
    return BETWEEN_LANGUAGES.join(_text(conversation, participant, language) for language in languages)


def _text(conversation: Conversation, participant: Participant, language: str) -> str:
    with override(language):
        lines = [
            _("We have received what you wrote. Its number is %(number)s.") % {"number": conversation.number}
        ]
        if conversation.function is not None:
            lines.append(_("Looked after by: %(function)s.") % {"function": conversation.function})
        if conversation.due_at is not None:
            day = date_format(localtime(conversation.due_at), "l, j F" if language == "en" else "l j F")
            lines.append(_("You will get an answer by %(day)s at the latest.") % {"day": day})
        link = private_link(participant, language)
        return "\n\n".join(
            [
                " ".join(lines),
                _("Here you can read the answer and write more. Save the link, it is yours alone:")
                + f"\n{link}",
                _("If it was not you who wrote, you need do nothing."),
                settings.GENSVAR_NAME,
            ]
        )
