"""Finds names of persons who do not take part: neighbours, staff, children, whoever is mentioned.

By lists of names, by what stands beside a capitalised word, and by how names are built; recall before precision.
Measured in `measure`; what it misses is told in docs/reference/masking.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .findings import Certainty, Kind, Mark
from .name_words import NameWord, look, may_follow_given
from .reading import BAR, Reading
from .small_letters import small_letter_names
from .surroundings import (
    AND,
    CALENDAR,
    CALLED,
    CALLED_PHRASES,
    CLOSINGS,
    FACILITIES,
    GREETINGS,
    KIN,
    LOCATIVES,
    MOVEMENT,
    ORGANISATION_MARKS,
    PERSON_VERBS,
    PLACE_HEADS,
    ROOM_FOR_PARTICLES,
    SOFT_FACILITIES,
    STRONG_TO_PERSONS,
    TITLES,
    TO_PERSONS,
)
from .tokens import Token, compounds

_WRAPPED = 50  # characters: a line longer than this was broken by a mail program, not by its writer
_SENTENCE_END = re.compile(r"[.!?:;\"»«•*>(]|\n")
_FIRM_ENDINGS = ("en", "et", "an", "na", "ning", "tion", "het", "erna", "orna")


@dataclass(slots=True)
class _Run:
    """Capitalised words in a row: tokens first..last, both counted."""

    first: int
    last: int
    accepted: Certainty | None = None


def other_names(reading: Reading) -> Iterator[Mark]:
    """Names of persons by lists and by context, in any case of letters."""
    tokens = compounds(reading)
    shouted = _shouted(reading, tokens)
    page = _Page(reading, tokens, shouted)
    runs = page.runs()
    for run in runs:
        run.accepted = page.judge(run)
    page.join(runs)
    for run in runs:
        if run.accepted:
            yield Mark(page.start(run), page.end(run), Kind.OTHER_NAME, run.accepted)
    yield from small_letter_names(reading, tokens, shouted)


def _shouted(reading: Reading, tokens: list[Token]) -> frozenset[int]:
    """The words of lines written wholly in capitals, where a capital tells nothing."""
    lines: dict[int, list[int]] = {}
    line, at = 0, 0
    for index, token in enumerate(tokens):
        line += reading.text.count("\n", at, token.start)
        at = token.start
        lines.setdefault(line, []).append(index)
    loud: set[int] = set()
    for members in lines.values():
        long = [index for index in members if len(tokens[index].text) > 1]
        capitals = sum(tokens[index].text.isupper() for index in long)
        if capitals > 3 and capitals > 0.7 * len(long):
            loud.update(members)
    return frozenset(loud)


class _Page:
    """One reading cut into words, with the questions that a judge of names asks of it."""

    def __init__(self, reading: Reading, tokens: list[Token], shouted: frozenset[int]) -> None:
        self.reading = reading
        self.tokens = tokens
        self.shouted = shouted

    def gap(self, index: int) -> str:
        """What stands between a word and the one before it."""
        before = self.tokens[index - 1].end if index else 0
        return self.reading.text[before : self.tokens[index].start]

    def initial(self, index: int) -> bool:
        """A single capital that stands for a name: "A." or "K-G"."""
        token = self.tokens[index]
        letters = token.text.replace("-", "")
        after = self.reading.text[token.end : token.end + 2]
        if not letters.isupper() or len(letters) > 2 or (len(letters) == 2 and "-" not in token.text):
            return False
        return not after[:1].isdigit() and (after[:1] == "." or not look(token.text).plain)

    def eligible(self, index: int) -> bool:
        token = self.tokens[index]
        return token.capital and index not in self.shouted and (self.initial(index) or not look(token.text).plain)

    def runs(self) -> list[_Run]:
        found: list[_Run] = []
        index = 0
        while index < len(self.tokens):
            if not self.eligible(index):
                index += 1
                continue
            last = index
            while True:
                following = self._next_in_run(last)
                if following is None:
                    break
                last = following
            found.append(_Run(index, last))
            index = last + 1
        return [part for run in found for part in self._without_associations(run)]

    def _next_in_run(self, last: int) -> int | None:
        at = last + 1
        if at >= len(self.tokens):
            return None
        gap = self.gap(at)
        if not (gap in {" ", "  "} or (self.initial(last) and gap in {".", ". "})):
            return None
        if self.eligible(at):
            return at
        while at < len(self.tokens) and self.tokens[at].folded in ROOM_FOR_PARTICLES and self.gap(at) == " " and at < last + 4:
            at += 1
        return at if last + 1 < at < len(self.tokens) and self.gap(at) == " " and self.eligible(at) else None

    def _without_associations(self, run: _Run) -> Iterator[_Run]:
        """"Norrviks Bollklubb" names nobody; "Anna Lind Viktoriaskolan" names Anna Lind."""
        first = run.first
        for index in range(run.first, run.last + 1):
            token = self.tokens[index]
            if look(token.text).association:
                owned = token.folded in FACILITIES or token.folded in ORGANISATION_MARKS
                if first < index and not owned:
                    yield _Run(first, index - 1)
                first = index + 1
        if first <= run.last:
            yield _Run(first, run.last)

    def at_head(self, index: int) -> bool:
        """Whether the word opens a sentence, where a capital tells nothing."""
        gap = self.gap(index)
        if index == 0:
            return True
        if BAR in gap:
            return _SENTENCE_END.search(gap.rpartition(BAR)[2]) is not None
        if gap.strip(" ") == "\n" and self.tokens[index - 1].end - self.reading.text.rfind("\n", 0, self.tokens[index - 1].end) > _WRAPPED:
            return False
        dotted_title = self.tokens[index - 1].folded in TITLES and gap == ". "
        return _SENTENCE_END.search(gap) is not None and not dotted_title

    def before(self, index: int, back: int = 1) -> str:
        """The folded word before in the same sentence, "" when there is none."""
        at = index - back
        if at < 0 or any(re.search(r"[.!?:;\n\ufdd0]", self.gap(each)) for each in range(at + 1, index + 1)):
            return ""
        return self.tokens[at].folded

    def after(self, index: int, forward: int = 1) -> str:
        """The folded word after in the same sentence, "" when there is none."""
        at = index + forward
        if at >= len(self.tokens) or any(
            re.search(r"[.!?:;\n\ufdd0]", self.gap(each)) for each in range(index + 1, at + 1)
        ):
            return ""
        return self.tokens[at].folded

    def called(self, index: int) -> bool:
        """Whether what stands before says that a person is named here."""
        if self._signed(index):
            return True
        word, two = self.before(index), f"{self.before(index, 2)} {self.before(index)}"
        if word in TITLES or word in KIN or word in CALLED or word in GREETINGS:
            return True
        if index and self.tokens[index - 1].folded in TITLES | GREETINGS and self.gap(index) in {". ", ", ", " - "}:
            return True
        return two in CALLED_PHRASES[:4] or (two in CALLED_PHRASES and look(self.tokens[index].text).name)

    def _signed(self, index: int) -> bool:
        """After "mvh", with or without a new line, or after a slash that opens a signature."""
        gap = self.gap(index)
        if re.search(r"(?:^|[\s\ufdd0.!?])/{1,2} ?$", gap):
            return True
        closing = index > 0 and self.tokens[index - 1].folded in CLOSINGS and re.fullmatch(r"[\s,.!:/-]{0,6}", gap) is not None
        from_closing = self.before(index) in {"fran", "from"} and self.before(index, 2) in CLOSINGS
        if not (closing or from_closing):
            return False
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        phrase = following is not None and self.gap(index + 1) == " " and not following.capital and (
            following.folded not in AND | LOCATIVES
        )
        return not (phrase and look(self.tokens[index].text).stranger)

    def judge(self, run: _Run) -> Certainty | None:
        """How sure it is that a run names a person; None when it does not. Cuts titles off the run."""
        while run.first < run.last and self.tokens[run.first].folded in TITLES | KIN:
            run.first += 1
        words = [look(self.tokens[index].text) for index in range(run.first, run.last + 1)]
        while run.first < run.last and words[-1].place and not words[-1].name:
            run.last -= 1
            words.pop()
        if self.tokens[run.first].folded in TITLES | KIN or self._belongs_to_a_place(run, words):
            return None
        if run.first == run.last:
            return self._judge_single(run.first, words[0])
        return self._judge_several(run, words)

    def _belongs_to_a_place(self, run: _Run, words: list[NameWord]) -> bool:
        """Astrid Lindgrens gata, Norrviks tidning, Sankt Eriks park, the Red Cross."""
        called = self.called(run.first)
        after = self.after(run.last)
        if after in FACILITIES and not called:
            return True
        if after in SOFT_FACILITIES and (len(words) > 1 or not words[0].given) and not called:
            return True
        first = self.tokens[run.first].folded
        if first in PLACE_HEADS or (self.before(run.first) in PLACE_HEADS and self.tokens[run.first - 1].capital):
            return not called
        return self.before(run.first) == "the" and not any(word.sure for word in words)

    def _judge_several(self, run: _Run, words: list[NameWord]) -> Certainty | None:
        initials = [self.initial(index) for index in range(run.first, run.last + 1)]
        named = [word.name and not initial for word, initial in zip(words, initials, strict=True)]
        if any(word.sure for word in words):
            both = any(word.given for word in words) and any(word.surname for word in words)
            return Certainty.CERTAIN if both else Certainty.LIKELY
        if all(initials):
            return None
        if any(initials) and not words[-1].place:
            return Certainty.LIKELY if any(named) else Certainty.POSSIBLE
        if sum(named) > 1 or self.called(run.first):
            return Certainty.LIKELY
        if self.before(run.first) in LOCATIVES or any(word.place for word in words):
            return None
        if self.at_head(run.first):
            given = words[0].given and may_follow_given(self.tokens[run.last].text)
            return Certainty.POSSIBLE if given or self._acts(run.last) else None
        return Certainty.POSSIBLE

    def _acts(self, last: int) -> bool:
        """Whether what follows is what persons do: "sa", "ringde", "och jag"."""
        after = self.after(last)
        return after in PERSON_VERBS or (after in AND and self.after(last, 2) in {"jag", "i", "vi", "hans", "hennes"})

    def _judge_single(self, index: int, word: NameWord) -> Certainty | None:
        if self.initial(index):
            return None
        head = self.at_head(index)
        before = self.before(index)
        located = before in LOCATIVES or (before in {"fran", "till", "from", "to"} and self._moves(index))
        if word.place and not word.name:
            return None
        if word.sure:
            return None if located and not word.given else Certainty.LIKELY
        if self.called(index):
            return Certainty.LIKELY if word.name else Certainty.POSSIBLE
        if word.word or (word.place and word.name):
            if located or before in CALENDAR:
                return None
            return Certainty.POSSIBLE if not head or self._acts(index) else None
        if word.place_like:
            return Certainty.POSSIBLE if not located and (not head or self._acts(index)) else None
        return self._judge_stranger(index, head) if word.stranger else None

    def _judge_stranger(self, index: int, head: bool) -> Certainty | None:
        token = self.tokens[index]
        before = self.before(index)
        if before in LOCATIVES or before == "the":
            return None
        told = before in STRONG_TO_PERSONS or (before in TO_PERSONS - AND and not token.folded.endswith(_FIRM_ENDINGS))
        if self._acts(index) or (not head and told and before not in {"till", "to", "fran", "from", "for", "som"}):
            return None if head and token.folded.endswith(_FIRM_ENDINGS) else Certainty.POSSIBLE
        return None

    def _moves(self, index: int) -> bool:
        return any(self.before(index, back) in MOVEMENT for back in (2, 3, 4))

    def join(self, runs: list[_Run]) -> None:
        """What is listed beside a person is a person: "Sixten, Majken och Love", "Tingvall, Håkan"."""
        for left, right in zip(runs, runs[1:], strict=False):
            self._join(left, right)
        for left, right in zip(reversed(runs[:-1]), reversed(runs[1:]), strict=False):
            self._join(left, right)

    def _join(self, left: _Run, right: _Run) -> None:
        between = self.reading.text[self.tokens[left.last].end : self.tokens[right.first].start]
        if (left.accepted is None) == (right.accepted is None) or len(between) > 8:
            return
        if between.strip() not in AND and between != ", ":
            return
        doubtful = left if left.accepted is None else right
        words = [look(self.tokens[index].text) for index in range(doubtful.first, doubtful.last + 1)]
        person = all((word.name or word.stranger) and not word.association for word in words)
        if person and not any(word.place and not word.name for word in words) and not self._belongs_to_a_place(doubtful, words):
            doubtful.accepted = Certainty.POSSIBLE

    def start(self, run: _Run) -> int:
        """Where a name begins, "von" and "de la" counted."""
        first = run.first
        while first > 0 and self.tokens[first - 1].folded in ROOM_FOR_PARTICLES and self.gap(first) == " " and not self.tokens[first - 1].capital:
            first -= 1
        if first == run.first - 1 and self.tokens[first].folded in {"de", "den", "la", "el"}:
            first = run.first
        return self.tokens[first].start

    def end(self, run: _Run) -> int:
        """Where a name ends, an initial's dot counted when more of the sentence follows."""
        return self.tokens[run.last].end
