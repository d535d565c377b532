"""Small things that HTML is asked: its words, what of it is safe, whether an address is a film's. Neighbour: body."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

import nh3
from bs4 import BeautifulSoup

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
_BLOCK: Final = re.compile(
    r"\s*</?(?:p|div|ul|ol|li|dl|h[1-6]|blockquote|table|figure|pre|iframe|hr|form|section|article|details|address|center|main|aside|header|footer|video|audio|object|!--)\b",
    re.IGNORECASE,
)
NEVER: Final = {"script", "style", "noscript", "template", "svg", "math", "head", "title", "link", "meta"}


def plain(html: str) -> str:
    """The words of a piece of HTML, lines kept; addresses of links behind them."""
    soup = BeautifulSoup(html, "html.parser")
    for one in soup.find_all(list(NEVER)):
        one.decompose()
    for one in soup.find_all(["br", "p", "div", "li", "blockquote"]):
        one.insert_after("\n\n" if one.name in {"p", "blockquote"} else "\n")
    for one in soup.find_all("a"):
        address = str(one.get("href") or "")
        if address.startswith(("http:", "https:")) and address not in one.get_text():
            one.insert_after(f" ({address})")
    return re.sub(r"\n{3,}", "\n\n", soup.get_text()).strip()


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


def paragraphs(html: str) -> str:
    """The classic editor keeps paragraphs as empty lines: give them their tags, as its wpautop does."""
    made = []
    for piece in re.split(r"\n[ \t]*\n+", html.replace("\r\n", "\n")):
        if not piece.strip():
            continue
        made.append(piece if _BLOCK.match(piece) else f"<p>{piece.strip().replace(chr(10), '<br>')}</p>")
    return "\n".join(made)


def safe(html: str) -> str:
    """The last word on what stands in a text, whatever made it."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
