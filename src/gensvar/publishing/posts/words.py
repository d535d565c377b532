"""The plain words of a post's row, and the stems by which it is found. Pure; neighbours: finding keeps the index, gate reads."""

from __future__ import annotations

import html
import re
from typing import Any, Final, Protocol

from gensvar.conversations import stems

_INSIDE: Final = re.compile(r"</?(?:a|b|i|em|strong)\b[^<>]*>")
_TAG: Final = re.compile(r"<[^<>]*>")
_ITEM: Final = re.compile(r"<li\b[^<>]*>")
_END: Final = re.compile(r"</(?:p|li|h[1-6]|blockquote)>|<br\s*/?>")


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


def lines_of(post: Row) -> tuple[str, ...]:
    """The same for whoever reads it whole: each paragraph, heading and item of a list on a line of its own."""
    said = ("\n".join(_said(one["type"], _in_lines(one["value"]))) for one in post.body.raw_data)
    lines = ([" ".join(line.split()) for line in one.splitlines()] for one in said)
    return tuple(text for text in ("\n".join(filter(None, one)) for one in lines) if text)


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


def _in_lines(value: Any) -> Any:
    """The value of a part, with a new line wherever a line ends in it."""
    if isinstance(value, str):
        return _END.sub("\n", _ITEM.sub("- ", value))
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        return value | {"text": _in_lines(value["text"])}
    return value


def _plain(text: Any) -> str:
    return html.unescape(_TAG.sub(" ", _INSIDE.sub("", str(text or ""))))
