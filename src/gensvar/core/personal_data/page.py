"""A reading cut into words, with the questions that a judge of names asks: what stands before, is this a sentence's head.

Neighbours: `other_names` judges the runs of capitalised words that a page gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .findings import Certainty
from .name_words import look
from .reading import BAR, Reading
from .surroundings import (
    AND,
    CALLED,
    CALLED_PHRASES,
    CLOSINGS,
    FACILITIES,
    GREETINGS,
    KIN,
    LOCATIVES,
    ORGANISATION_MARKS,
    PARTICLES_INSIDE,
    PERSON_PHRASES,
    PERSON_VERBS,
    TITLES,
)
from .tokens import Token

_WRAPPED = 50  # characters: a line longer than this was broken by a mail program, not by its writer
_SENTENCE_END = re.compile(r"[.!?:;\"»«•*>(]|\n")
_STOP = re.compile(r"[.!?:;\n\ufdd0]")
_SLASHED = re.compile(r"(?:^|[\s\ufdd0.!?])/{1,2} ?$")
_AFTER_CLOSING = re.compile(r"[\s,.!:/-]{0,6}")
_SHORT_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "hr", "fr", "ing"})
_GERMAN = frozenset(
    "der die das und nicht ist ich wir mit eine einen zu auf von bei sie ihr auch wenn oder hat".split()
)
_FINNISH = frozenset(
    "kanssa mutta etta että minun meidän on ei olen asuu hei kiitos terveisin terveiset missa missä koska kun sitten myös eilen"
    " tänään huomenna jo nyt puhuin kysyin soitin tapasin sanoi kertoi".split()
)
_OTHER_THAN_FOLDED = frozenset({"åt", "får", "för"})  # not "at", not "far" (father), not "for"
_FINNISH_SOUND = re.compile("aa|ii|uu|yy|ää|öö")


@dataclass(slots=True)
class Run:
    """Capitalised words in a row: tokens first..last, both counted."""

    first: int
    last: int
    accepted: Certainty | None = None


def shouted(reading: Reading, tokens: list[Token]) -> frozenset[int]:
    """The words of lines written wholly in capitals, where a capital tells nothing."""
    lines: list[list[int]] = [[]]
    at = 0
    for index, token in enumerate(tokens):
        if "\n" in reading.text[at : token.start]:
            lines.append([])
        at = token.end
        lines[-1].append(index)
    loud: set[int] = set()
    for members in lines:
        long = [index for index in members if len(tokens[index].text) > 1]
        capitals = sum(tokens[index].text.isupper() for index in long)
        if capitals > 3 and capitals > 0.7 * len(long):
            loud.update(members)
    return frozenset(loud)


def _tongues(reading: Reading, tokens: list[Token]) -> Iterator[str]:
    """The languages of a text that change what a capital or an ending tells."""
    german = sum(token.folded in _GERMAN for token in tokens)
    if german > 3 and 12 * german > len(tokens):
        yield "german"
    sounds = len(_FINNISH_SOUND.findall(reading.text))
    words = sum(token.text.lower() in _FINNISH for token in tokens)
    if 12 * sounds > len(tokens) or 6 * words > len(tokens):
        yield "finnish"


class Page:
    """One reading, its words, and which of them are shouted."""

    def __init__(self, reading: Reading, tokens: list[Token], loud: frozenset[int]) -> None:
        self.reading = reading
        self.tokens = tokens
        self._loud = loud
        if not reading.tongues:
            reading.tongues.append(frozenset(_tongues(reading, tokens)))
        (tongues,) = reading.tongues
        self.german = "german" in tongues  # every noun has a capital there
        self.finnish = "finnish" in tongues

    def gap(self, index: int) -> str:
        """What stands between a word and the one before it."""
        before = self.tokens[index - 1].end if index else 0
        return self.reading.text[before : self.tokens[index].start]

    def initial(self, index: int) -> bool:
        """A single capital that stands for a name: "A." or "K-G"."""
        token = self.tokens[index]
        letters = token.text.replace("-", "") if len(token.text) < 4 else ""
        if not letters.isupper() or len(letters) > 2 or (len(letters) == 2 and "-" not in token.text):
            return False
        after = self.reading.text[token.end : token.end + 1]
        return not after.isdigit() and (after == "." or not look(token.text).plain)

    def _eligible(self, index: int) -> bool:
        token = self.tokens[index]
        if not token.capital or index in self._loud:
            return False
        return not look(token.text).plain or self.initial(index)

    def runs(self) -> list[Run]:
        """Capitalised words in a row that may be names, cut where an association stands."""
        found: list[Run] = []
        index = 0
        while index < len(self.tokens):
            if self._eligible(index):
                last = index
                while (following := self._next_in_run(last)) is not None:
                    last = following
                found.append(Run(index, last))
                index = last
            index += 1
        return [part for run in found for part in self._without_associations(run)]

    def _next_in_run(self, last: int) -> int | None:
        """The next capitalised word, past particles ("von der"); None where the row ends."""
        at = last + 1
        if at >= len(self.tokens):
            return None
        gap = self.gap(at)
        if gap not in {" ", "  "} and not (self.initial(last) and gap in {".", ". "}):
            return None
        most = min(last + 4, len(self.tokens))
        while at < most and not self._eligible(at):
            if (
                self.tokens[at].text.lower() not in PARTICLES_INSIDE
                or at + 1 >= most
                or self.gap(at + 1) != " "
            ):
                return None
            at += 1
        return at if at < most else None

    def _without_associations(self, run: Run) -> Iterator[Run]:
        """Cuts at associations: "Norrviks Bollklubb" names nobody; "Anna Lind Viktoriaskolan" names Anna Lind."""
        first = run.first
        for index in range(run.first, run.last + 1):
            token = self.tokens[index]
            if look(token.text).association:
                if first < index and token.folded not in FACILITIES | ORGANISATION_MARKS:
                    yield Run(first, index - 1)
                first = index + 1
        if first <= run.last:
            yield Run(first, run.last)

    def at_head(self, index: int) -> bool:
        """Whether the word opens a sentence, where a capital tells nothing."""
        if index == 0:
            return True
        gap = self.gap(index)
        if gap == " ":
            return False
        if BAR in gap:
            return _SENTENCE_END.search(gap.rpartition(BAR)[2]) is not None
        end = self.tokens[index - 1].end
        if gap.strip(" ") == "\n" and end - self.reading.text.rfind("\n", 0, end) > _WRAPPED:
            return False
        if self.tokens[index - 1].folded in _SHORT_TITLES and gap == ". ":
            return False
        return _SENTENCE_END.search(gap) is not None

    def _apart(self, first: int, last: int) -> bool:
        """Whether a sentence ends, or something masked stands, between two words."""
        return any(gap != " " and _STOP.search(gap) for gap in map(self.gap, range(first + 1, last + 1)))

    def before(self, index: int, back: int = 1) -> str:
        """The folded word before in the same sentence, "" when there is none."""
        at = index - back
        if at < 0 or self._apart(at, index):
            return ""
        small = self.tokens[at].text.lower()
        return small if small in _OTHER_THAN_FOLDED else self.tokens[at].folded

    def after(self, index: int, forward: int = 1) -> str:
        """The folded word after in the same sentence, "" when there is none."""
        at = index + forward
        return "" if at >= len(self.tokens) or self._apart(index, at) else self.tokens[at].folded

    def acts(self, index: int) -> bool:
        """Whether what follows is what persons do: "sa", "ringde", "och jag"."""
        after = self.after(index)
        with_me = after in AND and self.after(index, 2) in {"jag", "i", "vi", "hans", "hennes"}
        return with_me or after in PERSON_VERBS

    def called(self, index: int) -> bool:
        """Whether what stands before says that a person is named here."""
        if self._signed(index):
            return True
        word = self.before(index)
        if word in TITLES or word in KIN or word in CALLED or word in GREETINGS:
            return True
        last = self.tokens[index - 1].folded if index else ""
        if (last in _SHORT_TITLES and self.gap(index) == ". ") or (
            last in GREETINGS and self.gap(index) == ", "
        ):
            return True
        two = f"{self.before(index, 2)} {word}"
        return two in CALLED_PHRASES or (two in PERSON_PHRASES and look(self.tokens[index].text).name)

    def _signed(self, index: int) -> bool:
        """After "mvh", with or without a new line, or after a slash that opens a signature."""
        gap = self.gap(index)
        if gap != " " and _SLASHED.search(gap[-4:]):
            return True
        closing = index > 0 and self.tokens[index - 1].folded in CLOSINGS and _AFTER_CLOSING.fullmatch(gap)
        if not closing and not (self.before(index) in {"fran", "from"} and self.before(index, 2) in CLOSINGS):
            return False
        return not self._opens_a_phrase(index)

    def _opens_a_phrase(self, index: int) -> bool:
        """ "Besviken villaägare": a stranger followed by a small word is no name."""
        if not look(self.tokens[index].text).stranger or index + 1 >= len(self.tokens):
            return False
        following = self.tokens[index + 1]
        small = not following.capital and following.folded not in AND | LOCATIVES
        return small and self.gap(index + 1) == " "
