"""Which language words are in, by their small words: for a machine's own words (receipts) and for marked parts (square, desk)."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

CLEARLY: Final = 0.08  # share of small words that makes a language
UNKNOWN: Final = "other"  # a language, clearly spoken, that is none of ours
SMALL_WORDS: Final = {  # a word of two languages stands in both, so that it tells nothing
    "sv": frozenset(
        "och att det som på är av för med den till inte har de om ett en vi jag ni när hur var kan ska vår någon"
        " hej tack i vid vem varför behöver mer ingen man alla från ert era vårt våra mycket".split()
    ),
    "en": frozenset(
        "the and to of a in is that it for you on with are this be have not at or we when how where can will our"
        " hello thanks thank i my your no who why what does do has was there please from but".split()
    ),
    UNKNOWN: frozenset(
        "und der die das nicht ist ich wir ein eine mit et le la les est pas vous je nous og ikke jeg vi ja ei että"
        " minä olen el los que y no una por para i w na nie się jest ve bir bu için on ole oli ovat en miksi missä"
        " milloin mikä mitä kiitos minulla meidän tämä kun mutta af for hvor hvorfor hvordan hva hvad når takk tak"
        " brug waa waan waxaan maxaa ayaa iyo loo ku ka ma mam".split()
    ),
}
ARABIC: Final = frozenset(map(chr, range(0x0621, 0x064B)))  # the letters of Arabic itself
PERSIAN: Final = re.compile(
    "[پچژگکیټډړښۍەێۆڕڵہھےٹڈڑں]"
)  # of its neighbours in the same script, and not of Arabic
_WORD: Final = re.compile(r"[a-zåäöéæøü]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SWEDISH: Final = frozenset("åäö")
_LOOKED_AT: Final = 2000  # characters of a text


def languages_of(language: str) -> list[str]:
    """The languages of a receipt: the writer's own where we have it, else Swedish and then English."""
    primary = language.split("-")[0].lower()
    spoken = dict(settings.LANGUAGES)
    return [primary] if primary in spoken else [code for code in ("sv", "en") if code in spoken]


def guessed(text: str) -> str:
    """The language that the small words of a text speak, or UNKNOWN, where they speak clearly; else nothing."""
    begins = text[:_LOOKED_AT]
    letters = [] if begins.isascii() else [letter for letter in begins if letter.isalpha()]
    if letters and sum(letter in ARABIC for letter in letters) > len(letters) / 2:
        return "" if PERSIAN.search(begins) else "ar"
    words = _WORD.findall(begins.lower())
    if not words:
        return ""
    counts = {
        language: sum(word in small for word in words) / len(words) for language, small in SMALL_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= CLEARLY and counts[best] > 2 * sorted(counts.values())[-2] else ""


def spoken(text: str, claimed: str = "") -> str:
    """The language that words are in (BCP 47); "" where nothing tells it.

    `claimed` came with them. In a form it is the language of its page, in a mail what a program is set to, so it holds where
    the small words say nothing else and the letters are its own. A language that no page of ours has was meant.
    """
    told, primary = guessed(text), claimed.partition("-")[0].lower()
    if primary and primary not in dict(settings.LANGUAGES):
        return claimed
    if primary and (told == primary or (not told and _written_in(text, primary))):
        return claimed
    return "" if told == UNKNOWN else told


def language_of_part(language: str, said: object = "") -> SafeString:
    """The lang attribute of words in another language than the page (WCAG 3.1.2), for templates.

    With what is `said` it is as `spoken` tells; where that is nothing, its letters tell it: most likely they are the town's
    own on a page in Arabic where they are Latin, and on any page where an å, ä or ö is among them. Else nothing is claimed.
    """
    text = str(said)
    language = language if _LANGUAGE.fullmatch(language or "") else ""
    if text:
        language = spoken(text, language) or _told_by_letters(text)
    if not language or language == get_language():
        return SafeString("")
    return format_html(' lang="{}"', language)


def _told_by_letters(said: str) -> str:
    letters = _letters(said)
    if get_language_bidi():
        return settings.LANGUAGE_CODE if _are_latin(letters) else ""
    # A third language, clearly spoken, may have the same letters.
    return settings.LANGUAGE_CODE if not guessed(said) and not _SWEDISH.isdisjoint(letters) else ""


def _written_in(text: str, primary: str) -> bool:
    """Whether the letters of a text can be those of one of our languages."""
    letters = _letters(text)
    if not letters or primary == "ar":
        return not _are_latin(letters)
    return _are_latin(letters) and (primary != "en" or _SWEDISH.isdisjoint(letters))


def _letters(text: str) -> list[str]:
    return [letter for letter in text[:_LOOKED_AT].lower() if letter.isalpha()]


def _are_latin(letters: list[str]) -> bool:
    return sum(letter < "\u0250" for letter in letters) * 2 > len(letters)
