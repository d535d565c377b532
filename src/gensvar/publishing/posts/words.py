"""The plain words of a post's row, and the stems by which it is found. Pure; neighbours: finding keeps the index, gate reads."""

from __future__ import annotations

import html
import re
from typing import Any, Final, Protocol

from gensvar.conversations import stems

_INSIDE: Final = re.compile(r"</?(?:a|b|i|em|strong)\b[^<>]*>")
_TAG: Final = re.compile(r"<[^<>]*>")


class Row(Protocol):
    """A post's row, of whatever model."""

    title: Any
    lead: Any
    body: Any


def parts_of(post: Row) -> tuple[str, ...]:
    """What each part of its text says, without marks; asks the database for nothing.

    Captions and contact boxes are left out: whether they are shown depends on what stands in other rows.
    """
    said = (" ".join(_said(one["type"], one["value"])) for one in post.body.raw_data)
    return tuple(text for text in (" ".join(one.split()) for one in said) if text)


def written(post: Row) -> int:
    """How many words whoever signed it wrote: the lead, the text and the fact boxes, without what others are quoted with."""
    own = (one for one in post.body.raw_data if one["type"] in {"text", "facts"})
    said = (text for one in own for text in _said(one["type"], one["value"]))
    return sum(len(text.split()) for text in (str(post.lead), *said))


def found_by(post: Row) -> list[str]:
    """What the index holds of a post: its stems, and the English ones of what is written in English."""
    return stems.indexed(post.title, post.lead, *parts_of(post))


def _said(kind: str, value: Any) -> list[str]:
    if kind == "text":
        return [_plain(value)]
    if kind == "facts":
        return [value["heading"], _plain(value["text"])]
    if kind == "quotation":
        return [value["text"], value.get("who") or ""]
    return [value["title"]] if kind == "film" else []


def _plain(text: Any) -> str:
    return html.unescape(_TAG.sub(" ", _INSIDE.sub("", str(text or ""))))
