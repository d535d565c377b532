"""What will happen and what has happened to an outgoing word, in whole sentences for staff, in the reader's language.

Neighbours: ways decides how a word goes; the desk shows these at the foot of the answer field and on each answer.
Where a protected identity is concerned, no sentence says an address or a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from gensvar.answers.models import Delivery
from gensvar.answers.ways import BY_HAND, LINK, PHONE, Way, ways
from gensvar.contract.channel import channel, names_of
from gensvar.conversations.models import Conversation, Participant
from gensvar.core import times
from gensvar.people.models import Function, Person
from gensvar.people.names import both


def sending_sentence(
    conversation: Conversation,
    person: Person,
    function: Function,
    to: Sequence[Participant] | None = None,
    co_signer: Person | None = None,
    *,
    contacts: bool = False,
) -> str:
    """What will happen when the answer is sent: “Skickas som mejl till anna@example.org från Gata & park (Kim Ek)”.

    `contacts`: whether the reader may see contacts, and so the number and where a letter is posted.
    """
    return describe(ways(conversation, function, to), both(person, co_signer), function, contacts=contacts)


def describe(found: Sequence[Way], names: str, function: Function, *, contacts: bool = False) -> str:
    """One sentence for all recipients, each by their own way."""
    who = {"function": str(function), "person": names}
    sent = [way for way in found if way.channel not in BY_HAND and way.channel != LINK]
    said: list[str] = []
    for name in dict.fromkeys(way.channel for way in sent):
        to = _and(list(dict.fromkeys(_address(way) for way in sent if way.channel == name)))
        named = names_of(name)
        if named.sent_as:
            words = _("Sent as %(form)s to %(to)s from %(function)s (%(person)s)")
        else:
            words = _("Sent by %(form)s to %(to)s from %(function)s (%(person)s)")
        said.append(words % {"form": named.sent_as or channel(name).label(), "to": to, **who})
    if any(way.channel == LINK for way in found):
        said.append(_("Shown at the private link, from %(function)s (%(person)s)") % who)
    said += [_by_hand(way, contacts=contacts) for way in found if way.channel in BY_HAND]
    return ". ".join(said) if said else _("There is nobody to send this to.")


def _by_hand(way: Way, *, contacts: bool) -> str:
    """What one does oneself: to whom, and for who may see contacts where."""
    name = str(way.participant.contact) or _("the writer")
    if way.participant.contact.protected:
        if way.channel == PHONE:
            return _(
                "You phone somebody with a protected identity, whose number is not shown here: "
                "the answer is shown at the private link, but nothing is sent"
            )
        return _(
            "You post it to somebody with a protected identity, whose address is not shown here: "
            "the answer is shown at the private link, but nothing is sent"
        )
    if way.channel == PHONE and contacts:
        words = _(
            "You phone %(name)s on %(number)s: the answer is shown at the private link, but nothing is sent"
        )
    elif way.channel == PHONE:
        words = _(
            "You phone %(name)s, and ask a coordinator for the number: the answer is shown at the private link, "
            "but nothing is sent"
        )
    elif contacts:
        name = f"{name}, {posted_to(way.participant)}"
        words = _("You post it to %(name)s: the answer is shown at the private link, but nothing is sent")
    else:
        words = _(
            "You post it to %(name)s, and ask a coordinator for the address: the answer is shown at the private "
            "link, but nothing is sent"
        )
    return words % {"name": name, "number": way.recipient}


def delivery_sentence(delivery: Delivery, *, contacts: bool = False, reads: bool = True) -> str:
    """Where an outgoing word stands, and why: for the answer in the thread and for the outbox.

    Of `contacts` and `reads` see recipient_shown.
    """
    state = Delivery.State
    shown = recipient_shown(delivery, contacts=contacts, reads=reads)
    to = {
        "to": shown,
        "time": times.said(delivery.sent_at),
        "why": _reply(delivery, shown) or _("no reason was given"),
    }
    if delivery.channel == LINK:
        at_link = {
            state.WAITING: _("Will be shown at the private link"),
            state.SENT: _("Shown at the private link"),
        }
        return at_link.get(state(delivery.state), str(state(delivery.state).label))
    if delivery.channel == PHONE and delivery.state in (state.WAITING, state.BY_HAND):
        return (
            _("To be phoned to %(to)s") % to if shown else _("To be phoned; ask a coordinator for the number")
        )
    if delivery.channel in BY_HAND and delivery.state in (state.WAITING, state.BY_HAND):
        return _("To be posted by letter")
    if delivery.channel in BY_HAND and delivery.state == state.SENT:
        return _("Phoned %(time)s") % to if delivery.channel == PHONE else _("Posted %(time)s") % to
    words = {
        state.WAITING: _("Waiting to be sent to %(to)s"),
        state.SENT: _("Sent to %(to)s %(time)s"),
        state.KEPT: _("To %(to)s: kept in the demo's outbox %(time)s, nothing left the house"),
        state.DELAYED: _("Delayed to %(to)s, next try %(next)s: %(why)s"),
        state.FAILED: _("Did not reach %(to)s: %(why)s"),
        state.CANCELLED: _("Taken back"),
    }
    return words.get(state(delivery.state), str(state(delivery.state).label)) % {
        **to,
        "next": times.said(delivery.next_try_at),
    }


def posted_to(participant: Participant) -> str:
    """The postal address that they gave for this conversation, in one line."""
    return ", ".join(line.strip() for line in participant.postal_address.splitlines() if line.strip())


def is_protected(delivery: Delivery) -> bool:
    """Whether the word goes to somebody with a protected identity."""
    return delivery.participant is not None and delivery.participant.contact.protected


def recipient_shown(delivery: Delivery, *, contacts: bool = False, reads: bool = True) -> str:
    """To whom, as this reader may read it: the address, or that the identity is protected. A number stands only before who may see
    `contacts`; who neither does nor `reads` the conversation learns of a resident's address where its mail goes, to mend that.
    """
    if is_protected(delivery):
        return protected_word()
    if contacts or delivery.kind == Delivery.Kind.NOTICE:  # a notice goes to one of us
        return delivery.recipient
    if delivery.channel in BY_HAND:
        return ""
    if reads or not delivery.recipient:
        return delivery.recipient
    _before, at, domain = delivery.recipient.rpartition("@")
    return _("somebody at %(domain)s") % {"domain": domain} if at else _("somebody")


def _address(way: Way) -> str:
    return protected_word() if way.participant.contact.protected else way.recipient


def protected_word() -> str:
    """What stands where an address would."""
    return _("somebody with a protected identity")


def _reply(delivery: Delivery, shown: str) -> str:
    """What the other side said; servers like to repeat the address that they refuse, also where it is not shown."""
    if delivery.recipient in ("", shown):
        return delivery.reply
    return re.sub(re.escape(delivery.recipient), "•" * 8, delivery.reply, flags=re.IGNORECASE)


def _and(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
