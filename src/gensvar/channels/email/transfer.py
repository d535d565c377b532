"""A part undone from the encoding of its journey (RFC 2045 § 6), as careless programs and the journey itself left it.

Neighbours: parts calls `decoded`; headers holds the decoding of base64, which encoded words need too.
"""

from __future__ import annotations

import binascii
import re
import string

from gensvar.channels.email.headers import BASE64, decode_base64
from gensvar.channels.email.uuencode import decode_block

LETTERS = BASE64 + string.whitespace.encode()
WHOLE = re.compile(rb"[A-Za-z0-9+/\s]*+(?:=[=\s]*+)?")
LINES = re.compile(rb"\s*+(?:[A-Za-z0-9+/]{2,}+={0,2}[ \t]*+(?:\r?\n|\Z))+")
SIGNS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # no text holds them; ESC is of ISO-2022
SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n|\Z)")  # white space that the journey added behind it
NAME = re.compile(r"[\s\"']*([\w-]*)")
SHORT = 200  # bytes in which base64 and a word or two are hard to tell apart


def decoded(data: bytes, encoding: str, *, text: bool, enclosed: bool) -> bytes:
    """The bytes as they were before their journey; an encoding that they contradict is not applied to `text`.

    What another program wrote below the base64 of a text is read too; a file, or a text that is `enclosed`, ends there.
    """
    found = NAME.match(encoding)
    name = found[1].lower() if found else ""
    if name in ("base64", "b64"):
        encoded, below = _cut_below(data)
        if text and not below and not _may_be_base64(data):
            return data
        plain = decode_base64(encoded)
        shifted = b"\0" in plain or b"\x1b$)" in plain  # UTF-16, ISO-2022-KR: such signs are of the charset
        if text and len(data) < SHORT and SIGNS.search(plain) and not shifted:
            return data
        return plain.rstrip(b"\r\n") + b"\n\n" + below if text and below and not enclosed else plain
    if name in ("quoted-printable", "quoted_printable", "qp"):
        return binascii.a2b_qp(SOFT_BREAK.sub(b"=", data) if b"= " in data or b"=\t" in data else data)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return decode_block(data)
    return data


def _may_be_base64(data: bytes) -> bool:
    """Whether text that is declared as base64 is it, give or take what the journey added."""
    if b" " in data.strip()[:60]:  # words, most likely
        bare = b"".join(data.split())
        return len(bare) % 4 == 0 and bool(WHOLE.fullmatch(bare)) and not SIGNS.search(decode_base64(bare))
    return len(data.translate(None, LETTERS)) * 20 <= len(data)


def _cut_below(data: bytes) -> tuple[bytes, bytes]:
    """Base64, and what somebody wrote below it in plain letters (a scanner for viruses, a mailing list)."""
    if WHOLE.fullmatch(data):
        return data, b""
    lines = LINES.match(data)
    if lines is None or lines.end() == len(data):
        return data, b""
    below = data[lines.end() :]
    ends = b"=" in lines[0][-8:] or not below.partition(b"\n")[0].strip()
    if not ends or len(b"".join(lines[0].split())) % 4 or not _is_writing(below):
        return data, b""
    return lines[0], below.lstrip(b"\r\n")


def _is_writing(below: bytes) -> bool:
    """Whether it is no more base64 with junk in it: much in it is not a letter of base64, or its lines hold spaces."""
    return len(below.translate(None, LETTERS)) * 20 > len(below) or b" " in below.strip()
