"""Plus-addresses: how a token of ours rides in a mail address. Pure; intake and the channels both read it."""

from __future__ import annotations

import re

import idna

TOKEN = re.compile(
    r"[a-z2-7]{36}"
)  # the form that core.tokens makes; whether it is genuine is for core to say


def split_plus(address: str) -> tuple[str, str]:
    """The address without its token, and the token: `info+TOKEN@example.org` gives `("info@example.org", TOKEN)`.

    Only a tag in a token's form (36 characters of a–z2–7, in any case) is taken off; any other tag belongs to the
    address and stays, since a contact point may be named `info+park@…` (RFC 5233). The token comes in lower case.
    """
    local, at, domain = address.rpartition("@")
    base, plus, tag = local.rpartition("+")
    if at and plus and base and TOKEN.fullmatch(tag.lower()):
        return f"{base}@{domain}", tag.lower()
    return address, ""


def untagged(address: str) -> str:
    """The mailbox behind an address, whatever tag its owner or anybody else put into it: `kim+a@…` is kim's (RFC 5233)."""
    local, at, domain = address.rpartition("@")
    base = local.partition("+")[0]
    return f"{base}@{domain}" if at and base else address


def join_plus(address: str, token: str) -> str:
    """The address with a token in it; the address alone where it has no domain or no token is given.

    A local part may hold 64 octets (RFC 5321 § 4.5.3.1.1): raises ValueError where the token would not fit.
    """
    local, at, domain = address.rpartition("@")
    if not token or not at:
        return address
    joined = f"{local}+{token}"
    if len(joined.encode()) > 64:
        raise ValueError(f"{address} is too long to carry a token: its part before @ may have 27 characters.")
    return f"{joined}@{domain}"


def ascii_domain(domain: str) -> str:
    """The one form of a domain name: lower case, letters beyond ASCII as RFC 5891 writes them. Raises ValueError for none."""
    domain = domain.lower().rstrip(".")
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain[:255], uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError(f"“{domain[:80]}” is not a domain name.") from error
