"""Covers what opens something in words that staff read: tokens of private links and reply addresses, links that set a password.

Whoever answers a mail of ours quotes the link that stood under it. It opens the page without a log-in, for ever, so it is
for its owner alone. Only what is genuine is covered: of all other words not a letter changes. Neighbour: tokens.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from typing import Final

from django.conf import settings
from django.utils.http import base36_to_int

from gensvar.core import clock, tokens

COVERED: Final = "•" * 8
COVERED_BYTES: Final = b"*" * 8
MOST_TRIED: Final = 5_000  # places of one text that may be tokens; further ones stay untried
LONGEST_RUN: Final = 120  # letters in a row: a link has a sign in it sooner, a file in base64 has none
FEWEST_LINES: Final = 5  # of letters alone: fewer may be the end of a link, more are a file in base64
DEEPEST: Final = 3  # a mail in a mail in a mail, each in base64
LOOKED_AT: Final = 4096  # bytes of a file that tell whether it is a text

_FOLD: Final = r"(?:=\r?\n)?"  # where quoted-printable goes on in the next line (RFC 2045 § 6.7)
_RUN: Final = re.compile(rf"(?<![a-z2-7])[a-z2-7](?:{_FOLD}[a-z2-7]){{35,}}", re.IGNORECASE | re.ASCII)
_WINDOW: Final = re.compile(rf"(?=([a-z2-7](?:{_FOLD}[a-z2-7]){{35}}))", re.IGNORECASE | re.ASCII)
_FOLDS: Final = re.compile(r"=\r?\n")
# Django's key behind the number of a log-in: the seconds since 2001 to the base of 36, and half a digest.
_PASSWORD_KEY: Final = re.compile(
    rf"(?<![0-9a-z])[0-9a-z](?:{_FOLD}[0-9a-z]){{0,12}}{_FOLD}-{_FOLD}"
    rf"([0-9a-z](?:{_FOLD}[0-9a-z]){{5,6}}){_FOLD}-(?:{_FOLD}[0-9a-f]){{32}}(?![0-9a-z])",
    re.IGNORECASE | re.ASCII,
)
_FIRST_SECOND: Final = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
_BASE64: Final = re.compile(
    rb"(?:^[A-Za-z0-9+/]{40,}+={0,2}[ \t]*(?:\r?\n|\Z))+(?:^[A-Za-z0-9+/]++={0,2}[ \t]*(?:\r?\n|\Z))?",
    re.MULTILINE,
)


def cover(text: str) -> str:
    """The text with every genuine key in it covered."""
    return _covered(text, COVERED)


def cover_bytes(raw: bytes, *, depth: int = DEEPEST) -> bytes:
    """A mail, a form or a text file with every genuine key in it covered, in base64 and quoted-printable too.

    The rest stays byte for byte; the same bytes come back where nothing is covered.
    """
    pieces: list[bytes] = []
    at = 0
    for block in _BASE64.finditer(raw) if depth else ():
        pieces += [_plain(raw[at : block.start()]), _block(block[0], depth)]
        at = block.end()
    return b"".join([*pieces, _plain(raw[at:])])


def told_bytes(content_type: str, data: bytes) -> bytes:
    """A file of that type as it may be given on: a mail or a text without genuine keys, anything else as it is."""
    return cover_bytes(data) if may_hold_keys(content_type) else data


def may_hold_keys(content_type: str) -> bool:
    """Whether a file of that type is one of those in which keys are covered."""
    return content_type.startswith(("text/", "message/"))


def _plain(raw: bytes) -> bytes:
    found = _covered(raw.decode("latin-1"), COVERED_BYTES.decode())
    return found.encode("latin-1")


def _block(block: bytes, depth: int) -> bytes:
    """A stretch in base64, written anew with lines as long where the text that it holds has a key."""
    try:
        data = base64.b64decode(block, validate=False)
    except binascii.Error:
        return _plain(block)
    if b"\0" in data[:LOOKED_AT]:  # a picture, a document
        return block
    told = cover_bytes(data, depth=depth - 1)
    if told == data:  # nothing in that file; but what only looks like one may be a link's last line
        return block if block.count(b"\n") >= FEWEST_LINES else _plain(block)
    ends = b"\r\n" if b"\r\n" in block else b"\n"
    width = len(block.split(b"\n", 1)[0].rstrip())
    encoded = base64.b64encode(told)
    lines = [encoded[start : start + width] for start in range(0, len(encoded), width)]
    return ends.join(lines) + (ends if block.endswith(b"\n") else b"")


def _covered(text: str, cover_with: str) -> str:
    if len(text) >= tokens.LENGTH:
        text = _RUN.sub(_Tokens(cover_with), text)
        text = _PASSWORD_KEY.sub(lambda found: cover_with if _is_valid(found[1]) else found[0], text)
    return text


class _Tokens:
    """Covers the tokens in a run of letters that tokens are made of: other letters may touch them ("%2F" of an address)."""

    def __init__(self, cover_with: str) -> None:
        self._cover_with = cover_with
        self._left = MOST_TRIED

    def __call__(self, run: re.Match[str]) -> str:
        if len(_FOLDS.sub("", run[0])) > LONGEST_RUN:
            return run[0]
        pieces: list[str] = []
        at = 0
        for found in _WINDOW.finditer(run[0]):
            if found.start() < at or found[1][-1] not in tokens.LAST or not self._opens(found[1]):
                continue
            pieces += [run[0][at : found.start()], self._cover_with]
            at = found.end(1)
        return "".join([*pieces, run[0][at:]]) if pieces else run[0]

    def _opens(self, token: str) -> bool:
        self._left -= 1
        return self._left >= 0 and tokens.opens(_FOLDS.sub("", token))


def _is_valid(seconds: str) -> bool:
    """Whether a key of that second can still set a password: not in the future, nor older than such keys get; a day to spare."""
    made = _FIRST_SECOND + dt.timedelta(seconds=base36_to_int(_FOLDS.sub("", seconds)))
    day = dt.timedelta(days=1)
    return -day < clock.now() - made < dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) + day
