"""The language of the page that is being made, asked in one way by whoever has words in two languages."""

from __future__ import annotations

from django.utils.translation import get_language


def here() -> str:
    """The page's language without its region, such as "sv"."""
    return (get_language() or "sv").partition("-")[0]


def in_english() -> bool:
    """Whether the page is in English."""
    return here() == "en"


def named(swedish: str, english: str) -> str:
    """A name as the page says it: in English on an English page where it has one there, else in Swedish."""
    return english if english and in_english() else swedish
