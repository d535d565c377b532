"""The checksums against numbers that their keepers publish as examples."""

from __future__ import annotations

import pytest

from gensvar.core.personal_data import checksums


@pytest.mark.parametrize("digits", ["8112189876", "8507099805", "7010632391", "9912346", "4111111111111111"])
def test_luhn_accepts_published_examples_and_no_neighbour(digits: str) -> None:
    assert checksums.luhn(digits)
    assert not checksums.luhn(digits[:-1] + str((int(digits[-1]) + 1) % 10))


def test_luhn_of_nothing_is_false() -> None:
    assert not checksums.luhn("")


def test_iban_accepts_published_examples() -> None:
    assert checksums.iban("SE4550000000058398257466")
    assert checksums.iban("DE89370400440532013000")
    assert not checksums.iban("SE4550000000058398257467")


@pytest.mark.parametrize(
    ("digits", "real"),
    [
        ("850709", True),
        ("850769", True),
        ("851309", False),
        ("850732", False),
        ("000229", True),
        ("19000229", False),
        ("20000229", True),
        ("17850709", False),
    ],
)
def test_birth_dates_are_days_that_were_and_coordination_numbers_add_sixty(digits: str, real: bool) -> None:
    assert checksums.is_birth_date(digits) is real


def test_finnish_and_norwegian_numbers_have_their_own_sums() -> None:
    assert checksums.finnish("131052", "308", "T")
    assert not checksums.finnish("131052", "308", "U")
    assert checksums.norwegian("13097248022")
    assert not checksums.norwegian("13097248023")
