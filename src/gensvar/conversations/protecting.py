"""A contact becomes somebody with a protected identity, and is it no more: staff say so, the log keeps who and where.

Neighbours: the lists, search, the gate and the desk's sentences ask `Contact.protected` themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final
from urllib.parse import unquote_to_bytes

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower, Substr
from django.utils.translation import gettext as _

from gensvar.conversations.changing import acting
from gensvar.conversations.events import tell_sight
from gensvar.conversations.models import Contact, ContactAddress, Conversation, Message, Participant
from gensvar.conversations.states import ImpossibleMove
from gensvar.conversations.typed_keys import REPORTS
from gensvar.conversations.writers import NOWHERE
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May

__all__ = [
    "covered",
    "covered_reports",
    "guarded",
    "may_end",
    "names_protected",
    "protect",
    "protect_no_more",
    "protected_addresses",
    "protected_among",
    "protected_writer",
    "with_protected",
    "writers_of",
]

TO_END: Final = (May.SEE_CONTACTS, May.READ_ALL, May.ANSWER)


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who wrote in a conversation: by name or else address, neither of a protected identity; empty for nothing known."""

    contact: int
    called: str
    protected: bool
    wrote_at: dt.datetime | None  # there, for the first time


def protect(conversation: Conversation, contact: int | None = None, *, by: User) -> None:
    """From now on neither name nor address of that contact, who takes part here, is shown in any conversation of theirs. None:
    whoever this conversation was begun by, also where it was merged into another since.

    It holds for every address that staff hold to be the same person's: one of them left open would tell the rest; and for what was
    brought home from an old website under such an address. For who answers and sees contacts. Raises NotAllowed, and
    ImpossibleMove where they do not take part or are protected already.
    """
    require(by, May.SEE_CONTACTS)
    whom = _begun_by(conversation) if contact is None else contact
    with acting(conversation, by, May.ANSWER, "protect", contact=whom) as found:
        persons = _persons(found, whom)
        if all(one.protected for one in persons):
            raise ImpossibleMove(_("This identity is protected already."))
        _mark([*persons, *_long_ago(persons)], found, protected=True)


def protect_no_more(conversation: Conversation, contact: int | None = None, *, by: User) -> None:
    """Name and addresses of that contact (or of whoever began it) are shown again, in what was brought home too. It shows them, so
    it is for who answers and reads all.

    Raises NotAllowed, and ImpossibleMove where they do not take part or are not protected.
    """
    for permission in TO_END:
        require(by, permission)
    whom = _begun_by(conversation) if contact is None else contact
    with acting(conversation, by, May.ANSWER, "protect_no_more", contact=whom) as found:
        persons = _persons(found, whom)
        if not any(one.protected for one in persons):
            raise ImpossibleMove(_("This identity is not protected."))
        _mark([*persons, *_long_ago(persons)], found, protected=False)


def may_end(user: User) -> bool:
    """Whether this user may end a protection, and so see where somebody is reached."""
    return all(user.may(permission) for permission in TO_END)


def writers_of(conversation: Conversation) -> list[Writer]:
    """Those who wrote here or in what was merged with it, one for each person, in the order that we came to know them."""
    wrote = Participant.of(conversation).filter(author=True)
    word = Message.objects.filter(
        conversation=conversation, contact=OuterRef("pk"), direction=Message.Direction.IN
    )
    address = ContactAddress.objects.filter(contact=OuterRef("pk")).values("address")[:1]
    found = Contact.objects.filter(
        Q(pk__in=wrote.values("contact")) | Q(pk=conversation.contact_id)
    ).annotate(address=Subquery(address), wrote_at=Subquery(word.order_by("pk").values("at")[:1]))
    each = {one.same_person_id or one.pk: one for one in found.order_by("-pk")}
    return [
        Writer(one.pk, "" if one.protected else one.name or one.address or "", one.protected, one.wrote_at)
        for one in sorted(each.values(), key=attrgetter("pk"))
    ]


def _begun_by(conversation: Conversation) -> int:
    """Whose contact it stands with, of this very conversation; 0 where nobody's."""
    return Conversation.objects.values_list("contact_id", flat=True).get(pk=conversation.pk) or 0


def _persons(conversation: Conversation, contact: int) -> list[Contact]:
    """That contact, who takes part here, as every contact that is held to be the same person."""
    here = Q(pk__in=Participant.of(conversation).values("contact")) | Q(pk=conversation.contact_id)
    one = Contact.objects.filter(here, pk=contact).first()
    if one is None:
        raise ImpossibleMove(_("Nothing can be said of the writer of this conversation."))
    if one.same_person_id is None:
        return [one]
    return list(Contact.objects.filter(same_person=one.same_person_id).order_by("pk"))


def _long_ago(persons: list[Contact]) -> list[Contact]:
    """Who wrote on an old website (old_words) under an address of these: contacts of their own, which have none to mail."""
    addresses = ContactAddress.objects.filter(contact__in=persons, address__contains="@")
    said = {address.lower() for address in addresses.values_list("address", flat=True)}
    # Not what somebody else is protected for at that address: one of us may have written to it (a stand-in).
    others = ContactAddress.objects.filter(contact__protected=True).exclude(contact__in=persons)
    named = others.annotate(said=Lower("address")).filter(said__in=said)
    said -= set(named.values_list("said", flat=True))
    words = Message.objects.annotate(said=Lower("sender_address")).filter(
        said__in=said, conversation__imported=True, envelope=None, contact__addresses=None
    )
    return list(Contact.objects.filter(pk__in=words.values("contact")).order_by("pk")) if said else []


def _mark(persons: list[Contact], conversation: Conversation, *, protected: bool) -> None:
    for contact in persons:
        Contact.objects.filter(pk=contact.pk).update(protected=protected)
        theirs = Conversation.objects.filter(contact=contact)
        theirs.update(contact_name="" if protected else _as_they_wrote(contact))
        if protected:  # whoever types that address next meets a stranger again
            contact.addresses.filter(channel=NOWHERE).update(channel=f"-{contact.pk}")
    wrote = Message.objects.filter(contact__in=persons, direction=Message.Direction.IN)
    tell_sight(set(wrote.values_list("conversation", flat=True)))
    conversation.refresh_from_db(fields=["contact_name"])


def _as_they_wrote(contact: Contact) -> Coalesce:
    """The name that each conversation was begun under, else the contact's, else the address: as lists showed it before."""
    first = contact.addresses.order_by("pk").values_list("address", flat=True).first()
    said = Message.objects.filter(
        conversation=OuterRef("pk"), contact=contact, direction=Message.Direction.IN
    ).exclude(sender_name="")
    began = Subquery(said.order_by("pk").values("sender_name")[:1])
    return Coalesce(Substr(began, 1, 200), Value((contact.name or first or "")[:200]))


def covered(message: str = "") -> Q:
    """Reports of machines where somebody with a protected identity takes part: they hold the address, so nobody reads them.

    `message` is the path to it ("message__"); what was merged with its conversation counts as well.
    """
    return _beside_protected(message) & Q((f"{message}kind__in", REPORTS))


def _beside_protected(message: str = "") -> Q:
    conversation = f"{message}conversation"
    here = (
        Q(conversation=OuterRef(conversation))
        | Q(conversation__merged_into=OuterRef(conversation))
        | Q(conversation=OuterRef(f"{conversation}__merged_into"))
    )
    taking_part = Q(Exists(Participant.objects.filter(here, contact__protected=True)))
    return taking_part | Q((f"{conversation}__contact__protected", True))


def protected_writer(conversation: str = "conversation") -> Exists:
    """Whether somebody with a protected identity wrote in it, also before a merge: what answers them may tell of them.

    `conversation` is the path to its id.
    """
    theirs = Message.objects.filter(direction=Message.Direction.IN, contact__protected=True)
    return Exists(theirs.filter(conversation=OuterRef(conversation)))


def with_protected(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """These, each knowing in `with_protected` whether somebody with a protected identity takes part, there or in what was merged
    with it. No query more."""
    parts = Participant.of(OuterRef("pk")).filter(contact__protected=True)
    begun = Contact.objects.filter(pk=OuterRef("contact"), protected=True)
    return conversations.annotate(with_protected=Q(Exists(parts)) | Q(Exists(begun)))


def protected_addresses(conversation: Conversation) -> set[str]:
    """Where those with a protected identity are reached who take part here or in what was merged with it, in small letters."""
    parts = Participant.of(conversation).filter(contact__protected=True)
    rows = list(parts.values_list("contact", "contact__same_person", "address"))
    held = ContactAddress.objects.filter(contact__protected=True).filter(
        Q(contact__in={contact for contact, _same, _address in rows})
        | Q(contact__same_person__in={same for _contact, same, _address in rows if same})
    )
    theirs = list(held.values_list("address", flat=True)) if rows else []
    return {address.lower() for address in [*theirs, *(address for _c, _s, address in rows)] if address}


def covered_reports(ids: Collection[int]) -> set[int]:
    """Of these messages, the reports of machines on the way that are shown to nobody. No query for none."""
    said = Message.objects.filter(covered(), pk__in=ids)
    return set(said.values_list("pk", flat=True)) if ids else set()


def guarded(ids: Collection[int]) -> set[int]:
    """Of these messages, those whose bytes as received may say where somebody protected is reached, whoever wrote them: they take
    part, so they may stand among its recipients. For who may end a protection. No query for none."""
    found = Message.objects.filter(_beside_protected() | Q(contact__protected=True), pk__in=ids)
    return set(found.values_list("pk", flat=True)) if ids else set()


def names_protected(raw: bytes) -> bool:
    """Whether these bytes, of which nobody could make a word, say an address of somebody protected: as mail or a form has it."""
    said = unquote_to_bytes(raw).lower()
    theirs = ContactAddress.objects.filter(contact__protected=True, address__contains="@")
    return any(address.lower().encode() in said for address in theirs.values_list("address", flat=True))


def protected_among(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses, as they are written, that are somebody's with a protected identity."""
    by = {address: address.lower() for address in addresses if address}
    theirs = ContactAddress.objects.filter(contact__protected=True, address__in=set(by.values()))
    found = set(theirs.values_list("address", flat=True))
    return {address for address, small in by.items() if small in found}
