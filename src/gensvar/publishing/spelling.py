"""Another spelling for a question that finds little: one that finds more, in words that stand in public texts (law 5).

What is one slip away from a word (a letter too many, too few, changed, or two that changed places: Damerau 1964, looked up
as in Norvig's corrector), what lacks its rings and dots, and what was written apart is looked up in the indexes. They are
a hint: the few best are sought through the gates, and the words that are proposed are taken from what these show.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from gensvar.conversations import stems
from gensvar.publishing import entries, gate, index
from gensvar.publishing.entries import Entry
from gensvar.publishing.likeness import SAID_BY_ALL

FEW: Final = 3  # a search that finds fewer may have been written otherwise than it was meant
LETTERS: Final = "abcdefghijklmnopqrstuvwxyzåäö"
SHORTEST: Final = 4  # letters; shorter words are one slip away from too many others
LONGEST: Final = 24  # letters
MOST_DOUBTED: Final = 2  # words of one question
MOST_OPTIONS: Final = 3  # for one word
MOST_TRIES: Final = 4  # searches
MOST_UNMARKED: Final = (
    5  # letters of one word that may lack their ring or dots: 3 to the power of it are tried
)
MORE_USUAL: Final = 10  # times as many texts must hold another spelling of a word that some hold
LOOKED_AT: Final = 5  # entries that are read for how a word is written
_TABLES: Final = (index.EXCHANGES, index.POSTS, index.POSITIONS, index.FURTHER)
_MARKED: Final = {"a": "aåä", "o": "oö"}


@dataclass(frozen=True, slots=True)
class Try:
    """A question to try, word by word, and what stands there in place of what was written."""

    words: tuple[str, ...]
    instead: Mapping[str, str]  # a word of `words`: what was written


class Beside(Protocol):
    """What stands on a page of hits beside the entries, and is found by the same words."""

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """In how many of its texts each of these stems stands; what the index holds is left out."""

    def texts(self, asked: Sequence[tuple[str, ...]]) -> Sequence[str]:
        """One for each that holds one stem of each of these, as everybody can read it."""


def proposal(question: str, found: int, language: str, beside: Beside | None = None) -> str:
    """A spelling that finds more than these `found`, the entries and what is `beside` them; empty where there is none.

    However long and whatever the question is: ten statements over the forms of two words, and four searches, are the most.
    """
    words = tuple(dict.fromkeys(stems.words(question[: gate.LONGEST_QUESTION])))[: gate.MOST_WORDS]
    for one in itertools.islice(_tries(words, beside), MOST_TRIES):
        page = entries.search(" ".join(one.words), None, LOOKED_AT, language=language)
        texts = ["\n".join(_texts(entry)) for entry in page.entries]
        texts += beside.texts(gate.sought(" ".join(one.words))) if beside is not None else []
        if len(texts) <= min(found, LOOKED_AT - 1):
            continue
        shown = {word for text in texts for word in stems.words(text)}
        written = {word: _as_written(word, meant, shown) for word, meant in one.instead.items()}
        if all(written.values()):
            return " ".join(written.get(word, word) for word in one.words)
    return ""


def forms(word: str) -> dict[str, int]:
    """The words that this folded one may have been meant to be, the likeliest with the lowest number; itself is not among them."""
    letters = (
        LETTERS if set(word) <= set(LETTERS) else ""
    )  # of another script: what is there changes places, or goes
    found = dict.fromkeys(_unmarked(word), 0)
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for left, right in halves:
        slips = [left + right[1:], left + right[1:2] + right[:1] + right[2:]] if right else []
        slips += [left + letter + right[1:] for letter in letters if right]
        slips += [left + letter + right for letter in letters]
        for slip in slips:
            found.setdefault(slip, 1)
    found.pop(word, None)
    return found


def _unmarked(word: str) -> Iterator[str]:
    """The word with rings and dots that it may lack: “snorojning” is “snöröjning” too."""
    open_to = [at for at, letter in enumerate(word) if letter in _MARKED][:MOST_UNMARKED]
    for chosen in itertools.product(*(_MARKED[word[at]] for at in open_to)):
        made = list(word)
        for at, letter in zip(open_to, chosen, strict=True):
            made[at] = letter
        yield "".join(made)


def _tries(words: tuple[str, ...], beside: Beside | None) -> Iterator[Try]:
    """What was written apart, then the likeliest words, then one other at a time."""
    asked = [one for one in words if stems.stem(one) not in SAID_BY_ALL]
    joined = {
        "".join(pair): pair for pair in itertools.pairwise(words) if len("".join(pair)) <= stems.LONGEST_WORD
    }
    known = _frequencies([*asked, *joined], beside)
    for one, (first, second) in joined.items():
        if known[one]:
            at = words.index(first)
            yield Try((*words[:at], one, *words[at + 2 :]), {one: first + second})
    doubted = sorted((one for one in asked if _doubtful(one, known[one])), key=lambda one: known[one])
    options = {one: found for one in doubted[:MOST_DOUBTED] if (found := _options(one, known[one], beside))}
    if not options:
        return
    best = {one: found[0] for one, found in options.items()}
    yield _instead(words, best)
    for one, found in options.items():
        for other in found[1:]:
            yield _instead(words, best | {one: other})


def _doubtful(word: str, known: int) -> bool:
    return SHORTEST <= len(word) <= LONGEST and known < FEW and word.isalpha()


def _options(word: str, known: int, beside: Beside | None) -> list[str]:
    """The best forms of a word that public texts hold, one for each stem."""
    ranks = forms(word)
    by_stem: dict[str, str] = {}
    for form in sorted(ranks, key=lambda form: ranks[form]):
        by_stem.setdefault(stems.stem(form), form)
    by_stem.pop(stems.stem(word), None)
    counts = _frequencies(by_stem.values(), beside)
    held = [
        form
        for stem, form in by_stem.items()
        if counts[form] >= max(1, MORE_USUAL * known) and stem not in SAID_BY_ALL and len(stem) > 1
    ]
    return sorted(held, key=lambda form: (ranks[form], -counts[form], form))[:MOST_OPTIONS]


def _frequencies(words: Iterable[str], beside: Beside | None) -> dict[str, int]:
    """In how many public texts each of these words stands, in any form; a statement for each index."""
    asked = {word: stems.stem(word[: stems.LONGEST_WORD]) for word in words}
    if not asked:
        return {}
    known = list(dict.fromkeys(asked.values()))
    counts: list[Mapping[str, int]] = [index.frequencies(known, table) for table in _TABLES]
    if beside is not None:
        counts.append(beside.frequencies(known))
    return {word: sum(count.get(stem, 0) for count in counts) for word, stem in asked.items()}


def _instead(words: tuple[str, ...], chosen: Mapping[str, str]) -> Try:
    return Try(tuple(chosen.get(one, one) for one in words), {form: word for word, form in chosen.items()})


def _as_written(form: str, meant: str, shown: set[str]) -> str:
    """The word of these texts with the stem of that form that is nearest to what was written; empty for none."""
    stem = stems.stem(form)
    same = sorted(word for word in shown if stems.stem(word[: stems.LONGEST_WORD]) == stem)
    return next(iter(difflib.get_close_matches(meant, same, n=1, cutoff=0)), "")


def _texts(entry: Entry) -> list[str]:
    if entry.exchange is not None:
        return [entry.exchange.title, *(word.text for word in entry.exchange.words)]
    if entry.post is not None:
        return [entry.post.title, entry.post.lead, *entry.post.said]
    if entry.position is not None:
        return [
            text
            for one in entry.position.wordings
            for text in (one.title, one.text, one.title_en, one.text_en)
        ]
    if entry.finding is not None:
        return [entry.finding.title, *entry.finding.texts]
    return []
