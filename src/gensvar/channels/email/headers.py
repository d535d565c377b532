"""Header fields as they really come: unfolded, encoded words decoded, broken ones read as they were meant.

RFC 5322 § 2.2, RFC 2047, RFC 2231. Neighbours: charsets decodes; addresses, attachments and marks read through here.
"""

from __future__ import annotations

import binascii
import re
import string
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

from gensvar.channels.email.charsets import Charsets, known

LONGEST = 50_000  # characters of one field that are looked at
LONGEST_PARAMETER = 1_000  # of one piece of a parameter
MOST_PADDED = 400_000  # pieces of base64 that each end in their own padding; the rest is read as one
MOST = 2_000  # fields of one part that are looked at

FOLD = re.compile(r"\r?\n[ \t]?|\r(?=[ \t])")
# An encoded word; text may hold spaces and question marks, which RFC 2047 forbids and mail programs write.
# It never holds the beginning of the next one ("=?=" is the end of base64), so that none is looked through twice.
WORD = re.compile(
    r"=\?([\w.:+\-]{0,40})(?:\*[\w\-]{0,20})?\?([bBqQ])\?((?:(?!=\?[^=]).){0,4000}?)\?=", re.DOTALL
)
CUT_WORD = re.compile(r"=\?([\w.:+\-]{1,40})\?([bBqQ])\?([^?\s]{1,4000})\?{0,1}$")
# The value of a structured field; its parameters may follow without a semicolon, or after a comma or a comment.
MAIN = re.compile(r'[\s"]*([^\s;,"()=/]*(?:\s?/\s?[^\s;,"()=/]*)?)"?\s*(?:\([^()]{0,200}\)\s*)?')
PARAMETER = re.compile(
    r'(?:;|(?<=")[\s,])\s*([\w\-*.%]{1,80})\s*=\s*("(?:[^"\\]+|\\.){0,8000}"?|[^;]{0,8000})', re.DOTALL
)
CONTINUED = re.compile(r"^(.{1,60}?)(?:\*(\d{1,3}))?(\*)?$")
EXTENDED = re.compile(r"^([\w.:+\-]{0,40})'([\w\-]{0,20})'(.*)$", re.DOTALL)
URL_SAFE = re.compile(rb"[A-Za-z0-9_=\s-]*+")  # base64 with the two letters that addresses of pages can hold
URL_LETTERS = bytes.maketrans(b"-_", b"+/")
BASE64 = (string.ascii_letters + string.digits + "+/=").encode()
FOREIGN = bytes(set(range(256)) - set(BASE64))


class Headers:
    """The fields of one part, by name in lower case. Values hold surrogates where the mail held raw bytes."""

    def __init__(self, pairs: Iterable[tuple[str, str]], charsets: Charsets) -> None:
        self.charsets = charsets
        self._values: dict[str, list[str]] = {}
        self._order: list[tuple[str, str]] = []
        for count, (name, value) in enumerate(pairs):
            if count >= MOST:
                break
            name = name.strip().lower()
            self._values.setdefault(name, []).append(value)
            self._order.append((name, value))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> Iterable[str]:
        """The names of all fields, in lower case."""
        return self._values.keys()

    def all(self, name: str) -> list[str]:
        """Every field of that name as it came, unfolded, encoded words still encoded."""
        return [unfold(value) for value in self._values.get(name, ())]

    def in_order(self, *names: str) -> Iterator[tuple[str, str]]:
        """Name and value of every field of these names, from the top down, as they came and unfolded."""
        return ((name, unfold(value)) for name, value in self._order if name in names)

    def first(self, name: str) -> str:
        """The first field of that name as it came, unfolded; empty where there is none."""
        values = self._values.get(name)
        return unfold(values[0]) if values else ""

    def text(self, name: str, fallback: str = "") -> str:
        """The first field of that name with its encoded words decoded; `fallback` names the charset of raw bytes."""
        values = self._values.get(name)
        return decode_words(unfold(values[0]), self.charsets, fallback) if values else ""


def unfold(value: str) -> str:
    """One logical line, cut at a length that no honest field has (RFC 5322 § 2.2.3)."""
    value = value[:LONGEST]
    if "\n" not in value and "\r" not in value:
        return value.strip()
    return FOLD.sub(" ", value).strip()


def raw_text(value: str, charsets: Charsets, fallback: str = "") -> str:
    """Text of a field that holds raw bytes (as surrogates): UTF-8 (RFC 6532), else the mail's own charset, else Western."""
    if value.isascii():
        return value
    data = value.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return charsets.decode(data, fallback)


def decode_words(value: str, charsets: Charsets, fallback: str = "") -> str:
    """Decode RFC 2047 words wherever they stand, also in quotes, with spaces inside, split in a character, or cut off."""
    if "=?" not in value:
        return raw_text(value, charsets, fallback)
    pieces: list[str] = []
    waiting: tuple[str, bytes] | None = (
        None  # bytes of words side by side: a character may be split between them
    )
    end = 0
    for match in WORD.finditer(value) if "?=" in value else ():
        between = value[end : match.start()]
        charset, data = match[1], _word_bytes(match[2], match[3])
        side_by_side = not between or between.isspace()
        if waiting and side_by_side and waiting[0].lower() == charset.lower():
            waiting = (charset, waiting[1] + data)
        else:
            if waiting:
                pieces.append(charsets.decode(waiting[1], waiting[0]))
            if end == 0 or not side_by_side:
                pieces.append(raw_text(between, charsets, fallback))
            waiting = (charset, data)
        end = match.end()
    if waiting:
        pieces.append(charsets.decode(waiting[1], waiting[0]))
    rest = value[end:]
    cut = CUT_WORD.search(rest) if "=?" in rest else None
    if cut:
        before = rest[: cut.start()]
        pieces.append("" if before.isspace() and pieces else raw_text(before, charsets, fallback))
        pieces.append(charsets.decode(_word_bytes(cut[2], cut[3]), cut[1]))
    else:
        pieces.append(raw_text(rest, charsets, fallback))
    return "".join(pieces)


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    if encoding in "bB":
        return decode_base64(data)
    return binascii.a2b_qp(data.replace(b"\r", b"").replace(b"\n", b""), header=True)


def decode_base64(data: bytes) -> bytes:
    """Base64 as mail has it: with foreign characters, padding in the middle, or the end missing."""
    try:
        return binascii.a2b_base64(data, strict_mode=True)
    except binascii.Error:
        pass
    if URL_SAFE.fullmatch(data):
        data = data.translate(URL_LETTERS)
    data = data.translate(None, FOREIGN)
    decoded: list[bytes] = []
    padded = data.split(b"=", MOST_PADDED)
    padded[MOST_PADDED:] = [rest.replace(b"=", b"") for rest in padded[MOST_PADDED:]]
    for chunk in padded:
        whole = chunk[: len(chunk) - 1] if len(chunk) % 4 == 1 else chunk
        decoded.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(decoded)


def parameters(value: str, charsets: Charsets) -> tuple[str, dict[str, str]]:
    """The value of a structured field, in lower case, and its parameters with RFC 2231 and RFC 2047 undone."""
    main = MAIN.match(value)
    assert main is not None  # every part of it may be empty
    rest = value[main.end() :].lstrip(", \t")
    plain: dict[str, str] = {}
    parts: dict[str, dict[int, tuple[str, bool]]] = {}
    if rest:
        for match in PARAMETER.finditer(";" + rest):
            shape = CONTINUED.match(match[1].lower())
            if not shape:
                continue
            text = _unquote(match[2])[:LONGEST_PARAMETER]
            if shape[2] is None and shape[3] is None:
                plain.setdefault(shape[1], text)
            else:
                parts.setdefault(shape[1], {})[int(shape[2] or 0)] = (text, bool(shape[3]))
    found = {name: decode_words(text, charsets) for name, text in plain.items()}
    for name, numbered in parts.items():
        found[name] = _joined(numbered, charsets)
    return "".join(main[1].split()).lower(), found


def _unquote(value: str) -> str:
    value = value.strip()
    if value.startswith('"'):
        value = value[1:]
        value = value.removesuffix('"')
        # A backslash before anything but a quote or a backslash is a path of a careless program, not an escape.
        return re.sub(r'\\(["\\])', r"\1", value)
    return value


def _joined(numbered: dict[int, tuple[str, bool]], charsets: Charsets) -> str:
    """The pieces of an RFC 2231 parameter in order, in the charset that one of them names; the first should."""
    charset, data, readable = "", b"", ""
    for number in sorted(numbered):
        text, extended = numbered[number]
        named = EXTENDED.match(text) if extended and not charset else None
        if named and (not data or known(named[1])):
            charset, text = named[1], named[3]
        raw = text.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(raw) if extended else raw
        readable += text
    if "=?" in readable:
        return decode_words(readable, charsets)
    return charsets.decode(data, charset)
