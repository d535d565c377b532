"""Makes what a channel read storable: no character that a database refuses, no name that is a path, nothing endless."""

from __future__ import annotations

import re
from typing import Final

from gensvar.contract.values import Incoming, Party

LONGEST_TEXT: Final = 1_000_000  # characters; the whole stays in the envelope
LONGEST_HTML: Final = 2_000_000
LONGEST_QUOTED: Final = 100_000  # characters of what a mail quotes that are indexed
LONGEST_SUBJECT: Final = 250  # characters of what a conversation is called; its word keeps more
MOST_PARTIES: Final = 100
CUT: Final = "cut"  # the mark of a word of which more is kept as received than is shown
DOUBTED: Final = "doubted"  # the mark of a word that our own mail server says is not from its sender
REUSED_ID: Final = "reused-id"  # the mark of a word under whose Message-ID another came before
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def text(value: str, longest: int = LONGEST_TEXT) -> str:
    """Text without NUL and half characters, cut to that many characters."""
    if "\0" in value:
        value = value.replace("\0", "")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            value = value.encode("utf-8", "replace").decode()
    return value[:longest]


def line(value: str, longest: int) -> str:
    """Text of one line: what breaks lines or turns the writing direction becomes a space."""
    return " ".join(_CONTROL.sub(" ", text(value)).split(" ")).strip()[:longest].rstrip()


def filename(value: str) -> str:
    """A bare file name that can harm no file system, at most 200 characters, its ending kept."""
    name = line(value.replace("\\", "/").rpartition("/")[2], 2000).strip(". ")
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) < 20 else name[:200]
    return name or "file"


def marks_of(incoming: Incoming) -> frozenset[str]:
    """What the channel says of the word, and that it is cut where more was read than can be stored."""
    too_long = (
        max(len(incoming.text), len(incoming.quoted)) > LONGEST_TEXT or len(incoming.html) > LONGEST_HTML
    )
    return incoming.marks | {CUT} if too_long else incoming.marks


def parties(values: tuple[Party, ...]) -> list[list[str]]:
    """Recipients as they are stored: [[address, name], …]."""
    return [[line(party.address, 320), line(party.name, 200)] for party in values[:MOST_PARTIES]]


def subject_line(value: str) -> str:
    """A subject as a conversation keeps it, at most LONGEST_SUBJECT characters: a longer one ends between words, with "…"."""
    whole = line(value, len(value))
    if len(whole) <= LONGEST_SUBJECT:
        return whole
    cut = whole[:LONGEST_SUBJECT]
    # The last word may be whole, and then a space follows it; one single word is cut where the room ends.
    between = cut[:-2].rpartition(" ")[0] if " " in cut[LONGEST_SUBJECT // 2 : -2] else cut[:-2]
    return between.rstrip(" ,.;:–-") + " …"


def subject_of(incoming: Incoming) -> str:
    """What the conversation is called: its subject, else its first words, else nothing."""
    if found := subject_line(incoming.subject):
        return found
    words = " ".join(incoming.text[:400].split())
    if len(words) <= 80:
        return line(words, 250)
    return line(words[:80].rpartition(" ")[0] or words[:80], 250) + " …"


def preview_of(body: str) -> str:
    """The first words of a text, for lists."""
    return line(" ".join(body[:800].split()), 160)
