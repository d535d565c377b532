"""The card of the writer: addresses, the other addresses that colleagues hold to be theirs and why, and all their conversations.

Neighbours: conversations.other_addresses says what is held; acts has the two buttons; pane shows the card.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from gensvar.conversations import queries
from gensvar.conversations.models import Contact, ContactAddress, Conversation, OtherAddress
from gensvar.conversations.other_addresses import Other, other_end, others_of, said_of
from gensvar.conversations.protecting import Writer, may_end, writers_of
from gensvar.conversations.states import State
from gensvar.core import times
from gensvar.core.models import User
from gensvar.core.roles import May

MOST_CONVERSATIONS: Final = 5
MOST_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class OtherShown:
    """Another address that is held to be the same person's: who said so, when and why."""

    pk: int
    called: str
    bounces: bool
    told: str
    reason: str


def card(user: User, conversation: Conversation) -> dict[str, Any]:
    """What the card shows to who may see contacts; of a protected identity no address, and nothing that was said of it."""
    contact = conversation.contact
    if contact is None or not user.may(May.SEE_CONTACTS):
        return {"contact": None, "addresses": [], "others": []}
    known = _addresses(conversation, contact)
    own = [one for one in known if one.contact_id == contact.pk]
    said = said_of(contact) if not own or any(one.was_said for one in own) else []  # type: ignore[attr-defined]
    others = others_of(contact, said)
    persons = {contact.pk, *(other.contact.pk for other in others)}
    asked = queries.visible_to(user).filter(contact__in=persons).exclude(pk=conversation.pk)
    return {
        "contact": contact,
        "addresses": own,
        "others": list(asked.order_by("-last_at", "-pk")[:MOST_CONVERSATIONS]),
        "other_addresses": [_shown(other) for other in others],
        "may_say_other": not contact.protected and conversation.state != State.SPAM and user.may(May.ANSWER),
        **_protecting(user, conversation),
        "wrote_here": [one for one in known if one.contact_id not in persons],
        "said_lines": _lines(contact, said),
    }


def _protecting(user: User, conversation: Conversation) -> dict[str, Any]:
    """A button for each writer whose identity this reader may protect, and for each whose protection they may end: contact and label."""
    writers = writers_of(conversation) if user.may(May.ANSWER) else []
    hidden = [one for one in writers if one.protected]
    label = _("Protect %(name)s") if len(writers) > 1 else _("Protect the identity")
    end = _("End the protection of %(name)s") if len(hidden) > 1 else _("End the protection")
    return {
        "to_protect": [(one.contact, label % {"name": _writer(one)}) for one in writers if not one.protected],
        "to_unprotect": [(one.contact, end % {"name": _writer(one)}) for one in hidden if may_end(user)],
    }


def _writer(one: Writer) -> str:
    """By name or address; else, as of a protected identity, by when they began to write."""
    if one.called or one.wrote_at is None:
        return one.called or _("unknown")
    return _("whoever first wrote %(time)s") % {"time": times.said(one.wrote_at)}


def _addresses(conversation: Conversation, contact: Contact) -> list[ContactAddress]:
    """Those of the contact, and of whoever else takes part here: the likeliest to be the same person's.

    Each with whether anything was ever said of it, so that nothing more is asked for most writers.
    """
    if contact.protected:
        return []
    here = Q(contact__in=conversation.participants.values("contact"), contact__protected=False)
    said = OtherAddress.objects.filter(Q(contact=OuterRef("contact")) | Q(address=OuterRef("pk")))
    found = ContactAddress.objects.filter(Q(contact=contact) | here).annotate(was_said=Exists(said))
    return list(found.order_by("pk"))


def _shown(other: Other) -> OtherShown:
    said = other.said
    told = _("%(who)s, %(time)s") % {"who": _named(said.said_by), "time": times.brief(said.said_at)}
    bounces = other.address is not None and other.address.bounced_at is not None
    return OtherShown(said.pk, _called(other), bounces, told, said.reason)


def _called(other: Other) -> str:
    return str(other.address or other.contact.name or _("somebody without an address"))


def _named(user: User | None) -> str:
    """By the person's name; a log-in without a person by its own."""
    return str(getattr(user, "person", user))


def _lines(contact: Contact, said: list[OtherAddress]) -> list[str]:
    """What was said of the writer's addresses and taken back, newest first, one sentence each."""
    told: list[tuple[dt.datetime, str]] = []
    for row in said:
        address = _called(other_end(row, {contact.pk}))
        values = {"address": address, "who": _named(row.said_by), "time": times.said(row.said_at)}
        told.append(
            (row.said_at, _("%(time)s: %(who)s said that %(address)s is the same person's.") % values)
        )
        if row.taken_back_at is not None:
            values |= {"who": _named(row.taken_back_by), "time": times.said(row.taken_back_at)}
            words = _("%(time)s: %(who)s took back that %(address)s is the same person's.")
            told.append((row.taken_back_at, words % values))
    return [line for _at, line in sorted(told, key=itemgetter(0), reverse=True)[:MOST_LINES]]
