"""A text as an eye reads it: entities resolved, invisible characters gone, look-alikes made plain, with the way back.

All finders look at a reading, so that no way of writing hides a datum; `search` carries places back to the original.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .findings import Mark
from .markup import BREAK, UNSEEN
from .placeholders import PLACEHOLDER

_IS = re.compile(r"(?<!\w)är(?!\w)", re.IGNORECASE)
BAR = "\ufdd0"  # a noncharacter: stands where something is already masked; nothing is found across it

_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u0640\u0591-\u05bd\u064b-\u065f\u0670\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_PLAIN_FORM = {
    **dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-"),
    **dict.fromkeys("‘’‛´`ʼʹ′＇", "'"),
    **dict.fromkeys("“”„‟″＂", '"'),
    **dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"),
    "。": ".",
    "⟨": "<",
    "⟩": ">",
}


def _broken_letters() -> dict[str, str]:
    """UTF-8 read as Windows-1252 ("Ã¶" for "ö"), the commonest damage to names on their way through mail."""
    broken: dict[str, str] = {}
    for code in range(0xC0, 0x180):
        letter = chr(code)
        if letter.isalpha():
            for charset in ("cp1252", "latin-1"):
                try:
                    broken[letter.encode().decode(charset)] = letter
                except UnicodeDecodeError:
                    continue
    return broken


_BROKEN = _broken_letters()
_SPECIAL = re.compile(
    "|".join(
        (
            f"(?P<placeholder>{PLACEHOLDER.pattern})",
            r"(?P<entity>&(?:amp;){0,3}(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)",
            r"(?P<broken>[\u00c3-\u00c5][^\x00-\x7f])",
            r"(?P<octets>(?:[=%][cC][2-5][=%][89abAB][0-9a-fA-F])+)",  # quoted-printable or a link's UTF-8
            r"(?P<octet>=[cCdDeEfF][0-9a-fA-F](?=[^\W\d_]))",  # quoted-printable Latin-1
            r"(?P<sign>(?<=\w)=40(?=[\w-]{1,60}(?:\.|=2[eE])[^\W\d_]{2})|(?<=[^\W_])[=%]2[eE](?=[^\W\d_]{2}))",  # @ and .
            r"(?P<folded>(?<=[^\W\d_])=\r?\n(?=[^\W\d_]))",
            r"(?P<escape>\\u[0-9a-fA-F]{4})",
            r"(?P<dots>[aouAOU]¨(?=[^\W\d_])|¨[aouAOU]|[aA][\u02da°](?=[^\W\d_]))",
            r"(?P<softbreak>[\u00ad\u200b](?=[ \t]*\n))",
            r"(?P<hyphen>(?<=[^\W\d_])-[ \t]?\r?\n[ \t>|]{0,4}(?=[a-zåäöéü]))",  # "Lin-⏎vägen 6"
            r"(?P<return>\r(?=\n))",
            rf"(?i:{UNSEEN}|{BREAK})",
            r"(?P<cluster>.[\u0300-\u036f]+)",
            r"(?P<odd>[^\t\n -_a-~\u00a1-\u00a7\u00c0-\u017f])",
        )
    )
)


def _plain(character: str) -> str:
    if character == BAR:
        return " "
    if character in _PLAIN_FORM:
        return _PLAIN_FORM[character]
    if _DROPPED.match(character):
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return unicodedata.normalize("NFKC", character)


def _with_dots(written: str) -> str:
    """The letter whose dots or ring were set beside it, as old fonts and some readers of PDF do: "O¨" → "Ö"."""
    ring = written[1] in "\u02da°"
    return unicodedata.normalize("NFC", written.replace("¨", "")[0] + ("\u030a" if ring else "\u0308"))


def _octets(written: str) -> str:
    """What "=C3=B6" or "%C3%B6" stands for; as written where it is no text."""
    meant = bytes.fromhex(written.replace("=", "").replace("%", "")).decode(errors="replace")
    return meant if meant.isalpha() else written


def _octet(written: str) -> str:
    meant = chr(int(written[1:], 16))
    return meant if meant.isalpha() else written


def _escape(written: str) -> str:
    meant = chr(int(written.removeprefix("\\u"), base=16))
    return meant if meant.isalpha() else written


_MEANT = {"octets": _octets, "octet": _octet, "escape": _escape, "dots": _with_dots}


def _read_special(match: re.Match[str]) -> str:
    """What one unusual piece of the text reads as: any number of characters, also none."""
    written = match.group()
    sort = match.lastgroup
    if sort == "placeholder":
        return BAR
    if sort == "entity":
        inner = re.sub(r"^&(?:amp;)+(?=[#A-Za-z])", "&", written)
        meant = html.unescape(inner)
        return written if meant == inner else "".join(_plain(each) for each in meant)
    if sort == "broken":
        return _BROKEN.get(written) or unicodedata.normalize("NFKC", "".join(map(_plain, written)))
    if sort == "softbreak":
        return "-"
    if sort == "sign":
        return "@" if written.endswith("0") else "."
    if sort in {"return", "folded", "unseen", "hyphen"}:
        return ""
    if sort == "break":
        return "\n"
    if sort in {"octets", "octet", "escape", "dots"}:
        return _MEANT[sort](written)
    if sort == "cluster":
        first = _plain(written[0])
        return unicodedata.normalize("NFKC", first + written[1:])
    return _plain(written)


class _Folding(dict[int, str]):
    """Letter to its bare small letter, one for one: å → a, Ø → o, É → e."""

    _own: Mapping[str, str] = dict(
        zip(
            "øłđıßæœþðħŧаеорсухіјѕοةىیک", "oldisaotdhtaeopcyxijsoهييك", strict=True
        )  # eleven only look Latin, and the last four are written for one another in Arabic
    )

    def __missing__(self, code: int) -> str:
        small = chr(code).lower()[:1]
        bare = self._own.get(small) or unicodedata.normalize("NFD", small)[:1]
        self[code] = bare
        return bare


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Small letters without marks, exactly as long as `text`: "Åsa Öberg" → "asa oberg"."""
    return text.translate(_FOLDING)


@dataclass(frozen=True)
class Reading:
    """`text` is what is read; character i of it was written at `starts[i]:ends[i]` of the original."""

    text: str
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)
    # Filled by the first page, with the languages of the whole text; shared by its stretches, which are too short to tell.
    tongues: list[frozenset[str]] = field(default_factory=list, repr=False, compare=False)

    @cached_property
    def folded(self) -> str:
        """The text in bare small letters, place for place."""
        return fold(self.text)

    @cached_property
    def folded_but_is(self) -> str:
        """The same, but "är" (is) keeps its dots: "Storgatan 3 är avstängd" is no three years ("3 år")."""
        parts: list[str] = []
        at = 0
        for match in _IS.finditer(self.text):
            parts += (self.folded[at : match.start()], "är")
            at = match.end()
        return "".join((*parts, self.folded[at:]))

    def widened(self, mark: Mark) -> Mark:
        """The mark stretched so that it never cuts through what was one written piece ("㎏" reads as two letters)."""
        start, end = mark.start, mark.end
        while start > 0 and self.starts[start - 1] == self.starts[start]:
            start -= 1
        while end < len(self.text) and self.starts[end] == self.starts[end - 1]:
            end += 1
        return Mark(start, end, mark.kind, mark.certainty)

    def barred(self, marks: Iterable[Mark]) -> Reading:
        """The same reading with the marked places closed; marks must be in order and without overlap."""
        parts: list[str] = []
        at = 0
        for mark in marks:
            parts += (self.text[at : mark.start], BAR * (mark.end - mark.start))
            at = mark.end
        return Reading("".join((*parts, self.text[at:])), self.starts, self.ends, self.tongues)

    def part(self, start: int, end: int) -> Reading:
        """A stretch of it; places in it count from its own beginning."""
        return Reading(self.text[start:end], self.starts[start:end], self.ends[start:end], self.tongues)


def read(text: str) -> Reading:
    """Reads any text, in time proportional to its length; placeholders of earlier masking read as bars."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _SPECIAL.finditer(text):
        begin, end = match.span()
        parts.append(text[at:begin])
        starts.extend(range(at, begin))
        ends.extend(range(at + 1, begin + 1))
        meant = _read_special(match)
        if meant == match.group():
            starts.extend(range(begin, end))
            ends.extend(range(begin + 1, end + 1))
        else:
            starts.extend([begin] * len(meant))
            ends.extend([end] * len(meant))
        parts.append(meant)
        at = end
    parts.append(text[at:])
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Reading("".join(parts), starts, ends)
