"""Addresses that staff hold to be one person's: said with a reason, read as one history, taken back as if never said.

What staff hold is no proof. So every address keeps its own contact, with its own part, words and key in each conversation, and
no private link, receipt or answer asks this file what it may show. Neighbours: matching lets such a writer's mail thread; answers
keeps the addresses apart; the gate masks the names of all; the desk's card shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gensvar.contract.channel import carrying, channel
from gensvar.contract.values import Address, Kind
from gensvar.conversations import cleaning
from gensvar.conversations.changing import living, require_visible
from gensvar.conversations.models import (
    Contact,
    ContactAddress,
    Conversation,
    Message,
    OtherAddress,
    Participant,
)
from gensvar.conversations.states import ImpossibleMove, State
from gensvar.conversations.turns import turn
from gensvar.conversations.writers import NOWHERE, contact_at, is_machine, stand_in, who
from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May

__all__ = [
    "also_writes_from",
    "each_once",
    "names_of_those_in",
    "not_also_writes_from",
    "other_end",
    "others_of",
    "said_of",
]

MOST_CONTACTS: Final = 12  # of one person: enough for anybody, and few enough for every list
NEEDED: Final = (May.ANSWER, May.SEE_CONTACTS)


@dataclass(frozen=True, slots=True)
class Other:
    """Another contact that is held to be the same person, and the row that says so."""

    contact: Contact
    address: ContactAddress | None  # None: who wrote without one, in a form
    said: OtherAddress


# --- What staff say --------------------------------------------------------------------------------------------------


def also_writes_from(conversation: Conversation, address: str, reason: str, *, by: User) -> OtherAddress:
    """Say that the contact of this conversation also writes from that address, known or new, and why.

    Raises NotAllowed, ValueError for what is no address or for no reason, and ImpossibleMove where it cannot be said.
    """
    _require(by)
    reason = cleaning.line(reason, 300)
    with turn():
        conversation = living(Conversation.objects.get(pk=conversation.pk))
        require_visible(conversation, by)
        contact = _of(conversation)
        if not reason:
            raise ValueError(_("Say why: a colleague must be able to judge it."))
        other = _found(conversation, address)
        together = _group(contact) | _group(other.contact)
        if other.contact_id in _group(contact):
            raise ImpossibleMove(_("That address belongs to this person already."))
        if len(together) > MOST_CONTACTS:
            raise ImpossibleMove(_("One person has at most %(most)d addresses.") % {"most": MOST_CONTACTS})
        said = OtherAddress.objects.create(
            contact=contact, address=other, reason=reason, said_at=clock.now(), said_by=by
        )
        _regroup(together)
        audit.note(by, "conversation.also_writes_from", conversation, said=said.pk, contact=contact.pk)
    return said


def not_also_writes_from(conversation: Conversation, pk: int, *, by: User) -> OtherAddress:
    """Take back what was said of this conversation's contact; every address is again its own contact, and nothing else changes.

    Raises NotAllowed, OtherAddress.DoesNotExist for what was not said of them, ImpossibleMove where it is taken back already.
    """
    _require(by)
    with turn():
        conversation = living(Conversation.objects.get(pk=conversation.pk))
        require_visible(conversation, by)
        said = _said_of(_of(conversation)).get(pk=pk)
        if said.taken_back_at is not None:
            raise ImpossibleMove(_("That has been taken back already."))
        said.taken_back_at, said.taken_back_by = clock.now(), by
        said.save(update_fields=["taken_back_at", "taken_back_by"])
        _regroup(_group(said.contact))
        audit.note(
            by, "conversation.not_also_writes_from", conversation, said=said.pk, contact=said.contact_id
        )
    return said


def _require(by: User) -> None:
    for permission in NEEDED:
        require(by, permission)


def _of(conversation: Conversation) -> Contact:
    """The contact of whom something is said here. Of a protected identity nothing is: nobody sees its address."""
    contact = conversation.contact
    if contact is None or contact.protected or conversation.state == State.SPAM:
        raise ImpossibleMove(_("Nothing can be said of the writer of this conversation."))  # and not why
    return contact


def _found(conversation: Conversation, typed: str) -> ContactAddress:
    """The row of that address; made, with a contact of its own, where nothing has come from it. Of a protected identity's
    address the stand-in's: nothing is found or threaded by it."""
    typed = cleaning.line(typed, 320)
    here = ContactAddress.objects.select_related("contact")
    known = (
        here.filter(contact__participations__conversation=conversation, address=typed).order_by("pk").first()
    )
    if known is None:
        name = carrying(Address.MAILBOX)
        if not name:
            raise ImpossibleMove(_("No channel that is installed here has addresses."))
        address = channel(name).normalise(typed)
        writers = who(name, [address])
        if address in writers.ours or address.lower() in writers.staff or is_machine(address):
            raise ImpossibleMove(_("That address cannot be a resident's other address."))
        if address not in writers.contacts:
            contact_at(name, address, name="", language="", now=clock.now())
        known = here.get(channel=name, address=address)
    if known.contact.protected:  # whoever typed it reads what a stranger's would give: a refusal would tell
        stand_in(known.address, now=clock.now())
        known = here.get(channel=NOWHERE, address=known.address)
    return known


# --- Who is held to be one person ------------------------------------------------------------------------------------


def _group(contact: Contact) -> set[int]:
    if contact.same_person_id is None:
        return {contact.pk}
    return set(Contact.objects.filter(same_person=contact.same_person_id).values_list("pk", flat=True))


def _regroup(contacts: set[int]) -> None:
    """Write anew who of these is held to be one person, from the rows that stand."""
    stand = OtherAddress.objects.filter(taken_back_at=None, contact__in=contacts)
    for group in _groups(contacts, stand.values_list("contact_id", "address__contact_id")):
        Contact.objects.filter(pk__in=group).update(same_person=min(group) if len(group) > 1 else None)


def _groups(contacts: Iterable[int], pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The contacts in groups, so that both of every pair are in one."""
    groups = {one: {one} for one in contacts}
    for first, second in pairs:
        joined = groups[first] | groups[second]
        groups.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in groups.values()}.values())


def _said_of(contact: Contact) -> QuerySet[OtherAddress]:
    """All that was said of a contact and of those held to be the same person, but nothing that touches a protected identity."""
    group = Contact.objects.filter(pk=contact.pk)
    if contact.same_person_id is not None:
        group = Contact.objects.filter(same_person=contact.same_person_id)
    touching = Q(contact__in=group) | Q(address__contact__in=group)
    found = OtherAddress.objects.filter(touching, contact__protected=False, address__contact__protected=False)
    people = ("contact", "address__contact", "said_by__person", "taken_back_by__person")
    return found.select_related(*people).prefetch_related("contact__addresses").order_by("pk")


def said_of(contact: Contact) -> list[OtherAddress]:
    """What was said of that person, oldest first, what was taken back too; nothing of a protected identity.

    One query, and one more where there is anything.
    """
    return [] if contact.protected else list(_said_of(contact))


def other_end(said: OtherAddress, reached: Collection[int]) -> Other:
    """The contact that a row leads to from those that are reached already."""
    if said.address.contact_id not in reached:
        return Other(said.address.contact, said.address, said)
    return Other(said.contact, next(iter(said.contact.addresses.all()), None), said)


def others_of(contact: Contact, said: Sequence[OtherAddress]) -> list[Other]:
    """Of what `said_of` gave: who else is held to be the same person now, the nearest first. No query."""
    reached, found = {contact.pk}, list[Other]()
    left = [row for row in said if row.taken_back_at is None]
    while nearest := [row for row in left if {row.contact_id, row.address.contact_id} & reached]:
        new = [other_end(row, reached) for row in nearest]
        found += new
        reached |= {other.contact.pk for other in new}
        left = [row for row in left if row not in nearest]
    return found


def each_once(conversation: Conversation, participants: Sequence[Participant]) -> list[Participant]:
    """Of participants that staff hold, or once held, to be one person only who wrote last; all others as they are.

    What answers a word from one address goes to that address. What was once held counts too: a take-back must not let
    answers to one reach the other. One query where several take part, one more for each such person.
    """
    if len(participants) < 2:
        return list(participants)
    contacts = {part.contact_id: part.contact for part in participants}
    said = OtherAddress.objects.filter(contact__in=contacts, address__contact__in=contacts)
    pairs = [*said.values_list("contact_id", "address__contact_id")]
    same = [one for one in contacts.values() if one.same_person_id is not None]
    pairs += [
        (one.pk, another.pk)
        for one in same
        for another in same
        if one.same_person_id == another.same_person_id
    ]
    left: set[int] = set()
    for group in _groups(contacts, pairs):
        words = Message.objects.filter(conversation=conversation, contact__in=group, kind=str(Kind.MESSAGE))
        last = (
            words.order_by("-at", "-pk").values_list("contact_id", flat=True).first()
            if len(group) > 1
            else None
        )
        left |= group if last is None else {last}
    return [part for part in participants if part.contact_id in left]


def names_of_those_in(conversations: Iterable[int] | QuerySet[Any, Any]) -> set[str]:
    """The names of all contacts who take part in these conversations, and of those held to be the same persons."""
    here = Contact.objects.filter(participations__conversation__in=conversations)
    rows = list(here.values_list("name", "same_person"))
    names = {name for name, _same in rows}
    if held := {same for _name, same in rows if same is not None}:
        others = Contact.objects.filter(same_person__in=held)
        names |= set(others.values_list("name", flat=True))
        names |= set(
            Message.objects.filter(contact__in=others).values_list("sender_name", flat=True).distinct()
        )
    return {name for name in names if name.strip()}
