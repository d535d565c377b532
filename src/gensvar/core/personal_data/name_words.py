"""What a single word can be on its own: given name, surname, place, association, stranger. `other_names` adds the context."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .reading import fold
from .surroundings import FACILITIES, FACILITY_ENDINGS, ORGANISATION_MARKS
from .words import given_names, names_that_are_words, places, plain_words, surnames

_SURE_ENDINGS = (
    "sson son sdotter dottir qvist kvist quist stedt gren wall lof roth blad hammar crantz sköld skold sjo svard escu enko chenko"
    " zadeh oglu opoulos ovic evic vic poulos czyk wicz owicz ewicz owski ewski inski ynski yan ian pour nejad shvili adze"
    " gebremariam mariam selassie medhin abadi ullah uddin sen"
).split()
_PLACE_LIKE = "berg lund holm strom strand dal dahl bo torp by fors mark back borg vik sund stad lind hagen".split()
_AFTER_A_GIVEN_NAME = "nen sen ski ska sky skaja ova eva ina aite iene man mann ström strom lin ell in en er us".split()
_PREFIXES = frozenset("al el o mc mac d de bin ibn abu ben von van af ould abd ad as at ul".split())
_FINNISH_CASES = ("lle", "lla", "lta", "ssa", "sta", "n")


@dataclass(frozen=True, slots=True)
class NameWord:
    """What a word can be, whatever stands beside it."""

    given: bool = False
    surname: bool = False
    word: bool = False  # also a plain word: "Sten", "Will"
    place: bool = False  # a known place
    place_like: bool = False  # an ending that surnames and places share, not a listed surname
    stranger: bool = False  # capitalised, in no list
    association: bool = False  # a facility, a company, an authority
    plain: bool = False

    @property
    def sure(self) -> bool:
        """A name without its neighbours' help."""
        return (self.given or self.surname) and not (self.word or self.place or self.place_like)

    @property
    def name(self) -> bool:
        """Possibly a name by the lists or by its ending."""
        return self.given or self.surname


def bases(folded: str) -> tuple[str, ...]:
    """The word and what it may be an inflected form of: the genitive, Finnish cases."""
    forms = [folded]
    if folded.endswith("s") and len(folded) > 3:
        forms.append(folded[:-1])
    for case in _FINNISH_CASES:
        if folded.endswith(case) and len(folded) - len(case) > 3 and folded[-len(case) - 1] in "aeiouy":
            forms.append(folded[: -len(case)])
    return tuple(forms)


def _is_given(forms: tuple[str, ...]) -> bool:
    return any(form in given_names() for form in forms)


def _ends_like(forms: tuple[str, ...], endings: list[str], least: int) -> bool:
    return any(form.endswith(ending) and len(form) >= len(ending) + least for form in forms[:2] for ending in endings)


@lru_cache(maxsize=16384)
def look(text: str) -> NameWord:
    """Judges one word, possibly with hyphens and apostrophes, as written."""
    folded = fold(text)
    folded = re.sub(r"'s$", "", folded)
    parts = re.split(r"[-']", folded)
    if len(parts) > 1:
        return _look_compound(re.split(r"[-']", text), parts, folded)
    return _look_simple(text, folded)


def _look_compound(written: list[str], parts: list[str], folded: str) -> NameWord:
    """Anna-Karin, Al-Khatib, O'Connor, Öberg-Lindström; not "Svensson-huset"."""
    if any(part[:1].islower() for part in written[1:] if len(part) > 1) and written[0][:1].isupper():
        return NameWord(association=True)
    first, last = look(written[0]), look(written[-1])
    if parts[0] in _PREFIXES and len(parts[-1]) > 2:
        return NameWord(surname=True)
    given = folded.replace("-", "") in given_names() or first.given or (last.given and not first.plain)
    if given or first.surname or last.surname:
        return NameWord(given=given, surname=not given)
    return NameWord(stranger=written[0][:1].isupper() and not (first.plain or first.association or last.association))


def _look_simple(text: str, folded: str) -> NameWord:
    forms = bases(folded)
    word = any(form in names_that_are_words() for form in forms[:2])
    if folded in plain_words() and not word:
        return NameWord(plain=True)
    given = _is_given(forms)
    listed = any(form in surnames() for form in forms[:2])
    sure_ending = _ends_like(forms, _SURE_ENDINGS, 2)
    place_like = not listed and not given and _ends_like(forms, _PLACE_LIKE, 3)
    place = any(form in places() for form in forms[:2])
    association = not (given or listed) and (
        folded in FACILITIES or folded in ORGANISATION_MARKS or _ends_like((folded, folded), FACILITY_ENDINGS, 2)
    )
    surname = not association and (listed or sure_ending or place_like)
    acronym = text.isupper() and len(text) < 6
    stranger = text[0].isupper() and len(text) > 1 and not (given or surname or place or association or word or acronym)
    return NameWord(given, surname, word, place, place_like and not sure_ending, stranger, association, False)


def may_follow_given(text: str) -> bool:
    """Whether an unlisted word has an ending that makes it a surname after a given name ("Sokolova", "Virtasen")."""
    return _ends_like((fold(text),) * 2, _AFTER_A_GIVEN_NAME, 3)
