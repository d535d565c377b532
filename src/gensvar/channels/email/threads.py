"""What ties a mail to those before it: Message-IDs, and tokens of ours in addresses and Message-IDs.

RFC 5322 § 3.6.4. Our Message-IDs are `<TOKEN.UNIQUE@domain>`, our reply addresses `local+TOKEN@domain`. Whether a token is
genuine is for core to say. Neighbours: headers, addresses; reading and reports ask here.
"""

from __future__ import annotations

import re

from gensvar.channels.email.addresses import parties
from gensvar.channels.email.headers import Headers
from gensvar.contract.addresses import TOKEN, split_plus
from gensvar.contract.texts import line

LONGEST_ID = 250
MOST = 100
IN_ANGLES = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
ADDRESSED = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "resent-to",
    "bcc",
)


def message_ids(value: str) -> list[str]:
    """The Message-IDs in a field, without angle brackets; also bare ones, as broken programs write them."""
    found = IN_ANGLES.findall(value)
    if not found:
        words = value.split()
        found = [word.strip("<>,;\"'") for word in words if "@" in word or len(words) == 1]
    return [line(one, LONGEST_ID) for one in found if one]


def references(headers: Headers) -> tuple[str, ...]:
    """The mails before this one, oldest first, each once: References, then In-Reply-To; the newest hundred."""
    found: dict[str, None] = {}
    parents = [
        one for value in headers.all("in-reply-to") for one in IN_ANGLES.findall(value) or _bare(value)
    ]
    for value in headers.all("references"):
        found |= dict.fromkeys(message_ids(value))
    for parent in parents:
        one = line(parent, LONGEST_ID)
        if one and one not in found:
            found[one] = None
    return tuple(found)[-MOST:]


def _bare(value: str) -> list[str]:
    """In-Reply-To may be prose ("Your message of Monday"); only what looks like an id counts."""
    words = value.split()
    return words if len(words) == 1 and "@" in value else []


def address_tokens(headers: Headers) -> list[str]:
    """What may be tokens of ours in the addresses that a mail came to, each once."""
    found: dict[str, None] = {}
    for name in ADDRESSED:
        for value in headers.all(name):
            if "+" in value:
                for party in parties([value], headers.charsets, several=True):
                    token = split_plus(party.address)[1]
                    if token:
                        found[token] = None
    return list(found)


def tokens(headers: Headers, names: tuple[str, ...] = ("in-reply-to", "references")) -> list[str]:
    """What may be tokens of ours in these fields: the first word of a Message-ID, the tag of an address."""
    found: dict[str, None] = {}
    for name in names:
        for value in headers.all(name):
            for one in reversed(message_ids(value)):
                head = one.partition("@")[0].partition(".")[0].lower()
                tag = split_plus(one)[1]
                if TOKEN.fullmatch(head):
                    found[head] = None
                elif tag:
                    found[tag] = None
    return list(found)
