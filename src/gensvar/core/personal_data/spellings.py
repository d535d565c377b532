"""The ways in which one person's name may be written: parts, joined parts, handles, endings, damage, what sounds alike.

A name is cut into parts and a text's words are looked up among them, so that time does not grow with the number of names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise, permutations

from .findings import Certainty
from .reading import BAR, fold, read
from .remembered import remembered
from .sounds import LONGEST, bones, is_latin, one_slip, spoken, without_one
from .tokens import Token
from .words import common_words, places

PARTICLES = frozenset(
    "af av von van vom der den de del della di da do dos du el al la le las los bin ibn ben abu abd bint och and y e zu zur"
    " ter ten st san santa herr fru fr hr dr mr mrs ms prof phd jr sr".split()
)
_MOST_PARTS = 12  # a longer "name" is a sentence
_ENDINGS = (  # Swedish and English genitive, Swedish family plural, Finnish cases, folded; and the shortest stem for each
    ("s", 2),
    ("es", 4),
    ("arna", 5),
    ("arnas", 5),
    ("n", 4),
    ("in", 4),
    ("en", 4),
    *(
        (vowel + case, 4)
        for vowel in ("", "i", "e")
        for case in ("lle", "lla", "lta", "ssa", "sta", "ksi", "kin")
    ),
)
_LAST_LETTERS = tuple({ending[-1] for ending, _ in _ENDINGS})
_NEAR = str.maketrans({"c": "k", "q": "k", "w": "v", "z": "s", "y": "i", "j": "i"})
_LEAST_SLIP = 6  # letters of a name in which one slip of the pen is looked past
_LEAST_BONES = 3  # consonants by which a name is known in another script, or as Somali writes it
_LEAST_LATIN_BONES = 4  # and in the same script, where vowels tell more
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+$")
_DOUBLE = re.compile(r"(.)\1+")


def _key(folded: str) -> str:
    """One key for å written "aa" and ö written "oe"."""
    return folded.replace("aa", "a").replace("ae", "a").replace("oe", "o").replace("ue", "u")


@remembered(8192)
def _near_key(key: str) -> str:
    """One key for what sounds alike: "Carlsson" and "Karlson", "Kristina" and "Christina"."""
    near = key.replace("ch", "k").replace("ph", "f").replace("th", "t").translate(_NEAR)
    return _DOUBLE.sub(r"\1", near)


def _shown_damaged(part: str) -> str | None:
    """How a part looks when letters outside ASCII became question marks; None when there are none."""
    shown = "".join(each if each.isascii() else "?" for each in unicodedata.normalize("NFC", part))
    return re.sub(r"\?+", "?", fold(shown)) if "?" in shown else None


def _runs_on(part: str) -> bool:
    """Whether the script sets no blanks, or grows prefixes, so that a name is also looked for inside words."""
    return any(ord(each) > 0x58F for each in part) and not any("\u1e00" <= each <= "\u1fff" for each in part)


class Spellings:
    """All spellings of the names of those who take part."""

    def __init__(self, names: Sequence[str]) -> None:
        self.whole: dict[str, str] = {}  # key of a part or of joined parts → folded form as known
        self.weak: set[str] = set()  # particles and single letters: theirs only beside a part
        self.initials: set[str] = set()
        self.signatures: set[str] = set()  # "akl"
        self.inside: set[str] = set()  # parts looked for inside words
        self._near: dict[str, str] = {}  # what sounds alike → folded form as known
        self._slips: dict[str, str] = {}  # a part with one letter lost → the part
        self._bones: dict[tuple[bool, str], str] = {}  # whether Latin, consonants → folded form as known
        self._damaged: set[str] = set()
        self._seen: dict[str, str | None] = {}
        self._seen_alike: dict[str, str | None] = {}
        self._owners: dict[str, set[int]] = {}  # folded part → whose it is
        for owner, name in enumerate(names):
            self._learn(read(name.split("@")[0]).text, owner)

    def _learn(self, name: str, owner: int) -> None:
        parts = re.findall(r"[^\W\d_]+", name.replace(BAR, " "))[:_MOST_PARTS]
        if len(parts) == 1 and len(parts[0]) == 1:
            return
        alone = len(parts) == 1
        strong = [part for part in parts if len(part) > 1 and (alone or fold(part) not in PARTICLES)]
        for part in strong:
            self._learn_part(part)
            self._owners.setdefault(fold(part), set()).add(owner)
        folded = [fold(part) for part in parts]
        self.weak.update(each for each in folded if len(each) == 1 or each in PARTICLES)
        if not is_latin(name) or not self.weak.isdisjoint(("al", "el")):
            self.weak.update(("al", "el"))  # المصري: al-Masri
        self.initials.update(each[0] for each in folded)
        self._learn_joined(folded, [fold(part) for part in strong])
        for left, right in pairwise(parts):
            if not is_latin(left):  # عبد الرحمن: Abdurrahman
                for heard in bones(left + right):
                    self._bones.setdefault((False, heard), fold(left + right))
        heads = [each[0] for each in folded if each not in PARTICLES]
        if len(heads) > 1:
            self.signatures.update(
                {"".join(heads), heads[0] + heads[-1], "".join(each[0] for each in folded)}
            )

    def _learn_part(self, part: str) -> None:
        folded = fold(part)
        self.whole[_key(folded)] = folded
        if len(folded) > 2:
            self._near.setdefault(_near_key(_key(folded)), folded)
        if len(folded) >= _LEAST_SLIP and is_latin(part):
            self._slips.update(dict.fromkeys(without_one(folded), folded))
        for written in spoken(part):
            if len(written) > 2:
                self._near.setdefault(_near_key(_key(written)), folded)
        for heard in bones(part):
            self._bones.setdefault((is_latin(part), heard), folded)
        if folded.endswith("nen") and len(folded) > 5:  # Virtanen, Virtasen
            self.whole[_key(folded[:-3] + "se")] = folded[:-3] + "se"
        damaged = _shown_damaged(part)
        if damaged:
            self._damaged.add(damaged)
        if _runs_on(part) and len(part) > 1:
            self.inside.add(folded)

    def _learn_joined(self, parts: list[str], strong: list[str]) -> None:
        """ "annalind", "lindanna" and the handle "alind"."""
        for length in (2, 3):
            for some in permutations(parts[:6], length):
                joined = "".join(some)
                if any(each in strong for each in some) and len(joined) > 3:
                    self.whole.setdefault(_key(joined), joined)
        for last in strong:
            for first in parts:
                handle = first[0] + last
                if first != last and len(last) > 3 and handle not in common_words():
                    self.whole.setdefault(_key(handle), handle)

    def is_joined(self, token: Token) -> bool:
        """Whether two words written as one are a single part of a name, by letters or by sound in another script."""
        return self.stem(token.folded) is not None or self._find_by_bones(token.text) is not None

    def stem(self, folded: str) -> str | None:
        """The known form that a folded word is, with or without an ending; None for a stranger."""
        if folded not in self._seen:
            self._seen[folded] = self._find_stem(_key(folded))
        return self._seen[folded]

    def one_person(self, first: str, second: str) -> bool:
        """Whether two folded words are parts of one person's name."""
        owners = [
            self._owners.get(self.stem(each) or self._seen_alike.get(each) or "", set())
            for each in (first, second)
        ]
        return bool(owners[0] & owners[1])

    def _find_stem(self, key: str) -> str | None:
        if key in self.whole:
            return self.whole[key]
        if not key.endswith(_LAST_LETTERS):
            return None
        for ending, least in _ENDINGS:
            stem = key.removesuffix(ending)
            if stem != key and len(stem) >= least and stem in self.whole:
                return self.whole[stem]
        return None

    def certainty(self, token: Token) -> Certainty | None:
        """How sure it is that a word is theirs, by its letters or (possible) by what it is like; None for a stranger."""
        if self.stem(token.folded) is not None:
            return Certainty.CERTAIN
        return Certainty.POSSIBLE if self._alike(token) is not None else None

    def _alike(self, token: Token) -> str | None:
        """The known form that a word sounds like, or is with one slip of the pen."""
        if token.folded not in self._seen_alike:
            least = 3 if is_latin(token.text) else 2
            ordinary = len(token.folded) < least or token.folded in common_words()
            self._seen_alike[token.folded] = None if ordinary else self._find_alike(token)
        return self._seen_alike[token.folded]

    def _find_alike(self, token: Token) -> str | None:
        key = _key(token.folded)
        for form in (key, key.removesuffix("s"), key.removesuffix("n") if len(key) > 4 else key):
            if (near := self._near.get(_near_key(form))) is not None:
                return near
        for written in spoken(token.text):
            if len(written) > 2 and (near := self._near.get(_near_key(_key(written)))) is not None:
                return near
        if token.folded in places():
            return None
        for form in {token.folded, token.folded.removesuffix("s")}:
            if len(form) >= _LEAST_SLIP - 1 and (slip := self._find_slip(form)) is not None:
                return slip
        return self._find_by_bones(token.text)

    def _find_slip(self, form: str) -> str | None:
        for shorter in without_one(form):
            meant = self._slips.get(shorter)
            if meant is not None and meant[0] == form[0] and one_slip(form, meant):
                return meant
        return None

    def _find_by_bones(self, text: str) -> str | None:
        if len(text) > LONGEST:  # no name, and nothing to be remembered
            return None
        latin = is_latin(text)
        somali = latin and re.search("[xX]|^[cC](?!h)", text) is not None
        for heard in bones(text):
            if len(heard) >= _LEAST_BONES and (other := self._bones.get((not latin, heard))):
                return other
            cyrillic = len(heard) >= _LEAST_LATIN_BONES and _CYRILLIC.match(text) is not None
            if cyrillic and (case := self._bones.get((False, heard))):  # Соколова
                return case
            least = _LEAST_BONES if somali else _LEAST_LATIN_BONES
            if latin and len(heard) >= least and (same := self._bones.get((True, heard))):
                return same
        return None

    def is_damaged(self, token: Token) -> bool:
        """Whether a word with lost letters ("lindstr?m") can be theirs."""
        shown = re.sub(r"[?\ufffd]+", "?", token.folded)
        return shown in self._damaged or shown.removesuffix("s") in self._damaged
