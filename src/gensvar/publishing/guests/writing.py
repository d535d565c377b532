"""What a guest writes, as plain text with three marks, and what it becomes in a post. Pure; neighbour: services.

An empty line begins a paragraph, "## " a heading, "- " an item of a list. Everything else is what it looks like.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any, Final

LONGEST_TITLE: Final = 200  # characters
LONGEST_LEAD: Final = 500
LONGEST_TEXT: Final = 30_000
HEADING: Final = "## "
ITEM: Final = "- "


@dataclass(frozen=True, slots=True)
class Written:
    """Headline, lead and text as somebody saved them."""

    title: str = ""
    lead: str = ""
    text: str = ""

    @classmethod
    def tidied(cls, title: str, lead: str, text: str) -> Written:
        """The same with one kind of line end and no space round it."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return cls(
            " ".join(title.split()),
            " ".join(lead.split()),
            "\n".join(line.rstrip() for line in lines).strip(),
        )

    @classmethod
    def of(cls, row: Any) -> Written:
        """What a version holds."""
        return cls(row.title, row.lead, row.text)


def rich(text: str) -> str:
    """The text as the rich text of a post's part: nothing that its writer typed is a tag."""
    return "".join(_blocks(text))


def _blocks(text: str) -> Iterator[str]:
    for kind, group in groupby(text.split("\n"), key=_kind):
        lines = list(group)
        if kind == ITEM:
            yield "<ul>" + "".join(f"<li>{_said(line.removeprefix(ITEM))}</li>" for line in lines) + "</ul>"
        elif kind == HEADING:
            yield from (f"<h2>{_said(line.removeprefix(HEADING))}</h2>" for line in lines)
        elif kind:
            yield "<p>" + "<br/>".join(_said(line) for line in lines) + "</p>"


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    return next((mark for mark in (ITEM, HEADING) if line.startswith(mark)), "text")


def _said(line: str) -> str:
    return escape(line.strip(), quote=False)
