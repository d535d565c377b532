"""Finds personal identity numbers: Swedish (also samordningsnummer and sole traders), Finnish, Danish, Norwegian; and
dates of birth that are said to be that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .checksums import finnish, is_birth_date, is_date, luhn, norwegian
from .findings import Certainty, Kind, Mark
from .reading import BAR, Reading

_ODD_SIGNS = ".:,·•~=*|()"  # between date and number only where the checksum is right
_GAP = r"[ .\-/]?"
_SWEDISH = re.compile(
    rf"(?<!\d)(?<!\d[-.,:])"
    rf"(?P<date>(?:(?:1[689]|20){_GAP})?\d\d{_GAP}\d\d{_GAP}\d\d)"
    r"(?P<sign>\s?[-+/_]{1,2}\s?|\s?[.:,·•~=*|()]\s?|[ ]?)"
    r"(?P<number>[\dtrsuwxjklmn]\d ?\d\d|[x*]{4})(?![\d*]|-\d)",
    re.IGNORECASE,
)
_SCATTERED = re.compile(  # ten or twelve digits, a zero also as O, with any signs between
    r"(?<![\w])(?<!\d[^\w\n])(?P<digits>[\doO](?:[^\w\n\ufdd0]{0,3}[\doO]){9}(?:(?:[^\w\n\ufdd0]{0,3}[\doO]){2})?)(?![\w])(?![^\w\n]\d)"
)
_MOST_GROUPS = 7  # of digits, unless each stands alone
_SPACED = re.compile(r"(?<!\d)(?<!\d )((?:\d ){5,7}\d ?[-+]? ?(?:\d ){3}\d)(?! ?\d)")
_LOOK_ALIKE = re.compile(  # a one or a nought typed or read as a letter: "8I1228-9874"
    r"(?<![\w])(?P<date>(?:[\dIlOo]{2})?[\dIlOo]{6})[-+ ]?(?P<number>[\dIlOo]{4})(?![\w-])"
)
_MEANT = str.maketrans("IlOo", "1100")
_RESERVE = re.compile(  # of newcomers in schools and care, before they have a personnummer: "20120315-TF12"
    r"(?<!\w)(?P<date>(?:19|20)\d{6})[- ]?(?:[A-Z]{2}|[Tt]f)\d{2}(?!\w)"
)
_FINNISH = re.compile(r"(?<!\w)(\d{6})([-+a-fu-y])(\d{3})([0-9a-fhj-npr-y])(?!\w)")
_ELEVEN = re.compile(r"(?<!\d)(?<!\d[-.])(\d{6}) ?(\d{5})(?!\d)")
_CUE = re.compile(
    r"(?:person(?:al)?[ -]?(?:identity |id )?(?:nummer|number|nr)|pers\.? ?nr|pnr|personnumret|samordning"
    r"|id-?(?:nummer|nr|number)|identit\w*nummer|ssn|social security|enskild firma|henkilotunnus|hetu|cpr|fodsels)"
    r"[^\d\n\ufdd0]{0,30}$"
)
_OTHER_NUMBER = re.compile(  # what says that the number is a thing's: "Skadenummer 850312-1235"
    r"(?<!\w)(?:(?:arende|skade|diarie|faktura|order|kund|avtals|artikel|referens|serie|kvitto|biljett|matar|anlaggnings|lopnummer|ocr"
    r"|objekts|protokolls|avis|medlems)[\w-]{0,6}(?:nummer|nr|numret|id)"
    r"|arendet?|case|dnr|ocr|ref(?:erens)?(?:nr)?|art(?:ikel)?\.? ?nr)[.:]? ?(?:ar )?$"
)
_ZEROS = str.maketrans("oO", "00")
_MONTHS = (
    r"(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october|jan|feb|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec)\.?"
)
_BORN = re.compile(
    r"(?<![^\W_])(?:fodd|fodelse(?:datum|dag|tid)|born|date of birth|dob|syntynyt|f\.)\s{0,2}(?:[:=]|den|ar|on|is)?\s{0,2}"
    rf"(?P<date>\d{{4}}-\d\d-\d\d|\d{{8}}|\d{{6}}|\d{{1,2}}[/.]\d{{1,2}}[\s.\-/]{{0,2}}\d{{2,4}}|\d{{1,2}}\.? {_MONTHS} \d{{4}}"
    rf"|{_MONTHS} \d{{1,2}},? \d{{4}})(?!\d)"
)

_LAST_FOUR = re.compile(  # "de sista fyra siffrorna är 1234": the rest was told before, or is known to whoever reads
    r"(?<!\w)(?:sista fyra|fyra sista|last four|viimeiset nelja)(?: (?:siffror(?:na)?|digits|numeroa)[ :]{1,2}(?:ar |are )?"
    r"|[ :]{1,2}(?:ar |are )?(?!(?:19|20)\d\d))(?P<date>\d ?\d ?\d ?\d)(?!\w|[-.,:/]\d)"
)


def _told(reading: Reading, at: int) -> bool:
    """Whether the words just before say that a personal number comes."""
    before = reading.folded[max(0, at - 60) : at]
    return _CUE.search(before.rpartition(BAR)[2]) is not None


def _is_of_a_thing(reading: Reading, at: int) -> bool:
    """Whether the words just before say that the number is an article's, a case's; asked only where the checksum is wrong."""
    return _OTHER_NUMBER.search(reading.folded, max(0, at - 40), at) is not None


def _swedish_certainty(match: re.Match[str], told: bool) -> Certainty | None:
    date = re.sub(r"\D", "", match["date"])
    number = match["number"].replace(" ", "")
    sign = match["sign"].strip(" \n\t/_")
    compact = re.sub(r"\d", "", match["date"]) == ""
    if len(date) == 8 and date.startswith(
        "16"
    ):  # organisation number of a sole trader, in the tax agency's twelve digits
        date = date[2:]
    real = is_birth_date(date)
    if not number.isdigit():  # 850709-XXXX, or the letter of a provisional number
        return Certainty.LIKELY if real and (sign or told) else None
    if real and luhn(date[-6:] + number):
        return Certainty.CERTAIN
    if told:
        return Certainty.LIKELY
    if sign in _ODD_SIGNS and sign:
        return None
    if real and sign and (compact or not sign.isspace()):
        return Certainty.LIKELY
    if sign and compact and len(date) == 6 and is_date(2000, int(date[2:4]), int(date[:2])):
        return Certainty.LIKELY  # Danish order: day, month
    if real and compact and (match["sign"] == " " or (len(date) == 8 and not _is_clock(number))):
        return Certainty.POSSIBLE
    return None


def _is_clock(four: str) -> bool:
    return int(four[:2]) < 24 and int(four[2:]) < 60


def _foreign(reading: Reading) -> Iterator[Mark]:
    for match in _FINNISH.finditer(reading.folded):
        if finnish(match[1], match[3], match[4]):
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER)
        elif _told(reading, match.start()):
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER, Certainty.LIKELY)
    for match in _ELEVEN.finditer(reading.text):
        if norwegian(match[1] + match[2]) and is_date(2000, int(match[1][2:4]), int(match[1][:2])):
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER, Certainty.LIKELY)


def _scattered(reading: Reading) -> Iterator[Mark]:
    """Numbers pulled apart in some way of the writer's own; only where date and checksum agree."""
    for match in _SCATTERED.finditer(reading.text):
        digits = re.sub(r"\D", "", match["digits"].translate(_ZEROS))
        groups = len(re.findall(r"[\doO]+", match["digits"]))
        together = groups <= _MOST_GROUPS or groups == len(digits)
        if together and is_birth_date(digits[:-4]) and luhn(digits[-10:]):
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER, Certainty.LIKELY)


def _unlike(reading: Reading) -> Iterator[Mark]:
    """Numbers with letters in them: look-alikes of digits where the checksum is right or words say so, and reserve numbers."""
    for match in _LOOK_ALIKE.finditer(reading.text):
        date, number = match["date"].translate(_MEANT), match["number"].translate(_MEANT)
        digits = sum(each.isdigit() for each in match.group())
        if digits < len(date) or match.group().isdigit() or not is_birth_date(date):
            continue
        if luhn(date[-6:] + number) or _told(reading, match.start()):
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER, Certainty.LIKELY)
    for match in _RESERVE.finditer(reading.text):
        if is_birth_date(match["date"]):
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER, Certainty.LIKELY)


def identity_numbers(reading: Reading) -> Iterator[Mark]:
    """Identity numbers in every grouping; a wrong checksum lowers the certainty but is still proposed where the form is
    plain. Rules: Skatteverket SKV 704 (personnummer) and SKV 707 (samordningsnummer)."""
    for match in _SWEDISH.finditer(reading.text):
        certainty = _swedish_certainty(match, _told(reading, match.start()))
        if certainty in {Certainty.LIKELY, Certainty.POSSIBLE} and _is_of_a_thing(reading, match.start()):
            continue
        if certainty:
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER, certainty)
    for match in _SPACED.finditer(reading.text):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) in (10, 12) and is_birth_date(digits[:-4]) and luhn(digits[-10:]):
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER)
    yield from _scattered(reading)
    yield from _unlike(reading)
    yield from _foreign(reading)
    for pattern in (_BORN, _LAST_FOUR):
        for match in pattern.finditer(reading.folded):
            yield Mark(match.start("date"), match.end("date"), Kind.IDENTITY_NUMBER, Certainty.LIKELY)
