"""Pictures, films and others' pages that stood in an old post: which become parts of a new one, and which become links.

Neighbours: body walks through the words and calls this, finding finds the pictures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from bs4 import Tag

from gensvar.publishing.wordpress.markup import film_address, plain
from gensvar.publishing.wordpress.values import Note, Notes

FRAMES: Final = {"iframe", "embed", "object", "video", "audio"}
LONGEST: Final = 300  # letters of a caption, and of what a picture shows in words
_NUMBER: Final = re.compile(r"wp-image-(\d{1,18})")
_BEHIND: Final = re.compile(r"background(?:-image)?\s*:[^;]{0,200}?url\(\s*['\"]?([^'\")\s]+)", re.IGNORECASE)
# The last two are of who asks for consent first, or waits.
_SOURCES: Final = ("src", "data", "data-src", "data-lazy-src")
_TO_ITSELF: Final = re.compile(r"wp-att-|attachment_id=")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is here now."""

    image: Any
    alternative: str
    caption: str


class Finder(Protocol):
    """What the converter asks of the rest of the blog."""

    def picture(self, number: int, address: str) -> Picture | None:
        """The picture of that number or address; None, noted, where it cannot be had."""

    def gallery(self) -> list[int]:
        """The numbers of all pictures that were hung under this post."""

    def link(self, address: str) -> str:
        """Where a link leads now; empty where it shall be no link."""

    def pattern(self, number: int) -> str:
        """The content of a block that several posts share; empty where it is not in the export."""


@dataclass(slots=True)
class Parts:
    """The parts so far: ("text", html), ("picture", {…}), ("film", {…})."""

    made: list[tuple[str, Any]] = field(default_factory=list)

    def text(self, html: str) -> None:
        """Add to the text; one block of it as long as nothing else comes between."""
        if self.made and self.made[-1][0] == "text":
            self.made[-1] = ("text", self.made[-1][1] + html)
        else:
            self.made.append(("text", html))


class Media:
    """The parts of one post, and what puts pictures and films among them."""

    def __init__(self, finder: Finder, notes: Notes) -> None:
        self.finder, self.notes = finder, notes
        self.parts = Parts()

    def put(self, tag: str, words: str) -> None:
        """A paragraph or heading."""
        raise AssertionError("body says how")

    def note(self, what: Note, detail: str) -> None:
        self.notes.append([what, detail])

    def behind(self, tag: Tag) -> None:
        """The picture that a block had behind its words."""
        if found := _BEHIND.search(unescape(str(tag.get("style") or ""))):
            self.show(0, found[1], "", "")

    def picture(self, tag: Tag, caption: str) -> None:
        """A picture where it stood; one that led somewhere is followed by that link."""
        if tag.get("data-all"):
            for one in self.finder.gallery():
                self.show(one, "", "", "")
            return
        said = tag.get("class")
        found = _NUMBER.search(said if isinstance(said, str) else " ".join(said or ()))
        own = str(tag.get("data-id") or "")
        number = int(found[1]) if found else int(own) if re.fullmatch(r"[0-9]{1,18}", own) else 0
        source = str(tag.get("src") or "")
        if source.startswith("data:"):
            source = str(tag.get("data-src") or source)
        alternative = str(tag.get("alt") or "").strip()
        self.show(number, source, alternative, caption)
        around = tag.find_parent("a")
        if isinstance(around, Tag) and not around.get_text().strip():
            self.led_to(around, alternative or caption)

    def led_to(self, link: Tag, words: str) -> None:
        there = str(link.get("href") or "").strip()
        if _TO_ITSELF.search(f"{there} {link.get('rel') or ''}") or not (address := self.finder.link(there)):
            return
        self.put("p", f'<a href="{escape(address)}">{escape(words or address, quote=False)}</a>')

    def show(self, number: int, address: str, alternative: str, caption: str) -> None:
        found = self.finder.picture(number, address)
        if found is None:
            if caption:
                self.put("p", escape(caption, quote=False))
            return
        caption = caption or found.caption
        alternative = alternative or found.alternative or caption
        if not alternative:
            self.note(Note.PICTURE_UNTOLD, address.rpartition("/")[2] or str(number))
            alternative = found.image.title
        below = caption if len(caption) <= LONGEST else ""
        if len(alternative) > LONGEST and alternative != caption:
            self.note(Note.SHORTENED, alternative)
        value = {"image": found.image, "alternative": alternative[:LONGEST], "caption": below}
        self.parts.made.append(("picture", value))
        if caption != below:
            self.put("p", escape(caption, quote=False))

    def frame(self, tag: Tag, caption: str) -> None:
        """A film that played in the page becomes a link to it; anything else of another's becomes a plain link."""
        within = [tag, *tag.find_all(["source", "embed", "param"])] if tag.name != "iframe" else [tag]
        said = (str(one.get(name) or "").strip() for one in within for name in (*_SOURCES, *_of_film(one)))
        address = next((one for one in said if one and one != "about:blank"), "")
        title = caption or str(tag.get("title") or "").strip()
        if tag.name == "video" and not film_address(address):
            self.film(address, title)
        else:
            self.outside(address, title)

    def outside(self, address: str, title: str) -> None:
        if film_address(address):
            self.film(address, title)
            return
        self.note(Note.EMBED, address[:200])
        if address.startswith("//"):
            address = f"https:{address}"
        if address.startswith(("https://", "http://")) and (there := self.finder.link(address)):
            shown = escape(title or address, quote=False)
            self.put("p", f'<a href="{escape(there)}">{shown}</a>')

    def film(self, address: str, title: str) -> None:
        address = film_address(address) or address
        address = f"https:{address}" if address.startswith("//") else address
        try:
            host = urlsplit(address).hostname
        except ValueError:
            host = None
        if not host or not address.startswith(("https://", "http://")):
            self.note(Note.EMBED, address[:200])
            return
        value = {
            "title": (title or host.removeprefix("www."))[:200],
            "url": address,
            "image": None,
            "alternative": "",
            "length": "",
        }
        self.parts.made.append(("film", value))
        if len(title) > 200:
            self.put("p", escape(title, quote=False))


def _of_film(tag: Tag) -> tuple[str, ...]:
    """Where a parameter says the film of an object: so films were shown before there was an element for them."""
    return ("value",) if str(tag.get("name") or "").lower() in {"movie", "src"} else ()


def caption_of(figure: Tag) -> str:
    """The words below, taken out of the figure, with the addresses of their links."""
    tag = figure.find("figcaption")
    return " ".join(plain(tag.extract().decode_contents()).split()) if isinstance(tag, Tag) else ""
