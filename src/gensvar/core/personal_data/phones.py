"""Finds telephone numbers as people write them: Swedish and Finnish national forms, international ones, spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from .findings import Certainty, Kind, Mark
from .reading import Reading
from .remembered import remembered

_BREAK = r"(?:[ \t-]?\n[ \t>|]{0,4})"
_BETWEEN = rf"(?:[ \t.\-/*_()]{{0,3}}|{_BREAK})"
_AFTER_AREA = rf"(?:[ \t.\-/*_():,]{{0,3}}|{_BREAK})"
_NATIONAL = re.compile(
    rf"(?<![\w+])(?<!\d[-.,:])\(?[0oO][1-9][\doO]{{0,2}}(?:{_AFTER_AREA}\d)(?:{_BETWEEN}\d){{3,9}}(?!\d)"
)
_SPACED = re.compile(r"(?<![\w+])(?<!\d )0 [1-9](?: \d){6,8}(?! ?\d)")
_MOBILE = (
    re.compile(  # ten digits of a mobile number with any signs between, a zero also as O: "O7O~174=06|33"
        r"(?<![\w,.])[([]?(?:[0oO]|noll[ -]?) ?7 ?[02369oO](?:[^\w\n\ufdd0]{0,4}[\doO]){7}(?![\w])"
    )
)
_BARE_COUNTRY = re.compile(rf"(?<![\w.,+-])46 ?7[02369](?:{_BETWEEN}\d){{7}}(?!\d)")
_INTERNATIONAL = re.compile(rf"(?<!\w)(?:\(?\+ ?|00 ?)\(?[1-9](?:{_BETWEEN}\d){{6,15}}(?!\d)")
_TOLD = re.compile(
    r"(?<![^\W_])(?:tel|tfn|tlf|telefon(?:nummer|nr)?|mob|mobil(?:nummer|nr|telefon)?|phone|cell|puh|puhelin|swish|sms)"
    rf"(?: ?(?:nummer|nr|no|number))?[.:]{{0,2}}\s?(?:ar |is |on |till |pa )?(?P<number>\+?\d(?:{_BETWEEN}\d){{4,11}})(?!\d|-\d)"
)
_SHORT_MOBILE = re.compile(  # the zero left out: "ring mig 70 174 06 33"
    rf"(?<![^\W_])(?:ring\w{{0,3}}|nr|nummer|numret|sms\w{{0,3}}|nas?|mobil\w{{0,6}})[^\w\n]{{1,3}}"
    r"(?:mig |oss |henne |honom |ar |pa ){0,2}"
    rf"(?P<number>7[02369](?:{_BETWEEN}\d){{7}})(?!\d|[.,-]\d)"
)
_PAIRS = re.compile(  # without its area: "numret är 46 50 04 12"
    r"(?<![^\W_])(?:ring|nummer|numret)[^\w\n]{1,3}(?:ar |pa ){0,2}(?P<number>\d{2,3}(?:[ -]\d\d){2,3})(?![\w-]|[ .,]\d)"
)
_RANGE = re.compile(r"(?:[01]\d|2[0-4])[.:]?[0-5]\d ?- ?(?:[01]\d|2[0-4])[.:]?[0-5]\d(?!\d| ?\d\d)")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[./\- ](?:0?[1-9]|1[0-2])[./\- ](?:19|20)\d\d(?!\d)")
_MONEY = re.compile(r" ?(?:kr\b|kronor|sek\b|euro|€|%|:-|personer|invanare|miljoner)")
_UNITS = "noll|ett|en|tva|tre|fyra|fem|sex|sju|atta|nio"
_TENS = "tjugo|tretti|trettio|fyrtio|femtio|sextio|sjuttio|attio|nittio"
_TEENS = "tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton"
_ENGLISH = "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
_FINNISH = "nolla|yksi|kaksi|kolme|nelja|viisi|kuusi|seitseman|kahdeksan|yhdeksan"
_WORD = rf"(?:(?:{_TENS})(?:{_UNITS})?|{_TEENS}|{_UNITS}|{_ENGLISH}|{_FINNISH})"
_SPELLED = re.compile(
    rf"(?<!\w)(?:(?:{_UNITS})[ ,-]{{1,2}})?(?:plus|noll|zero|oh|nolla)(?:{_WORD})?(?:[\s,\-]{{1,3}}{_WORD}){{5,16}}(?!\w)"
)
_MIXED = re.compile(  # the area in words, the rest in digits: "noll sju noll 174 06 33"
    rf"(?<!\w)(?P<words>noll(?:[ ,-]{{0,2}}{_WORD}){{1,4}})[ ,-]{{1,3}}(?P<digits>\d(?:[ -]?\d){{4,8}})(?!\d|[ -]\d)"
)
_ALSO = re.compile(r" ?/ ?\d{1,4}(?![\d/]|[.,:-]\d)")  # a second line of the same house: "040-628 04 61/62"


def _digit_ends(written: str) -> list[tuple[int, int]]:
    """For each group of digits: how many digits the text holds up to its end, and where that end is."""
    ends: list[tuple[int, int]] = []
    count = 0
    for group in re.finditer(r"[\doO]+", written):
        count += len(group.group())
        ends.append((count, group.end()))
    return ends


def _national_lengths(digits: str) -> range:
    """How many digits a national number may have, the leading zero counted (Swedish plan: PTSFS 2019:1; Finnish fits)."""
    if re.match(r"0[oO0]?7[02369]", digits):
        return range(10, 11)
    return range(8, 11)


def _national_end(written: str) -> int | None:
    """Where in the candidate the number ends: the longest run of whole groups that makes a number."""
    if _RANGE.match(written) or _DATE.match(written) or re.fullmatch(r"0[.,]\d+", written):
        return None
    digits = re.sub(r"[^\doO]", "", written).replace("o", "0").replace("O", "0")
    lengths = _national_lengths(digits)
    ends = _digit_ends(written)
    for count, end in reversed(ends):
        if count in lengths:
            return end
    mobile = lengths == range(10, 11)
    for count, end in reversed(ends):
        if (mobile and 9 <= count <= 11) or (count == 11 and len(ends) > 1):
            return end
    return None


@remembered(4096)
def _is_international(number: str) -> bool:
    """Whether `number` ("+46701234567") can be dialled, by the plan of its country."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE


def _international_end(written: str, rest: str) -> int | None:
    if _MONEY.match(rest):
        return None
    ends = _digit_ends(written)
    for count, end in reversed(ends):
        if count < 8:
            continue
        digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", written[:end]))
        number = "+" + digits.removeprefix("00")
        if number.startswith("+460"):
            number = "+46" + number[4:]
        if _is_international(number):
            return end
    return ends[-1][1] if "+" in written and 9 <= ends[-1][0] <= 15 else None


def phones(reading: Reading) -> Iterator[Mark]:
    """All telephone numbers; what is a date, opening hours, a sum or a case number is left alone."""
    text, folded = reading.text, reading.folded
    for match in _NATIONAL.finditer(text):
        end = _national_end(match.group())
        if end:
            also = _ALSO.match(text, match.start() + end)
            last = also.end() if also else match.start() + end
            yield Mark(match.start(), last, Kind.PHONE, Certainty.LIKELY)
    for match in _INTERNATIONAL.finditer(text):
        end = _international_end(match.group(), folded[match.end() : match.end() + 12])
        if end:
            yield Mark(match.start(), match.start() + end, Kind.PHONE)
    for pattern in (_SPACED, _BARE_COUNTRY, _MOBILE):
        for match in pattern.finditer(text):
            yield Mark(match.start(), match.end(), Kind.PHONE, Certainty.LIKELY)
    for pattern in (_TOLD, _SHORT_MOBILE, _PAIRS):
        for match in pattern.finditer(folded):
            if not _MONEY.match(folded, match.end()):
                yield Mark(match.start("number"), match.end("number"), Kind.PHONE)
    for pattern in (_SPELLED, _MIXED):
        for match in pattern.finditer(folded):
            yield Mark(match.start(), match.end(), Kind.PHONE, Certainty.LIKELY)
