"""Tells a colleague by mail what needs them, such as a question in a note; nothing of what a resident wrote leaves the desk.

Neighbours: conversations finds the mention, queueing puts the notice into the one outbox.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers import queueing
from gensvar.answers.links import desk_link
from gensvar.answers.models import Delivery
from gensvar.answers.ways import mail
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import own_addresses, speaking
from gensvar.conversations.events import PersonMentioned
from gensvar.conversations.models import Mention
from gensvar.core.roles import May
from gensvar.people.models import Person


def tell_mentioned(fact: PersonMentioned) -> None:
    """Handler: queue the notice, unless the colleague mentioned themselves, has no address or could not read it there."""
    mention = Mention.objects.select_related(
        "person__user", "by", "message__conversation__function", "message__conversation__contact_point"
    ).get(pk=fact.mention_id)
    person, conversation = mention.person, mention.message.conversation
    place = speaking(mail(), conversation.function)
    if not address_of(person) or place is None or person.user is None or person.user == mention.by:
        return
    if not person.user.may(May.NOTE):
        return
    with override(person.user.language):
        values = {
            "by": mention.message.sender_name,
            "number": conversation.number,
            "link": desk_link(conversation),
        }
        subject = _("%(by)s asks you about %(number)s") % values
        text = (
            _(
                "%(by)s asks you something in a note to %(number)s.\n\nRead and answer it in the desk:\n%(link)s"
            )
            % values
        )
    put(person, place, subject, text, conversation=conversation, message=mention.message)


def put(person: Person, place: ContactPoint, subject: str, text: str, **about: Any) -> None:
    """Queue a notice to a colleague who has an address, by mail from that place; `about`: what else the delivery belongs to."""
    assert person.user is not None, "address_of gives nobody else an address"
    queueing.put(
        Delivery(
            kind=Delivery.Kind.NOTICE,
            contact_point=place,
            channel=place.channel,
            recipient=address_of(person),
            recipient_name=person.name,
            subject=subject,
            text=text,
            language=person.user.language,
            **about,
        )
    )


def address_of(person: Person) -> str:
    """Where notices to a colleague go; nowhere once access has ended, and never to an address that is a place of ours."""
    return mailbox_of(person) if person.user is not None else ""


def mailbox_of(person: Person) -> str:
    """Where mail reaches somebody who works here, also without a log-in; nowhere when they have left."""
    if not person.in_service:
        return ""
    address = (person.email or (person.user.email if person.user is not None else "")).strip().lower()
    return "" if address in own_addresses(mail()) else address
