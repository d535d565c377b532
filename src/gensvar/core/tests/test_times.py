"""Times as one says them, in Stockholm's hours."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from gensvar.core.times import brief, said

NOW = dt.datetime(2026, 11, 24, 20, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("at", "language", "full", "short"),
    [
        (dt.datetime(2026, 11, 24, 13, 2, tzinfo=dt.UTC), "sv", "i dag 14:02", "14:02"),
        (dt.datetime(2026, 11, 23, 13, 2, tzinfo=dt.UTC), "sv", "i går 14:02", "i går"),
        (dt.datetime(2026, 11, 25, 15, 0, tzinfo=dt.UTC), "sv", "i morgon 16:00", "25 nov."),
        (dt.datetime(2026, 11, 17, 13, 2, tzinfo=dt.UTC), "sv", "tis 17 nov. 14:02", "17 nov."),
        (dt.datetime(2026, 5, 1, 13, 2, tzinfo=dt.UTC), "sv", "fre 1 maj 15:02", "1 maj"),
        (dt.datetime(2025, 7, 6, 22, 30, tzinfo=dt.UTC), "sv", "mån 7 juli 2025 00:30", "7 juli 2025"),
        (dt.datetime(2026, 11, 17, 13, 2, tzinfo=dt.UTC), "en", "Tue 17 Nov 14:02", "17 Nov"),
        (dt.datetime(2026, 11, 24, 13, 2, tzinfo=dt.UTC), "en", "today 14:02", "14:02"),
    ],
)
def test_a_time_is_said_as_one_says_it(at: dt.datetime, language: str, full: str, short: str) -> None:
    with translation.override(language):
        assert said(at, now=NOW) == full
        assert brief(at, now=NOW) == short


def test_no_time_is_no_words() -> None:
    assert said(None) == brief(None) == ""
