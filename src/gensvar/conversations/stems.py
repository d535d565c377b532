"""Words as search sees them: lower case, letters as Swedish has them (å, ä, ö are their own), stemmed. Pure."""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from collections.abc import Set as AbstractSet
from typing import Final

import Stemmer

from gensvar.conversations.inflection import other_forms

LONGEST_WORD: Final = 40  # characters
MOST_WORDS: Final = 20_000  # different words of one message
MOST_STEPS: Final = 6  # of one word; few need three
_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile(r"[\u0300-\u036f]")
_DEFINITE: Final = re.compile(  # endings that Snowball leaves, after a vowel that belongs to the word
    r"(?<=[^\W\d_]{2}[bcdfghjklmnpqrstvxz]a)n$"  # skola|n, gata|n
    r"|(?<=[^\W\d_][åäöoy])n$"  # snö|n, bro|n, by|n
    r"|(?<=nde)t$|(?<=[^\W\d_]e)et$|(?<=[^\W\d_]rg)et$"  # ärende|t, café|et, torg|et
    r"|(?<=[^\W\d_][åöoy])[ae]r(?:na?)?$"  # sjö|ar, kö|er, bro|arna
)
_SWEDISH: Final = frozenset("åäöæø")
ENGLISH: Final = (
    "\ue000"  # stands before an English stem: a letter that no word holds, so that the two never meet
)
_SAID: Final = {  # small words that only one of the two languages has
    "sv": frozenset(
        "och att det som på är av för med den inte har de om ett en vi jag ni när hur var kan ska vår hej".split()
    ),
    "en": frozenset(
        "the and to of is that it you with are this have not we when how where can will our would my".split()
    ),
}
_stemmers = threading.local()


def words(text: str) -> list[str]:
    """The words of a text in their order, folded but not stemmed."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _WORD.findall(text.lower())


def stems(*texts: str) -> list[str]:
    """The different stems of some texts, in the order in which they come; at most MOST_WORDS."""
    different = dict.fromkeys(words("\n".join(texts)))
    return list(dict.fromkeys(stem(word[:LONGEST_WORD]) for word in different))[:MOST_WORDS]


def indexed(*texts: str) -> list[str]:
    """What the index holds of some texts: the stems, and of what is written in English the English stems beside them.

    A Swedish text has the same as `stems` and nothing more, whatever stands beside it.
    """
    parts = [dict.fromkeys(words(text)) for text in texts]
    found = dict.fromkeys(stem(word[:LONGEST_WORD]) for part in parts for word in part)
    languages = [_language(part.keys()) for part in parts]
    if "en" in languages:
        others = (part for part, language in zip(parts, languages, strict=True) if language != "sv")
        found |= dict.fromkeys(english(word[:LONGEST_WORD]) for part in others for word in part)
    return list(found)[:MOST_WORDS]


def sought(text: str) -> list[tuple[str, ...]]:
    """For each different word of a question the stems of which a text must hold one: its own first, the English last."""
    different = (word[:LONGEST_WORD] for word in dict.fromkeys(words(text)))
    return list({stem(word): (*_swedish(word), english(word)) for word in different}.values())


def _swedish(word: str) -> tuple[str, ...]:
    """The Swedish stem of one folded word, and those that other forms of it have."""
    own = stem(word)
    return tuple(dict.fromkeys((own, *map(stem, other_forms(word, own)))))


@functools.lru_cache(maxsize=65_536)
def english(word: str) -> str:
    """The English stem of one folded word, marked as such."""
    return f"{ENGLISH}{_stemmer('english').stemWord(word)}"


def is_english(text: str) -> bool:
    """Whether the small words of a text say that it is English."""
    return _language(dict.fromkeys(words(text)).keys()) == "en"


def _language(different: AbstractSet[str]) -> str:
    """Which of the two languages some words are in, by the small words among them; "" where none tells."""
    said = {language: len(small & different) for language, small in _SAID.items()}
    return "" if said["sv"] == said["en"] == 0 else "en" if said["en"] > said["sv"] else "sv"


@functools.lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Swedish stem of one folded word. Foreign words get along: text and question are treated alike.

    Snowball's own first result may be stemmed on ("lekplatsen" → "lekplats" → "lekplat"), so it is asked until it rests.
    It knows no definite form after a vowel ("skolan", "snön"): those endings are taken away beside it.
    """
    if word.isdigit():
        return word
    if not word.isascii():
        word = "".join(letter if letter in _SWEDISH else _plain(letter) for letter in word)
    stemmer = _stemmer("swedish")
    for _ in range(MOST_STEPS):
        shorter = _DEFINITE.sub("", stemmer.stemWord(word))
        if shorter == word:
            break
        word = shorter
    return word


def _plain(letter: str) -> str:
    """é as e, ü as u; what is not a Latin letter with an accent stays."""
    base = _MARKS.sub("", unicodedata.normalize("NFD", letter))
    return base if base.isascii() and base else letter


def _stemmer(language: str) -> Stemmer.Stemmer:
    """One for each thread and language: they keep a state of their own."""
    if not hasattr(_stemmers, language):
        setattr(_stemmers, language, Stemmer.Stemmer(language))
    found: Stemmer.Stemmer = getattr(_stemmers, language)
    return found
