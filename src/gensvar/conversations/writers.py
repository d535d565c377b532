"""Who wrote: residents by their addresses, our own people and places told apart from them. Neighbour: writing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q

from gensvar.conversations.models import Contact, ContactAddress
from gensvar.conversations.rows import insert, insert_new
from gensvar.core import audit, statements
from gensvar.core.statements import Statement

NOWHERE: Final = ""  # the channel of a stand-in's address: no word comes by it, so nobody is found there
STANDS_IN: Final = Q(channel=NOWHERE) | Q(
    channel__startswith="-"
)  # the second: one that was protected itself
MACHINES: Final = re.compile(
    r"(no|do.?not|ne)[-_.]?reply|mailer-daemon|postmaster|bounces?([-+].*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Known:
    """A contact that an address belongs to. `same_person`: what it shares with those that staff hold to be the same person."""

    id: int
    name: str
    protected: bool
    same_person: int | None = None
    bounces: bool = False  # a mail to that address came back


@dataclass(slots=True)
class Writers:
    """What the database knows of some addresses of one channel."""

    contacts: dict[str, Known] = field(default_factory=dict)
    ours: set[str] = field(default_factory=set)  # of contact points, now or before
    staff: dict[str, int] = field(default_factory=dict)  # address → person


def who(channel: str, addresses: Iterable[str]) -> Writers:
    """Everything that is known of these addresses (in normal form), in one statement."""
    (rows,) = statements.ask(asking(channel, addresses))
    return writers_of(rows)


def asking(channel: str, addresses: Iterable[str]) -> Statement:
    """The statement of `who`; `writers_of` understands what it gives."""
    wanted = [address for address in dict.fromkeys(addresses) if address] or [""]
    marks = ", ".join(["%s"] * len(wanted))
    sql = (
        "SELECT 'contact', a.address, c.id, c.name, c.protected, c.same_person_id,"
        " a.bounced_at IS NOT NULL FROM conversations_contactaddress a"
        f" JOIN conversations_contact c ON c.id = a.contact_id WHERE a.channel = %s AND a.address IN ({marks})"
        " UNION ALL SELECT 'ours', p.address, p.id, '', FALSE, NULL, FALSE FROM contactpoints_contactpoint p"
        f" WHERE p.channel = %s AND p.address IN ({marks}) AND p.address <> ''"
        " UNION ALL SELECT 'ours', f.address, f.point_id, '', FALSE, NULL, FALSE FROM contactpoints_formeraddress f"
        f" WHERE f.channel = %s AND f.address IN ({marks}) AND f.ended_on IS NULL"
        " UNION ALL SELECT 'staff', lower(s.email), s.id, s.name, FALSE, NULL, FALSE FROM people_person s"
        f" WHERE s.active AND lower(s.email) IN ({marks}) AND s.email <> ''"
    )
    return sql, [*(channel, *wanted) * 3, *(address.lower() for address in wanted)]


def writers_of(rows: Iterable[Any]) -> Writers:
    """What those rows say."""
    found = Writers()
    for kind, address, number, name, protected, same_person, bounces in rows:
        if kind == "contact":
            held = None if protected else same_person  # nobody is to be found by what staff hold of them
            found.contacts[address] = Known(number, name, bool(protected), held, bool(bounces))
        elif kind == "ours":
            found.ours.add(address)
        else:
            found.staff[address] = number
    return found


def contact_at(channel: str, address: str, *, name: str, language: str, now: dt.datetime) -> Known:
    """A new contact at that address, or the one that somebody else made a moment ago. Without address always a new one."""
    made = insert_new(Contact, name=name, language=language, created_at=now)
    if (
        address
        and insert(
            ContactAddress,
            "ON CONFLICT (channel, address) DO NOTHING",
            contact_id=made,
            channel=channel,
            address=address,
        )
        is None
    ):
        Contact.objects.filter(pk=made).delete()  # ours was never seen by anybody
        return who(channel, [address]).contacts[address]
    return Known(made, name, False)


def bounces_no_more(channel: str, address: str, contact: int, *, at: dt.datetime, why: str) -> None:
    """The address works after all, since after mail to it came back something said so at that time (`why`, for the log)."""
    marked = ContactAddress.objects.filter(channel__in=[channel, NOWHERE], address=address, bounced_at__lt=at)
    if marked.update(bounced_at=None):
        audit.note(None, "conversations.bounces_no_more", Contact(pk=contact), why=why)


def stand_in(address: str, *, now: dt.datetime) -> Known:
    """Who is at an address that one of us typed and that a protected identity has: a contact that looks like a stranger's.

    To refuse the address, or to say whose it is, would tell whoever typed it. When the person writes, the real contact takes
    its place (writing), also where its identity is protected no more by then.
    """
    return who(NOWHERE, [address]).contacts.get(address) or contact_at(
        NOWHERE, address, name="", language="", now=now
    )


def is_machine(address: str) -> bool:
    """Whether nobody reads what is sent to that address."""
    return MACHINES.fullmatch(address.partition("@")[0]) is not None
