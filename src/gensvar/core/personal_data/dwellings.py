"""What people write around a street and its number: the house, the stair, the floor before or after it, and the town.

Neighbours: `addresses` finds the street, this module how far the address reaches; and farms that have no street at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .findings import Certainty, Kind, Mark
from .reading import Reading, fold
from .words import places, plain_words

_PROPER = r"[A-ZÅÄÖÉÜØÆŠŽ][\w'-]{1,30}"
_PART = (
    r"(?:(?:port|dorr|entre|grind)?kod(?:en)?|hus|huset|byggnad|trapphus|trappa|trapp|trp|trappuppgang(?:en)?|uppgang(?:en)?|uppg|ingang|port(?:en)?|entre|dorr|plan"
    r"|vaning(?:splan)?|van|lgh|lagenhet|lag|rum|stuga|plats|floor|flat|apt|apartment|unit|stair(?:case)?|entrance|door|room"
    r"|suite|rappu|asunto|kerros|krs)"
)
_WAY = r"(?: (?:upp|ned|ner|(?:o\.?[ghv]|[hv]\.?g|g\.?[hv]|n\.?b|t\.?[hv]|m\.?f)(?!\w)\.?|mitt ?i|till (?:hoger|vanster)))?"
_PIECE = (
    rf"(?:{_PART}[.:]? ?(?:nr\.? ?|no\.? ?)?(?:\d{{1,4}}[a-z]?|[a-z])"
    rf"|\d{{1,2}}(?: ?1?[⁄/]2|[.,]5|:?(?:a|e|st|nd|rd|th))? ?(?:tr|trp|trappor|trappa|van|vaning(?:en)?|floor)\.?{_WAY}"
    r"|gards?hus(?:et)?|gathus(?:et)?|flygeln?|annex(?:et)?|(?:lill|gast|back)stugan?|suterrang(?:vaning(?:en)?)?"
    r"|nb|bv|bottenvaning(?:en)?|bottenplan(?:et)?|nedre botten|kallarplan(?:et)?|vindsvaning(?:en)?|ground floor|basement)(?!\w)"
)
_AFTER = re.compile(rf"(?:[,;]? ?\(?{_PIECE}\)?){{1,5}}")
_BEFORE = re.compile(rf"(?<![^\W_])(?:{_PIECE}[,;]? ){{1,3}}$")
_HOUSE_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:[Bb]rf|BRF|HSB(?: [Bb]rf)?|[Kk]v\.?|[Kk]varteret|[Bb]ostadsrättsföreningen|[Gg]ården|[Vv]illa) {_PROPER}(?: {_PROPER})?"
    rf"|(?:(?<= på )|(?<= i )|(?<=dress: )|(?<= är )|(?<=\n)){_PROPER}), ?$"
)
_TOWN_AFTER = re.compile(rf", ?(?P<town>{_PROPER})(?=[.!?)\n,]|$)")
_FARM = re.compile(
    rf"(?<!\w)(?:på|från|har|äger|hyr|driver|vår|min|köpt|i) (?:gården|torpet|hemmanet|fäboden|stugan|släktgården) "
    rf"(?P<place>{_PROPER}(?: {_PROPER})?)"
)
_LIVES_ON = re.compile(
    rf"(?<!\w)(?:bor|bott|bodde|bosatta?|boende|flyttat|flyttade)(?: \w{{2,8}})? (?:på|i|till) "
    rf"(?P<place>{_PROPER}(?:gården|gårn|torpet|stugan|hemmanet|bodarna|setra)(?: i {_PROPER})?)(?!\w| \d)"
)
_DOOR = r"(?:porten|dorren|entren|grinden|garaget|trappuppgangen|soprummet|tvattstugan)"
_CODE = re.compile(  # what opens a door: "portkoden är 1234", "koden till soprummet är 4321", "porten har kod 1234"
    rf"(?<![^\W_])(?:(?:port|dorr|entre|grind)kod(?:en)?|kod(?:en)? (?:till|for|i|pa|vid) {_DOOR}|{_DOOR} har kod(?:en)?)"
    r"(?: [aä]r)?(?: ?:)? ?(?P<code>\d(?: ?\d){3,5})(?![\w:]|[-.,]\d)"
)
_REACH = 70  # characters before a street in which its house may stand


def around(reading: Reading, mark: Mark) -> Mark:
    """The whole address of which `mark` is the street: with house, stair and floor, and the town behind a comma."""
    end = mark.end
    after = _AFTER.match(reading.folded, end)
    if after:
        end = after.end()
    town = _TOWN_AFTER.match(reading.text, end)
    if town and fold(town["town"]) not in plain_words():
        end = town.end()
    start = mark.start
    for pattern, text in ((_BEFORE, reading.folded), (_HOUSE_BEFORE, reading.text)):
        before = pattern.search(text, max(0, start - _REACH), start)
        if before:
            start = before.start()
    return Mark(start, end, mark.kind, mark.certainty)


def door_codes(reading: Reading) -> Iterator[Mark]:
    """The numbers that open a house, where its street stands elsewhere or is known."""
    for match in _CODE.finditer(reading.folded_but_is):
        yield Mark(match.start("code"), match.end("code"), Kind.ADDRESS, Certainty.LIKELY)


def farms(reading: Reading) -> Iterator[Mark]:
    """ "Vi på gården Södra Ängby", "bor på Norrgården i Vassbo": a house with a name of its own and no number."""
    for match in _FARM.finditer(reading.text):
        if fold(match["place"]) not in plain_words() | places():
            yield Mark(match.start("place"), match.end(), Kind.ADDRESS, Certainty.POSSIBLE)
    for match in _LIVES_ON.finditer(reading.text):
        yield Mark(match.start("place"), match.end(), Kind.ADDRESS, Certainty.POSSIBLE)
