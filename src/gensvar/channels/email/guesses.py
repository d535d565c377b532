"""The likeliest charset of bytes that say nothing of theirs: by our own residents' letters first, then by what they look like.

Neighbour: charsets asks here when neither the mail nor UTF-8 tells.
"""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

WESTERN = (
    "cp1252"  # what mail programs mean by ISO-8859-1 and by US-ASCII with eighth bits (WHATWG Encoding § 4.2)
)
SAMPLE = 4096  # bytes that a guess looks at
LETTERS_FROM = (
    0xC0  # charsets of one byte hold their letters from here; of pairs, every third second byte is lower
)
RARE_FROM = 0xD8  # pairs of Chinese, Japanese and Korean seldom begin higher; letters of Greek, Arabic and Cyrillic do
HIGH_RUN = re.compile(rb"[\xa1-\xfe]+")
GUESSES = [
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("big5", "cp932", "mac_roman", "cp850"),
]
NEAR_WESTERN = frozenset({"cp1250", "cp1254", "cp1257", "cp850", "mac_roman"})
HALF_WIDTH = re.compile(
    r"(?:[^\uff61-\uff9f]{0,40}[\uff61-\uff9f]){4}"
)  # of katakana: nobody writes so, other charsets look so
WESTERN_LETTERS = frozenset("àáâãçèéêëìíîïñòóôõùúûüäößÀÁÂÃÇÈÉÊÍÑÓÔÕÚÜ¡¿ªº«»´’‘“”–—…€\xa0".encode(WESTERN))
# As cp1252 shows letters of Polish, Czech, Croatian, Hungarian and Romanian, where French and its sisters have none: "bêdzie", "èekam".
ELSEWHERE_ONLY = re.compile(
    r"ê[bdgkpz]|\A(?!.*[ãç]).*ê\b|\bè\w|è[aeiou]|ñ(?![aeiouáéíóú])|\A(?!.*[ãçàèêùîâôï]).*(?:õ|(?<![dors])û)"
    r"|\A(?!.*ã[oe]).*ã|\A(?=.*ì).*[áíú]|[ìùò]\w|¿\w++(?=[^?]*+\Z)",
    re.IGNORECASE | re.DOTALL,
)
FEWEST_OF_PAIRS = 4  # bytes beyond ASCII; fewer are no text of Chinese or Japanese
PAIRS = frozenset({"big5", "cp932"})
COMMON_RUSSIAN = "оеаинтсрв"
NORDIC = frozenset("åäöÅÄÖæøÆØéÉüÜß§´’–”“…°½\xa0".encode(WESTERN))


def telling(data: bytes) -> bytes:
    """The lines that hold letters beyond ASCII, at most 4,096 bytes of them."""
    return b"\n".join(one for one in data[: SAMPLE * 16].split(b"\n") if not one.isascii())[:SAMPLE]


def at_a_glance(sample: bytes) -> str:
    """The charset where counting bytes tells it: ours if its letters are ours; empty where it does not."""
    high = [byte for byte in sample if byte > 0x7F]
    if sum(byte in NORDIC for byte in high) * 5 >= len(high) * 4:
        return WESTERN
    if leads := _leads(sample, high):
        return _of_pairs(leads)
    return "koi8_r" if _is_koi8(sample, high) else ""


def compared(sample: bytes) -> str:
    """The charset in which the text looks most like one of a language; it costs milliseconds."""
    high = [byte for byte in sample if byte > 0x7F]
    few = len(high) < FEWEST_OF_PAIRS
    found = from_bytes(sample, steps=3, cp_isolation=GUESSES, preemptive_behaviour=False)
    names = [
        match.encoding
        for match in found
        if not (few and match.encoding in PAIRS) and not HALF_WIDTH.match(str(match))
    ]
    if not names:
        return WESTERN
    return WESTERN if names[0] in NEAR_WESTERN and _is_western(sample, high) else names[0]


def _is_koi8(sample: bytes, high: list[int]) -> bool:
    """Whether text is Russian in KOI8, whose small letters are where other charsets have capitals: by the commonest ones."""
    small = sum(0xC0 <= byte < 0xE0 for byte in high)
    if len(high) < 4 or small * 4 < len(high) * 3:
        return False
    koi8, windows = (sample.decode(name, "replace").lower() for name in ("koi8_r", "cp1251"))
    return sum(map(koi8.count, COMMON_RUSSIAN)) > sum(map(windows.count, COMMON_RUSSIAN))


def _is_western(sample: bytes, high: list[int]) -> bool:
    """Whether text that may be Central European or of an old PC is French, Spanish, Portuguese or Italian: their letters only,
    none that a Polish or Czech sentence is never without, and none where only theirs stand.
    """
    if not all(byte in WESTERN_LETTERS for byte in high):
        return False
    return not ELSEWHERE_ONLY.search(sample.decode(WESTERN, "replace"))


def _leads(sample: bytes, high: list[int]) -> list[int]:
    """The first bytes of the letters, if they seem to have two each; empty for letters of one."""
    runs = HIGH_RUN.findall(sample)
    if len(high) < 6 or sum(map(len, runs)) != len(high) or any(len(run) % 2 for run in runs[:-1]):
        return []
    leads = [run[place] for run in runs for place in range(0, len(run), 2)]
    rare = sum(lead >= RARE_FROM for lead in leads)
    return leads if min(high) < LETTERS_FROM and rare * 5 <= len(leads) else []


def _of_pairs(leads: list[int]) -> str:
    """Which of the charsets of two high bytes a letter, by the first bytes: kana, a page of Hangul, else Chinese."""
    kana = sum(lead in (0xA4, 0xA5) for lead in leads)
    hangul = sum(0xB0 <= lead <= 0xC8 for lead in leads)
    if kana * 4 >= len(leads):
        return "euc_jp"
    return "cp949" if len(leads) >= 12 and hangul * 20 >= len(leads) * 19 else "gb18030"
