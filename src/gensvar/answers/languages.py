"""Which language words are in, by their small words: for a machine's own words (receipts) and for marked parts (square)."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings

CLEARLY: Final = 0.08  # share of small words that makes a language
SMALL_WORDS: Final = {
    "sv": frozenset(
        "och att det som på är av för med den till inte har de om ett en vi jag ni när hur var kan ska vår någon"
        " hej tack".split()
    ),
    "en": frozenset(
        "the and to of a in is that it for you on with are this be have not at or we when how where can will our"
        " hello thanks".split()
    ),
    "other": frozenset(
        "und der die das nicht ist ich wir ein eine mit et le la les est pas vous je nous og ikke jeg vi ja ei että"
        " minä olen el los que y no una por para i w na nie się jest ve bir bu için".split()
    ),
}
ARABIC: Final = frozenset(map(chr, range(0x0621, 0x064B)))  # the letters of Arabic itself
PERSIAN: Final = re.compile(
    "[پچژگکیټډړښۍەێۆڕڵہھےٹڈڑں]"
)  # of its neighbours in the same script, and not of Arabic
_WORD: Final = re.compile(r"[a-zåäöéæøü]+")


def languages_of(language: str) -> list[str]:
    """The languages of a receipt: the writer's own where we have it, else Swedish and then English."""
    primary = language.split("-")[0].lower()
    spoken = dict(settings.LANGUAGES)
    return [primary] if primary in spoken else [code for code in ("sv", "en") if code in spoken]


def guessed(text: str) -> str:
    """The language that the small words of a text speak, where they speak clearly; else nothing."""
    letters = [letter for letter in text[:2000] if letter.isalpha()]
    if letters and sum(letter in ARABIC for letter in letters) > len(letters) / 2:
        return "" if PERSIAN.search(text[:2000]) else "ar"
    words = _WORD.findall(text[:2000].lower())
    if not words:
        return ""
    counts = {
        language: sum(word in small for word in words) / len(words) for language, small in SMALL_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= CLEARLY and counts[best] > 2 * sorted(counts.values())[-2] else ""
