"""From bytes to text: the charset that a mail declares, the one that it meant, and a careful guess where it says nothing.

Neighbours: headers and body decode through here; nothing else in this folder turns bytes into text.
"""

from __future__ import annotations

import codecs
import functools
import re

from gensvar.channels.email import guesses
from gensvar.channels.email.guesses import NORDIC, WESTERN
from gensvar.core import charsets as core_charsets

UTF_8 = "utf-8"
SAMPLE = 4096  # bytes that tell whether a named charset is meant
REPLACED = "\ufffd"

# Names that mail uses for something else, or that Python lacks. Each maps to a superset that reads the same bytes.
ALIASES = {
    "ansi": WESTERN,
    "ansi-x3.4-1968": WESTERN,
    "ascii": WESTERN,
    "us-ascii": WESTERN,
    "iso-8859-1": WESTERN,
    "iso8859-1": WESTERN,
    "latin1": WESTERN,
    "latin-1": WESTERN,
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gb-2312": "gb18030",
    "gb2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "x-big5": "big5hkscs",
    "ks-c-5601-1987": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": UTF_8,
    "utf8mb4": UTF_8,
    "utf-8mb4": UTF_8,
    "x-utf-8": UTF_8,
    "utf": UTF_8,
    "unicode": "utf-16",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ce": "mac-latin2",
    "x-mac-centraleurroman": "mac-latin2",
    "x-mac-greek": "mac-greek",
    "x-mac-turkish": "mac-turkish",
    "x-mac-icelandic": "mac-iceland",
    "x-mac-croatian": "mac-croatian",
    "x-mac-romanian": "mac-romanian",
    "windows-932": "cp932",
    "windows-936": "gb18030",
    "windows-949": "cp949",
    "windows-950": "big5hkscs",
    "cn-gb": "gb18030",
    "cn-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "iso-646-se": "ascii",
}
INSIDE = re.compile(  # a name that stands in a longer one: "_iso-2022-jp$ESC", "windows-1252http-equiv…", "iso 8859 1"
    r"utf-?8|utf-?16|windows-125\d|cp-?125\d|iso[-_ ]?8859[-_ ]\d{1,2}|iso-2022-jp|koi8-[ru]|gb18030|gb2312|gbk|big5|euc-[jk][pr]"
    r"|shift[-_]jis|us-ascii|ks_c_5601-1987"
)
JAPANESE = ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext")
WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
SEVEN_BITS = frozenset({"hz", "utf-7", "iso2022_kr", *WIDE, *JAPANESE})
MANY_BYTES = SEVEN_BITS | {"gb18030", "big5hkscs", "cp949", "cp932", "euc_jp"}
UTF_8_LETTERS = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@functools.lru_cache(maxsize=256)
def known(name: str) -> str:
    """Python's own name of a charset as a mail writes it, quotes and all; empty where it is none that we can read."""
    name = name.strip(" \t\r\n\"';,<>").lower()
    name = ALIASES.get(name) or ALIASES.get(name.replace("_", "-")) or name
    if found := core_charsets.named(name):
        return ALIASES.get(found, found)
    inside = INSIDE.search(name)
    return known(inside[0].replace("_", "-").replace(" ", "-")) if inside and inside[0] != name else ""


class Charsets:
    """Decodes the parts of one mail. Guessing costs milliseconds, so one mail gets few guesses."""

    def __init__(self, guesses: int = 4) -> None:
        self._guesses = guesses
        self.fallback = ""  # the charset that the mail uses elsewhere, for bytes that say nothing of theirs
        self.repaired = False  # whether anything was not what it said

    def decode(self, data: bytes, declared: str = "") -> str:
        """The text of `data`; never raises. What cannot be read becomes U+FFFD."""
        if data.isascii() and b"\x1b" not in data and (not declared or known(declared) not in MANY_BYTES):
            return data.decode("ascii")
        name = known(declared) if declared else ""
        if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return self._marked(data)
        if name in MANY_BYTES:
            return self._many_bytes(data, name)
        if b"\x1b$" in data and data.isascii():
            return self._many_bytes(data, "iso2022_jp")
        as_utf8 = _strict(data, UTF_8)
        if as_utf8 is not None:
            self.repaired |= name not in ("", UTF_8)
            return as_utf8
        if name and name != UTF_8:
            text = _strict(data, name)
            return text if text is not None else data.decode(name, "replace")
        self.repaired = True
        if whole := _cut_utf8(data, declared=name == UTF_8):
            return whole
        if _mostly_utf8(data):
            return data.decode(UTF_8, "gensvar.western")
        elsewhere = known(self.fallback) if self.fallback else ""
        text = _strict(data, elsewhere) if elsewhere and elsewhere != UTF_8 else None
        return text if text is not None else data.decode(self._guess(data), "replace")

    def _marked(self, data: bytes) -> str:
        """Bytes that begin with a byte order mark say themselves what they are."""
        name = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-16"
        return data.decode(name, "replace")

    def _many_bytes(self, data: bytes, name: str) -> str:
        """East Asian charsets come cut off, with extensions, and announced over UTF-8: the nearest that reads most."""
        if name in WIDE and data.isascii() and b"\0" not in data:
            self.repaired = True  # two or four bytes a letter would hold some: the name is wrong
            return data.decode("ascii")
        if name == "utf-16" and data[::2].count(0) > data[1::2].count(0):
            name = "utf-16-be"
        if name not in SEVEN_BITS and sum(byte > 0x7F for byte in data[:SAMPLE]) >= 12:
            as_utf8 = _strict(data, UTF_8)  # six characters that are UTF-8 by chance: one in a million
            if as_utf8 is not None:
                self.repaired = True
                return as_utf8
        for candidate in JAPANESE if name in JAPANESE else (name,):
            text = _strict(data, candidate)
            if text is not None:
                return text
        if (
            name in JAPANESE
        ):  # "①": rows that makers added, and that the newer standard took up where they were
            text = _strict(data.replace(b"\x1b$B", b"\x1b$(Q"), "iso2022_jp_2004")
            if text is not None:
                return text
        self.repaired = True
        text = data.decode(name, "replace")
        if text.count(REPLACED) * 8 > len(text):
            as_utf8 = _strict(data, UTF_8)
            return as_utf8 if as_utf8 is not None else data.decode(self._guess(data), "replace")
        return text

    def likeliest(self, data: bytes) -> str:
        """The charset of text that names none; empty for UTF-8."""
        return "" if data.isascii() or _mostly_utf8(data) else self._guess(data)

    def _guess(self, data: bytes) -> str:
        """The likeliest charset of bytes that are not UTF-8."""
        sample = guesses.telling(data)
        told = guesses.at_a_glance(sample)
        if told or self._guesses <= 0:
            return told or WESTERN
        self._guesses -= 1
        return guesses.compared(sample)


def _cut_utf8(data: bytes, *, declared: bool) -> str:
    """The text of UTF-8, declared or seen in its other letters, that was cut off within one; empty for anything else."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        rest = data[error.start :]
        cut = error.reason == "unexpected end of data" and not all(byte in NORDIC for byte in rest)
        if cut and (declared or not data[: error.start].isascii()):
            return data.decode(UTF_8, "replace")
    return ""


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, ValueError):
        return None


def _mostly_utf8(data: bytes) -> bool:
    """Whether a few bytes are broken in what is UTF-8 otherwise, as when a mail was cut in two or pasted together."""
    whole = sum(len(found) for found in UTF_8_LETTERS.findall(data))
    return whole > 0 and whole * 2 >= sum(byte > 0x7F for byte in data)


def _read_as_western(error: UnicodeError) -> tuple[str, int]:
    """The error handler of codecs for such bytes: what is not UTF-8 is Western, letter by letter."""
    assert isinstance(error, UnicodeDecodeError)
    broken = error.object[error.start : error.end]
    return broken.decode(WESTERN, "replace"), error.end


codecs.register_error("gensvar.western", _read_as_western)
