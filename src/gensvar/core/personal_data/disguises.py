"""Finds addresses and numbers that are pulled apart or carry another sign, so that no machine should read them.

"e v a @ p o s t . s e", "eva#post.se", "0.7.0.1.7.4.0.6.0.5". Neighbours: emails and phones find what is written plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .checksums import is_birth_date, luhn
from .findings import Certainty, Kind, Mark
from .reading import Reading

_ENDINGS = "(?:se|nu|com|net|org|eu|fi|no|dk|exempel)"
_LETTERS = re.compile(  # every letter by itself, two at least on each side of the sign
    r"(?<![^\W_])(?:[^\W_][ ]{1,2}(?:[._-][ ]{1,2})?){2,40}(?:@|[(\[{]?(?:at|snabel-?a)[)\]}]?)"
    r"(?:[ ]{1,2}[^\W_](?:[ ]{1,2}-)?){2,40}[ ]{0,2}\.(?:[ ]{0,2}[^\W\d_](?![^\W_])){2,6}",
    re.IGNORECASE,
)
_DASHES = re.compile(r"(?<![^\W_])(?:[^\W_]-){2,40}@(?:-[^\W_]){2,40}-?\.(?:-?[^\W\d_](?![^\W_])){2,6}")
_OTHER_SIGN = re.compile(  # "eva#post.se", "eva*at*post.se", "eva <at> post <dot> se"
    rf"(?<![\w/.#?&=])[^\W_][\w.+-]{{1,63}}(?:[#£§®©¤]|\*(?:at|a)\*)(?:[^\W\d_][\w-]{{1,62}}\.){{1,4}}{_ENDINGS}(?![\w/-]|\.\w)"
    rf"|(?<![\w/.])[^\W_][\w.+-]{{1,63}}[ ]?<(?:at|snabel-?a)>[ ]?(?:[^\W_][\w-]{{1,62}}[ ]?(?:<(?:dot|punkt)>|\.)[ ]?){{1,4}}"
    rf"{_ENDINGS}(?!\w)",
    re.IGNORECASE,
)
_AT_A_SERVICE = re.compile(  # "anna.berg87 på gmail"
    r"(?<![\w@.])(?=[^\W_]{0,40}[\d._])[^\W_][\w.+-]{2,40} (?:på|at|vid|@) (?:gmail|hotmail|outlook|yahoo|icloud|live|telia|proton)"
    r"(?:(?:\.| punkt )(?:com|se|me))?(?!\w)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.,-])\d(?:[ ]?[ .-][ ]?\d){8,11}(?!\w|[ .-]{1,3}\d)")


def disguised(reading: Reading) -> Iterator[Mark]:
    """E-mail addresses, phones and identity numbers in these shapes; rows of digits only where the number can be one."""
    for pattern in (_LETTERS, _DASHES, _OTHER_SIGN, _AT_A_SERVICE):
        for match in pattern.finditer(reading.text):
            yield Mark(match.start(), match.end(), Kind.EMAIL, Certainty.LIKELY)
    for match in _DIGITS.finditer(reading.text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) in {10, 12} and is_birth_date(digits[:-4]) and luhn(digits[-10:]):
            yield Mark(match.start(), match.end(), Kind.IDENTITY_NUMBER)
        elif len(digits) < 11 and digits[0] == "0" and digits[1] != "0":
            yield Mark(match.start(), match.end(), Kind.PHONE, Certainty.LIKELY)
