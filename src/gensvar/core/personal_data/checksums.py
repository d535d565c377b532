"""The checksums and dates that tell a number of a person or an account from any other row of digits."""

from __future__ import annotations

from datetime import date

_FINNISH = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def luhn(digits: str) -> bool:
    """Luhn's test over all digits, the last being the check digit (personnummer: SKV 704; cards: ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return bool(digits) and total % 10 == 0


def iban(compact: str) -> bool:
    """ISO 13616: the remainder by 97 of country, check digits and account, letters as 10–35, is 1."""
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_birth_date(digits: str) -> bool:
    """YYMMDD or YYYYMMDD, the day plus 60 for a samordningsnummer; a two-digit year counts in any century."""
    month, day = int(digits[-4:-2]), int(digits[-2:])
    day = day - 60 if day > 60 else day
    if len(digits) == 8:
        return digits[:2] in {"18", "19", "20"} and is_date(int(digits[:4]), month, day)
    return any(is_date(century + int(digits[:2]), month, day) for century in (1900, 2000))


def finnish(six: str, three: str, check: str) -> bool:
    """Henkilötunnus: the nine digits' remainder by 31 names the check character."""
    return _FINNISH[int(six + three) % 31] == check.upper()


def norwegian(eleven: str) -> bool:
    """Fødselsnummer: both check digits, weights by modulus 11."""
    values = [int(each) for each in eleven]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)):
        if sum(weight * value for weight, value in zip(weights, values, strict=False)) % 11:
            return False
    return True
