"""A small municipality for tests: words come in by the real way (envelope, reading, routing), nobody is sent anything yet."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from email.message import EmailMessage

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Conversation, Message
from gensvar.core import runner
from gensvar.core.models import Event
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive

_numbers = itertools.count(1)


def raw_mail(
    *,
    to: str,
    sender: str = "Anna Lind <anna@example.org>",
    subject: str = "Snöröjning på Storgatan",
    text: str = "Hej, vår gata är inte plogad. När kommer ni?",
    message_id: str = "",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail as a resident's program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{message_id or f'word{next(_numbers)}@example.org'}>"
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def word_comes(
    place: ContactPoint,
    *,
    to: str = "",
    source: Envelope.Source = Envelope.Source.SMTP,
    raw: bytes | None = None,
    sender: str = "Anna Lind <anna@example.org>",
    subject: str = "Snöröjning på Storgatan",
    text: str = "Hej, vår gata är inte plogad. När kommer ni?",
    message_id: str = "",
    headers: Mapping[str, str] | None = None,
) -> Message:
    """A mail comes to a contact point (`to`: its address with a token, for replies), and is read and routed."""
    recipient = to or place.address
    if raw is None:
        raw = raw_mail(
            to=recipient, sender=sender, subject=subject, text=text, message_id=message_id, headers=headers
        )
    came = receive(raw, contact_point=place, source=source, mail_from="", recipient=recipient)
    runner.run_waiting(network=False)
    return Message.objects.select_related("conversation").get(envelope=came.envelope_id)


def just_read(place: ContactPoint, number: int) -> list[Conversation]:
    """So many mails that came to a contact point and were read: they stand in conversations that nobody has routed yet."""
    for _ in range(number):
        receive(raw_mail(to=place.address), contact_point=place, source=Envelope.Source.SMTP)
    runner.run_batch(Event.Lane.DATABASE)
    found = list(Conversation.objects.filter(due_at=None, assignee=None))
    assert len(found) == number
    return found


def fresh(conversation: Conversation) -> Conversation:
    """The conversation as the database has it now."""
    return Conversation.objects.select_related("function", "assignee", "contact_point").get(
        pk=conversation.pk
    )
