"""Small things that HTML is asked: its words, what of it is safe, whether an address is a film's. Neighbour: body."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from gensvar.core.markup import bounded

DEEPEST: Final = 100  # elements within each other; the walk calls itself for each
AFTER: Final = {
    **dict.fromkeys(["br", "div", "li", "tr", "dt", "dd", "figcaption", "summary", "caption"], "\n"),
    **dict.fromkeys(["p", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6"], "\n\n"),
    **dict.fromkeys(["td", "th"], " "),
}
TAGS: Final = {"p", "h2", "h3", "b", "i", "a", "ul", "ol", "li", "br"}
FILMS: Final = (
    "youtube.com",
    "youtu.be",
    "youtube-nocookie.com",
    "vimeo.com",
    "svtplay.se",
    "urplay.se",
    "dailymotion.com",
)
NEVER: Final = {"script", "style", "noscript", "template", "svg", "math", "head", "title", "link", "meta"}


def tree(html: str) -> BeautifulSoup:
    """A piece of HTML as a tree that can be walked: what stands deeper than any editor writes is its words alone."""
    soup = BeautifulSoup(html, "html.parser")
    waiting: list[tuple[Tag, int]] = [(soup, 0)]
    deep: list[Tag] = []
    while waiting:
        tag, depth = waiting.pop()
        inner = [child for child in tag.children if isinstance(child, Tag)]
        if depth < DEEPEST:
            waiting += [(child, depth + 1) for child in inner]
        elif inner:
            deep.append(tag)
    for tag in deep:
        tag.string = tag.get_text(" ")
    return soup


def plain(html: str) -> str:
    """The words of a piece of HTML, lines kept; addresses of links behind them."""
    return re.sub(r"\n{3,}", "\n\n", _words(tree(html))).strip()


def _words(tag: Tag) -> str:
    said = []
    for child in tag.children:
        if type(child) in (NavigableString, CData):
            said.append(str(child))
        elif isinstance(child, Tag) and child.name not in NEVER:
            said.append(inner := _words(child))
            address = str(child.get("href") or "") if child.name == "a" else ""
            if address.startswith(("http:", "https:")) and address not in inner:
                said.append(f" ({address})")
            said.append(AFTER.get(child.name, ""))
    return "".join(said)


def film_address(address: str) -> str:
    """The page of a film, of whatever address it was shown by; empty where it is no film that we know a page of."""
    try:
        split = urlsplit(address if not address.startswith("//") else f"https:{address}")
        host = (split.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if split.scheme not in {"http", "https"} or not any(
        host == one or host.endswith(f".{one}") for one in FILMS
    ):
        return ""
    if host.startswith("youtube") and (found := re.match(r"/(?:embed|v|shorts)/([\w-]+)", split.path)):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if host == "youtu.be":
        return f"https://www.youtube.com/watch?v={re.sub(r'[^A-Za-z0-9_-]', '', split.path)}"
    if host.startswith("youtube") and (number := parse_qs(split.query).get("v")):
        return f"https://www.youtube.com/watch?v={re.sub(r'[^A-Za-z0-9_-]', '', number[0])}"
    if host == "player.vimeo.com" and (found := re.match(r"/video/(\d+)", split.path)):
        return f"https://vimeo.com/{found[1]}"
    return split.geturl()


def safe(html: str) -> str:
    """The last word on what stands in a text, whatever made it."""
    return nh3.clean(
        bounded(html, TAGS),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
