"""Reads of somebody's page what tells whose it is: its title, its owner as it says itself, and whom it calls "me".

The page is hostile, so it is gone through once, from tag to tag, in a time that grows as its length (a parser that builds
a tree does not: fifty thousand nested tags keep nh3 busy for a minute). Neighbour: fetching gives the bytes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from gensvar.core import charsets

OWNERS: Final = ("og:site_name", "application-name", "author")  # the first that the page has
LONGEST: Final = 300  # characters of a title or an owner
LONGEST_TAG: Final = 2000
MOST_WORDS: Final = 4000  # characters of the text that are looked at
_TAG: Final = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z:-]{1,30})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_UNSEEN: Final = {
    "script",
    "style",
    "template",
    "noscript",
    "textarea",
    "title",
}  # what is in them is no markup


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself. `me` are the addresses that it links to with rel="me", absolute."""

    title: str = ""
    owner: str = ""
    me: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag with its attributes (`name` is empty for text), and the text of it or after it."""

    name: str
    attributes: dict[str, str]
    text: str


def read(body: bytes, charset: str, address: str) -> Page:
    """Make sense of a page in HTML that was fetched from `address`; of anything else nothing comes."""
    title, me, words, meta = "", set(), [], dict[str, str]()
    for piece in _pieces(_decoded(body, charset)):
        said = piece.attributes
        if piece.name == "title":
            title = title or _line(piece.text)
        elif piece.name == "meta":
            meta.setdefault((said.get("property") or said.get("name") or "").lower(), said.get("content", ""))
        elif piece.name in {"a", "link"} and "me" in said.get("rel", "").lower().split():
            me.add(_absolute(address, said.get("href", "")))
        elif not piece.name:
            words.append(piece.text)
    owner = next((meta[name] for name in OWNERS if meta.get(name)), "")
    return Page(
        title=title or _line(meta.get("og:title", "")),
        owner=_line(owner),
        me=frozenset(me - {""}),
        text=_line(" ".join(words), MOST_WORDS),
    )


def _pieces(text: str) -> Iterator[_Piece]:
    lower, at, seen = text.lower(), 0, 0  # `seen`: how far the text has been given
    endless = set[str]()  # what begins and is not closed any more
    if len(lower) != len(text):  # a letter that is two in lower case: places would not fit
        text = lower
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            after = text.find("-->", at + 4)
            yield _Piece("", {}, html.unescape(text[seen:at]))
            if after < 0:
                return
            at = seen = after + 3
            continue
        tag = _TAG.match(text, at, at + LONGEST_TAG)
        if tag is None:
            at += 1
            continue
        yield _Piece("", {}, html.unescape(text[seen:at]))
        name, at, inner = tag[2].lower(), tag.end(), ""
        if name in _UNSEEN and not tag[1] and name not in endless:
            end = lower.find(f"</{name}", at)
            if end < 0:
                endless.add(name)
            inner, at = text[at : end if end >= 0 else at + LONGEST_TAG], end if end >= 0 else at
        if not tag[1]:
            yield _Piece(name, _attributes(tag[3]), html.unescape(inner))
        seen = at
    yield _Piece("", {}, html.unescape(text[seen:]))


def _attributes(text: str) -> dict[str, str]:
    return {
        one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(text)
    }


def _absolute(address: str, href: str) -> str:
    try:
        return urljoin(address, href.strip()) if href.strip() else ""
    except ValueError:  # http://[ is nobody's address
        return ""


def _decoded(body: bytes, charset: str) -> str:
    found = re.search(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,40})", body[:2048])
    for name in (charset, found[1].decode("ascii") if found else ""):
        try:
            if known := charsets.named(name):
                return body.decode(known, errors="replace")
        except UnicodeError:
            continue
    return body.decode("utf-8", errors="replace")


def _line(text: str, longest: int = LONGEST) -> str:
    return " ".join(text.replace("\0", " ").split())[:longest].strip()
