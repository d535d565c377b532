"""Plus-addresses carry tokens there and back."""

from __future__ import annotations

import pytest

from gensvar.contract.addresses import join_plus, split_plus

TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcd"


def test_a_token_is_taken_off_and_comes_in_lower_case() -> None:
    assert split_plus(f"info+{TOKEN.upper()}@example.org") == ("info@example.org", TOKEN)


@pytest.mark.parametrize(
    "address", ["info@example.org", "info+park@example.org", f"+{TOKEN}@example.org", "", "+", TOKEN]
)
def test_what_carries_no_token_stays_as_it_is(address: str) -> None:
    assert split_plus(address) == (address, "")


def test_a_tag_of_the_address_itself_stays() -> None:
    assert split_plus(f"info+park+{TOKEN}@example.org") == ("info+park@example.org", TOKEN)


def test_joining_and_splitting_are_each_others_reverse() -> None:
    assert split_plus(join_plus("gata.park@example.org", TOKEN)) == ("gata.park@example.org", TOKEN)


def test_no_token_changes_nothing() -> None:
    assert join_plus("info@example.org", "") == "info@example.org"


def test_an_address_too_long_for_a_token_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        join_plus("a" * 30 + "@example.org", TOKEN)
