"""Tokens: only genuine ones open, each for its own purpose, also after the secret was changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from gensvar.core import tokens


def test_a_token_opens_what_it_was_made_for_and_fits_a_mail_address() -> None:
    key = tokens.new_key()
    token = tokens.make("conversation", key)
    assert re.fullmatch(r"[a-z2-7]{36}", token)
    assert tokens.read("conversation", token) == key
    assert tokens.read("conversation", token.upper()) == key


def test_a_token_of_another_purpose_opens_nothing() -> None:
    assert tokens.read("bounce", tokens.make("conversation", tokens.new_key())) is None


@pytest.mark.parametrize("place", range(tokens.LENGTH))
def test_a_token_with_any_letter_changed_opens_nothing(place: int) -> None:
    token = tokens.make("conversation", "00112233445566778899")
    other = "b" if token[place] != "b" else "c"
    changed = token[:place] + other + token[place + 1 :]
    assert tokens.read("conversation", changed) != "00112233445566778899"


@given(st.text(max_size=80))
def test_no_text_raises_or_opens(text: str) -> None:
    assert tokens.read("conversation", text) is None


def test_an_old_secret_still_opens_until_it_is_taken_away(settings: Settings) -> None:
    key = tokens.new_key()
    token = tokens.make("conversation", key)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret, long enough to be one"
    assert tokens.read("conversation", token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert tokens.read("conversation", token) == key
