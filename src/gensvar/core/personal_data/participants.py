"""Finds those who take part, by the names that are known, in every spelling: case, initials, order, damage, spacing.

Neighbours: `spellings` knows which words are theirs, this module which words beside them belong to the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .findings import Certainty, Kind, Mark
from .reading import BAR, Reading, fold
from .sounds import is_latin
from .spellings import Spellings
from .tokens import Token, damaged_words, letter_runs
from .words import common_words

_BETWEEN = re.compile(r"(?:[\s.,_'/>|*+-]|%20){0,4}")
_INITIAL_GAP = re.compile(r"[ .\-]{0,3}|\. ?\n?")
_CUT_BY_A_LINE = re.compile(r"[ \t]?\n[ \t>|]{0,4}")
_LEAST_CUT = 5  # letters of a name that a line break cuts in two without a hyphen
_BROKEN_LINE = re.compile(r"-[ \t]*(?:\n[ \t>|]*)?")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*]{1,3}[^\W\d_](?![^\W\d_])){2,60}")
_INITIALS = re.compile(r"(?<!\w)[^\W\d_](?:(?:\. ?-?|-)[^\W\d_]){1,4}\.?(?!\w)")
_MANY_INITIALS = re.compile(
    r"(?<!\w)[^\W\d_](?:[ -][^\W\d_]){2,4}(?!\w)"
)  # with blanks only from three on: "R Ö-Å"
_SIGNATURE = re.compile(r"(?<!\w)[^\W\d_]{4,6}(?!\w)")
_DISGUISED = re.compile(
    r"(?<![\w€$!|])(?=[^\W\d_€$]{0,31}[\d€$!|])[^\W_€$](?:[^\W_]|[€$!|](?=\w)){2,30}(?![\w€$])"
)
_SIGNED_INITIALS = re.compile(
    r"(?m)^[ \t]{0,8}(?:/|mvh |//|- ?|hälsningar )?[ \t]{0,4}(?P<who>[^\W\d_](?:[. -]{0,2}[^\W\d_]){1,4}\.?)[ \t]{0,8}$",
    re.IGNORECASE,
)
_TO_A_PERSON = re.compile(
    r"(?:^|[^\w])(?:hej|hejsan|hallo|tjena|mvh|hi|hello|dear|regards|heter|hette|halsningar|halsar|is|namn ar|tack|kara|basta"
    r"|av|fran|till|med|hos|at|best|cheers|thanks|terveisin|nimeni on|undrar|/|//|@|signerat|herr|fru|granne|grannen)[ ,:/]{0,3}\n?[ ]?$"
)
_TAIL = re.compile(r"(?::|')s(?![^\W\d_])|\d{1,4}(?!\w)", re.IGNORECASE)
_SURER_FIRST = list(Certainty).index


class Participants:
    """The known names, made ready; `find` may be called with any number of texts."""

    def __init__(self, names: Sequence[str]) -> None:
        self._spellings = Spellings(names)

    def find(self, reading: Reading) -> Iterator[Mark]:
        """Every mention of those who take part."""
        if not self._spellings.whole:
            return
        tokens = letter_runs(reading)
        yield from _Mentions(reading, tokens, self._spellings).marks()
        yield from self._across_breaks(reading, tokens)
        yield from self._spaced(reading)
        yield from self._only_initials(reading)
        yield from self._apart(reading, tokens)
        yield from self._with_digits(reading)
        for token in damaged_words(reading):
            if self._spellings.is_damaged(token):
                yield Mark(token.start, token.end, Kind.NAME, Certainty.LIKELY)
        for part in self._spellings.inside:
            for match in re.finditer(re.escape(part), reading.folded):
                yield Mark(match.start(), match.end(), Kind.NAME)

    def _across_breaks(self, reading: Reading, tokens: Sequence[Token]) -> Iterator[Mark]:
        """Lind-⏎ström, An-na, and Lind⏎ström."""
        for left, right in pairwise(tokens):
            gap = right.start - left.end
            sign = reading.text[left.end]
            if gap > 12 or sign not in "-\n " or (gap == 1 and sign == " "):
                continue
            joined = left.folded + right.folded
            broken = len(joined) > 2 and _BROKEN_LINE.fullmatch(reading.text, left.end, right.start)
            if not broken and len(joined) >= _LEAST_CUT and not right.capital:
                broken = _CUT_BY_A_LINE.fullmatch(reading.text, left.end, right.start)
            if broken and self._spellings.stem(joined) is not None:
                yield Mark(left.start, _with_tail(reading, right), Kind.NAME, Certainty.LIKELY)

    def _apart(self, reading: Reading, tokens: Sequence[Token]) -> Iterator[Mark]:
        """One name written as two: Rose Marie, عبد الله."""
        for left, right in pairwise(tokens):
            if right.start - left.end != 1 or reading.text[left.end] not in " -":
                continue
            if not (right.capital and left.capital) and (is_latin(left.text) or is_latin(right.text)):
                continue
            joined = Token(left.start, right.end, left.text + right.text, left.folded + right.folded)
            short = min(len(left.text), len(right.text)) < 2
            if not short and self._spellings.is_joined(joined):
                yield Mark(left.start, _with_tail(reading, right), Kind.NAME, Certainty.LIKELY)

    def _with_digits(self, reading: Reading) -> Iterator[Mark]:
        """N1lsson, nils50n, P€r: letters written as digits and signs that look like them."""
        for match in _DISGUISED.finditer(reading.folded):
            written = match.group()
            if any(each in written for each in "013457€$!|") and any(map(str.isalpha, written)):
                meant = (
                    written.translate(str.maketrans("013457€$!|", f"o{one}eastes{one}{one}")) for one in "il"
                )
                if any(self._spellings.stem(each) is not None for each in meant):
                    yield Mark(match.start(), match.end(), Kind.NAME, Certainty.LIKELY)

    def _spaced(self, reading: Reading) -> Iterator[Mark]:
        """A N N A  L I N D, A.n.n.a."""
        for match in _SPACED.finditer(reading.folded):
            places = [match.start() + at for at, each in enumerate(match.group()) if each.isalpha()]
            letters = "".join(reading.folded[at] for at in places)
            for whole in self._spellings.whole.values():
                at = letters.find(whole) if len(whole) > 2 else -1
                while at >= 0:
                    yield Mark(places[at], places[at + len(whole) - 1] + 1, Kind.NAME, Certainty.LIKELY)
                    at = letters.find(whole, at + len(whole))

    def _only_initials(self, reading: Reading) -> Iterator[Mark]:
        """A.K.L. anywhere, AKL or A L alone on a line or as a signature."""
        for pattern, group in (
            (_INITIALS, 0),
            (_MANY_INITIALS, 0),
            (_SIGNATURE, 0),
            (_SIGNED_INITIALS, "who"),
        ):
            for match in pattern.finditer(reading.text):
                if not match[group].isupper():
                    continue
                if fold(re.sub(r"\W", "", match[group])) in self._spellings.signatures:
                    yield Mark(match.start(group), match.end(group), Kind.NAME, Certainty.LIKELY)


class _Mentions:
    """The words of one reading that are theirs, and how far each mention reaches."""

    def __init__(self, reading: Reading, tokens: Sequence[Token], spellings: Spellings) -> None:
        self._reading = reading
        self._tokens = tokens
        self._spellings = spellings
        self._known = self._known_words()

    def marks(self) -> Iterator[Mark]:
        """Known words joined with each other, with initials and particles beside them and a middle name between."""
        done = -1
        for index in sorted(self._known):
            if index <= done:
                continue
            first, done = self._reach(index, -1), self._reach(index, 1)
            sure = (self._known[each] for each in range(first, done + 1) if each in self._known)
            end = _with_tail(self._reading, self._tokens[done])
            yield Mark(self._tokens[first].start, end, Kind.NAME, min(sure, key=_SURER_FIRST))

    def _known_words(self) -> dict[int, Certainty]:
        known: dict[int, Certainty] = {}
        doubtful: list[int] = []
        for index, token in enumerate(self._tokens):
            certainty = self._spellings.certainty(token)
            if certainty is None:
                continue
            unsure = certainty == Certainty.POSSIBLE and is_latin(token.text)
            short = len(token.folded) < 4 and is_latin(token.text)
            if not token.capital and (unsure or token.folded in common_words() or short):
                doubtful.append(index)
            else:
                known[index] = certainty
        candidates = {*known, *doubtful}
        for index in doubtful:
            told = self._spellings.stem(self._tokens[index].folded) is not None
            if self._beside(index, candidates) or (
                told and _means_a_person(self._reading, self._tokens[index])
            ):
                known[index] = Certainty.LIKELY
        return known

    def _gap(self, left: int) -> str:
        """What stands between a word and the next."""
        return self._reading.text[self._tokens[left].end : self._tokens[left + 1].start]

    def _beside(self, index: int, candidates: set[int]) -> bool:
        """Whether the next or previous word is one of theirs too, with nothing but a blank or a dot between."""
        return any(
            other in candidates
            and re.fullmatch(r"[ ._-]{1,2}", self._gap(min(index, other)))
            and self._spellings.one_person(self._tokens[index].folded, self._tokens[other].folded)
            for other in (index - 1, index + 1)
        )

    def _reach(self, index: int, step: int) -> int:
        at = index
        while 0 <= at + step < len(self._tokens):
            if self._joins(at, step):
                at += step
            elif self._bridges(at, step):
                at += 2 * step
            else:
                break
        return at

    def _between(self, at: int, step: int) -> str:
        return self._gap(at if step > 0 else at - 1)

    def _joins(self, at: int, step: int) -> bool:
        """Whether the word beside belongs to the same mention: a known one, an initial, a particle."""
        gap = self._between(at, step)
        token = self._tokens[at + step]
        if at + step in self._known:
            return _BETWEEN.fullmatch(gap) is not None and "\n\n" not in gap
        if gap == "-" and token.capital and self._tokens[at].capital:
            return True  # Öhman-Lind, the name since the wedding
        single = len(token.text) == 1
        if step < 0 and gap in {" ", ". "} and self._shortened(token):
            return True
        if token.folded in self._spellings.weak and not single:
            return _INITIAL_GAP.fullmatch(gap) is not None and (step < 0 or self._leads_on(at + 1))
        if not single or token.folded not in self._spellings.initials:
            return False
        if token.text.isupper():
            return re.fullmatch(r"[ .,'\-]{0,3}", gap) is not None
        if step < 0:  # C. v. d. Heide
            return gap in {". ", ".", "'"} or (gap == " " and self._follows_an_initial(at - 1))
        return gap == " " and self._reading.text[token.end : token.end + 1] in {"", "\n", ".", ","}

    def _shortened(self, token: Token) -> bool:
        """Whether a word may be one of theirs cut short: *Mohd* al-Hassan, *Chr.* Wallén."""
        heads = token.folded[0] in self._spellings.initials
        return heads and token.capital and 1 < len(token.text) < 5 and token.folded not in common_words()

    def _follows_an_initial(self, at: int) -> bool:
        """Whether a capital initial of theirs stands before a word: *G* v Sydow."""
        before = self._tokens[at - 1] if at > 0 else None
        return (
            before is not None
            and len(before.text) == 1
            and before.text.isupper()
            and before.folded in self._spellings.initials
            and self._gap(at - 1) in {" ", ". ", "."}
        )

    def _leads_on(self, particle: int) -> bool:
        """Whether a particle after a known word leads to another one: Carl *von der* Heide."""
        following = range(particle + 1, min(particle + 3, len(self._tokens)))
        return any(each in self._known and _BETWEEN.fullmatch(self._gap(each - 1)) for each in following)

    def _bridges(self, at: int, step: int) -> bool:
        """Anna *Maria* Lind: one strange capitalised word, or one of a script without capitals, between two known ones."""
        between = self._tokens[at + step]
        if at + 2 * step not in self._known or not (between.capital or not is_latin(between.text)):
            return False
        gaps = (self._between(at, step), self._between(at + step, step))
        return all(re.fullmatch(r"[ -]|\. ", gap) for gap in gaps)


def _with_tail(reading: Reading, token: Token) -> int:
    """The end of a word with its genitive ("ANNA:s", "Anna's"), its number ("annalind87") or an initial's dot."""
    tail = _TAIL.match(reading.text, token.end)
    if tail:
        return tail.end()
    dotted = len(token.text) == 1 and reading.text[token.end : token.end + 1] == "."
    return token.end + 1 if dotted else token.end


def _means_a_person(reading: Reading, token: Token) -> bool:
    """Whether a word in small letters that is also a plain word stands where a person is named or signs."""
    floor = max(0, token.start - 40)
    line_start = max(reading.text.rfind("\n", floor, token.start) + 1, floor)
    before = reading.folded[line_start : token.start].rpartition(BAR)[2]
    if _TO_A_PERSON.search(before):
        return True
    after = reading.text[token.end : token.end + 4].partition("\n")[0]
    new_line = "\n" in reading.text[max(0, token.start - 4) : token.start]
    return new_line and before.strip(" -/>\t") == "" and after.strip(" .!,") == ""
