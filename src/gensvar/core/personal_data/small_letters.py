"""Finds names where letters tell nothing: written small ("mvh kerstin bohlin") or in a line of capitals.

Neighbours: `other_names`, which judges capitalised words. Here only listed names count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .findings import Certainty, Kind, Mark
from .name_words import bases
from .reading import Reading
from .remembered import remembered
from .surroundings import (
    AND,
    CALLED,
    CALLED_PHRASES,
    CLOSINGS,
    GREETINGS,
    KIN,
    LOCATIVES,
    PARTICLES_INSIDE,
    PERSON_PHRASES,
    SUBJECTS,
    TITLES,
)
from .tokens import Token
from .words import common_words, given_names, key, surnames, words_in_small_letters

_SURNAME_ENDINGS = tuple(
    "sson qvist kvist berg strom lund gren stedt blad nen lof dahl man in holm ström löf".split()
)
_SURNAMES_BESIDE = frozenset(  # words that after a given name are its surname: "anna lind", "KERSTIN HOLM"
    "alm asp berg björk bjork blom borg bäck ceder ek falk frost hjort holm hult hägg kvist lilja lind ljung lund lundén linné"
    " lönn malm nord palm rapp rask skog ström strom sund svan svärd sköld söder törn uggla wall winter örn fors klint".split()
)
_SHORT = frozenset(
    "ali bea eva evy ida leo mia moa ove pia siv ulf uno åke".split()
)  # three letters, and nothing else
_ROLES = tuple(  # endings of what people sign as: "trött pendlare", "orolig förälder"
    "are ant or ist ande ad ade bo mamma pappa alder arna erna er aktig inna".split()
)
_BEFORE_PERSONS = CALLED | KIN | TITLES | GREETINGS | CLOSINGS
_AFTER_CLOSING = re.compile(r"[,.!]? ?\n{0,2} ?")
_SIGNING = frozenset("mvh vh halsn halsningar regards terveisin terveiset sincerely".split())
_WHOSE = frozenset("min mitt var vart din hans hennes deras my our your his her".split())
_ASKED = frozenset("fraga fragat ring ringa ringde ringt halsa kontakta mejla maila traffa traffade".split())
_SOMEONE = SUBJECTS | {"bjorn", "sten", "rut", "iris", "saga", "hulda", "august"}
_WITH = frozenset({"halsa pa", "halsade pa", "tack till"}) | frozenset(  # "pratade med", also "pratat m"
    f"{verb} {word}"
    for verb in "prata pratar pratade pratat tala talar talade talat snacka snackar snackade snackat bor jobbar".split()
    for word in ("med", "m")
)
_BY_NAME = frozenset({"jag heter", "ja heter", "han heter", "hon heter", "heter jag", "mitt namn", "my name"})
_IS = frozenset({"ar", "e", "is"})
_NO_NAMES = (
    AND
    | LOCATIVES
    | frozenset("som fran men nog bara ocksa fortfarande likadant samma lika hemlig skyddad but from".split())
)
_INTRODUCTIONS = CALLED_PHRASES | PERSON_PHRASES


@dataclass(frozen=True, slots=True)
class _Word:
    """What a word is when its letters' size tells nothing."""

    given: bool  # a listed given name
    sure: bool  # and no plain word, so that it needs nothing beside it
    plain_form: bool  # as listed, without the genitive
    patronymic: bool  # a listed surname that no plain word looks like


@remembered(16384)
def _judged(text: str) -> _Word:
    written = key(text)
    forms = bases(written)
    listed = [form for form in (*forms, written.replace("-", "")) if form in given_names()]
    if "-" in written and not listed and all(part in given_names() for part in written.split("-")):
        listed = [written]  # "maj-britt"
    plain = words_in_small_letters() | common_words() if listed else frozenset()
    return _Word(
        given=bool(listed),
        sure=bool(listed)
        and all(form not in plain and (len(form) > 3 or form in _SHORT) for form in (written, *listed)),
        plain_form=written in listed[:1],
        patronymic=any(form.endswith("sson") and len(form) > 6 and form in surnames() for form in forms),
    )


def small_letter_names(reading: Reading, tokens: list[Token], loud: frozenset[int]) -> Iterator[Mark]:
    """Given names, with the surname after them, in small letters or in lines of capitals (`loud`)."""
    yield from _signatures(reading, tokens)
    yield from _introductions(reading, tokens, loud)
    done = -1
    for index, token in enumerate(tokens):
        if index <= done or (token.capital and index not in loud):
            continue
        word = _judged(token.text)
        if token.folded in KIN and index and tokens[index - 1].folded in _WHOSE:
            continue  # "min son Elias": Son is a name in Vietnam
        if word.given and (word.sure or (word.plain_form and _is_person(reading, tokens, index))):
            done = index
            while done + 1 < len(tokens) and done < index + 2 and _continues(reading, tokens, done + 1):
                done += 1
            sure = Certainty.LIKELY if done > index else Certainty.POSSIBLE
            yield Mark(token.start, tokens[done].end, Kind.OTHER_NAME, sure)
        elif word.patronymic or _after_an_initial(reading, tokens, index):
            yield Mark(token.start, token.end, Kind.OTHER_NAME, Certainty.POSSIBLE)


def _after_an_initial(reading: Reading, tokens: list[Token], index: int) -> bool:
    """s. *bergdahl*"""
    if index == 0 or len(tokens[index - 1].text) > 1 or _gap(reading, tokens, index - 1) not in {".", ". "}:
        return False
    folded = key(tokens[index].text)
    shaped = len(folded) > 5 and folded.endswith(_SURNAME_ENDINGS) and folded not in common_words()
    return shaped or _is_surname(folded)


def _is_person(reading: Reading, tokens: list[Token], index: int) -> bool:
    return _told(reading, tokens, index) or _has_surname(reading, tokens, index)


def _told(reading: Reading, tokens: list[Token], index: int) -> bool:
    """After "jag heter", "min granne", "hej", "mvh"."""
    if index == 0:
        return False
    gap = reading.text[tokens[index - 1].end : tokens[index].start]
    if gap.strip(" \n,/:") or len(gap) > 4:
        return False
    word = tokens[index - 1].folded
    if tokens[index].folded in _WHOSE and tokens[index + 1 : index + 2] and tokens[index + 1].folded in KIN:
        return False  # "heter min granne"
    earlier = tokens[index - 2].folded if index > 1 else ""
    if tokens[index].folded in common_words() and word not in CALLED | CLOSINGS:
        asked = word in _ASKED or f"{earlier} {word}" in _WITH
        return (word in KIN and earlier in _WHOSE) or (asked and tokens[index].folded in _SOMEONE)
    two = f"{earlier} {word}"
    return word in _BEFORE_PERSONS | _ASKED or two in _INTRODUCTIONS | _WITH


def _has_surname(reading: Reading, tokens: list[Token], index: int) -> bool:
    for at in (index + 1, index + 2):  # "karl nyström", "karl anders nyström"
        if at >= len(tokens) or _gap(reading, tokens, at - 1) != " ":
            return False
        following = key(tokens[at].text)
        if _is_surname(following):
            return True
        if not _judged(tokens[at].text).given or following in common_words():
            return False
    return False


def _is_surname(folded: str) -> bool:
    forms = bases(folded)
    if folded in common_words() or forms[-1] in common_words():
        return any(form in _SURNAMES_BESIDE for form in forms)
    return any(form in surnames() or (form.endswith("sson") and len(form) > 5) for form in forms)


def _continues(reading: Reading, tokens: list[Token], index: int) -> bool:
    if reading.text[tokens[index - 1].end : tokens[index].start] != " ":
        return False
    folded = key(tokens[index].text)
    if len(folded) == 1:
        return reading.text[tokens[index].end : tokens[index].end + 1] in {"", "\n"}
    if folded in common_words():
        return _is_surname(folded)
    shaped = any(form.endswith(_SURNAME_ENDINGS) and len(form) > 5 for form in bases(folded))
    return shaped or _is_surname(folded) or _judged(tokens[index].text).sure


def _signatures(reading: Reading, tokens: list[Token]) -> Iterator[Mark]:
    """One to three strange small words that end the line after "mvh": "göknur aslan", not "trött pendlare"."""
    for index in range(1, len(tokens)):
        closing = tokens[index - 1].folded
        if closing not in CLOSINGS or tokens[index].capital:
            continue
        gap = reading.text[tokens[index - 1].end : tokens[index].start]
        if not _AFTER_CLOSING.fullmatch(gap) or ("\n" not in gap and closing not in _SIGNING):
            continue
        last = index
        while last + 1 < len(tokens) and last < index + 3 and _gap(reading, tokens, last) == " ":
            last += 1
        words = tokens[index : last + 1]
        line_ends = reading.text[words[-1].end : words[-1].end + 1] in {"", "\n"}
        if line_ends and len(words) < 4 and not any(_is_ordinary(word) for word in words):
            yield Mark(words[0].start, words[-1].end, Kind.OTHER_NAME, Certainty.POSSIBLE)


def _introductions(reading: Reading, tokens: list[Token], loud: frozenset[int]) -> Iterator[Mark]:
    """One to three strange words after "jag heter": "jag heter göknur aslan och"."""
    for index in range(2, len(tokens)):
        apart = _gap(reading, tokens, index - 1).strip(": ") != ""
        if apart or (tokens[index].capital and index not in loud):
            continue
        end = index - 1 if index > 2 and tokens[index - 1].folded in _IS else index  # mitt namn *är* göknur
        if f"{tokens[end - 2].folded} {tokens[end - 1].folded}" not in _BY_NAME:
            continue
        last = index - 1
        while last + 1 < min(index + 3, len(tokens)) and not _is_known_word(tokens[last + 1]):
            if last >= index and _gap(reading, tokens, last) != " ":
                break
            last += 1
        if last >= index:
            yield Mark(tokens[index].start, tokens[last].end, Kind.OTHER_NAME, Certainty.POSSIBLE)


def _is_known_word(word: Token) -> bool:
    """A word that ends the name; also "hemligt", "felstavat"."""
    ordinary = word.folded in common_words() | _NO_NAMES
    return ordinary or len(word.folded) < 3 or word.folded.endswith("t")


def _gap(reading: Reading, tokens: list[Token], left: int) -> str:
    return reading.text[tokens[left].end : tokens[left + 1].start]


def _is_ordinary(word: Token) -> bool:
    return (
        word.capital
        or (word.folded in common_words() and word.folded not in PARTICLES_INSIDE)
        or (len(word.folded) < 3 and word.folded not in PARTICLES_INSIDE)
        or word.folded.endswith(_ROLES)
    )
