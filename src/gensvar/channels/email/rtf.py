"""What an RTF body says: the HTML or the plain text that Outlook wrapped in it (MS-OXRTFEX), else the words of the RTF itself.

One pass over the tokens, no recursion: time grows with length alone. Neighbours: `tnef` calls `words`, `lzfu` unpacks.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

from gensvar.channels.email.charsets import Charsets

_TOKEN = re.compile(
    rb"\\'(?P<octet>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})? ?|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n\x00]+|(?P<text>[^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_DEEPEST = 5_000  # groups in groups
_UNSEEN = frozenset(  # groups that hold no words of the message
    "fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf fldinst filetbl"
    " listtable listoverridetable rsidtbl generator mhtmltag xmlnstbl themedata colorschememapping datastore latentstyles"
    " bkmkstart bkmkend nonshppict".split()
)
_MEANT = {
    **dict.fromkeys(("par", "line", "sect", "page", "row"), "\n"),
    "tab": "\t",
    "cell": "\t",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "endash": "–",
    "emdash": "—",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
_SIGNS = {"~": "\u00a0", "_": "\u2011", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
_CHARSETS = {  # \fcharset to code page
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    0: "cp1252",
}


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside one pair of braces."""

    skipped: bool = False
    fonts: bool = False  # the table that says which font has which charset
    tag: bool = False  # HTML as it was
    doubled: bool = False  # RTF for readers that know no HTML, to be left out
    font: int = -1
    after_unicode: int = 1  # letters that stand in for a \u


@dataclass(frozen=True, slots=True)
class Words:
    """What was read: plain text, or the HTML that was wrapped."""

    text: str = ""
    html: str = ""


def words(data: bytes, charsets: Charsets) -> Words:
    """The words of RTF; nothing where it is none. Never raises, whatever the bytes."""
    if data.lstrip()[:5] != rb"{\rtf":
        return Words()
    reader = _Reader(data, charsets)
    reader.read()
    said = "".join(reader.parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Words(html=said) if reader.wraps_html else Words(text=said)


class _Reader:
    """One pass over the tokens, with the groups that are open."""

    def __init__(self, data: bytes, charsets: Charsets) -> None:
        self._data = data
        self._charsets = charsets
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._defining = -1
        self._open: list[_Group] = []
        self._group = _Group()
        self._octets = bytearray()
        self._pass_over = 0  # letters after a \u that stand in for it
        self._starred = False
        self._begun = False  # whether a group was just opened: its first word says what it is
        self._at = 0
        self.parts: list[str] = []
        self.wraps_html = False

    def read(self) -> None:
        """All tokens, as far as they are well formed."""
        while (match := _TOKEN.match(self._data, self._at)) is not None:
            self._at = match.end()
            if match["text"] is not None:
                self._text(match["text"])
            elif match["word"] is not None:
                number = match["number"]
                self._word(match["word"].decode(), None if number is None else int(number))
                continue
            elif match["octet"] is not None:
                self._text(bytes([int(match["octet"], 16)]))
            elif match["brace"] is not None:
                if not self._brace(match["brace"] == b"{"):
                    break
                continue
            elif match["sign"] is not None:
                if match["sign"] == b"*":
                    self._starred = self._begun
                    continue
                self._sign(match["sign"].decode("latin-1"))
            self._begun = False
        self._flush()

    def _brace(self, opens: bool) -> bool:
        self._flush()
        self._pass_over = 0
        self._starred = False
        self._begun = opens
        if opens:
            if len(self._open) >= _DEEPEST:
                return False
            self._open.append(self._group)
            return True
        self._group = self._open.pop() if self._open else _Group()
        return bool(self._open)

    def _text(self, octets: bytes) -> None:
        if self._group.fonts or self._hidden():
            return
        passed = min(self._pass_over, len(octets))
        self._pass_over -= passed
        self._octets += octets[passed:]

    def _hidden(self) -> bool:
        group = self._group
        return group.skipped or group.doubled

    def _say(self, meant: str) -> None:
        self._flush()
        if not self._hidden() and not self._group.fonts:
            self.parts.append(html.escape(meant, quote=False) if self._escapes() else meant)

    def _escapes(self) -> bool:
        return self.wraps_html and not self._group.tag

    def _flush(self) -> None:
        """Decodes the octets that stand together, so that letters of two octets are whole."""
        if self._octets:
            page = self._fonts.get(self._group.font, self._page)
            said = self._charsets.decode(bytes(self._octets), page)
            self.parts.append(html.escape(said, quote=False) if self._escapes() else said)
            self._octets.clear()

    def _sign(self, sign: str) -> None:
        if self._pass_over:
            self._pass_over -= 1
        elif sign in _SIGNS:
            self._say(_SIGNS[sign])

    def _word(self, word: str, number: int | None) -> None:
        begins, starred = self._begun, self._starred
        self._begun = self._starred = False
        if begins and (word in _UNSEEN or starred):
            self._flush()
            self._begin(word)
        elif word == "u" and number is not None:
            self._unicode(number)
        elif word == "bin":
            self._at += max(0, number or 0)
        elif word in _MEANT:
            if self._pass_over:
                self._pass_over -= 1
            else:
                self._say(_MEANT[word])
        else:
            self._state(word, number)

    def _begin(self, word: str) -> None:
        if word == "fonttbl":
            self._group = replace(self._group, fonts=True)
        elif word == "htmltag":
            self._group = replace(self._group, tag=True)
        else:
            self._group = replace(self._group, skipped=True)

    def _unicode(self, number: int) -> None:
        self._flush()
        if not self._hidden():
            letter = chr(number % 0x10000)
            self._say(letter)
        self._pass_over = self._group.after_unicode

    def _state(self, word: str, number: int | None) -> None:
        """A word that changes how what follows is read; others are of no matter here."""
        if word == "htmlrtf":
            self._flush()
            self._group = replace(self._group, doubled=number != 0)
        elif word == "fromhtml":
            self.wraps_html = number != 0
        elif word == "ansicpg" and number:
            self._page = f"cp{number}"
        elif word == "f" and number is not None:
            self._flush()
            self._defining = number
            self._group = replace(self._group, font=number)
        elif word == "fcharset" and self._group.fonts and number in _CHARSETS:
            if number or self._page == "cp1252":
                self._fonts[self._defining] = _CHARSETS[number]
        elif word == "uc" and number is not None:
            self._group = replace(self._group, after_unicode=max(0, min(number, 16)))
        elif word == "pard" or word == "plain":
            self._flush()
