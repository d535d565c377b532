"""Finds names of persons who do not take part: neighbours, staff, children, whoever is mentioned.

By lists of names, by what stands beside a capitalised word, and by how names are built; recall before precision.
Measured in `measure`; what it misses is told in docs/reference/masking.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from .arabic import arabic_names
from .findings import Certainty, Kind, Mark
from .name_words import NameWord, bases, look, may_follow_given
from .page import Page, Run, shouted
from .reading import Reading
from .small_letters import small_letter_names
from .surroundings import (
    AGED,
    AND,
    BEING,
    CALENDAR,
    FACILITIES,
    KIN,
    LOCATIVES,
    MEASURES,
    MOVEMENT,
    NAMED_THINGS,
    OWNED,
    PARTICLES_INSIDE,
    PLACE_HEADS,
    SOFT_FACILITIES,
    SUBJECTS,
    TITLES,
    TOWARDS,
)
from .tokens import compounds
from .words import key

_DEFINITE = (
    "en",
    "et",
    "an",
    "na",
    "ning",
    "tion",
    "het",
    "erna",
    "orna",
)  # endings of Swedish nouns: "Kupolen"
_FINNISH_PLACES = ("ssa", "sta", "iin")  # in, from, into; of persons Finnish says "-lla", "-lta", "-lle"
_AGED = re.compile(AGED)
_NOT_ALONE = frozenset({"de", "den", "la", "el"})


def other_names(reading: Reading) -> Iterator[Mark]:
    """Names of persons by lists and by context, in any case of letters."""
    tokens = compounds(reading)
    loud = shouted(reading, tokens)
    judge = _Judge(Page(reading, tokens, loud))
    for run in judge.persons():
        yield Mark(
            judge.start(run), tokens[run.last].end, Kind.OTHER_NAME, run.accepted or Certainty.POSSIBLE
        )
    yield from small_letter_names(reading, tokens, loud)
    yield from arabic_names(reading)


class _Judge:
    """Decides for each run of capitalised words whether it names a person."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tokens = page.tokens
        self._placed: set[int] = set()  # words that stand where a place stands

    def persons(self) -> list[Run]:
        """The runs that name persons."""
        runs = self._page.runs()
        for run in runs:
            run.accepted = self._judge(run)
        for left, right in pairwise(runs):
            self._join(left, right)
        for right, left in pairwise(reversed(runs)):
            self._join(left, right)
        self._recognise(runs)
        return [run for run in runs if run.accepted]

    def _recognise(self, runs: list[Run]) -> None:
        """Who was named once is known again where nothing beside the name tells: at the head of a later sentence."""
        named = {form for run in runs if run.accepted for form in self._forms(run)}
        for run in runs:
            if (
                run.accepted is None
                and run.first not in self._placed
                and not named.isdisjoint(self._forms(run))
            ):
                run.accepted = Certainty.POSSIBLE

    def _forms(self, run: Run) -> set[str]:
        texts = (self._tokens[index].text for index in range(run.first, run.last + 1))
        return {form for text in texts if len(text) > 2 for form in bases(key(text))}

    def _judge(self, run: Run) -> Certainty | None:
        """How sure it is that a run names a person; None when it does not. Cuts titles off the run."""
        while run.first < run.last and self._tokens[run.first].folded in TITLES | KIN:
            run.first += 1
        words = [look(self._tokens[index].text) for index in range(run.first, run.last + 1)]
        while run.first < run.last and words[-1].place and not words[-1].name:
            run.last -= 1
            words.pop()
        if self._tokens[run.first].folded in TITLES | KIN or self._belongs_to_a_place(run, words):
            return None
        if run.first == run.last:
            return self._judge_single(run.first, words[0])
        return self._judge_several(run, words)

    def _belongs_to_a_place(self, run: Run, words: list[NameWord]) -> bool:
        """Astrid Lindgrens gata, Norrviks tidning, Sankt Eriks park, the Red Cross."""
        called = self._page.called(run.first)
        after = self._page.after(run.last)
        if after in FACILITIES and not called:
            return True
        if len(words) == 1 and not called and self._before_a_compound(run.last):
            return True
        if after in SOFT_FACILITIES and (len(words) > 1 or not words[0].given) and not called:
            return True
        before = self._page.before(run.first)
        led = before != "" and self._page.gap(run.first) == " " and self._tokens[run.first - 1].capital
        if self._tokens[run.first].folded in PLACE_HEADS or (led and before in PLACE_HEADS):
            return not called
        thing = before in NAMED_THINGS or (len(words) > 1 and self._tokens[run.first].folded in NAMED_THINGS)
        if thing and not any(word.given for word in words):  # kvarteret Ugglan
            return not called
        after_association = led and look(self._tokens[run.first - 1].text).association  # Google Maps
        return (before == "the" or after_association) and not any(word.sure for word in words)

    def _before_a_compound(self, index: int) -> bool:
        """*Gustav* Vasa-skolan: the last part of a name that a thing has."""
        if index + 1 >= len(self._tokens) or self._page.gap(index + 1) != " ":
            return False
        following = self._tokens[index + 1]
        return following.capital and "-" in following.text and look(following.text).association

    def _judge_several(self, run: Run, words: list[NameWord]) -> Certainty | None:
        initials = [self._page.initial(index) for index in range(run.first, run.last + 1)]
        named = [word.name and not initial for word, initial in zip(words, initials, strict=True)]
        if any(word.sure for word in words):
            both = any(word.given for word in words) and any(word.surname for word in words)
            return Certainty.CERTAIN if both else Certainty.LIKELY
        if all(initials):
            return None
        if any(initials) and not words[-1].place:
            leads = initials[0] or self._page.called(run.first)  # "R. Aslan", not "Plan B"
            return Certainty.LIKELY if any(named) else Certainty.POSSIBLE if leads else None
        if sum(named) > 1 or self._page.called(run.first):
            return Certainty.LIKELY
        if (
            self._page.before(run.first) in LOCATIVES
            or any(word.place for word in words)
            or self._page.german
        ):
            return None
        if self._page.at_head(run.first) and self._tokens[run.first].folded.endswith(_DEFINITE):
            given = words[0].given and may_follow_given(self._tokens[run.last].text)
            return Certainty.POSSIBLE if given or self._page.acts(run.last) else None
        return Certainty.POSSIBLE

    def _judge_single(self, index: int, word: NameWord) -> Certainty | None:
        if self._page.initial(index):
            return None
        if self._is_per(index):
            return None
        head = self._page.at_head(index)
        before = self._page.before(index)
        towards = before == "pa" and self._page.before(index, 2) in TOWARDS
        located = (before in LOCATIVES and not towards) or (
            before in {"fran", "till", "from", "to"} and self._moves(index)
        )
        located = located or (before in AND and index - 2 in self._placed)
        if located:
            self._placed.add(index)
        if word.place and not word.name:
            return None
        if word.sure:
            return None if located and not word.given else Certainty.LIKELY
        if self._page.called(index):
            return Certainty.LIKELY if word.name else Certainty.POSSIBLE
        if word.word or (word.place and word.name):
            if located or before in CALENDAR:
                return None
            is_someone = self._tokens[index].folded in SUBJECTS and self._page.after(index) in BEING
            is_someone = (
                is_someone or _AGED.match(self._page.reading.text, self._tokens[index].end) is not None
            )
            return Certainty.POSSIBLE if not head or is_someone or self._page.acts(index) else None
        if word.finnish:
            return Certainty.POSSIBLE if self._page.finnish else None
        if word.likely:
            return Certainty.POSSIBLE if not located and (not head or self._page.acts(index)) else None
        return self._judge_stranger(index, head, located) if word.stranger else None

    def _judge_stranger(self, index: int, head: bool, located: bool) -> Certainty | None:
        """A capitalised word of no list: inside a sentence somebody's name more often than not, and masked to be safe."""
        definite = self._tokens[index].folded.endswith(_DEFINITE)
        before = self._page.before(index)
        if (
            located
            or before == "the"
            or self._page.german
            or self._numbered(index)
            or self._named_thing(index)
            or (self._page.finnish and self._tokens[index].folded.endswith(_FINNISH_PLACES))
        ):
            return None
        if head and not self._page.acts(index) and not self._owns(index) and not self._is_kin(index):
            return None
        if definite and not self._is_kin(index) and (head or before in {"till", "to", "fran", "from", "for"}):
            return None
        return Certainty.POSSIBLE

    def _is_per(self, index: int) -> bool:
        """*Per* år, *per* kvm; but "Per är" is somebody."""
        after = self._tokens[index + 1] if self._page.after(index) else None
        return self._tokens[index].text == "Per" and after is not None and after.text in MEASURES

    def _numbered(self, index: int) -> bool:
        """Tele2, Kanal5."""
        end = self._tokens[index].end
        return re.match(r"\d(?!\w)", self._page.reading.text[end : end + 2]) is not None

    def _named_thing(self, index: int) -> bool:
        """Röda *Korset*: after a capitalised plain word inside a sentence."""
        if index == 0 or self._page.gap(index) != " " or self._page.at_head(index - 1):
            return False
        before = self._tokens[index - 1]
        return before.capital and before.folded.endswith("a") and look(before.text).plain

    def _owns(self, index: int) -> bool:
        """Göknurs *mamma*: a genitive at the head of a sentence before what only persons have."""
        folded = self._tokens[index].folded
        definite = folded.removesuffix("s").endswith(_DEFINITE)
        return folded.endswith("s") and not definite and self._page.after(index) in OWNED

    def _is_kin(self, index: int) -> bool:
        """Göknur *är min kusin*."""
        after = [self._page.after(index, forward) for forward in (1, 2, 3)]
        return after[0] in BEING and after[1] in {"min", "var", "din", "hennes"} and after[2] in KIN | TITLES

    def _moves(self, index: int) -> bool:
        return any(self._page.before(index, back) in MOVEMENT for back in (2, 3, 4))

    def _join(self, left: Run, right: Run) -> None:
        between = self._page.reading.text[self._tokens[left.last].end : self._tokens[right.first].start]
        if (left.accepted is None) == (right.accepted is None) or len(between) > 8:
            return
        if between.strip() not in AND and between != ", ":
            return
        doubtful = left if left.accepted is None else right
        words = [look(self._tokens[index].text) for index in range(doubtful.first, doubtful.last + 1)]
        if doubtful.first == doubtful.last and self._tokens[doubtful.first].folded in TITLES | KIN:
            return  # "Tolken, Tesfaye Gebremariam, kom"
        if all(word.name or word.stranger for word in words) and not self._belongs_to_a_place(
            doubtful, words
        ):
            doubtful.accepted = Certainty.POSSIBLE

    def start(self, run: Run) -> int:
        """Where a name begins, "von" and "de la" counted."""
        first = run.first
        while first > 0 and self._page.gap(first) == " " and self._tokens[first - 1].text in PARTICLES_INSIDE:
            first -= 1
        alone = first == run.first - 1 and self._tokens[first].text in _NOT_ALONE
        return self._tokens[run.first if alone else first].start
