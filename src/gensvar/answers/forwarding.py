"""Sends a conversation to somebody outside, and writes first to somebody who has not written.

Neighbours: services answers those who take part; conversations keeps the note that tells of a forward.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers import queueing
from gensvar.answers.checks import Screen, locked_conversation, own_draft, speaking_function
from gensvar.answers.composing import signed
from gensvar.answers.drafts import discard
from gensvar.answers.errors import AlreadySent, BadRecipient, NoPlaceToSpeakFrom, NothingWritten
from gensvar.answers.models import Delivery, DeliveryFile, Draft
from gensvar.answers.ways import Way, mail, recipients
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import own_addresses, speaking
from gensvar.contract.channel import channel
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Attachment, Conversation, Message
from gensvar.conversations.protecting import covered_reports
from gensvar.conversations.returned import told_text
from gensvar.conversations.turns import take_turn
from gensvar.conversations.typed_keys import REPORTS
from gensvar.core import audit, clock, files
from gensvar.core.covering import cover, may_hold_keys, told_bytes
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.core.stops import stop
from gensvar.people.models import Function

A_MOMENT: Final = dt.timedelta(minutes=10)  # in which the same first words to the same address are one


@transaction.atomic
def forward(draft: Draft, *, by: User, screen: Screen | None = None) -> Message:
    """Send the thread as staff see it, without notes, with its files to an address outside; the thread keeps it for staff.

    The answer to a forward does not enter the thread by itself: the outsider holds nobody's private link. Nothing goes to them
    that the `screen` did not show. Raises NotAllowed, BadRecipient, NoPlaceToSpeakFrom, SomethingNew and the other kinds of
    CannotSend; the draft is then kept.
    """
    take_turn()  # before the draft, as whoever merges it away does
    draft = own_draft(draft, by, May.FORWARD, may_be_empty=True)
    conversation = locked_conversation(draft, by)
    if screen is not None:
        screen.require_shown(conversation, draft.person, recipients(conversation))
    function = speaking_function(draft, conversation)
    recipient = outside_address(draft.recipient)
    place = _place(conversation, function)
    thread = _words_of(conversation)
    called, text = _for_outside(draft, function, conversation, thread)
    message = conversations.record_outgoing(
        conversation,
        person=draft.person,
        function=function,
        text=draft.text.strip(),
        subject=called,
        files=list(draft.files.all()),
        by=by,
        kind=Delivery.Kind.FORWARD,
    )
    delivery = queueing.put(
        Delivery(
            kind=Delivery.Kind.FORWARD,
            conversation=conversation,
            message=message,
            contact_point=place,
            person=draft.person,
            function=function,
            channel=place.channel,
            recipient=recipient,
            subject=message.subject,
            text=text,
        ),
        after=queueing.undo_time(),
    )
    _lay_files_beside(delivery, thread)
    message.message_id = delivery.message_identifier
    message.recipients = [[recipient, ""]]
    message.save(update_fields=["message_id", "recipients"])
    audit.note(by, "answers.forward", conversation, delivery=delivery.pk, function=function.pk)
    discard(draft)
    return message


def _for_outside(
    draft: Draft, function: Function, conversation: Conversation, thread: list[Message]
) -> tuple[str, str]:
    """Subject and text, in the language of the house: whoever reads them is outside, whatever that of the writer's desk."""
    with override(settings.LANGUAGE_CODE):
        called = _("Forwarded: %(subject)s") % {"subject": conversation.subject or conversation.number}
        words = [signed(draft.text.strip(), draft.person, function), *map(_quoted, thread)]
    return draft.subject or called, "\n\n".join(words)


def _words_of(conversation: Conversation) -> list[Message]:
    """What was said between us and them, oldest first; no notes, nothing that was forwarded before, and no machine's word
    that says where a protected person is reached."""
    said = conversation.messages.exclude(direction=Message.Direction.NOTE).select_related(
        "person", "function"
    )
    rows = [one for one in said.order_by("at", "pk") if Delivery.Kind.FORWARD not in one.marks]
    covered = covered_reports([one.pk for one in rows if one.kind in REPORTS])
    return [one for one in rows if one.pk not in covered]


def _lay_files_beside(delivery: Delivery, thread: list[Message]) -> None:
    """The files of the thread as it is now go along, whatever is added to it before the sending; no report's, and no keys."""
    found = Attachment.objects.filter(message__in=thread, role="attachment").order_by("pk")
    DeliveryFile.objects.bulk_create(
        _beside(delivery, file) for file in found.exclude(message__kind__in=REPORTS)
    )


def _beside(delivery: Delivery, file: Attachment) -> DeliveryFile:
    size, sha256 = file.size, file.sha256
    if may_hold_keys(file.content_type):
        data = files.read(sha256)
        told = told_bytes(file.content_type, data)
        if told != data:
            size, sha256 = len(told), files.keep(told)
    return DeliveryFile(
        delivery=delivery,
        filename=file.filename,
        content_type=file.content_type,
        size=size,
        sha256=sha256,
    )


def _quoted(message: Message) -> str:
    when = date_format(localtime(message.at), "j F Y H:i")
    if message.direction == Message.Direction.OUT:
        who = ", ".join(str(one) for one in (message.person, message.function) if one is not None)
    elif message.contact is not None and message.contact.protected:
        who = str(message.contact)
    else:
        who = " ".join(part for part in (message.sender_name, message.sender_address) if part)
    head = f"{when} · {who}" if who else when
    where = "\n" + _("Where it is: %(place)s") % {"place": cover(message.place)} if message.place else ""
    return f"--- {head} ---\n{cover(told_text(message))}{where}".strip()


def outside_address(address: str) -> str:
    """The e-mail address in normal form. Raises BadRecipient, NoPlaceToSpeakFrom."""
    try:
        found = channel(mail()).normalise(address)
    except LookupError as error:
        raise NoPlaceToSpeakFrom from error
    except ValueError as error:
        raise BadRecipient(str(error)) from error
    if found in own_addresses(mail()):
        raise BadRecipient(
            _("%(address)s is one of our own addresses: pass the conversation on instead.")
            % {"address": found}
        )
    return found


def _place(conversation: Conversation, function: Function) -> ContactPoint:
    place = conversation.contact_point
    if place.channel == mail() and place.state == ContactPoint.State.LIVE:
        return place
    found = speaking(mail(), function)
    if found is None:
        raise NoPlaceToSpeakFrom
    return found


def write_first(draft: Draft, *, by: User) -> Conversation:
    """Begin a conversation with somebody by e-mail, from a contact point of ours (the draft's, else the function's).

    Raises NotAllowed, BadRecipient, NoPlaceToSpeakFrom and the other kinds of CannotSend; the draft is then kept.
    """
    with transaction.atomic():
        take_turn()  # before the draft, as whoever hands it over does
        draft = own_draft(draft, by, May.WRITE_FIRST)
        if not draft.subject.strip():
            raise NothingWritten(_("Write a subject: it is the first thing that the recipient sees."))
        function = speaking_function(draft, None)
        recipient = outside_address(draft.recipient)
        _not_just_sent(draft, recipient)
        place = draft.contact_point or speaking(mail(), function)
        if place is None or place.channel != mail() or place.state != ContactPoint.State.LIVE:
            raise NoPlaceToSpeakFrom
        participant = conversations.begin(
            place, address=recipient, subject=draft.subject, function=function, person=draft.person, by=by
        )
        conversation = participant.conversation
        message = conversations.record_outgoing(
            conversation,
            person=draft.person,
            function=function,
            text=draft.text.strip(),
            subject=draft.subject,
            files=list(draft.files.all()),
            by=by,
            kind=Delivery.Kind.FIRST,
        )
        queueing.put_all(
            message, [Way(participant, place.channel, recipient, place)], kind=Delivery.Kind.FIRST
        )
        audit.note(by, "answers.write_first", message, conversation=conversation.pk, function=function.pk)
        discard(draft)
        stop("answers.before_commit")
    stop("answers.after_commit")
    return conversation


def _not_just_sent(draft: Draft, recipient: str) -> None:
    """Raises AlreadySent where the same first words went to the same address a moment ago: a second click, or "back"."""
    just_sent = Delivery.objects.filter(
        kind=Delivery.Kind.FIRST,
        person=draft.person,
        recipient=recipient,
        subject=draft.subject,
        created_at__gt=clock.now() - A_MOMENT,
    ).exclude(state=Delivery.State.CANCELLED)
    if just_sent.filter(message__text=draft.text.strip()).exists():
        raise AlreadySent
