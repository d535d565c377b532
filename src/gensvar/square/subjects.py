"""Which public page a word is to be about, as links and forms name it (`?om=`). Neighbours: writing, sharing.

An exchange is named by its number, `2026-000123`; any other by its kind and key, `nytt-12`. Its own gate says whether it may
be seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from gensvar.learning import gate as outcomes
from gensvar.learning.values import PublishedOutcome
from gensvar.publishing.about.models import WordAbout
from gensvar.publishing.comments.pages import page_of
from gensvar.publishing.positions import gate as positions
from gensvar.publishing.positions.values import PublishedPosition
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.values import PublishedPost

OF_A_POST: Final = "nytt-"
OF_A_POSITION: Final = "star-"
OF_AN_OUTCOME: Final = "gjort-"
LONGEST: Final = 30  # characters of a name
VERDICTS: Final = frozenset({str(WordAbout.Why.ANSWER), str(WordAbout.Why.NO_ANSWER)})
_NUMBER: Final = re.compile(r"[0-9]{4}-[0-9]{1,12}")
_KEY: Final = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Subject:
    """A public page that a word may be about; `name` finds it again, `function` is the slug of who answers there."""

    name: str
    kind: str  # WordAbout.On
    key: str  # WordAbout.on_key
    title: str
    language: str  # BCP 47
    address: str  # a path
    function: str = ""


def page_named(name: str) -> Subject | None:
    """The public page of that name; None for whatever may not be seen."""
    if len(name) > LONGEST:
        return None
    if (post := post_named(name)) is not None:
        return _commented(name, WordAbout.On.POST, post.place)
    if (position := position_named(name)) is not None:
        said = position.newest.here
        address = reverse("square:position", args=[position.slug])
        on = str(WordAbout.On.POSITION)
        return Subject(name, on, position.slug, said.title, said.language, address, position.function_slug)
    if (outcome := outcome_named(name)) is not None:
        key, on = f"{outcome.key}-{outcome.slug}", str(WordAbout.On.OUTCOME)
        return Subject(name, on, key, outcome.title, outcome.language, outcome.path, outcome.function_slug)
    return _commented(name, WordAbout.On.EXCHANGE, name) if _NUMBER.fullmatch(name) else None


def post_named(name: str) -> PublishedPost | None:
    """The post of a name as `nytt-12`."""
    key = _key(name, OF_A_POST)
    return posts.find_by_key(key) if key is not None else None


def position_named(name: str) -> PublishedPosition | None:
    """The position of a name as `star-12`."""
    key = _key(name, OF_A_POSITION)
    return positions.find_by_key(key) if key is not None else None


def outcome_named(name: str) -> PublishedOutcome | None:
    """The outcome of a name as `gjort-12`."""
    key = _key(name, OF_AN_OUTCOME)
    return outcomes.find_short(key) if key is not None else None


def _key(name: str, kind: str) -> int | None:
    key = name.removeprefix(kind)
    return int(key) if key != name and _KEY.fullmatch(key) else None


def _commented(name: str, kind: str, key: str) -> Subject | None:
    """A page that comments stand under too."""
    page = page_of(kind, key)
    return Subject(name, kind, key, page.title, page.language, page.address) if page is not None else None
