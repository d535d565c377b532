"""What a mail says: which leaves are its text, which of two forms of it is good, what of it is repetition.

Neighbours: parts, charsets, html, quoting and uuencode do the work; reading puts the result into an Incoming.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gensvar.channels.email import armour, calendar, html, quoting, uuencode, yenc
from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.parts import Leaf
from gensvar.contract.texts import clean

LONGEST_TEXT = 2_000_000  # characters; the whole is kept as received
LONGEST_PAGES = html.LONGEST
WORDS = re.compile(r"[^\W_]+")
LINKS = re.compile(r"<[^<>\s]{1,2000}>|\[(?:cid|image):[^\]\n]{0,500}\]")  # "text<https://…>", "[cid:…]"
PICTURE_LINE = re.compile(r"[ \t]{0,20}\[cid:([^\]\s]{1,250})\][ \t]{0,20}")
MARKUP = re.compile(r"(<<)|<[^<>]{0,500}>")  # of text/enriched, where "<<" is a sign (RFC 1896)
META_CHARSET = re.compile(rb"<meta\b[^<>]{0,200}?\bcharset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
ANY_TAG = re.compile(r"</?[a-zA-Z!]")


@dataclass
class Body:
    """The text of a mail and what else came of finding it."""

    text: str = ""
    quoted: str = ""
    quoted_above: int = 0  # characters of it that stood above the text
    html: str = ""
    marks: set[str] = field(default_factory=set)
    used: set[int] = field(default_factory=set)  # positions of the leaves that are the body
    originals: set[int] = field(default_factory=set)  # of those, the ones in HTML
    files_too: set[int] = field(default_factory=set)  # of those, the ones that were enclosed
    page_room: int = LONGEST_PAGES  # characters of HTML that may still be read
    room: int = LONGEST_TEXT  # characters that may still be read
    blocks: list[uuencode.Block] = field(default_factory=list)  # files found in the text itself

    def fold(self, text: str, subject: str, before: Sequence[str] = (), behind: Sequence[str] = ()) -> None:
        """Take `text` for what is said, without what is folded away; with that go what stood before and behind all of it."""
        above, self.text, below = quoting.fold(text, subject)
        above = _parts([*before, above])
        self.quoted, self.quoted_above = _parts([above, below, *behind]), len(above)

    @property
    def whole(self) -> str:
        """What is said and, behind it, what is folded away: for whoever looks for something in all of it."""
        return f"{self.text}\n{self.quoted}" if self.quoted else self.text


@dataclass
class _Segment:
    """One stretch of the body, in one form or in two."""

    texts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)  # harmless HTML
    title: str = ""


def read(leaves: list[Leaf], charsets: Charsets, subject: str, outside: bytes = b"") -> Body:
    """Find and read the body among the leaves; `outside` them is read only where they say nothing."""
    body = Body()
    segments: list[_Segment] = []
    alternatives: dict[int, _Segment] = {}
    for position, leaf in enumerate(leaves):
        if not _is_text(leaf, position, leaves, body):
            continue
        body.used.add(position)
        segment = alternatives.get(leaf.alternative) if leaf.alternative else None
        if segment is None:
            segment = _Segment()
            segments.append(segment)
            if leaf.alternative:
                alternatives[leaf.alternative] = segment
        _read_leaf(leaf, position, segment, charsets, body)
    if not any(segment.texts or segment.pages for segment in segments):
        segments += _only_enclosed(leaves, charsets, body)
    titles = _join(segments, body)
    if not body.text.strip():
        body.text = _invitation(leaves, charsets)
    if not body.text.strip() and not body.html:
        body.text = clean(charsets.decode(outside[: 4 * body.room], charsets.fallback))[: body.room].strip(
            "\n"
        )
    if "[cid:" in body.text:
        body.text = _without_pictures(body.text, leaves)
    bare, worn = armour.take_off(body.text)
    body.fold(bare, subject, before=titles, behind=[worn, *(block.folded for block in body.blocks)])
    return body


def _parts(texts: Sequence[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _without_pictures(text: str, leaves: list[Leaf]) -> str:
    """The text without the lines by which Outlook says where an enclosed picture stood: it is among the files.

    Of the empty lines round one those below go too where one stands above, so that two paragraphs stay two.
    """
    enclosed = {leaf.headers.first("content-id").strip("<> \t") for leaf in leaves}
    kept: list[str] = []
    below = False
    for line in text.split("\n"):
        picture = PICTURE_LINE.fullmatch(line)
        if picture and picture[1] in enclosed:
            below = True
        elif line.strip() or not below or (kept and kept[-1].strip()):
            kept.append(line)
            below = False
    return "\n".join(kept).rstrip()


def _read_leaf(leaf: Leaf, position: int, segment: _Segment, charsets: Charsets, body: Body) -> None:
    """Put what one leaf says into its stretch of the body, in the form that it has."""
    text = _text_of(leaf, charsets, body)
    if leaf.content_type == "text/html" or (leaf.content_type == "text/plain" and html.looks_like_html(text)):
        if len(text) > body.page_room:
            body.marks.add("cut")
        segment.pages.append(html.harmless(_with_lines(text[: body.page_room])))
        body.page_room = max(0, body.page_room - len(text))
        segment.title = segment.title or html.title(text)
        body.originals.add(position)
    elif text.strip():
        segment.texts.append(text)


def _only_enclosed(leaves: list[Leaf], charsets: Charsets, body: Body) -> list[_Segment]:
    """The first text that is enclosed though the mail says nothing else: shown inline, or without a name of its own.

    It stays a file too, since its writer made one of it.
    """
    for position, leaf in enumerate(leaves):
        shown = leaf.disposition == "inline" or not leaf.name
        if leaf.content_type == "text/plain" and shown and position not in body.used and leaf.data.strip():
            segment = _Segment()
            _read_leaf(leaf, position, segment, charsets, body)
            body.used.add(position)
            body.originals.discard(position)
            body.files_too.add(position)
            return [segment]
    return []


def _invitation(leaves: list[Leaf], charsets: Charsets) -> str:
    """What a calendar says, where it is all that the mail says."""
    for leaf in leaves:
        if leaf.content_type in calendar.TYPES:
            source = charsets.decode(leaf.data[: calendar.LONGEST], leaf.charset or "utf-8")
            return clean(calendar.words(clean(source)))
    return ""


def _is_text(leaf: Leaf, position: int, leaves: list[Leaf], body: Body) -> bool:
    """Whether a leaf belongs to what the writer says, not to what is enclosed."""
    kind = leaf.content_type
    alone = len(leaves) == 1 and not leaf.parent
    if kind not in ("text/plain", "text/html"):
        spoken = kind in ("text/enriched", "text/richtext", "text/markdown")
        return (
            alone and kind.startswith("text/") and kind not in calendar.TYPES | {"text/x-vcard", "text/vcard"}
        ) or (
            spoken
            and not leaf.name
            and not any(other.content_type in ("text/plain", "text/html") for other in leaves)
        )
    named = bool(leaf.name)
    if leaf.disposition == "attachment":
        return alone and not named
    if named and not alone:
        # A name alone does not make the first part a file; a disposition with a name does, and so does coming later.
        return leaf.disposition != "inline" and (bool(leaf.alternative) or not body.used)
    return True


def _text_of(leaf: Leaf, charsets: Charsets, body: Body) -> str:
    """The text of one leaf, its charset, flow and enclosed files undone."""
    charset = leaf.charset
    if not charset and leaf.content_type == "text/html" and (named := META_CHARSET.search(leaf.data[:4096])):
        charset = named[1].decode()
    data = leaf.data
    if leaf.content_type == "text/plain" and yenc.BEGIN in data:
        data, blocks = yenc.take_out(data, charsets)
        body.blocks += blocks
    text = charsets.decode(data[: 4 * body.room], charset).removeprefix("\ufeff")
    if len(text) > body.room:
        text = text[: body.room]
        body.marks.add("cut")
    body.room -= len(text)
    text = clean(text)
    if leaf.content_type == "text/plain":
        if leaf.parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, delete_space=leaf.parameters.get("delsp", "").lower() == "yes")
        text, blocks = uuencode.take_out(text)
        body.blocks += blocks
    elif leaf.content_type in ("text/enriched", "text/richtext"):
        text = MARKUP.sub(lambda found: "<" if found[1] else "", text)
    return text


def _with_lines(page: str) -> str:
    """A page without a single tag is text with a wrong name: its lines are meant."""
    return page if len(page) > LONGEST_PAGES - 20 or ANY_TAG.search(page) else f"<pre>{page.strip()}</pre>"


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Lines that a mail program broke, joined again (RFC 3676 § 4); quotation marks stay at the head of each line."""
    lines: list[list[str]] = []
    open_depth = -1  # the quotation depth of a line that goes on; -1 where none does
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        content = raw[depth:].removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        piece = content[:-1] if flows and delete_space else content
        if open_depth == depth and content != "-- ":
            lines[-1].append(piece)
        else:
            lines.append([">" * depth + " ", piece] if depth else [piece])
        open_depth = depth if flows else -1
    joined = ("".join(pieces) for pieces in lines)
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in joined)


def _join(segments: list[_Segment], body: Body) -> list[str]:
    """All stretches after each other; in HTML too where any of them is. Gives the titles of the pages that were read."""
    titles: list[str] = []
    texts: list[str] = []
    pages: list[str] = []
    for segment in segments:
        text = "\n\n".join(part.strip("\n") for part in segment.texts)
        page = "\n".join(segment.pages)
        if page:
            shown = html.to_text(page)
            if not is_good(text, shown):
                if not text.strip():
                    body.marks.add("html-only")
                text = shown
                titles.append(segment.title)  # nobody saw it: it is no word of the writer
        pages.append(page or (html.from_text(text) if text.strip() else ""))
        if text.strip():
            texts.append(text.strip("\n"))
    body.text = "\n\n".join(texts)
    if any(segment.pages for segment in segments):
        body.html = "\n".join(page for page in pages if page)
    return titles


def is_good(text: str, shown: str) -> bool:
    """Whether the plain form says all that the HTML form shows; else the writer saw something that it leaves out.

    Plain parts are often empty, say "your program cannot show this", or stem from an older draft. What other readers
    see is the HTML; so the plain form counts only if no word of the HTML is missing in it.
    """
    if not shown.strip():
        return True
    if not text.strip():
        return False
    wanted, found = _words(shown), _words(text)
    return wanted == found or not Counter(wanted) - Counter(found)


def _words(text: str) -> list[str]:
    """The words of a text but for addresses of pages and mail, which the two forms write differently."""
    text = text.casefold()
    if "[" in text or "<" in text:
        text = LINKS.sub(" ", text)
    if "@" in text or "://" in text or "www." in text:
        text = " ".join(word for word in text.split() if not ("@" in word or "://" in word or "www." in word))
    return WORDS.findall(text)
