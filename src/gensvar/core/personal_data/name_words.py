"""What a single word can be on its own: given name, surname, place, association, stranger. `other_names` adds the context."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .reading import fold
from .remembered import remembered
from .surroundings import CLOSINGS, FACILITIES, FACILITY_ENDINGS, GREETINGS, ORGANISATION_MARKS, TITLES
from .words import associations, given_names, key, names_that_are_words, places, plain_words, surnames

_SURE_ENDINGS = (
    "sson sdotter dottir qvist quist stedt enko zadeh oğlu oglu opoulos ović ovic ević evic ević czyk wicz owski ewski inski"
    " gebremariam mariam selassie medhin ullah uddin"
).split()
_LIKELY_ENDINGS = (  # shared by surnames, places and plain words: a name only inside a sentence
    "berg lund holm ström strom strand dal dahl bo torp by fors mark back borg vik sund stad lind hagen son sen kvist gren wall"
    " löf lof roth blad hammar sköld skold svärd ian yan pour nejad shvili adze escu ić ic abadi"
).split()
_AFTER_A_GIVEN_NAME = (
    "nen sen ski ska sky skaja ova eva ina aite iene man mann ström strom lin ell in en er us".split()
)
_PREFIXES = frozenset("al el o mc mac d de bin ibn abu ben von van af ould abd ad as at ul".split())
_OFFICES = tuple(  # "-ministern", "-ordföranden": words of an office, however they are put together
    title for title in TITLES if len(title) > 5 and title.endswith(("en", "an", "rn", "et", "are", "or"))
)
_FINNISH_CASES = ("lle", "lla", "lta", "ssa", "sta", "n")


@dataclass(frozen=True, slots=True)
class NameWord:
    """What a word can be, whatever stands beside it."""

    given: bool = False
    surname: bool = False
    word: bool = False  # also a plain word: "Sten", "Will"
    place: bool = False  # a known place
    likely: bool = False  # a surname by an ending that places and plain words have too
    finnish: bool = False  # a given name only if the text is Finnish
    stranger: bool = False  # capitalised, in no list
    association: bool = False  # a facility, a company, an authority
    plain: bool = False

    @property
    def sure(self) -> bool:
        """A name without its neighbours' help."""
        return (self.given or self.surname) and not (self.word or self.place or self.likely or self.finnish)

    @property
    def name(self) -> bool:
        """Possibly a name by the lists or by its ending."""
        return self.given or self.surname


def bases(folded: str) -> tuple[str, ...]:
    """The word, and without the genitive's -s."""
    return (folded, folded[:-1]) if folded.endswith("s") and len(folded) > 3 else (folded,)


def _finnish_bases(folded: str) -> tuple[str, ...]:
    """What a word may be a Finnish case of: "Sannalta" → "sanna"."""
    return tuple(
        folded[: -len(case)]
        for case in _FINNISH_CASES
        if folded.endswith(case) and len(folded) - len(case) > 3 and folded[-len(case) - 1] in "aeiouy"
    )


def _ends_like(forms: tuple[str, ...], endings: list[str], least: int) -> bool:
    return any(
        form.endswith(ending) and len(form) >= len(ending) + least for form in forms for ending in endings
    )


@remembered(16384)
def look(text: str) -> NameWord:
    """Judges one word, possibly with hyphens and apostrophes, as written."""
    folded = key(text)
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
    if last.association and first.name and fold(parts[-1]).endswith(tuple(FACILITY_ENDINGS)):  # Sven-Jonssjön
        return NameWord(association=True)
    if parts[0] in _PREFIXES and len(parts[-1]) > 2:
        return NameWord(surname=True)
    given = folded.replace("-", "") in given_names() or first.given or (last.given and not first.plain)
    if given or first.surname or last.surname:
        return NameWord(given=given, surname=not given)
    return NameWord(
        stranger=written[0][:1].isupper() and not (first.plain or first.association or last.association)
    )


def _look_simple(text: str, folded: str) -> NameWord:
    forms = bases(folded)
    word = any(form in names_that_are_words() for form in forms)
    if not word and (folded in plain_words() or fold(folded) in GREETINGS | CLOSINGS):
        return NameWord(plain=True)
    if not word and fold(folded).endswith(_OFFICES) and fold(folded) not in TITLES:
        return NameWord(plain=True)  # "Statsministern"
    given = any(form in given_names() for form in forms)
    listed = any(form in surnames() for form in forms)
    place = any(form in places() for form in forms)
    sure_ending = not place and _ends_like(forms, _SURE_ENDINGS, 2)
    likely = not (listed or given or place or sure_ending) and _ends_like(forms, _LIKELY_ENDINGS, 3)
    finnish = not (given or listed) and any(form in given_names() for form in _finnish_bases(folded))
    named = folded in given_names() or folded in surnames()
    association = (folded in associations() and not named) or (  # "Willys", and not Willy's
        not (given or listed)
        and (
            any(form in associations() for form in forms)
            or fold(folded) in FACILITIES | ORGANISATION_MARKS
            or _ends_like((fold(folded),), FACILITY_ENDINGS, 2)
        )
    )
    surname = not association and (listed or sure_ending or likely)
    acronym = text.isupper() and len(text) < 6
    stranger = (
        text[0].isupper()
        and len(text) > 1
        and not (given or surname or place or association or word or acronym)
    )
    given = given and not association
    return NameWord(given or finnish, surname, word, place, likely, finnish, stranger, association)


def may_follow_given(text: str) -> bool:
    """Whether an unlisted word has an ending that makes it a surname after a given name ("Sokolova", "Virtasen")."""
    return _ends_like((key(text),), _AFTER_A_GIVEN_NAME, 3)
