"""Finds where somebody lives: street with number, postal town, c/o, apartment, property designation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .dwellings import around, door_codes, farms
from .findings import Certainty, Kind, Mark
from .reading import BAR, Reading, fold
from .words import plain_words

_CAPITAL = "[A-ZÅÄÖÉÜØÆŠŽ]"
_PROPER = rf"{_CAPITAL}[\w'-]{{1,30}}"
_STREETS = (
    "gatan gata gaten gat vagen vag veien grand granden stigen stig torget torg allen alle backen backe leden kajen"
    " esplanaden slingan liden svangen kroken strak straket katu tie kuja polku kaari puistikko raitti puisto"
    " vej vejen gaden strase strasse weg gasse"
).split()
_SPOTS = (  # street names only with a capital: "Hamnplan 2", not "översiktsplan 2"
    "sidan promenaden promenad brinken brink glantan dungen bagen tegen vreten sluttningen plan planen plats platsen led ring ringen kaj"
    " stranden strand park parken garden gard asen hojden udden viken kullen"
    " akern angen lyckan hagen lunden dalen berget bron bruket torpet rundan tunet byn branten terrassen"
    " gade"
).split()
_NOT_STREETS = frozenset(
    "brigade riksvag lansvag motorvag cykelvagen gangvagen motorvagen riksvagen lansvagen bilvagen e-vag".split()
)
# What people did ("Lagade 5 hål", "Plogade 12 gator") ends as a Danish street does, and "Ringgade" and "Stengade" are streets.
_DONE = re.compile(r"(?:la|fra|sa|va|ja|ta|plo|fo|dro|bu|tru|su|hel|ar|fan|in|i|[aeiouy]g)gade$")
_UNITS = (
    r"(?:ganger|gang|dagar|dag|veckor|vecka|manader|ar|timmar|minuter|min|meter|m|km|mil|cm|kr|kronor|procent|%|bilar|personer"
    r"|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october|times|days|years|cars|stycken|st|barn|trad|rum|kvm)"
)
_ROOM = (
    r"(?:,? ?(?:lgh|lagenhet|lag|apt|apartment|flat|uppgang|uppg|port|vaning|van|trappor|tr|bv|nb)\.? ?(?:nr\.? ?)?\w{0,5}(?!\w)"
    r"|,? ?\d{1,2}(?: ?1?[⁄/]2|[.,]5)? ?(?:trappor|tr|vaning|van)\.?"
    r"(?: (?:o\.?[ghv]|[hv]\.?g|g\.?[hv]|n\.?b|t\.?[hv]|m\.?f)(?!\w)\.?)?(?!\w))"
)
_NUMBER = (
    rf"(?P<number>\d{{1,4}})(?:(?<!\d\d):\d(?!\d))?(?: ?[a-z](?![\w'.]\w|[\w']))?"
    rf"(?:(?:, ?\d{{1,3}}[a-z]?){{0,3}} ?(?:[-/&]|och|samt) ?\d{{1,3}}(?: ?[a-z])?(?!\w))?(?P<rest>(?: [a-z]?,? ?\d{{1,3}}(?=[\s.,]|$))?"
    rf"{_ROOM}{{0,2}})(?!\d|[:.,]\d| ?{_UNITS}(?!\w))"
)
_GAP = r"(?P<gap>[ ]{1,2}|\.[ ]{0,2}|, ?|[ ]?\n[ >|]{0,4}(?!\d{1,3}[.)] \S)|(?=\d))(?:(?:nr|nummer|no)\.? ?|# ?)?"
_STREET = re.compile(
    rf"(?<![^\W_])(?P<street>(?:[^\W\d_][\w'-]{{0,40}}?)?(?:{'|'.join(sorted(_STREETS + _SPOTS, key=len, reverse=True))}))"
    rf"{_GAP}{_NUMBER}"
)
_SHORT_STREET = re.compile(
    rf"(?<![^\W_])(?P<street>[^\W\d_][\w-]{{1,30}}(?:[gv]\.|s[gv](?= )|(?<=[^\W_])(?:tor|yrko|kol|orr|oder|ster)g(?= )))"
    rf" ?(?:nr\.? ?)?{_NUMBER}"
)
_SPELLED_STREET = re.compile(
    rf"(?<![^\W_])(?P<street>[^\W\d_][\w'-]{{1,40}}?(?:{'|'.join(_STREETS)})) (?:nr |nummer )?(?:ett|tva|tre|fyra|fem|sex|sju|atta|nio|tio"
    r"|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton|tjugo|tjugo\w{2,5}|trettio)(?: ?[a-d](?!\w))?"
    rf"(?!\w| {_UNITS}(?!\w))"
)
_BOX = re.compile(
    rf"(?<!\w)(?:Post[Bb]ox|Box|BOX|PO [Bb]ox|Postlåda|Pl\.?(?! ?(?:19|20)\d\d\b)) \d{{2,5}}(?!\w|[:.,-]\d)(?:, {_PROPER})?"
)
_WORD_BEFORE = re.compile(r"(?<![\w'-])(\d{1,2}:[ae]|[^\W\d_](?:[\w':-]{0,29}\w)?)[ ]$")
_SAINT = re.compile(  # also of a side: "N. Kungsgatan"
    r"(?<![\w'-])(?:[Ss]:ta?|[Ss]t\.|Dr\.?|[NSVÖnsvö]\.|[NSVÖ](?::a)?)[ ]$"
)
_OF_A_NAME = frozenset({"von", "af", "de", "van"})
_NO_SHORT_STREETS = frozenset("nov aug avg arg tidig omg bg pg org ing jfr sv iv".split())
_SQUARES = frozenset(  # alone with a number: "på Torget 6"
    "torget granden backen stigen kajen allen esplanaden slingan stranden".split()
)
_NOT_PROPERTIES = frozenset(
    "avsnitt kapitel kap paragraf punkt bilaga tabell figur version artikel sida skala lag lagen forordning sfs prop motion"
    " bet skr del mal psalm matteus markus lukas johannes mose joh matt rom kor nr nummer tid klockan klass".split()
)
_HOUSE = re.compile(
    rf"(?:stuga|stugan|sommarstuga|sommarstugan|garden|torpet|huset|villan|hemmanet)(?: ?:| pa| i| vid| heter){{0,2}}"
    rf" (?P<place>(?:[^\W\d_][\w'-]{{1,30}} ){{1,2}}\d{{1,4}})(?![\w:]|[.,]\d| ?{_UNITS}(?!\w))"
)
_HOUSE_AFTER = re.compile(
    r"(?<![\w'-])(?P<place>(?:[^\W\d_][\w'-]{1,30} ){1,2}\d{1,4}) (?:[aä]r|heter) (?:var|min|mitt|vart|hans|hennes)"
    r" (?:gard|fastighet|adress|hus|stuga|torp|tomt|hem)(?!\w)"
)
_TOLD_SMALL = re.compile(
    rf"(?<![^\W_])bor (?:pa|i|vid) (?P<place>[^\W\d_][\w'-]{{4,30}} \d{{1,3}} ?[a-z]?)(?![\w:]|[.,]\d| ?{_UNITS}(?!\w))"
)
_SIDES = frozenset(
    "ostra vastra norra sodra lilla stora nya gamla ovre nedre mellersta inre yttre old new north south east west sankt".split()
)
_ENGLISH_STREET = re.compile(
    rf"(?<![\w.,:-])\d{{1,4}}[A-Za-z]?,? (?:{_PROPER} ){{1,4}}?"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Close|Crescent|Terrace|Place|Square|Way|Hill|Gardens|Quay)(?!\w)"
    r"(?:,? (?:flat|apt\.?|apartment|unit|Flat|Apt\.?|Apartment|Unit) ?\w{1,5})?"
)
_TOWN = re.compile(
    rf"(?<![\w.,:])(?<!\d )(?:Box \d{{1,5}},? |{_PROPER} \d{{1,4}}[A-Za-z]?, ?)?"
    rf"(?:(?:SE|S|FI|se|s|fi)- ?)?(?P<code>\d{{3}} ?\d{{2}})[ ]{{1,2}}"
    rf"(?P<town>{_PROPER}(?: {_PROPER}){{0,2}})"
)
_TOWN_SMALL = re.compile(
    r"(?<![\w.,:])(?<!\d )(?:\d{3} \d{2} ?|(?:(?<=\d, )|(?<=\d[a-z], )|(?<=tr, ))\d{5}) (?P<town>[^\W\d_][\w-]{2,30})(?!\w)"
)
_TOWN_TOLD = re.compile(
    r"post(?:nr|nummer|adress)\.?:? ?(?P<town>\d{3} ?\d{2}(?: [^\W\d_][\w-]{1,30})?)(?!\w)"
)
_CARE_OF = re.compile(rf"(?<!\w)[cC] ?/ ?[oO][ :]{{1,2}}[^\W\d_][\w'-]*(?: {_PROPER}){{0,3}}")
_APARTMENT = re.compile(
    rf"(?<!\w)(?:lgh|lagenhet(?:en|snummer|snr)?|apt|apartment|flat)\.? ?(?:nr|nummer|no)?[.:]? ?"
    rf"(?!(?:19|20)\d\d)\d{{1,4}}[a-z]?(?!\w|[:.,]\d| ?{_UNITS}(?!\w))"
)
_PROPERTY = re.compile(
    rf"(?<!\w)(?P<place>(?:{_PROPER} ){{1,3}})(?:\d{{1,3}}|[Ss]|[Gg][Aa]|[Ff][Ss]):\d{{1,4}}(?![\w:])"
)
_PROPERTY_TOLD = re.compile(
    r"(?:fastighet(?:en|erna|sbeteckning(?:en)?)?)\.?:? (?:[aä]r )?"
    r"(?P<place>(?:[^\W\d_][\w'-]{1,30} ){1,3}(?:\d{1,3}(?::\d{1,4})?|s:\d{1,3}))(?![\w:])"
)
_PLOT = re.compile(  # what is built or divided there: "bygglov för Kvarnen 7"
    rf"(?<!\w)(?:[Tt]omt(?:en)?|[Mm]arken|(?:[Bb]ygg|[Mm]ark|[Rr]ivnings)lov(?:et)?(?: för| på| till| för nybyggnad på)?"
    rf"|[Aa]vstyckning(?:en)? (?:av|från)|[Ss]tyckas? av) (?P<place>{_PROPER}(?: {_PROPER})? \d{{1,3}})(?!\w|[:.,]\d| ?{_UNITS}(?!\w))"
)
_BLOCK = re.compile(rf"(?<!\w)(?:[Kk]v\.?|[Kk]varteret) {_PROPER}(?: {_PROPER})? \d{{1,3}}(?!\w|[:.,]\d)")
_TOLD = re.compile(
    r"(?<![^\W_])(?P<cue>bor|boende|bosatt|(?:\w{0,10}adress(?:en)?)|address|live|lives|living|asun|osoit\w{0,8})"
    r"(?: ?:| pa| i| vid| [aä]r| is| at| in| on| hos){0,2} (?P<place>(?:[^\W\d_][\w'-]{1,30} ){1,3}\d{1,4}(?: ?[a-z](?![\w']))?)"
    rf"(?![\w:]|[.,]\d| ?{_UNITS}(?!\w))"
)


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in {"18", "19", "20"}


def _street_start(reading: Reading, at: int, bare: bool) -> int | None:
    """Where the name of the street begins, "Östra" and "Karl Johans" included; None for a lone "väg"."""
    start = at
    for _ in range(3):
        saint = _SAINT.search(reading.text, max(0, start - 6), start)
        if saint:
            return saint.start()
        before = _WORD_BEFORE.search(reading.text, max(0, start - 34), start)
        if before is None:
            break
        word = before[1]
        small = bare and len(word) > 3 and word.islower() and word.endswith("s")  # "st eriks väg"
        of_it = fold(word) in _SIDES | {"st"} or small or (start < at and word in _OF_A_NAME)
        if of_it or (
            (word[0].isupper() or word[0].isdigit())
            and fold(word) not in plain_words()
            and (bare or _mid(reading, before.start()))
        ):
            start = before.start()
        else:
            break
    return None if bare and start == at else start


def _mid(reading: Reading, at: int) -> bool:
    """Whether the place is inside a sentence, where a capital means a name."""
    before = reading.text[max(0, at - 3) : at].rstrip(" ")
    return bool(before) and before[-1] not in ".!?:\n\"'" + BAR


def _streets(reading: Reading) -> Iterator[Mark]:
    for match in _STREET.finditer(reading.folded_but_is):
        street = match["street"]
        capital = reading.text[match.start()].isupper()
        bare = street in _STREETS or street in _SPOTS
        weak = not any(street.endswith(ending) for ending in _STREETS)
        known = street in _NOT_STREETS or street in plain_words() or _DONE.search(street) is not None
        no_street = known or (weak and not capital)
        if _is_year(match["number"]) or (no_street and not bare):
            continue
        start = _street_start(reading, match.start(), bare)
        if start is None and street in _SQUARES and capital and _mid(reading, match.start()):
            start = match.start()
        if start is not None:
            yield Mark(start, match.end(), Kind.ADDRESS, Certainty.LIKELY if weak else Certainty.CERTAIN)
    for match in _SHORT_STREET.finditer(reading.folded_but_is):
        if (
            reading.text[match.start()].isupper()
            and not _is_year(match["number"])
            and not match["street"].rstrip(".").endswith(("dag", "lag", "bilag"))
            and match["street"].rstrip(".") not in _NO_SHORT_STREETS | plain_words()
        ):
            start = _street_start(reading, match.start(), bare=False)
            yield Mark(match.start() if start is None else start, match.end(), Kind.ADDRESS, Certainty.LIKELY)
    for match in _SPELLED_STREET.finditer(reading.folded_but_is):
        if reading.text[match.start()].isupper() and match["street"] not in _NOT_STREETS | plain_words():
            yield Mark(match.start(), match.end(), Kind.ADDRESS, Certainty.LIKELY)
    for match in _ENGLISH_STREET.finditer(reading.text):
        yield Mark(match.start(), match.end(), Kind.ADDRESS)


def _towns(reading: Reading) -> Iterator[Mark]:
    for match in _TOWN.finditer(reading.text):
        if fold(match["town"].split()[0]) not in plain_words():
            yield Mark(match.start(), match.end(), Kind.ADDRESS)
    for match in _TOWN_SMALL.finditer(reading.folded_but_is):
        if match["town"] not in plain_words() and not re.fullmatch(_UNITS, match["town"]):
            yield Mark(match.start(), match.end(), Kind.ADDRESS, Certainty.LIKELY)
    for match in _TOWN_TOLD.finditer(reading.folded_but_is):
        yield Mark(match.start("town"), match.end("town"), Kind.ADDRESS)


def _properties(reading: Reading) -> Iterator[Mark]:
    for match in _PROPERTY.finditer(reading.text):
        words = match["place"].split()
        start = match.start()
        if fold(words[-1]) in _NOT_PROPERTIES:
            continue
        while words and fold(words[0]) in plain_words():
            start += len(words.pop(0)) + 1
        if words:
            yield Mark(start, match.end(), Kind.ADDRESS, Certainty.LIKELY)
    for match in _PROPERTY_TOLD.finditer(reading.folded_but_is):
        last = match["place"].split()[-2]
        if last not in plain_words():
            yield Mark(match.start("place"), match.end("place"), Kind.ADDRESS, Certainty.LIKELY)
    for match in _BLOCK.finditer(reading.text):
        yield Mark(match.start(), match.end(), Kind.ADDRESS, Certainty.LIKELY)
    for match in _PLOT.finditer(reading.text):
        if fold(match["place"].split()[-2]) not in plain_words() | _NOT_PROPERTIES:
            yield Mark(match.start("place"), match.end(), Kind.ADDRESS, Certainty.POSSIBLE)


def _told(reading: Reading) -> Iterator[Mark]:
    """ "Jag bor på Solhem 4": a farm or a house is an address when the words before say so."""
    for match in _TOLD.finditer(reading.folded_but_is):
        words = match["place"].split()
        named = reading.text[match.start("place")].isupper() or "adress" in match["cue"]
        inner = [word for word in words if word.isalpha() and len(word) > 1]
        if named and inner and not any(word in plain_words() for word in inner) and not _is_year(words[-1]):
            yield Mark(match.start("place"), match.end("place"), Kind.ADDRESS, Certainty.LIKELY)


def _houses(reading: Reading) -> Iterator[Mark]:
    """ "Stugan Skäret 14", "Hultet 312 är vår gård", and in small letters "bor i norrgården 12"."""
    for pattern in (_HOUSE, _HOUSE_AFTER, _TOLD_SMALL):
        for match in pattern.finditer(reading.folded_but_is):
            word = match["place"].split()[-2]
            named = pattern is _TOLD_SMALL or reading.text[match.start("place")].isupper()
            if named and word not in plain_words() | _NOT_STREETS | _NOT_PROPERTIES:
                yield Mark(match.start("place"), match.end("place"), Kind.ADDRESS, Certainty.POSSIBLE)


def addresses(reading: Reading) -> Iterator[Mark]:
    """Addresses with a number; a street, a town or a lake without one is nobody's address."""
    for street in _streets(reading):
        yield around(reading, street)
    yield from _towns(reading)
    yield from farms(reading)
    yield from door_codes(reading)
    yield from _properties(reading)
    yield from _told(reading)
    yield from _houses(reading)
    for match in _BOX.finditer(reading.text):
        yield Mark(match.start(), match.end(), Kind.ADDRESS, Certainty.LIKELY)
    for match in _CARE_OF.finditer(reading.text):
        yield Mark(match.start(), match.end(), Kind.ADDRESS)
    for match in _APARTMENT.finditer(reading.folded_but_is):
        yield Mark(match.start(), match.end(), Kind.ADDRESS)
