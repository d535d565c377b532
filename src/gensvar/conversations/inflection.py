"""Forms of a Swedish word whose stems Snowball keeps apart: "cykel" and "cyklar", "året" and "år", "bok" and "böcker". Pure.

Asked beside the word itself, so the index stays as it is. Where the other form is also another word ("stad" has "städer",
and "städa" the same stem), only the direction is taken that brings no stranger. Neighbour: stems asks here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_V: Final = "aeiouyåäö"
_C: Final = "bcdfghjklmnpqrstvxz"

# Vowels that change, from the plural to the singular; also as the last part of a compound.
_TO_SINGULAR: Final = {
    "böcker": "bok",
    "städer": "stad",
    "stränder": "strand",
    "länder": "land",
    "nätter": "natt",
    "rötter": "rot",
    "fötter": "fot",
    "ledamöter": "ledamot",
    "bönder": "bonde",
    "bränder": "brand",
    "söner": "son",
    "döttrar": "dotter",
    "bröder": "broder",
    "möss": "mus",
    "gäss": "gås",
}
# The other way, where the plural's stem is no other word's: "stad" is left out for "städa", "mus" for "mössa".
_TO_PLURAL: Final = {
    singular: plural
    for plural, singular in _TO_SINGULAR.items()
    if plural not in ("städer", "rötter", "fötter", "söner", "möss")
} | {"bostad": "bostäder"}
_SINGULAR: Final = re.compile(
    rf"({'|'.join(_TO_SINGULAR)})(?:s|na|nas|en)?$"
)  # "en": "mössen"; the others have "na"
_PLURAL: Final = re.compile(rf"({'|'.join(_TO_PLURAL)})(?:s|e?ns?|ets?)?$")
# Stems that look like what is left of a shorter word and are another's: "vägra" is not of "väger", "lägre" not of "läger".
_STRANGE: Final = frozenset("undr andr vandr hundr vägr lägr högr längr hindr extr".split())

# Words with few letters or forms of their own: each is asked for by all.
_FAMILIES: Final = tuple(
    tuple(line.split())
    for line in (
        "ö ön öar öarna",
        "å ån åar åarna",
        "ny nya nytt nye",
        "fri fria fritt",
        "blå blåa blått",
        "grå gråa grått",
        "röd röda rött",
        "bred breda brett",
        "gammal gammalt gamla gamle",
        "vän vännen vänner vännerna",
        "män männen",
        "sko skor skorna",
        "läger lägret lägren",
        "egen eget egna",
        "öga ögat ögon ögonen",
        "öra örat öron öronen",
        "bror brodern bröder bröderna",
    )
)
_FAMILY: Final = {word: family for family in _FAMILIES for word in family}

_SHORT: Final = re.compile(rf"^([{_V}]([{_C}])\2?)(?:ens?|ets?|ars?|arnas?)?$")  # "is", "år", "ägg"
_DROPS: Final = re.compile(
    rf"^(.*[{_V}].*|[{_V}])([{_C}])e([lr])(?:n|s|ns|(?<=[gk]er)t|(?<=el)t)?$"
)  # "cykel", "fönster", "säkert", "enkelt"
_DROPS_N: Final = re.compile(r"^(.+(?:tt|ck|pp))en?(?:s|t)?$")  # "vatten", "tecken", "öppen", "öppet"
_DROPS_M: Final = re.compile(r"^(.+)mm[ea]([lr])(?:n|s|en|t)?$")  # "nummer", "sommar", "himmel"
# What is left of them where the vowel went. An "r" or "n" after other letters is another word's: "hundra", "barn".
_LOST_L: Final = re.compile(r"^(.+(?:[bdfgkpstv]|nn))l$")
_LOST_R: Final = re.compile(rf"^(?=.*[{_V}])(.+(?:[bgkpt]|ff|ll|(?:l|[eiåäö]n?)d))r$")
_LOST_N: Final = re.compile(r"^(.+(?:tt|ck|pp))n$")
_LOST_M: Final = re.compile(r"^(.+)m([lr])$")
_DOUBLED: Final = re.compile(
    r"^(.*(?:rum|hem|gram|stam|dröm))(?:s|m(?:et|en|ar|ets|ens|arna|ens))?$"
)  # "rummet"
_LATIN: Final = re.compile(
    r"^(.{2,}(?:[ei](?=um|e[tr])|ntr))(?:um|umet|ets?|ers?|ernas?|a)$"
)  # "museum", "gymnasiet", "centra"
_ACCENT: Final = re.compile(r"^(.+é)(?:s|ns?|ers?|ernas?)?$")  # "idé"
_EVENT: Final = re.compile(r"^(.{2,}els)e(?:ts?|rs?|rnas?)?$")  # "rörelse"
_MAN: Final = re.compile(r"^(.{3,}m)(?:ans?|annens?|äns?|ännens?)$")  # "nämndeman"
_AND: Final = re.compile(r"^(.+and)(?:s|ens?)?$")  # "badstranden", of which Snowball takes "anden"
_DOER: Final = re.compile(rf"^(.*[{_V}].*tor)(?:s|ns?|ers?|ernas?)?$")  # "motor", "doktor"
_DEFINITE: Final = re.compile(  # "barnet", "avloppet": Snowball leaves some
    r"^(?!internet|.*(?:staket|raket))(.{2,})ets?$"
)
_NOT_BEFORE_ET: Final = ("h", "and")  # "-het" and "-andet" are endings themselves
# Words of one pattern, and the endings by which the forms of all of them are found.
_BESIDE_N: Final = ("en", "et", "na", "net")
_BESIDE: Final = (
    (_SHORT, ("", "en", "et", "ar", "arna")),
    (_DROPS_N, _BESIDE_N),
    (_DOUBLED, ("", "men", "met")),
    (_LATIN, ("um", "et", "er")),
    (_ACCENT, ("", "n", "er")),
    (_EVENT, ("e", "et")),
    (_AND, ("", "en")),
    (_MAN, ("an", "annen", "än", "ännen")),
    (_DOER, ("", "n")),
)


def other_forms(word: str, stem: str) -> Iterator[str]:
    """Forms of this folded word beside it, at most a dozen, also some that do not exist; `stem` is its own."""
    yield from _FAMILY.get(word, ())
    if found := _SINGULAR.search(word):
        singular = word[: found.start()] + _TO_SINGULAR[found[1]]
        yield from (singular, f"{singular}en")
    if found := _PLURAL.search(word):
        yield from (word[: found.start()] + form for form in (found[1], _TO_PLURAL[found[1]]))
    for pattern, endings in _BESIDE:
        if found := pattern.match(word):
            yield from (found[1] + ending for ending in endings)
    if found := _DROPS.match(word):
        yield from _of_a_lost_vowel(f"{found[1]}{found[2]}", found[3])
    if found := _DROPS_M.match(word):
        yield from (f"{found[1]}m{found[2]}{ending}" for ending in ("ar", "et"))
    definite = _DEFINITE.match(word)
    bare = definite[1] if definite else stem
    yield bare
    if len(bare) > 2 and not bare.endswith(_NOT_BEFORE_ET):
        yield f"{bare}et"
    if not word.startswith(f"{bare}es"):  # "sjukresa", of which Snowball leaves "sjukr"
        yield from _found_again(bare)


def _of_a_lost_vowel(before: str, last: str) -> Iterator[str]:
    """The forms of "cyk-e-l", with its vowel and without."""
    if f"{before}{last}" not in _STRANGE:
        yield from (f"{before}e{last}{ending}" for ending in ("", "n", "t"))
        yield from (f"{before}{last}{ending}" for ending in ("ar", "et"))


def _found_again(stem: str) -> Iterator[str]:
    """Forms with the vowel that this stem lost."""
    if found := _LOST_L.match(stem) or _LOST_R.match(stem):
        yield from _of_a_lost_vowel(found[1], stem[-1])
    if found := _LOST_N.match(stem):
        yield from (f"{found[1]}{ending}" for ending in _BESIDE_N)
    if found := _LOST_M.match(stem):
        yield from (f"{found[1]}mm{vowel}{found[2]}" for vowel in "ea")
        yield from (f"{stem}ar", f"{stem}et")
