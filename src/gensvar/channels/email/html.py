"""HTML that strangers sent: made harmless for the screen, and reduced to the text that it shows.

Neighbours: body calls both. Remote pictures are never loaded unasked: their address waits in `data-remote-src`, the
Content-ID of an enclosed one in `data-cid`; the screen decides.
"""

from __future__ import annotations

import html as entities
import re

import nh3

from gensvar.core.markup import bounded

LONGEST = 1_000_000  # characters that are read; the whole is kept as received

BLOCKS = frozenset(
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
PARAGRAPHS = frozenset("p blockquote h1 h2 h3 h4 h5 h6 pre ul ol table dl".split())
INLINE = frozenset(
    "a abbr b bdi bdo big br cite code del em font i img ins kbd mark q s samp small span strike strong sub sup td th tt u var wbr".split()
)
CLEANER = nh3.Cleaner(
    tags=set((BLOCKS | INLINE) - {"form", "fieldset", "legend", "font"}),
    clean_content_tags={
        "script",
        "style",
        "title",
        "head",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "math",
    }
    | {"select", "textarea", "xml", "noframes", "applet", "audio", "video"},
    attributes={
        "*": {"dir", "lang"},
        "a": {"href", "title"},
        "img": {"src", "alt", "width", "height"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
    },
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    url_relative="deny",
    link_rel="noopener nofollow noreferrer",
    strip_comments=True,
)

READ = (BLOCKS | INLINE) - {"font"}  # what has a meaning for where the lines end
PICTURE = re.compile(r"<img\b([^>]*)>")
LINK = re.compile(r'(<a\b[^>]*?) href="((?:data|cid):[^"]*)"')
ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
EMBEDDED = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)

TITLE = re.compile(r"<title\b[^<>]*>([^<]{1,500})</title", re.IGNORECASE)
MAIL_LINK = re.compile(r'href="mailto:([^"?\s@]{1,320}@[^"?\s]+)')
LONGEST_LABEL = 40  # characters of a link to an address: more than that is a sentence, not a label
SIGNS = re.compile(r"\balt=\"([^\x00-\x7f\w]{1,16})\"")  # of a picture that stands for a sign: "😊"
PIECE = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>|([^<]+)")
SPACES = re.compile(r"[ \t\n\f\r]+")
START = re.compile(r'start="(\d{1,6})"')
HTML_LIKE = re.compile(r"<(?:html|body|div|p|br|table|span|b|i|a)\b[^<>]*>", re.IGNORECASE)


def harmless(source: str) -> str:
    """What may be shown of `source`: no scripts, forms, styles or remote pictures; at most 1,000,000 characters of it."""
    cleaned = CLEANER.clean(bounded(source[:LONGEST], READ, hidden_too=False))
    if "<img" in cleaned:
        cleaned = PICTURE.sub(_waiting_picture, cleaned)
    return LINK.sub(r"\1", cleaned) if "data:" in cleaned or "cid:" in cleaned else cleaned


def _waiting_picture(match: re.Match[str]) -> str:
    """A picture whose address waits until somebody asks; one that lies in the mail itself may stay."""
    attributes = dict(ATTRIBUTE.findall(match[1]))
    source = attributes.pop("src", "")
    if source.lower().startswith("cid:"):
        attributes["data-cid"] = source[4:]
    elif source.lower().startswith(("http:", "https:")):
        attributes["data-remote-src"] = source
    elif EMBEDDED.fullmatch(source):
        attributes["src"] = source
    attributes.setdefault("alt", "")
    return "<img" + "".join(f' {name}="{value}"' for name, value in attributes.items()) + ">"


def content_ids(cleaned: str) -> frozenset[str]:
    """The Content-IDs that harmless HTML refers to."""
    if "data-cid" not in cleaned:
        return frozenset()
    return frozenset(entities.unescape(found) for found in re.findall(r'data-cid="([^"]*)"', cleaned))


def from_text(text: str) -> str:
    """Text as HTML, for a mail that has both kinds of parts after each other."""
    return "<p>" + entities.escape(text.strip("\n"), quote=False).replace("\n", "<br>") + "</p>"


class _Page:
    """Lines under construction: white space folds as a browser folds it, quoted lines carry their marks."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.current: list[str] = []
        self.quoted = 0
        self.preformatted = 0
        self.link = ""  # the address that an open link writes to
        self.link_from = 0  # where its label begins in `current`
        self.lists: list[int] = []  # the next number of each open list; -1 for one without numbers

    def write(self, text: str) -> None:
        if self.preformatted:
            first, *rest = text.split("\n")
            self.current.append(first)
            for more in rest:
                self.end_line(blank_too=True)
                self.current.append(more)
        else:
            self.current.append(text)

    def open_link(self, attributes: str) -> None:
        """Note where a link to a mail address begins."""
        found = MAIL_LINK.search(attributes)
        self.link = entities.unescape(found[1]) if found else ""
        self.link_from = len(self.current)

    def close_link(self) -> None:
        """Text cannot carry the link, and its label may lie about it: so the address stands there, beside a long label."""
        if self.link and self.link_from < len(self.current):
            label = "".join(self.current[self.link_from :])
            if "@" in label or len(label.strip()) <= LONGEST_LABEL:
                self.current[self.link_from :] = [self.link]
            else:
                self.current.append(f" <{self.link}>")
        self.link = ""

    def end_line(self, *, blank_too: bool = False) -> None:
        if not (self.current or blank_too):
            return
        text = "".join(self.current)
        self.current.clear()
        self.link_from = 0
        if not self.preformatted:
            text = " ".join(text.split()) if text.isascii() else SPACES.sub(" ", text).strip(" ")
        text = text.replace("\xa0", " ").rstrip()
        if text or blank_too:
            mark = ">" * self.quoted + " " if self.quoted else ""
            self.lines.append((mark + text).rstrip() if not text else mark + text)

    def gap(self) -> None:
        """One empty line between paragraphs."""
        self.end_line()
        mark = ">" * self.quoted
        if self.lines and self.lines[-1] != mark and self.lines[-1] != "":
            self.lines.append(mark)


def to_text(cleaned: str) -> str:
    """The text that harmless HTML shows: paragraphs apart, cells by tabs, quotations with ">" before their lines."""
    page = _Page()
    for closing, tag, attributes, text in PIECE.findall(cleaned):
        if text:
            page.write(entities.unescape(text))
        elif tag == "br":
            page.end_line(blank_too=True)
        elif tag in BLOCKS:
            _block(page, tag, bool(closing), attributes)
        elif tag in ("td", "th") and closing:
            page.write(" ")
        elif tag == "img":
            sign = SIGNS.search(attributes)
            page.write(sign[1] if sign else "")
        elif tag == "a":
            page.close_link() if closing else page.open_link(attributes)
    page.end_line()
    return "\n".join(page.lines).strip("\n")


def title(source: str) -> str:
    """The title of a page, which no reader shows and some writers use; empty where there is none."""
    found = TITLE.search(source[:20_000])
    return SPACES.sub(" ", entities.unescape(found[1])).strip() if found else ""


def _block(page: _Page, tag: str, closing: bool, attributes: str) -> None:
    if tag in PARAGRAPHS and not (tag in ("ul", "ol") and len(page.lists) > (0 if not closing else 1)):
        page.gap()
    else:
        page.end_line()
    if tag == "blockquote":
        if closing and page.lines and page.lines[-1] == ">" * page.quoted:
            page.lines.pop()
        page.quoted = max(0, page.quoted - 1) if closing else page.quoted + 1
    elif tag == "pre":
        page.preformatted = max(0, page.preformatted - 1) if closing else page.preformatted + 1
    elif tag in ("ul", "ol"):
        if closing:
            del page.lists[-1:]
        else:
            start = START.search(attributes)
            page.lists.append(-1 if tag == "ul" else int(start[1]) if start else 1)
    elif tag == "li" and not closing and page.lists and page.lists[-1] >= 0:
        page.write(f"{page.lists[-1]}. ")
        page.lists[-1] += 1


def looks_like_html(text: str) -> bool:
    """Whether what calls itself plain text is a page of HTML."""
    start = text.lstrip()[:200].lower()
    return start.startswith(("<!doctype html", "<html")) or (
        start.startswith("<") and len(HTML_LIKE.findall(text[:5000])) > 4
    )
