"""Finds numbers of accounts, cards and vehicles: IBAN, bankgiro, plusgiro, bank account, card, number plate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .checksums import iban, luhn
from .findings import Certainty, Kind, Mark
from .reading import BAR, Reading
from .words import common_words

_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d\d(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?!\w)")
_CARD = re.compile(
    r"(?<!\d)(?<!\d[-. ])(?:\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}|3[47]\d\d[ -]?\d{6}[ -]?\d{5})(?![ -]?\d)"
)
_TOLD = re.compile(
    r"(?<![^\W_])(?:bankgiro(?:t|nummer|nr)?|bg|plusgiro(?:t|nummer|nr)?|postgiro(?:t)?|pg|(?:bank)?konto(?:t|nummer|numret|nr)?"
    r"|clearing(?:nummer|nr)?|(?:bank )?account(?: number| no)?)(?! ?(?:for|saldo))"
    r"[^\w\n\ufdd0]{0,3}(?:(?:nr|nummer|ar|is|med|hos \w{1,20})[^\w\n\ufdd0]{0,3}){0,2}"
    r"(?P<number>\d(?:[ \-]{0,2},? ?\d){4,20})(?!\d| ?(?:kr|kronor|sek)\b)"
)
_BANK = re.compile(  # "Handelsbanken 6789 123 456 789 är mitt konto"
    r"(?<![^\W_])(?:\w{0,20}bank(?:en)?|nordea|seb|skandia|sbab|avanza|klarna|lunar|revolut)[ ,:]{1,3}(?:clearing(?:nr|nummer)? )?"
    r"(?P<number>\d{4}(?:[ ,-]{1,2}\d{1,10}){1,5})(?![\w-]|[.,]\d| ?(?:kr|kronor|sek)\b)"
)
_LEAST_DIGITS = 10  # of clearing number and account together
_PLATE_LETTERS = "[A-HJ-PR-UW-Z]"
_PLATE = re.compile(rf"(?<![\w-])({_PLATE_LETTERS}{{3}}) ?(\d\d)([\dA-HJ-NPR-UW-Z])(?![\w:/]|[.,-]\d)")
_PLATE_TOLD = re.compile(
    r"(?:reg\.? ?(?:nr|nummer|no|number)?|registrerings\w{1,10}|nummerplat\w{0,5}|skylt(?:en|ar|arna)?|plate|\w{0,8}bil(?:en)?|car"
    r"|husvagn(?:en)?|slap(?:et|vagn)?|moped(?:en)?|mc|motorcykel(?:n)?)\.?:?"
    r"(?: med| with| ar| har| har reg\.? ?nr| med reg\.? ?(?:nr|nummer))?:? ?[(\"']?(?P<plate>[a-hj-pr-uw-z]{3}[ -]?\d\d[\da-hj-npr-uw-z])"
    r"(?!\w)"
)
_PLATE_APART = re.compile(  # KLM-482, KLM 48 D, K L M 4 8 2
    rf"(?<![\w-]){_PLATE_LETTERS} ?{_PLATE_LETTERS} ?{_PLATE_LETTERS}[ .·-]{{0,3}}\d ?\d ?[\dA-HJ-NPR-UW-Z](?![\w:/-]|[.,]\d)"
)
_PLATE_FENCED = re.compile(
    r"(?<=[(,:\"'\s])(?<![^\W_] )(?P<plate>[a-hj-pr-uw-z]{3}[ -]?\d\d[\da-hj-npr-uw-z])(?=[),.;\"'\n]|$)"
)
_PLATE_ACTS = re.compile(  # "abc123 parkerar på gräset"; before a space only what is no word: "hus 12b står tomt", "typ 100 kör"
    r"(?<![\w-])(?P<plate>(?:[a-hj-pr-uw-z]{3}-?|[b-df-hj-npr-tw-xz]{3} )\d\d[\da-hj-npr-uw-z])"
    r"(?= (?:parkera\w{0,3}|kor|korde|har kort|star|stod|ar parkerad|blockerar?|ar overgiven|tutar|bromsade)(?!\w))"
)
_VEHICLE = re.compile(
    r"(?<![^\W_])(?:\w{0,8}bil(?:en|ar|arna)?|husvagn\w{0,3}|slap(?:et|vagn\w{0,2})?|moped\w{0,2}|mc|motorcykel\w{0,2}|fordon\w{0,2}"
    r"|traktor\w{0,2}|parker\w{2,5}|reg\w{0,12}|skylt\w{0,3}|volvo\w?|saab|bmw|audi|toyota|skoda|car|van|truck|vehicle|plate)\W"
)
_NOT_PLATES = frozenset(
    "SOU SFS PBL LSS KSN DNR ISO USB LGH TEL KAP NRK SEK EUR USD DKK NOK BNP PPM PDF ABS LED LAN WHO HTC SAS KRN FAX BOX NUM"
    " HPL STN PKT TSD HSL SOL ARB HFD RAD LAG MHZ KWH KVM RUM SAL BUS BRF HSB NCC SEB".split()
)


def _ibans(text: str) -> Iterator[Mark]:
    for match in _IBAN.finditer(text):
        written = match.group()
        for end in range(len(written), 14, -1):
            compact = written[:end].replace(" ", "")
            cut = end < len(written) and written[end - 1].isalnum() and written[end].isalnum()
            if 15 <= len(compact) <= 34 and not cut and iban(compact):
                yield Mark(match.start(), match.start() + end, Kind.ACCOUNT)
                break
        else:
            swedish = re.match(r"se(?: ?\d){22}(?!\w)", written)
            if swedish:
                yield Mark(match.start(), match.start() + swedish.end(), Kind.ACCOUNT, Certainty.LIKELY)


def accounts(reading: Reading) -> Iterator[Mark]:
    """Account and card numbers: by checksum where there is one, else only when the words before say what it is."""
    yield from _ibans(reading.folded)
    for match in _CARD.finditer(reading.text):
        digits = re.sub(r"\D", "", match.group())
        grouped = re.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}", match.group()) is not None
        if 13 <= len(digits) <= 19 and (luhn(digits) or grouped):
            yield Mark(
                match.start(),
                match.end(),
                Kind.ACCOUNT,
                Certainty.CERTAIN if luhn(digits) else Certainty.POSSIBLE,
            )
    for match in _TOLD.finditer(reading.folded):
        yield Mark(match.start("number"), match.end("number"), Kind.ACCOUNT, Certainty.LIKELY)
    for match in _BANK.finditer(reading.folded):
        if len(re.sub(r"\D", "", match["number"])) >= _LEAST_DIGITS:
            yield Mark(match.start("number"), match.end("number"), Kind.ACCOUNT, Certainty.LIKELY)


def vehicles(reading: Reading) -> Iterator[Mark]:
    """Swedish number plates (ABC 123, ABC 12D); in small letters only when the words before say so."""
    for match in _PLATE.finditer(reading.text):
        if match[1] not in _NOT_PLATES:
            certainty = Certainty.POSSIBLE if match[3].isdigit() else Certainty.LIKELY
            yield Mark(match.start(), match.end(), Kind.VEHICLE, certainty)
    for pattern, group in ((_PLATE_APART, 0), (_PLATE_FENCED, "plate")):
        for match in pattern.finditer(reading.text):
            before = reading.folded[max(0, match.start() - 60) : match.start()].rpartition(BAR)[2]
            letters = match[group][:3].lower()
            if letters in common_words() or letters.upper() in _NOT_PLATES:
                continue
            if _VEHICLE.search(f"{before} "):
                yield Mark(match.start(group), match.end(group), Kind.VEHICLE, Certainty.LIKELY)
    for match in _PLATE_ACTS.finditer(reading.folded):
        letters = match["plate"][:3]
        if letters not in common_words() and letters.upper() not in _NOT_PLATES:
            yield Mark(match.start(), match.end(), Kind.VEHICLE, Certainty.LIKELY)
    for match in _PLATE_TOLD.finditer(reading.folded):
        yield Mark(match.start("plate"), match.end("plate"), Kind.VEHICLE, Certainty.LIKELY)
