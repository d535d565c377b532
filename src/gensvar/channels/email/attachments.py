"""The files of a mail and their names: bare names, never paths, nothing in them that misleads.

RFC 2183, RFC 2231. Neighbours: parts gives the leaves, body says which of them are text.
"""

from __future__ import annotations

import mimetypes
import re
from urllib.parse import unquote_to_bytes

from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.headers import Headers
from gensvar.channels.email.parts import Leaf
from gensvar.contract.texts import bare_name, clean
from gensvar.contract.values import File

LONGEST_ID = 250
LONGEST_DESCRIPTION = 10_000  # letters as they came: no name of two hundred is encoded in so many
FILE_NAME = re.compile(r"[^\n:]{1,200}\.[A-Za-z][A-Za-z0-9]{1,5}")
EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "text/calendar": ".ics",
    "text/x-vcalendar": ".vcs",
    "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt",
    "message/feedback-report": ".txt",
    "message/disposition-notification": ".txt",
    "application/ms-tnef": ".dat",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/rtf": ".rtf",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "application/pdf": ".pdf",
}
STEMS = {
    "text/calendar": "invitation",
    "text/x-vcalendar": "invitation",
    "text/rfc822-headers": "headers",
    "application/pkcs7-mime": "smime",
}


def _place_or_description(leaf: Leaf, charsets: Charsets) -> str:
    """A name where a part has none: the last word of its place (RFC 2557), or a description that looks like one."""
    place = leaf.headers.text("content-location").partition("?")[0].rpartition("/")[2]
    described = leaf.headers.first("content-description")
    told = "" if len(described) > LONGEST_DESCRIPTION else leaf.headers.text("content-description")
    for name in (charsets.decode(unquote_to_bytes(place.encode("utf-8", "replace"))), told):
        if FILE_NAME.fullmatch(name.strip()):
            return name.strip()
    return ""


def _without_percents(name: str) -> str:
    """A name that a program wrote as an address of a page, if that yields letters beyond ASCII in UTF-8."""
    if "%" not in name or not name.isascii():
        return name
    data = unquote_to_bytes(name)
    try:
        return name if data.isascii() else data.decode()
    except UnicodeDecodeError:
        return name


def filename(leaf: Leaf, charsets: Charsets) -> str:
    """A bare name for any leaf; a nested mail is named after its subject."""
    extension = (
        EXTENSIONS.get(leaf.content_type) or mimetypes.guess_extension(leaf.content_type, strict=False) or ""
    )
    name = _without_percents(leaf.name) or _place_or_description(leaf, charsets)
    if len(name) > 2 and name[0] == name[-1] == "'":
        name = name[1:-1]
    if not name and is_message(leaf):
        name = _subject(leaf.data, charsets)
        return (
            bare_name(name.replace("/", "-").replace("\\", "-") + ".eml", "message.eml")
            if name
            else "message.eml"
        )
    return bare_name(name, STEMS.get(leaf.content_type, "file") + extension)


def is_message(leaf: Leaf) -> bool:
    """Whether a leaf is a whole mail of its own."""
    return leaf.content_type in ("message/rfc822", "message/global", "message/x-rfc822")


def _subject(data: bytes, charsets: Charsets) -> str:
    return nested_headers(data, charsets).text("subject")


def nested_headers(data: bytes, charsets: Charsets) -> Headers:
    """The header fields at the beginning of `data` (a nested mail, a report); reads no further than 200 kB."""
    head = data[:200_000].replace(b"\r\n", b"\n").lstrip(b"\n")
    head = head.partition(b"\n\n")[0]
    return Headers(field_pairs(head.decode("ascii", "surrogateescape")), charsets)


def field_pairs(block: str) -> list[tuple[str, str]]:
    """Name and value of each field in a block of header lines; folded lines joined."""
    pairs: list[tuple[str, str]] = []
    for line in block.split("\n"):
        if line[:1] in (" ", "\t") and pairs:
            name, value = pairs.pop()
            pairs.append((name, value + " " + line.strip()) if len(value) < 50_000 else (name, value))
            continue
        name, colon, value = line.partition(":")
        if colon and name and " " not in name.strip():
            pairs.append((name.strip(), value.strip()))
    return pairs


def file_of(leaf: Leaf, charsets: Charsets, referred: frozenset[str], role: str = "attachment") -> File:
    """The file that a leaf is; `referred` are the Content-IDs that the HTML shows."""
    content_id = leaf.headers.first("content-id").strip("<> \t")[:LONGEST_ID]
    inline = leaf.disposition == "inline" or (bool(content_id) and content_id in referred)
    kind = leaf.content_type
    if kind.startswith("text/") and leaf.charset and leaf.charset.isascii() and len(leaf.charset) < 40:
        kind = f"{kind}; charset={clean(leaf.charset).strip()}"
    return File(filename(leaf, charsets), clean(kind)[:150], canonical(leaf), clean(content_id), inline, role)


def canonical(leaf: Leaf) -> bytes:
    """The bytes of a file as they were sent: a line break in quoted-printable means CRLF (RFC 2045 § 6.7), and a mailbox
    on disk may have dropped the CR. In other encodings the bytes stand as they are.
    """
    quoted_printable = leaf.headers.first("content-transfer-encoding").lower().startswith("quoted")
    if not quoted_printable or not leaf.content_type.startswith("text/"):
        return leaf.data
    return leaf.data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
