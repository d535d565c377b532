"""What stands in an export, as plain values: the blog, a word of it, a comment; and what could not be taken of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


@dataclass(slots=True)
class Blog:
    """What the export says of itself; it grows while the file's head is read."""

    address: str = ""  # as it stands there, with scheme
    title: str = ""
    language: str = ""
    version: str = ""
    authors: dict[str, str] = field(default_factory=dict)  # login → name as shown


@dataclass(frozen=True, slots=True)
class OldWord:
    """A comment as the export has it, without its IP address. Times in UTC as "2014-03-05 10:11:12"."""

    number: int
    parent: int
    name: str
    email: str
    at: str
    text: str  # HTML of a few tags
    approved: str  # "1", "0", "spam", "trash", "post-trashed"
    kind: str  # "comment", "pingback", "trackback" …
    by_author: bool  # its writer was logged in


@dataclass(frozen=True, slots=True)
class Item:
    """A post, page, file or whatever else WordPress calls a post. Times as WordPress writes them."""

    number: int
    kind: str
    status: str
    title: str
    link: str
    slug: str
    author: str  # login
    at: str  # UTC
    at_local: str
    published: str  # RFC 822, of the feed
    content: str
    excerpt: str
    locked: bool  # behind a password
    open: bool  # takes comments
    file: str  # address of an attachment
    parent: int = 0
    terms: tuple[tuple[str, str, str], ...] = ()  # kind, slug, name
    meta: dict[str, str] = field(default_factory=dict)
    comments: tuple[OldWord, ...] = ()
    fields: tuple[str, ...] = ()  # names of an extension's own that hold words


@dataclass(frozen=True, slots=True)
class Dropped:
    """An item that is too large to be read; its first words name it."""

    title: str
    characters: int


class Note(enum.StrEnum):
    """What could not be taken as it was; the words for it are in report."""

    TOO_LARGE = "too_large"
    KIND = "kind"
    LETTER = "letter"
    TRASH = "trash"
    LOCKED = "locked"
    HIDDEN = "hidden"
    PICTURE_AWAY = "picture_away"
    PICTURE_REFUSED = "picture_refused"
    PICTURE_UNTOLD = "picture_untold"
    SHORTCODE = "shortcode"
    BLOCK = "block"
    EMBED = "embed"
    TABLE = "table"
    FILE = "file"
    FORM = "form"
    PING = "ping"
    COMMENTS_WAIT = "comments_wait"
    COMMENT_EMPTY = "comment_empty"
    CHANGED = "changed"
    ADDRESS_TAKEN = "address_taken"
    ADDRESS_OURS = "address_ours"
    TAG = "tag"
    STRUCK = "struck"
    SHORTENED = "shortened"
    FIELD = "field"
    NO_DATE = "no_date"
    FAILED = "failed"


Notes = list[list[str]]
"""Pairs of a Note and a detail, as JSON keeps them."""
