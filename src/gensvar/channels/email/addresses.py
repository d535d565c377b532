"""Addresses in header fields, also broken ones, and the one form under which they are stored and compared.

RFC 5322 § 3.4, RFC 5321 § 2.4, RFC 6531. Neighbours: headers decodes the words; nothing here is guessed that could turn
one person's address into another's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext

from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.headers import Headers, decode_words
from gensvar.contract.addresses import ascii_domain
from gensvar.contract.texts import line
from gensvar.contract.values import Party

LONGEST_ADDRESS = 320
LONGEST_NAME = 200
MOST = 500  # addresses of one field

TOKEN = re.compile(
    r"""
      (?P<word>=\?[\w.:+\-*]{1,60}\?[bBqQ]\?[^?]{0,4000}\?=)
    | (?P<quoted>"(?:[^"\\]|\\.){0,250}+")
    | (?P<angle><[^<>]{0,1000}>)
    | (?P<comment>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,100}+\)){0,250}+\))
    | (?P<comma>,)
    | (?P<end>;)
    | (?P<colon>:)
    | (?P<run>[^"<>(),;:=\s]+)
    | (?P<other>\s+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
BARE = re.compile(
    r'(?:"[^"\r\n]{1,64}"|[^\s"<>(),;:\[\]\\@]{1,200})@(?:\[[^\s"<>(),;\\@\[\]]{1,253}\]|[^\s"<>(),;:\\@\[\]]{1,255})'
)
SQUARE = re.compile(
    r"\[\s*+(?:mailto:\s*+)?([^\s\[\]<>@]{1,200}@[^\s\[\]<>@]{1,255})\s*+\]\s*+$"
)  # "Kim Ek [kim@…]"
REMARK = re.compile(r"\([^()]{0,200}\)")
AROUND = re.compile(r"\s*([.@])\s*")  # white space where the old grammar allows it (RFC 5322 § 4.4)
ENCODED = re.compile(r"=\?[\w.:+\-*]{1,60}\?[bBqQ]\?[^?]{0,4000}\?=")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")
LITERAL = re.compile(r"\[[0-9a-f.:]+(?:ipv6:)?[0-9a-f.:]*\]|\[ipv6:[0-9a-f.:]+\]")


def gettext_noop(message: str) -> str:
    """Marks a text for the catalogue; Django's own would ask for settings."""
    return message


class BadAddress(ValueError):
    """No mail address. Its words are put into the reader's language only when asked for: reading mail needs no settings."""

    def __init__(self, message: str, what: str) -> None:
        super().__init__(message)
        self.message = message
        self.what = what[:80]

    def __str__(self) -> str:
        return gettext(self.message) % {"what": self.what}


@dataclass
class _Mailbox:
    """What stands between two commas."""

    phrase: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    named: int = 0  # pieces of the phrase that stand before the last address
    addressed: bool = False  # whether a piece of the phrase holds an @

    def add(self, piece: str) -> None:
        """One more piece of the phrase."""
        self.phrase.append(piece)
        self.addressed = self.addressed or "@" in piece

    def next_one(self) -> _Mailbox:
        """The mailbox that begins behind this one's address, where somebody forgot the comma."""
        self.phrase, rest = self.phrase[: self.named], self.phrase[self.named :]
        return _Mailbox(phrase=rest, addressed=any("@" in piece for piece in rest))


def parties(
    values: list[str], charsets: Charsets, fallback: str = "", *, several: bool = False
) -> list[Party]:
    """Everyone named in these fields, in order; one without any address has an empty one.

    `several` takes a second address for one more even without a comma: of recipients none may be lost, of senders it may be
    part of the name.
    """
    found: list[Party] = []
    for value in values:
        if "=?" in value and "@" not in ENCODED.sub("", value):
            # Some programs encode the whole field, address and all.
            value = decode_words(value, charsets, fallback).replace("=?", "")
        found += _field_parties(_split(value, several=several), charsets, fallback)
    return found[:MOST]


def _field_parties(boxes: list[_Mailbox], charsets: Charsets, fallback: str) -> list[Party]:
    found: list[Party] = []
    lost_name = ""  # an unquoted name with a comma: "Ek, Kim <kim@…>"
    for box in boxes:
        name, address = _read(box)
        if not address and not box.angles and name and not box.comments:
            lost_name += name + ", "
            continue
        if lost_name and box.angles and address:
            name = lost_name + name
        elif lost_name:
            found.append(_party("", lost_name.rstrip(", "), charsets, fallback))
        lost_name = ""
        if name or address:
            found.append(_party(address, name, charsets, fallback))
    if lost_name:
        found.append(_party("", lost_name.rstrip(", "), charsets, fallback))
    return found


def _split(value: str, *, several: bool) -> list[_Mailbox]:
    """Cut a field at its commas, with groups (`name: a, b;`) opened and comments set aside."""
    boxes, box = [], _Mailbox()
    last_end = value.rfind(";")  # of a group
    for match in TOKEN.finditer(value):
        kind, text = match.lastgroup, match[0]
        if kind in ("comma", "end"):
            boxes.append(box)
            box = _Mailbox()
            if len(boxes) >= MOST:
                break
        elif kind == "angle":
            if several and "@" in text and any("@" in angle for angle in box.angles):
                after = box.next_one()
                boxes.append(box)
                box = after
            box.angles.append(text[1:-1])
            box.named = len(box.phrase)
        elif kind == "comment":
            box.comments.append(text[1:-1])
        elif kind == "colon" and not box.angles and not box.addressed and match.end() <= last_end:
            box = _Mailbox()
        elif kind == "quoted" and value[match.end() : match.end() + 1] != "@":
            box.add(ESCAPED.sub(r"\1", text[1:-1]))
        else:
            box.add(text)
    return [*boxes, box]


def _read(box: _Mailbox) -> tuple[str, str]:
    """Name and address of one mailbox, still encoded."""
    phrase = "".join(box.phrase).strip()
    comment = box.comments[-1] if box.comments else ""
    if box.angles:
        with_at = [angle for angle in box.angles if "@" in angle]
        address = (with_at or box.angles)[-1]
        return _without_stray_brackets(phrase) or comment, _route_off(address)
    if square := SQUARE.search(phrase):
        name = phrase[: square.start()].strip()
        return ("" if name == square[1] else name) or comment, square[1]
    bare = BARE.search(phrase)
    if bare:
        rest = (phrase[: bare.start()] + " " + phrase[bare.end() :]).strip(' \t"')
        return rest.strip("<> ") or comment, bare[0].strip("'.")
    if comment and phrase and " " not in phrase:
        return comment, phrase  # "MAILER-DAEMON (Mail Delivery System)"
    return phrase or comment, ""


def _without_stray_brackets(phrase: str) -> str:
    """Of brackets written twice: "Kim <<kim@…>>". Goes from the end once: there may be tens of thousands."""
    end = len(phrase)
    while end and (phrase[end - 1] in "<>" or phrase[end - 1].isspace()):
        end -= 1
    return phrase[:end]


def _route_off(address: str) -> str:
    """Without a source route (RFC 5321 § 3.6.1) or a scheme that somebody pasted along."""
    address = address.strip()
    if '"' not in address and ("(" in address or " " in address):
        address = AROUND.sub(r"\1", REMARK.sub("", address)).strip()
    if len(address) > 2 and address[0] == address[-1] == "'":
        address = address[1:-1]
    if address.lower().startswith("mailto:"):
        return address[7:]
    if address.startswith("@") and ":" in address:
        return address.rpartition(":")[2]
    return address


def _party(address: str, name: str, charsets: Charsets, fallback: str) -> Party:
    written = line(decode_words(address, charsets, fallback), LONGEST_ADDRESS)
    return Party(_stored(written), _plain_name(name, charsets, fallback), written)


def _plain_name(name: str, charsets: Charsets, fallback: str) -> str:
    """A name without the stray quotes and the apostrophes that programs wrap it in."""
    text = line(decode_words(name, charsets, fallback), LONGEST_NAME + 2)
    for mark in ("'", '"'):
        if len(text) > 1 and text[0] == text[-1] == mark:
            text = text[1:-1].strip()
    return (text if text.count('"') % 2 == 0 else text.replace('"', "").strip())[:LONGEST_NAME]


def _stored(written: str) -> str:
    try:
        return normal(written)
    except ValueError:
        return written.lower()


def normal(address: str) -> str:
    """Lower case, the domain in its ASCII form (RFC 5890), at most 320 characters. Raises BadAddress for another.

    A local part is case-sensitive on paper (RFC 5321 § 2.4) and nowhere in use; writers vary it, so it is folded.
    """
    address = address.strip()
    local, at, domain = address.rpartition("@")
    quoted = len(local) > 2 and local[0] == local[-1] == '"'
    bad = not at or not local or len(local.encode("utf-8", "replace")) > 64
    if bad or (not quoted and (BARE.fullmatch(address) is None or "@" in local)):
        raise BadAddress(
            gettext_noop("“%(what)s” is not an e-mail address: it should look like name@example.org."),
            address,
        )
    if not address.isprintable():
        raise BadAddress(gettext_noop("An e-mail address holds no control characters."), "")
    return f"{local.lower()}@{_domain(domain)}"


def _domain(domain: str) -> str:
    if LITERAL.fullmatch(domain.lower()):
        return domain.lower()
    try:
        domain = ascii_domain(domain)
    except ValueError as error:
        raise BadAddress(gettext_noop("“%(what)s” is not a domain name."), domain) from error
    if len(domain) > 253 or not all(LABEL.fullmatch(label) for label in domain.split(".")):
        raise BadAddress(gettext_noop("“%(what)s” is not a domain name."), domain)
    return domain


def sender(headers: Headers, fallback: str) -> Party:
    """Who wrote: the first of From that has an address, else where the answer is asked to go, else any name at all."""
    nobody = Party("")
    writers = parties(headers.all("from"), headers.charsets, fallback)
    for candidates in (writers, *(_named(headers, name, fallback) for name in ("reply-to", "sender"))):
        for candidate in candidates:
            if "@" in candidate.address:
                return candidate
    with_address = [writer for writer in writers if writer.address]
    if with_address or writers:
        return (with_address or writers)[0]
    returns = _named(headers, "return-path", fallback)
    return returns[0] if returns else nobody


def _named(headers: Headers, name: str, fallback: str) -> list[Party]:
    return parties(headers.all(name), headers.charsets, fallback)


def addressed(headers: Headers, *names: str) -> tuple[Party, ...]:
    """Everyone with an address in these fields, each once, in order."""
    found: dict[str, Party] = {}
    for name in names:
        for party in parties(headers.all(name), headers.charsets, several=True):
            if party.address:
                found.setdefault(party.address, party)
    return tuple(found.values())
