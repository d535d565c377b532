"""The bytes of an outgoing mail: the same for the same word at every try, and safe whatever stands in its fields.

RFC 5322, RFC 2047, RFC 2231, RFC 3834, RFC 6532. Neighbours: sending hands the bytes over; marks knows our loop header.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from django.utils.translation import gettext as _

from gensvar.channels.email.addresses import normal
from gensvar.channels.email.marks import LOOP
from gensvar.channels.email.parts import TYPE
from gensvar.channels.email.server import Settings
from gensvar.contract.addresses import join_plus
from gensvar.contract.errors import Unsupported
from gensvar.contract.texts import bare_name, clean, line
from gensvar.contract.values import File, Outgoing

LONGEST_SUBJECT = 900
PLAIN = re.compile(r"[A-Za-z0-9 !#$%&'*+\-/=?^_`{|}~]*")
IDENTIFIER = re.compile(r"[^\s<>()\[\],;:\\\"]{1,240}@[^\s<>()\[\],;:\\\"]{1,240}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
SAFE_NAME = re.compile(r"[A-Za-z0-9 ._\-()]{1,60}")


def compose(word: Outgoing, settings: Settings) -> bytes:
    """The whole mail, with CRLF; seven bits but for addresses that are not ASCII. Raises Unsupported for a bad address.

    Without `sent_at` it has no Date, which the first server then adds (RFC 6409 § 8.1).
    """
    fields = _fields(word, settings)
    if not word.files:
        return _joined(fields) + _words(word)
    boundary = "=_" + hashlib.sha256(word.message_id.encode()).hexdigest()[:40]
    mail = [_joined([*fields, ("Content-Type", f'multipart/mixed; boundary="{boundary}"')]) + b"\r\n"]
    parts = [_words(word), *(_file(file) for file in word.files)]
    border = f"--{boundary}".encode()
    mail += [border + b"\r\n" + part + b"\r\n" for part in parts]
    return b"".join([*mail, border, b"--\r\n"])


def _words(word: Outgoing) -> bytes:
    """The text alone, or text and HTML as two forms of the same (RFC 2046 § 5.1.4), with the fields that say so."""
    text = _joined(_text_fields()) + b"\r\n" + _text(word.text)
    if not word.html:
        return text
    boundary = "=-" + hashlib.sha256(b"words\0" + word.message_id.encode()).hexdigest()[:40]
    border = f"--{boundary}".encode()
    html = _joined(_text_fields("html")) + b"\r\n" + _text(word.html)
    parts = b"".join(border + b"\r\n" + part + b"\r\n" for part in (text, html))
    opened = _joined([("Content-Type", f'multipart/alternative; boundary="{boundary}"')]) + b"\r\n"
    return opened + parts + border + b"--\r\n"


def _fields(word: Outgoing, settings: Settings) -> list[tuple[str, str]]:
    sender = checked(word.sender_address)
    fields = [
        ("From", mailbox(word.sender_name or settings.sender_name, sender)),
        ("To", mailbox(word.recipient.name, checked(word.recipient.address))),
        ("Reply-To", mailbox(word.sender_name or settings.sender_name, reply_address(word))),
        ("Subject", phrase(line(word.subject, LONGEST_SUBJECT))),
        ("Message-ID", f"<{identifier(word.message_id)}>"),
    ]
    if word.sent_at is not None:
        fields.insert(0, ("Date", format_datetime(word.sent_at.astimezone(dt.UTC))))
    parent = [one for one in (word.in_reply_to,) if IDENTIFIER.fullmatch(one)]
    before = [one for one in word.references if IDENTIFIER.fullmatch(one)]
    before += [one for one in parent if one not in before]
    fields += [("In-Reply-To", f"<{one}>") for one in parent]
    if before:
        fields.append(("References", "\r\n ".join(f"<{one}>" for one in before)))
    if word.unsubscribe:
        fields += [
            ("List-Unsubscribe", f"<{word.unsubscribe}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
        ]
    elif word.automatic:
        fields += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    fields.append((LOOP, sender))
    if LANGUAGE.fullmatch(word.language):
        fields.append(("Content-Language", word.language))
    return [*fields, ("MIME-Version", "1.0")]


def checked(address: str) -> str:
    """The address in its normal form. Raises Unsupported where no mail can go to it."""
    try:
        return normal(address)
    except ValueError as error:
        raise Unsupported(_("No mail can be sent: %(why)s") % {"why": error}) from error


def identifier(message_id: str) -> str:
    """A Message-ID that may stand in a header field. Raises Unsupported for another."""
    if not IDENTIFIER.fullmatch(message_id):
        raise Unsupported(_("The mail has no usable Message-ID; nothing was sent."))
    return message_id


def reply_address(word: Outgoing) -> str:
    """Where answers go: with the token, so that they find their conversation even without References."""
    try:
        return join_plus(checked(word.sender_address), word.reply_token)
    except ValueError:
        return checked(word.sender_address)  # too long for a token: the Message-ID carries one too


def return_path(word: Outgoing) -> str:
    """Where reports of failure go (RFC 5321 § 4.4): the token in it tells which word failed."""
    try:
        return join_plus(checked(word.sender_address), word.bounce_token)
    except ValueError:
        return checked(word.sender_address)


def mailbox(name: str, address: str) -> str:
    """A name and an address as one field; the name quoted or encoded as it needs."""
    name = line(name, 200)
    if not name:
        return address
    if not name.isascii() or "=?" in name or len(name) > 70:
        return f"{encoded(name)}\r\n <{address}>"
    if PLAIN.fullmatch(name):
        return f"{name} <{address}>"
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>'


def phrase(text: str) -> str:
    """Text for a header field: as it is where that is short ASCII, else in encoded words of at most 75 characters."""
    if (
        text.isascii()
        and "=?" not in text
        and len(text) <= 900
        and all(len(part) < 70 for part in text.split(" "))
    ):
        return re.sub(r"(.{40,70}) ", "\\1\r\n ", text)
    return encoded(text)


def encoded(text: str) -> str:
    """Encoded words (RFC 2047), folded."""
    return Header(text, "utf-8", maxlinelen=75).encode(linesep="\r\n")


def _joined(fields: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode("utf-8")


def _text_fields(kind: str = "plain") -> list[tuple[str, str]]:
    return [
        ("Content-Type", f'text/{kind}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]


def _text(text: str) -> bytes:
    encoded = binascii.b2a_qp(clean(text).rstrip("\n").encode() + b"\n", istext=True)
    return encoded.replace(b"\n", b"\r\n")


def _file(file: File) -> bytes:
    kind = file.content_type.partition(";")[0].strip().lower()
    if not TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    name = bare_name(file.filename)
    disposition = "inline" if file.inline and file.content_id else "attachment"
    if SAFE_NAME.fullmatch(name):
        typed, placed = f'{kind};\r\n name="{name}"', f'{disposition};\r\n filename="{name}"'
    else:  # RFC 2231 for those who read the rules, RFC 2047 in the old place for those who never did
        typed = f'{kind};\r\n name="{encoded(name)}"'
        placed = f"{disposition};\r\n filename*=utf-8''{quote(name, safe='')}"
    fields = [
        ("Content-Type", typed),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", placed),
    ]
    content_id = line(file.content_id, 240)
    if content_id and re.fullmatch(r"[^\s<>]+", content_id):
        fields.append(("Content-ID", f"<{content_id}>"))
    return _joined(fields) + b"\r\n" + base64.encodebytes(file.data).replace(b"\n", b"\r\n")
