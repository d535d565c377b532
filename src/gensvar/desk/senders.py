"""Who stands at a word in the thread: whose it is, to whom else it was sent, and whom a note asks.

Neighbour: pane, which shows the words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from gensvar.contract.addresses import split_plus
from gensvar.conversations.models import Conversation, Message
from gensvar.core.roles import May
from gensvar.people.access import who_may, with_access
from gensvar.people.models import Person
from gensvar.people.names import both
from gensvar.people.queries import appointed


class Named(NamedTuple):
    """Whom a note names: those it asks, those who work here and cannot read it, and those who have left."""

    asked: str
    unreached: str
    left: str


def who(message: Message, conversation: Conversation) -> str:
    """Whose word it is, as the thread calls them; never the name of a protected identity."""
    if message.direction == Message.Direction.IN:
        contact = message.contact or conversation.contact
        if contact is not None and contact.protected:
            return _("Protected identity")
        known = message.sender_name or message.sender_address
        return known or _named_here(message, conversation) or _("unknown")
    person = both(message.person, message.co_signer) if message.person else _("Gensvar")
    return f"{person}, {message.function}" if message.function else person


def _named_here(message: Message, conversation: Conversation) -> str:
    """Who wrote at a private link, where nobody types a name again: as the list calls them, or as they are known."""
    if message.contact is None:  # a report of a machine without a sender
        return ""
    if message.contact_id == conversation.contact_id:
        return conversation.contact_name
    return message.contact.name


def also_to(message: Message, conversation: Conversation, unsaid: Collection[str] = ()) -> str:
    """To whom else they sent it, so that two places of ours do not answer unknown to each other; never a reply address's key.

    One reply address is how it came here; of two it is not known which.
    """
    if message.direction != Message.Direction.IN:
        return ""
    here = conversation.contact_point.address.lower()
    written = (address.lower() for address, _name in [*message.recipients, *message.copied])
    sent = [split_plus(address) for address in dict.fromkeys(written) if address not in unsaid]
    came_by = {address for address, key in sent if key}
    if len(came_by) == 1:
        unsaid = {*unsaid, *came_by}
    return ", ".join(dict.fromkeys(one for one, _key in sent if one not in {"", here, *unsaid}))


def who_cannot_read(words: Iterable[Message]) -> dict[int, bool]:
    """Those whom these notes name and who could not open them today: without a log-in that may be used, or the role for it.

    True for those who have not left: they can be told some other way.
    One query where somebody is named, none where nobody is.
    """
    named = {mention.person_id for message in words for mention in message.mentions.all()}
    if not named:
        return {}
    unable = Person.objects.filter(pk__in=named).exclude(user__in=who_may(May.NOTE))
    here = Q(pk__in=appointed()) | Q(user__in=with_access())  # an administrator may hold no function
    return dict(unable.annotate(here=here).values_list("pk", "here"))


def named_in(message: Message, unreached: Mapping[int, bool] = MappingProxyType({})) -> Named:
    """The names of those whom a note names; `unreached` are those who cannot read it (who_cannot_read)."""
    named = [mention.person for mention in message.mentions.all()]
    asked = [person.name for person in named if person.pk not in unreached]
    here = [person.name for person in named if unreached.get(person.pk)]
    left = [person.name for person in named if unreached.get(person.pk) is False]
    return Named(", ".join(asked), ", ".join(here), ", ".join(left))
