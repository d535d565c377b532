"""The ids of rows in what a browser sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gensvar.core.ids import row_id


@given(some.integers(0, 10**18 - 1))
def test_an_id_is_read(number: int) -> None:
    assert row_id(str(number)) == number


@pytest.mark.parametrize("text", [None, "", "x", "-1", "+1", " 1", "1.0", "²", "٣", "9" * 19, "9" * 5000])
def test_what_is_none_is_no_rows(text: str | None) -> None:
    assert row_id(text) == 0


@given(some.text())
def test_whatever_is_sent_a_database_can_be_asked_for_it(text: str) -> None:
    assert 0 <= row_id(text) < 2**63
