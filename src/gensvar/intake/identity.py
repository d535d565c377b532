"""Says which mail this is, from its bytes alone: pure, fast, and nothing that arrives can make it raise.

Neighbours: services keeps what is said here under a constraint; nobody else decides what "the same mail" means.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

LONGEST_ID: Final = 250  # characters, as the column holds

_HEAD_ENDS: Final = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD: Final = re.compile(
    rb"^(message-id|from|date|subject)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE
)
_NO_FIELD: Final = re.compile(
    rb"^(?![^\s:]+[ \t]*:|[ \t]|>*From ).", re.MULTILINE
)  # words where a field should be
_BEGINS_WITH_A_FIELD: Final = re.compile(rb"(?!return-path[ \t]*:)[!-9;-~]+:", re.IGNORECASE)
_QUOTED_FROM: Final = re.compile(rb"^>+(?=From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Identity:
    """Two arrivals at one contact point are the same mail if both values are equal."""

    message_id: str  # without angle brackets; made from the digest where the mail has none
    digest: str  # SHA-256 in hexadecimal of From, Date, Subject and body
    derived: bool = False  # the mail had no Message-ID of its own


def identify(raw: bytes) -> Identity:
    """Who this mail is. What mail servers add (Received, Return-Path) and do (line ends, >From) makes no difference."""
    head, body = _split(raw)
    fields: dict[bytes, bytes] = {}
    for found in _FIELD.finditer(head):
        fields.setdefault(found[1].lower(), b" ".join(found[2].split()))
    digest = hashlib.sha256()
    for name in (b"from", b"date", b"subject"):
        digest.update(fields.get(name, b"") + b"\n")
    if words := _words_in(head, fields):
        digest.update(b"\n" + words + b"\n")
    digest.update(b"\n" + body)
    identity = digest.hexdigest()
    message_id = _readable(fields.get(b"message-id", b""))
    if not message_id:
        return Identity(f"{identity}@no-message-id", identity, derived=True)
    return Identity(message_id, identity)


def with_no_sender(raw: bytes) -> bytes:
    """The mail with the line that says that its envelope names no sender (RFC 5321 § 4.4): nothing else tells that of
    many reports and notices of absence, and nobody may answer them (RFC 3834 § 2)."""
    if not _BEGINS_WITH_A_FIELD.match(raw):
        return raw
    first = raw.partition(b"\n")[0]
    return b"Return-Path: <>" + (b"\r\n" if first.endswith(b"\r") else b"\n") + raw


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body with \\n line ends; blank lines before and after the mail do not count."""
    raw = raw.lstrip(b"\r\n")
    end = _HEAD_ENDS.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    if b">From " in body:
        body = _QUOTED_FROM.sub(b"", _lines(body))
    return _lines(head), _lines(body).strip(b"\n")


def _words_in(head: bytes, fields: dict[bytes, bytes]) -> bytes:
    """What somebody said above the blank line, or without one: nothing of it may make two mails look the same."""
    if not fields:
        return head
    found = _NO_FIELD.search(head)
    return head[found.start() :] if found else b""


def _lines(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text


def _readable(value: bytes) -> str:
    """The Message-ID without brackets, as text that every database takes; an overlong one as its digest."""
    inner = value.strip().removeprefix(b"<").partition(b">")[0].strip()
    text = inner.decode("utf-8", "backslashreplace").replace("\0", "")
    if len(text) <= LONGEST_ID:
        return text
    return f"{hashlib.sha256(inner).hexdigest()}@long-message-id"
