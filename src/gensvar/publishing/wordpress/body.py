"""Makes the parts of a post of what an old editor left: Gutenberg's blocks or the classic editor's HTML.

What comes out is built anew from a short list of tags, so that nothing of the old page runs here. Neighbours: shortcodes
and classic before, media for pictures and films, finding for links, making puts the parts into a post.
"""

from __future__ import annotations

import functools
import json
import re
from html import escape
from typing import Any, Final

from bs4 import Tag
from bs4.element import Comment, NavigableString

from gensvar.publishing.wordpress import classic, shortcodes
from gensvar.publishing.wordpress.markup import NEVER, film_address, safe, tree
from gensvar.publishing.wordpress.media import FRAMES, Finder, Media, Picture, caption_of
from gensvar.publishing.wordpress.values import Note, Notes

__all__ = ["Finder", "Picture", "parts_of"]

HEADINGS: Final = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BOLD: Final = {"strong": "b", "b": "b", "em": "i", "i": "i", "cite": "i"}
STRUCK: Final = {"del", "s", "strike"}
INLINE: Final = frozenset(
    """a br span small sup sub code u ins abbr acronym mark q font big tt kbd samp var dfn time label bdi bdo wbr data ruby
    rb rt rp nobr button""".split()
)
BLOCKS: Final = classic.HOLDS_WORDS | classic.HOLDS_LINES | {"pre"}
LISTS: Final = {"ul", "ol"}
FORMS: Final = {"form", "input", "select", "textarea"}
SILENT: Final = {"more", "nextpage", "spacer", "separator"}
DEEPEST_PATTERN: Final = 3  # shared blocks within each other
LONGEST_PATTERNS: Final = 1_000_000  # letters of all of them in one post
_DYNAMIC: Final = re.compile(r"\s*wp:([\w/-]+)\s*+(?:(\{.*\})\s*+)?/\s*", re.DOTALL)
_PATTERN: Final = re.compile(r"<!-- wp:block \{\"ref\":([0-9]{1,18})[^<>]*/-->")
_LONE: Final = re.compile(r"https?://\S+")
_RAISED: Final = {
    "sup": str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"),
    "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}

_GAP: Final = re.compile(r"(?:\s|<br>)*+")
_GAP_BACKWARDS: Final = re.compile(r"(?:\s|>rb<)*+")


def parts_of(content: str, finder: Finder, notes: Notes) -> list[tuple[str, Any]]:
    """The parts of a post, in their order; what could not be taken is added to the notes."""
    html = shortcodes.to_html(_with_patterns(content, finder), notes)
    html = classic.in_shortcode_blocks(html) if "<!-- wp:" in html else classic.paragraphs(html)
    walk = _Walk(finder, notes)
    root = tree(html)
    walk.highest = min((HEADINGS[one.name] for one in root.find_all(list(HEADINGS))), default=2)
    walk.inside(root)
    walk.flush()
    return [(kind, safe(value) if kind == "text" else value) for kind, value in walk.parts.made]


def _with_patterns(content: str, finder: Finder) -> str:
    """With the shared blocks in their places; one that holds itself does not grow without end."""
    pattern, left = functools.cache(finder.pattern), LONGEST_PATTERNS

    def in_place(found: re.Match[str]) -> str:
        nonlocal left
        words = pattern(int(found[1])) if left > 0 else ""
        left -= len(words)
        return words if words and left >= 0 else found[0]

    for _deep in range(DEEPEST_PATTERN):
        content = _PATTERN.sub(in_place, content)
    return content


class _Walk(Media):
    def __init__(self, finder: Finder, notes: Notes) -> None:
        super().__init__(finder, notes)
        self.line: list[str] = []  # words that stand in no block of their own
        self.beside: list[Tag] = []  # pictures and films within words: they come after them
        self.quoted = 0  # quotations that we are in
        self.highest = 2  # level of heading that the post uses
        self.headed = False  # whether one of that level has come

    def inside(self, tag: Tag) -> None:
        for child in list(tag.children):
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
        elif self.quoted and name == "cite":
            self.flush()
            self.said_by(tag)
        elif _is_within_words(name, tag):
            self.line.append(self.inline(tag))
        else:
            self.flush()
            self.block(name, tag)

    def block(self, name: str, tag: Tag) -> None:
        """An element that stands on lines of its own."""
        if name in {"p", "address", "dt", "dd", "summary"}:
            self.paragraph(tag)
        elif name in HEADINGS:
            self.heading(HEADINGS[name], tag)
        elif name in LISTS:
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
            self.put("p", self.inline(tag).strip("\n").replace("\n", "<br>"))
        elif name == "blockquote":
            self.quoted += 1
            self.inside(tag)
            self.flush()
            self.quoted -= 1
        else:
            self.behind(tag)
            self.inside(tag)
            self.flush()

    def heading(self, level: int, tag: Tag) -> None:
        """The highest that the post uses is the level below its title, and none is left out before a lower one."""
        highest = level <= self.highest or not self.headed
        words = self.inline(tag)
        self.headed = self.headed or bool(words.strip())
        self.put("h2" if highest else "h3", words)

    def paragraph(self, tag: Tag) -> None:
        words = tag.get_text().strip()
        bare = tag.find(["img", *FRAMES]) is None and (film_address(words) or tag.find("a") is None)
        if bare and _LONE.fullmatch(words):
            self.outside(words, "")
        elif _holds_blocks(tag):
            self.inside(tag)
            self.flush()
        elif self.quoted and (who := tag.find("cite")) is not None and who.get_text().strip() == words:
            self.said_by(tag)
        else:
            self.put("p", self.inline(tag))

    def said_by(self, tag: Tag) -> None:
        self.put("p", f"– {self.inline(tag).strip()}", said=True)

    def items(self, tag: Tag) -> str:
        """A list. One that hangs right in another belongs to the point before it, as browsers show it."""
        made: list[str] = []
        waiting = list(tag.children)
        while waiting:
            child = waiting.pop(0)
            if isinstance(child, Tag) and child.name in LISTS:
                if inner := self.items(child):
                    made[-1:] = [f"{made[-1] if made else ''}{inner}"]
                continue
            inner = ""
            if isinstance(child, Tag) and child.name == "li":
                waiting[:0] = [one.extract() for one in child.find_all("li", recursive=False)]
                inner = "".join(
                    self.items(one.extract()) for one in child.find_all(list(LISTS), recursive=False)
                )
            if isinstance(child, Comment) or not isinstance(child, Tag | NavigableString):
                continue
            said = self.inline(child) if isinstance(child, Tag) else escape(str(child), quote=False)
            if (words := _trimmed(said)) or inner:
                made.append(f"{words}{inner}")
        return f"<{tag.name}><li>{'</li><li>'.join(made)}</li></{tag.name}>" if made else ""

    def table(self, tag: Tag) -> None:
        self.note(Note.TABLE, tag.get_text(" ", strip=True)[:60])
        for caption in tag.find_all("caption"):
            self.put("p", self.inline(caption.extract()))
        rows = []
        for row in tag.find_all("tr"):
            cells = (_trimmed(self.inline(cell)) for cell in row.find_all(["td", "th"]))
            if line := " · ".join(cell for cell in cells if cell):
                rows.append(f"<li>{line}</li>")
        self.put_html(f"<ul>{''.join(rows)}</ul>" if rows else "")

    def figure(self, tag: Tag) -> None:
        """Pictures, a film or a table with words below; a gallery is a figure of figures."""
        for one in [one for one in tag.find_all("figure") if one.find_parent("figure") is tag]:
            self.figure(one.extract())
        caption = caption_of(tag)
        images, frames = list(tag.find_all("img")), list(tag.find_all(list(FRAMES)))
        frames = [one for one in frames if one.find_parent(list(FRAMES)) is None]
        if _says_something(tag):
            images, frames = [], []  # they stand within its words
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
        self.behind(tag)
        self.inside(tag)
        self.flush()
        if caption:
            self.put("p", escape(caption, quote=False))

    def inline(self, tag: Tag) -> str:
        """The words of an element with their own tags alone."""
        name = tag.name.lower()
        if name in NEVER or "wp-block-file__button" in (tag.get("class") or ()):
            return ""
        if name == "br":
            return "<br>"
        if name == "img" and _is_sign(tag):
            return escape(str(tag.get("alt") or ""), quote=False)
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
        return self.marked(name, tag, words)

    def marked(self, name: str, tag: Tag, words: str) -> str:
        """The words of such an element as it showed them."""
        if not words.strip():
            return words
        if name in BOLD:
            return f"<{BOLD[name]}>{words}</{BOLD[name]}>"
        if name in _RAISED and all(ord(one) in _RAISED[name] for one in words.strip()):
            return words.translate(_RAISED[name])
        if name in STRUCK:
            self.note(Note.STRUCK, tag.get_text(" ", strip=True)[:200])
        if name == "a" and (address := self.finder.link(str(tag.get("href") or "").strip())):
            return f'<a href="{escape(address)}">{words}</a>'
        return f" {words} " if name in BLOCKS else words

    def put(self, tag: str, words: str, *, said: bool = False) -> None:
        """A paragraph or heading, and then the pictures that stood within; `said`: by whom a quotation is."""
        if re.sub(r"<[^<>]*>|\s|&nbsp;|\xa0", "", words):
            words = _trimmed(words)
            words = f"<i>{words}</i>" if self.quoted and tag == "p" and not said else words
            self.parts.text(f"<{tag}>{words}</{tag}>")
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


def _holds_blocks(tag: Tag) -> bool:
    return tag.find(list(BLOCKS)) is not None


def _says_something(tag: Tag) -> bool:
    """Whether there are words in it, beside those for browsers that can show no film."""
    said = (one for one in tag.find_all(string=True) if one.strip() and not isinstance(one, Comment))
    return any(one.find_parent([*FRAMES, *NEVER]) is None for one in said)


def _is_within_words(name: str, tag: Tag) -> bool:
    """Whether it stands in a line with others; a link does also with blocks in it, or it would lead nowhere."""
    if name == "img":
        return _is_sign(tag)
    return name == "a" or (name in BOLD.keys() | INLINE | STRUCK and not _holds_blocks(tag))


def _is_sign(tag: Tag) -> bool:
    """Whether a picture stands for a letter: an emoji or a smiley."""
    return any(one in {"emoji", "wp-smiley"} for one in tag.get("class") or ())


def _trimmed(words: str) -> str:
    """Without empty lines at both ends; read backwards from the end, or a long gap inside would be tried at each letter."""
    words = words[_GAP.match(words).end() :]  # type: ignore[union-attr]
    return words[: len(words) - _GAP_BACKWARDS.match(words[::-1]).end()]  # type: ignore[union-attr]
