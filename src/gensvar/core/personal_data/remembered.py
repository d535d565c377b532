"""Remembers what was found out about a word, but no word longer than any name: a hostile text must not fill the memory."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final, TypeVar

Found = TypeVar("Found")

LONGEST: Final = (
    100  # letters and signs; also of a double name with hyphens and every part as long as names come
)


def remembered(most: int) -> Callable[[Callable[[str], Found]], Callable[[str], Found]]:
    """As `functools.lru_cache(most)`, for a function of one text; what is longer than LONGEST is found out anew each time."""

    def decorate(find: Callable[[str], Found]) -> Callable[[str], Found]:
        kept = functools.lru_cache(maxsize=most)(find)

        @functools.wraps(find)
        def known(text: str) -> Found:
            return kept(text) if len(text) <= LONGEST else find(text)

        return known

    return decorate
