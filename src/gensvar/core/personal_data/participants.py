"""Finds those who take part, by the names that are known, in every spelling: case, initials, order, damage, spacing.

Names are cut into parts; a text's words are looked up among the parts, so time does not grow with the number of names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import permutations

from .findings import Certainty, Kind, Mark
from .reading import BAR, Reading, fold, read
from .tokens import Token, damaged_words, letter_runs
from .words import common_words

_PARTICLES = frozenset(
    "af av von van vom der den de del della di da do dos du el al la le las los bin ibn ben abu abd bint och and y e zu zur"
    " ter ten st san santa herr fru fr hr dr mr mrs ms prof phd jr sr".split()
)
_ENDINGS = (  # Swedish and English genitive, Swedish family plural, Finnish cases; folded
    ("s", 2),
    ("es", 4),
    ("arna", 5),
    ("arnas", 5),
    ("n", 4),
    ("in", 4),
    ("en", 4),
    *((vowel + case, 4) for vowel in ("", "i", "e") for case in ("lle", "lla", "lta", "ssa", "sta", "ksi", "kin")),
)
_BETWEEN = re.compile(r"[\s.,_'/>|*-]{0,4}")
_INITIAL_GAP = re.compile(r"[ .\-]{0,3}|\. ?\n?")
_BROKEN_LINE = re.compile(r"-[ \t]*(?:\n[ \t>|]*)?")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*]{1,3}[^\W\d_](?![^\W\d_])){2,60}")
_INITIALS = re.compile(r"(?<!\w)[^\W\d_](?:(?:\. ?-?|-)[^\W\d_]){1,4}\.?(?!\w)")
_SIGNED_INITIALS = re.compile(r"(?m)^[ \t]*(?:/|mvh |//|- ?|hälsningar )?[ \t]*(?P<who>[^\W\d_](?:[. -]{0,2}[^\W\d_]){1,4}\.?)[ \t]*$", re.I)
_TO_A_PERSON = re.compile(
    r"(?:^|[^\w])(?:hej|hejsan|hallo|tjena|mvh|hi|hello|dear|regards|heter|hette|halsningar|halsar|is|namn ar|tack|kara|basta"
    r"|av|fran|till|med|best|cheers|thanks|terveisin|nimeni on|undrar|/|//|@|signerat|herr|fru|granne|grannen)[ ,:/]{0,3}\n?[ ]?$"
)
_TAIL = re.compile(r"(?::|')s(?![^\W\d_])", re.IGNORECASE)
_NEAR = str.maketrans({"c": "k", "q": "k", "w": "v", "z": "s", "y": "i", "j": "i"})


def _key(folded: str) -> str:
    """One key for å written "aa" and ö written "oe"."""
    return re.sub("aa|ae", "a", folded).replace("oe", "o").replace("ue", "u")


@lru_cache(maxsize=8192)
def _near_key(key: str) -> str:
    """One key for what sounds alike: "Carlsson" and "Karlson", "Kristina" and "Christina"."""
    near = key.replace("ch", "k").replace("ph", "f").replace("th", "t").translate(_NEAR)
    return re.sub(r"(.)\1+", r"\1", near)


def _damaged(part: str) -> str | None:
    """How a part looks when letters outside ASCII became question marks; None when there are none."""
    shown = "".join(each if each.isascii() else "?" for each in unicodedata.normalize("NFC", part))
    return re.sub(r"\?+", "?", fold(shown)) if "?" in shown else None


def _runs_on(part: str) -> bool:
    """Whether the script sets no blanks, or grows prefixes, so that a name is also looked for inside words."""
    return any(ord(each) > 0x58F for each in part) and not any("\u1e00" <= each <= "\u1fff" for each in part)


class Participants:
    """The known names, made ready; `find` may be called with any number of texts."""

    def __init__(self, names: Sequence[str]) -> None:
        self._whole: dict[str, str] = {}  # key of a part or of joined parts → folded form as known
        self._near: set[str] = set()
        self._damaged: set[str] = set()
        self._weak: set[str] = set()
        self._initials: set[str] = set()
        self._signatures: set[str] = set()
        self._inside: set[str] = set()
        for name in names:
            self._learn(read(name.split("@")[0]).text)

    def _learn(self, name: str) -> None:
        parts = [part for part in re.findall(r"[^\W\d_]+", name.replace(BAR, " "))][:12]
        if len(parts) == 1 and len(parts[0]) == 1:
            return
        strong = [part for part in parts if len(part) > 1 and (fold(part) not in _PARTICLES or len(parts) == 1)]
        for part in strong:
            self._learn_part(part)
        folded = [fold(part) for part in parts]
        self._weak.update(each for each in folded if len(each) == 1 or each in _PARTICLES)
        self._initials.update(each[0] for each in folded)
        self._learn_joined(folded, [fold(part) for part in strong])
        heads = [each[0] for each in folded if each not in _PARTICLES]
        self._signatures.update({"".join(heads), "".join((heads[0], heads[-1]))} if len(heads) > 1 else ())

    def _learn_part(self, part: str) -> None:
        folded = fold(part)
        self._whole[_key(folded)] = folded
        if len(folded) > 2:
            self._near.add(_near_key(_key(folded)))
        if folded.endswith("nen") and len(folded) > 5:
            self._whole[_key(folded[:-3] + "se")] = folded[:-3] + "se"  # Virtanen, Virtasen
        damaged = _damaged(part)
        if damaged:
            self._damaged.add(damaged)
        if _runs_on(part) and len(part) > 1:
            self._inside.add(folded)

    def _learn_joined(self, parts: list[str], strong: list[str]) -> None:
        for length in (2, 3):
            for some in permutations(parts[:6], length):
                joined = "".join(some)
                if any(each in strong for each in some) and len(joined) > 3:
                    self._whole.setdefault(_key(joined), joined)
        for last in strong:
            for first in parts:
                handle = first[0] + last
                if first != last and len(last) > 3 and handle not in common_words():
                    self._whole.setdefault(_key(handle), handle)

    def find(self, reading: Reading) -> Iterator[Mark]:
        """Every mention of those who take part."""
        if not self._whole:
            return
        tokens = letter_runs(reading)
        known = self._known_tokens(reading, tokens)
        yield from self._grown(reading, tokens, known)
        yield from self._across_breaks(reading, tokens)
        yield from self._spaced(reading)
        yield from self._only_initials(reading)
        for token in damaged_words(reading):
            shown = re.sub(r"[?\ufffd]+", "?", token.folded)
            if shown in self._damaged or shown.removesuffix("s") in self._damaged:
                yield Mark(token.start, token.end, Kind.NAME, Certainty.LIKELY)
        for part in self._inside:
            for match in re.finditer(re.escape(part), reading.folded):
                yield Mark(match.start(), match.end(), Kind.NAME)

    def _stem(self, folded: str) -> str | None:
        """The known form that a folded word is, with or without an ending; None for a stranger."""
        key = _key(folded)
        if key in self._whole:
            return self._whole[key]
        for ending, least in _ENDINGS:
            if key.endswith(ending):
                stem = key[: -len(ending)]
                if stem in self._whole and len(stem) >= least:
                    return self._whole[stem]
        return None

    def _known_tokens(self, reading: Reading, tokens: Sequence[Token]) -> dict[int, Certainty]:
        known: dict[int, Certainty] = {}
        doubtful: list[int] = []
        for index, token in enumerate(tokens):
            certainty = self._certainty(token)
            if certainty is None:
                continue
            if not token.capital and (token.folded in common_words() or len(token.folded) < 4):
                doubtful.append(index)
            else:
                known[index] = certainty
        for index in doubtful:
            if self._beside(reading, tokens, index, {*known, *doubtful}) or _means_a_person(reading, tokens[index]):
                known[index] = Certainty.LIKELY
        return known

    def _certainty(self, token: Token) -> Certainty | None:
        folded = token.folded
        if self._stem(folded) is not None:
            return Certainty.CERTAIN
        if token.capital and len(folded) > 2 and folded not in common_words():
            key = _key(folded)
            for stem in (key, key.removesuffix("s"), key.removesuffix("n") if len(key) > 4 else key):
                if _near_key(stem) in self._near:
                    return Certainty.POSSIBLE
        return None

    def _beside(self, reading: Reading, tokens: Sequence[Token], index: int, candidates: set[int]) -> bool:
        """Whether the next or previous word is one of theirs too, with nothing but a blank or a dot between."""
        for first, second in ((index - 1, index), (index, index + 1)):
            other = first if second == index else second
            if other in candidates and re.fullmatch(r"[ ._-]{1,2}", reading.text[tokens[first].end : tokens[second].start]):
                return True
        return False

    def _grown(self, reading: Reading, tokens: Sequence[Token], known: dict[int, Certainty]) -> Iterator[Mark]:
        """Known words joined with each other, with initials and particles beside them and a middle name between."""
        done = -1
        for index in sorted(known):
            if index <= done:
                continue
            last = self._grow(reading, tokens, known, index, 1)
            first = self._grow(reading, tokens, known, index, -1)
            done = last
            certainty = min((known[each] for each in range(first, last + 1) if each in known), default=known[index])
            yield Mark(tokens[first].start, _with_tail(reading, tokens[last]), Kind.NAME, certainty)

    def _grow(self, reading: Reading, tokens: Sequence[Token], known: dict[int, Certainty], index: int, step: int) -> int:
        at = index
        while 0 <= at + step < len(tokens):
            if self._joins(reading, tokens, known, at, step):
                at += step
            elif self._bridges(reading, tokens, known, at, step):
                at += 2 * step
            else:
                break
        return at

    def _between(self, reading: Reading, tokens: Sequence[Token], at: int, step: int) -> str:
        left, right = (at, at + 1) if step > 0 else (at - 1, at)
        return reading.text[tokens[left].end : tokens[right].start]

    def _joins(self, reading: Reading, tokens: Sequence[Token], known: dict[int, Certainty], at: int, step: int) -> bool:
        gap = self._between(reading, tokens, at, step)
        token = tokens[at + step]
        if at + step in known:
            return _BETWEEN.fullmatch(gap) is not None and "\n\n" not in gap
        single = len(token.text) == 1
        if token.folded in self._weak and not single:
            return _INITIAL_GAP.fullmatch(gap) is not None and self._leads_on(reading, tokens, known, at + step, step)
        if not single or token.folded not in self._initials:
            return False
        if token.text.isupper():
            return re.fullmatch(r"[ .,'\-]{0,3}", gap) is not None
        return step > 0 and gap == " " and reading.text[token.end : token.end + 1] in {"", "\n", ".", ","}

    def _leads_on(self, reading: Reading, tokens: Sequence[Token], known: dict[int, Certainty], at: int, step: int) -> bool:
        """A particle joins when written as part of the name: before it ("von der Heide"), or on the way to a known word."""
        if step < 0:
            return True
        return any(
            each in known and _BETWEEN.fullmatch(reading.text[tokens[each - 1].end : tokens[each].start])
            for each in range(at + 1, min(at + 3, len(tokens)))
        )

    def _bridges(self, reading: Reading, tokens: Sequence[Token], known: dict[int, Certainty], at: int, step: int) -> bool:
        """Anna *Maria* Lind: one strange capitalised word between two known ones."""
        beyond = at + 2 * step
        if beyond not in known or not tokens[at + step].capital:
            return False
        gaps = (self._between(reading, tokens, at, step), self._between(reading, tokens, at + step, step))
        return all(re.fullmatch(r"[ -]|\. ", gap) for gap in gaps)

    def _across_breaks(self, reading: Reading, tokens: Sequence[Token]) -> Iterator[Mark]:
        """Lind-⏎ström, An-na."""
        for left, right in zip(tokens, tokens[1:], strict=False):
            if right.start - left.end < 12 and _BROKEN_LINE.fullmatch(reading.text[left.end : right.start]):
                if len(left.text) + len(right.text) > 2 and self._stem(left.folded + right.folded) is not None:
                    yield Mark(left.start, _with_tail(reading, right), Kind.NAME, Certainty.LIKELY)

    def _spaced(self, reading: Reading) -> Iterator[Mark]:
        """A N N A  L I N D, A.n.n.a."""
        for match in _SPACED.finditer(reading.folded):
            places = [match.start() + at for at, each in enumerate(match.group()) if each.isalpha()]
            letters = "".join(reading.folded[at] for at in places)
            for whole in self._whole.values():
                at = letters.find(whole) if len(whole) > 2 else -1
                if at >= 0:
                    yield Mark(places[at], places[at + len(whole) - 1] + 1, Kind.NAME, Certainty.LIKELY)

    def _only_initials(self, reading: Reading) -> Iterator[Mark]:
        """A.K.L. anywhere, AKL or A L alone on a line or as a signature."""
        for pattern, group in ((_INITIALS, 0), (_SIGNED_INITIALS, "who")):
            for match in pattern.finditer(reading.text):
                written = re.sub(r"\W", "", match[group])
                if written.isupper() and fold(written) in self._signatures:
                    yield Mark(match.start(group), match.end(group), Kind.NAME, Certainty.LIKELY)


def _with_tail(reading: Reading, token: Token) -> int:
    """The end of a word with its genitive ("ANNA:s", "Anna's") or, for an initial, its dot."""
    tail = _TAIL.match(reading.text, token.end)
    if tail:
        return tail.end()
    dotted = len(token.text) == 1 and reading.text[token.end : token.end + 1] == "."
    return token.end + 1 if dotted else token.end


def _means_a_person(reading: Reading, token: Token) -> bool:
    """Whether a word in small letters that is also a plain word stands where a person is named or signs."""
    line_start = reading.text.rfind("\n", max(0, token.start - 40), token.start) + 1
    line_start = max(line_start, token.start - 40, 0)
    before = reading.folded[line_start : token.start].rpartition(BAR)[2]
    if _TO_A_PERSON.search(before):
        return True
    after = reading.text[token.end : token.end + 4].partition("\n")[0]
    alone = before.strip(" -/>\t") == "" and after.strip(" .!,") == "" and "\n" in reading.text[max(0, token.start - 4) : token.start]
    return alone
