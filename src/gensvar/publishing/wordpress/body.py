"""Makes the parts of a post of what an old editor left: Gutenberg's blocks or the classic editor's HTML.

What comes out is built anew from a short list of tags, so that nothing of the old page runs here. Neighbours: shortcodes
before, finding for pictures and links, making puts the parts into a post.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from bs4 import Tag
from bs4.element import Comment, NavigableString

from gensvar.publishing.wordpress import shortcodes
from gensvar.publishing.wordpress.markup import NEVER, film_address, paragraphs, safe, tree
from gensvar.publishing.wordpress.values import Note, Notes

HEADINGS: Final = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
BOLD: Final = {"strong": "b", "b": "b", "em": "i", "i": "i", "cite": "i"}
FORMS: Final = {"form", "input", "button", "select", "textarea"}
FRAMES: Final = {"iframe", "embed", "object", "video", "audio"}
SILENT: Final = {"more", "nextpage", "spacer", "separator"}
_DYNAMIC: Final = re.compile(r"\s*wp:([\w/-]+)\s*(\{.*\})?\s*/\s*", re.DOTALL)
_NUMBER: Final = re.compile(r"wp-image-(\d{1,18})")
_LONE: Final = re.compile(r"https?://\S+")

_GAP: Final = re.compile(r"(?:\s|<br>)*+")
_GAP_BACKWARDS: Final = re.compile(r"(?:\s|>rb<)*+")


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


def parts_of(content: str, finder: Finder, notes: Notes) -> list[tuple[str, Any]]:
    """The parts of a post, in their order; what could not be taken is added to the notes."""
    html = shortcodes.to_html(content, notes)
    if "<!-- wp:" not in html:
        html = paragraphs(html)
    walk = _Walk(finder, notes)
    walk.inside(tree(html))
    walk.flush()
    return [(kind, safe(value) if kind == "text" else value) for kind, value in walk.parts.made]


class _Walk:
    def __init__(self, finder: Finder, notes: Notes) -> None:
        self.finder, self.notes = finder, notes
        self.parts = Parts()
        self.line: list[str] = []  # words that stand in no block of their own
        self.beside: list[Tag] = []  # pictures and films within words: they come after them

    def inside(self, tag: Tag) -> None:
        for child in tag.children:
            if isinstance(child, Comment):
                self.comment(str(child))
            elif isinstance(child, NavigableString):
                self.line.append(escape(str(child), quote=False))
            elif isinstance(child, Tag):
                self.one(child)

    def one(self, tag: Tag) -> None:
        name = tag.name.lower()
        if name in NEVER:
            return
        if name in FORMS:
            self.note(Note.FORM, name)
        elif name in BOLD or name in {
            "a",
            "br",
            "span",
            "small",
            "sup",
            "sub",
            "code",
            "u",
            "del",
            "ins",
            "abbr",
            "mark",
            "q",
            "font",
        }:
            self.line.append(self.inline(tag))
        else:
            self.flush()
            self.block(name, tag)

    def block(self, name: str, tag: Tag) -> None:
        """An element that stands on lines of its own."""
        if name in {"p", "address", "dt", "dd", "summary"}:
            self.paragraph(tag)
        elif name in HEADINGS:
            self.put(HEADINGS[name], self.inline(tag))
        elif name in {"ul", "ol"}:
            self.put_html(self.items(tag))
        elif name == "figure":
            self.figure(tag)
        elif name == "img":
            self.picture(tag, "")
        elif name in FRAMES:
            self.frame(tag, "")
        elif name == "table":
            self.table(tag)
        elif name == "pre":
            self.put("p", escape(tag.get_text(), quote=False).strip().replace("\n", "<br>"))
        elif name == "blockquote":
            self.quotation(tag)
        else:
            self.inside(tag)
            self.flush()

    def paragraph(self, tag: Tag) -> None:
        words = tag.get_text().strip()
        if _LONE.fullmatch(words) and film_address(words):
            self.film(words, "")
            return
        self.put("p", self.inline(tag))

    def quotation(self, tag: Tag) -> None:
        for one in tag.find_all("p") or [tag]:
            self.put("p", f"<i>{self.inline(one).strip()}</i>" if one.get_text().strip() else "")
        if tag.find("p") and (cite := tag.find("cite")) and not cite.find_parent("p"):
            self.put("p", f"– {self.inline(cite)}")

    def items(self, tag: Tag) -> str:
        made = []
        for one in tag.find_all("li", recursive=False):
            inner = [self.items(child) for child in one.find_all(["ul", "ol"], recursive=False)]
            for child in one.find_all(["ul", "ol"], recursive=False):
                child.extract()
            if words := self.inline(one).strip():
                made.append(f"<li>{words}{''.join(inner)}</li>")
        return f"<{tag.name}>{''.join(made)}</{tag.name}>" if made else ""

    def table(self, tag: Tag) -> None:
        self.note(Note.TABLE, tag.get_text(" ", strip=True)[:60])
        rows = []
        for row in tag.find_all("tr"):
            cells = (self.inline(cell).strip() for cell in row.find_all(["td", "th"]))
            if line := " · ".join(cell for cell in cells if cell):
                rows.append(f"<li>{line}</li>")
        self.put_html(f"<ul>{''.join(rows)}</ul>" if rows else "")

    def figure(self, tag: Tag) -> None:
        """Pictures, a film or a table with words below; a gallery is a figure of figures."""
        inner = tag.find_all("figure")
        if inner:
            for one in inner:
                self.figure(one.extract())
        caption_tag = tag.find("figcaption")
        caption = caption_tag.extract().get_text(" ", strip=True) if isinstance(caption_tag, Tag) else ""
        images, frames = tag.find_all("img"), tag.find_all(list(FRAMES))
        for image in images:
            self.picture(image, caption)
        for frame in frames:
            self.frame(frame, caption)
        if images or frames:
            return
        words = tag.get_text().strip()
        if _LONE.fullmatch(words):
            self.outside(words, caption)
            return
        self.inside(tag)
        self.flush()
        if caption:
            self.put("p", escape(caption, quote=False))

    def inline(self, tag: Tag) -> str:
        """The words of an element with their own tags alone."""
        name = tag.name.lower()
        if name in NEVER:
            return ""
        if name == "br":
            return "<br>"
        if name == "img" or name in FRAMES:
            self.beside.append(tag)
            return ""
        if name in FORMS:
            self.note(Note.FORM, name)
            return ""
        words = "".join(
            self.inline(child) if isinstance(child, Tag) else escape(str(child), quote=False)
            for child in tag.children
            if isinstance(child, Tag | NavigableString) and not isinstance(child, Comment)
        )
        if name in BOLD and words.strip():
            return f"<{BOLD[name]}>{words}</{BOLD[name]}>"
        if (
            name == "a"
            and words.strip()
            and (address := self.finder.link(str(tag.get("href") or "").strip()))
        ):
            return f'<a href="{escape(address)}">{words}</a>'
        return words if name not in {"p", "div", "li"} else f"{words} "

    def put(self, tag: str, words: str) -> None:
        """A paragraph or heading, and then the pictures that stood within."""
        if re.sub(r"<[^>]*>|\s|&nbsp;|\xa0", "", words):
            self.parts.text(f"<{tag}>{_trimmed(words)}</{tag}>")
        self.aside()

    def put_html(self, html: str) -> None:
        if html:
            self.parts.text(html)
        self.aside()

    def aside(self) -> None:
        waiting, self.beside = self.beside, []
        for tag in waiting:
            if tag.name == "img":
                self.picture(tag, "")
            else:
                self.frame(tag, "")

    def flush(self) -> None:
        """What stood in no block becomes a paragraph."""
        words, self.line = "".join(self.line), []
        self.put("p", words)

    def picture(self, tag: Tag, caption: str) -> None:
        if tag.get("data-all"):
            for one in self.finder.gallery():
                self.show(one, "", "", "")
            return
        said = tag.get("class")
        found = _NUMBER.search(said if isinstance(said, str) else " ".join(said or ()))
        own = str(tag.get("data-id") or "")
        number = int(found[1]) if found else int(own) if re.fullmatch(r"[0-9]{1,18}", own) else 0
        self.show(number, str(tag.get("src") or ""), str(tag.get("alt") or "").strip(), caption)

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
        value = {"image": found.image, "alternative": alternative[:300], "caption": caption[:300]}
        self.parts.made.append(("picture", value))

    def frame(self, tag: Tag, caption: str) -> None:
        """A film that played in the page becomes a link to it; anything else of another's becomes a plain link."""
        source = tag.find("source") if tag.name in {"video", "audio"} else None
        address = str(
            tag.get("src") or tag.get("data") or (source.get("src") if isinstance(source, Tag) else "") or ""
        )
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
        if address.startswith(("https://", "http://")):
            shown = escape(title or address, quote=False)
            self.put("p", f'<a href="{escape(address)}">{shown}</a>')

    def film(self, address: str, title: str) -> None:
        address = film_address(address) or address
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

    def comment(self, words: str) -> None:
        """Gutenberg's comments: those that stand for something that WordPress would have made are noted."""
        found = _DYNAMIC.fullmatch(words)
        if found is None or found[1] in SILENT:
            return
        if found[1].rpartition("/")[2] in {"embed", "core-embed"} or found[1].startswith("core-embed/"):
            try:
                self.outside(str(json.loads(found[2] or "{}").get("url", "")), "")
                return
            except (ValueError, AttributeError):
                pass
        self.note(Note.BLOCK, found[1])

    def note(self, what: Note, detail: str) -> None:
        self.notes.append([what, detail])


def _trimmed(words: str) -> str:
    """Without empty lines at both ends; read backwards from the end, or a long gap inside would be tried at each letter."""
    words = words[_GAP.match(words).end() :]  # type: ignore[union-attr]
    return words[: len(words) - _GAP_BACKWARDS.match(words[::-1]).end()]  # type: ignore[union-attr]
