"""Reads a WordPress export (WXR 1.0 to 1.2) piece by piece: never the whole file, no entities, no document types.

Neighbours: items makes values of what is found here, keeping stores them. Source of the format: WordPress's own
wp-admin/includes/export.php.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Final
from xml.parsers import expat

CHUNK: Final = 256 * 1024  # bytes read at a time
LARGEST_ITEM: Final = 16_000_000  # characters of one post with its comments
MOST_ELEMENTS: Final = 500_000  # in one post with its comments
DEEPEST: Final = 60
_DECLARED: Final = re.compile(rb"<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)")
_NOT_IN_XML: Final = dict.fromkeys(
    [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)]
)


class NotAnExport(Exception):
    """This file is no WordPress export, or one that hides something: nothing was read."""


class Broken(Exception):
    """The file ends or breaks in the middle; what stood before is whole."""

    def __init__(self, line: int, at: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.at, self.reason = line, at, reason  # at: bytes


@dataclass(slots=True)
class Node:
    """An element below the channel. `dropped`: it was too large, and its words were not kept."""

    name: str  # with its prefix, as WordPress writes it
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    size: int = 0
    dropped: bool = False

    @property
    def text(self) -> str:
        """What stands in it."""
        return "".join(self.words)

    def of(self, name: str) -> str:
        """The text of its first child of that name."""
        return next((one.text for one in self.children if one.name == name), "")

    def all(self, name: str) -> list[Node]:
        """Its children of that name."""
        return [one for one in self.children if one.name == name]


class Export:
    """One file, read once. `done` and `total` in bytes; `mended` counts characters that no XML may hold."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total = path.stat().st_size
        self.done = 0
        self.mended = 0
        self.wrong = ""  # what made us refuse it
        self._path: list[Node] = []
        self._depth = 0
        self._whole: deque[Node] = deque()
        self._parser = expat.ParserCreate(intern={})
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._said
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.UseForeignDTD(True)  # none is read: names of HTML's letters alone are let through by it
        self._parser.SkippedEntityHandler = self._named

    def nodes(self) -> Iterator[Node]:
        """The children of the channel, each when it is whole. Raises NotAnExport, Broken, OSError."""
        with self.path.open("rb") as file:
            raw = file.read(CHUNK)
            decoder = _decoder(raw)
            while True:
                text = decoder.decode(raw, final=not raw)
                clean = text.translate(_NOT_IN_XML)
                clean = clean if self.done else _from_its_beginning(clean)
                self.mended += len(text) - len(clean)
                broken = self._feed(clean, last=not raw)
                while self._whole:
                    yield self._whole.popleft()
                if broken is not None:
                    raise broken
                if not raw:
                    return
                self.done += len(raw)
                raw = file.read(CHUNK)

    def _feed(self, text: str, *, last: bool) -> Broken | None:
        try:
            self._parser.Parse(text, last)
        except expat.ExpatError as error:
            if self.wrong:
                raise NotAnExport(self.wrong) from error
            if not self._depth and not self.done:
                raise NotAnExport(str(error)) from error
            return Broken(error.lineno, self._parser.ErrorByteIndex, expat.ErrorString(error.code))
        return None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth <= 2:
            if name != ("rss", "channel")[self._depth - 1]:
                raise NotAnExport(f"<{name}>")
            return
        node = Node(name, attributes)
        if self._path:
            top = self._path[0]
            top.size += 1
            if top.size > MOST_ELEMENTS or len(self._path) > DEEPEST:
                self._drop(top)
            if not top.dropped:
                self._path[-1].children.append(node)
        self._path.append(node)

    def _said(self, text: str) -> None:
        if not self._path:
            return
        top = self._path[0]
        top.size += len(text)
        if top.size > LARGEST_ITEM:
            self._drop(top)
        if not top.dropped:
            self._path[-1].words.append(text)

    def _named(self, name: str, _parameter: bool) -> None:
        """A letter by the name that HTML has for it, which other programs write where no XML knows it."""
        self._said(unescape(f"&{name};"))

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._path:
            node = self._path.pop()
            if not self._path:
                self._whole.append(node)

    @staticmethod
    def _drop(node: Node) -> None:
        """Keep its name alone."""
        if not node.dropped:
            node.dropped = True
            node.children = [one for one in node.children if one.name in {"title", "wp:post_id"}]

    def _refuse(self, *_declared: object) -> None:
        """WordPress writes neither document type nor entities: whoever does wants something else (entity bombs)."""
        raise NotAnExport("<!DOCTYPE>")


def _from_its_beginning(text: str) -> str:
    """Without what a theme's empty lines, or a warning of PHP, put before the declaration, where XML allows nothing."""
    before, declared, rest = text.partition("<?xml")
    return f"{declared}{rest}" if declared and "<rss" not in before else text


def _decoder(beginning: bytes) -> codecs.IncrementalDecoder:
    """Of the encoding that the file says, else UTF-8; what does not fit it becomes the sign for that."""
    declared = _DECLARED.search(beginning[:200])
    name = declared[1].decode("ascii") if declared else "utf-8"
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    elif beginning.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    try:
        return codecs.getincrementaldecoder(name)("replace")
    except LookupError:
        return codecs.getincrementaldecoder("utf-8")("replace")
