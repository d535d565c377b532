"""Makes values of the elements of an export. Neighbours: reading finds them, keeping stores what comes out of here."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import re
from dataclasses import asdict
from typing import Any, Final

from django.utils import timezone

from gensvar.publishing.posts.values import YEARS
from gensvar.publishing.wordpress.markup import plain
from gensvar.publishing.wordpress.reading import Node
from gensvar.publishing.wordpress.values import Blog, Dropped, Item, OldWord

KEPT_META: Final = frozenset(
    {"_wp_attachment_image_alt", "_wp_attached_file", "_thumbnail_id", "footnotes", "enclosure"}
)
LETTERS: Final = frozenset(  # what others sent to the blog by an extension, with their names and addresses
    {
        "feedback",
        "flamingo_inbound",
        "flamingo_outbound",
        "flamingo_contact",
        "nf_sub",
        "wpcf7s",
        "user_request",
        "shop_order",
        "shop_order_refund",
        "shop_subscription",
        "edd_payment",
        "give_payment",
        "tribe_rsvp_attendees",
    }
)
LONGEST_META: Final = 200_000
LARGEST_NUMBER: Final = 2**63 - 1
_SENTENCE: Final = re.compile(r"\s*(?![abisO]:[0-9]|[{\[]|https?:)(?:\S+\s+){2}[^\W\d_]{2}")


def read_head(node: Node, blog: Blog) -> None:
    """Note in `blog` what an element of the file's head says."""
    name, text = node.name, node.text.strip()
    if name in {"wp:base_blog_url", "link"}:
        blog.address = text if name == "wp:base_blog_url" or not blog.address else blog.address
    elif name == "title":
        blog.title = _words(text)[:250]
    elif name == "language":
        blog.language = text[:20]
    elif name == "wp:wxr_version":
        blog.version = text[:10]
    elif name == "wp:author":
        login = node.of("wp:author_login").strip()
        if login:
            blog.authors[login[:120]] = (_words(node.of("wp:author_display_name")) or login)[:120]


def item_of(node: Node) -> Item | Dropped | None:
    """The item of an element; None where it has no number of its own and so could never be known again.

    Of a private letter nothing but its number is read.
    """
    if node.dropped:
        return Dropped(_words(node.of("title"))[:250], node.size)
    number = _number(node.of("wp:post_id"))
    if not number:
        return None
    kind = node.of("wp:post_type").strip()[:40]
    if kind in LETTERS:
        node = Node("item", {})
    return Item(
        number=number,
        kind=kind,
        status=node.of("wp:status").strip()[:40],
        title=_words(node.of("title")),
        link=node.of("link").strip(),
        slug=node.of("wp:post_name").strip(),
        author=node.of("dc:creator").strip()[:120],
        at=node.of("wp:post_date_gmt").strip(),
        at_local=node.of("wp:post_date").strip(),
        published=node.of("pubDate").strip(),
        content=node.of("content:encoded"),
        excerpt=node.of("excerpt:encoded"),
        locked=bool(node.of("wp:post_password").strip()),
        open=node.of("wp:comment_status").strip() != "closed",
        file=node.of("wp:attachment_url").strip(),
        parent=_number(node.of("wp:post_parent")),
        terms=_terms(node),
        meta=_meta(node),
        comments=tuple(_comment(one) for one in node.all("wp:comment")),
        fields=_fields(node),
    )


def to_bytes(item: Item) -> bytes:
    """As it is kept; the same item gives the same bytes."""
    return json.dumps(asdict(item), ensure_ascii=False, sort_keys=True).encode()


def from_bytes(raw: bytes) -> Item:
    """What `to_bytes` kept."""
    read: dict[str, Any] = json.loads(raw)
    read["terms"] = tuple((kind, slug, name) for kind, slug, name in read["terms"])
    read["comments"] = tuple(OldWord(**one) for one in read["comments"])
    read["fields"] = tuple(read.get("fields", ()))
    return Item(**read)


def moment(item: Item) -> dt.datetime | None:
    """When it was first public, aware; None where the export says nothing that is a time, or no year that addresses have.

    The first that it says decides: what it says elsewhere would be another day than the one that its readers saw.
    """
    at = utc(item.at) or _written(item.at_local, timezone.get_default_timezone())
    if at is None:
        try:
            at = email.utils.parsedate_to_datetime(item.published)
        except ValueError:
            return None
    return at if at.tzinfo is not None and _has_an_address(at) else None


def _has_an_address(at: dt.datetime) -> bool:
    """Whether a page can stand under the year of that time (aware) by the municipality's clock."""
    near = YEARS.start - 1 <= at.year <= YEARS.stop  # farther off some clock has no name for it
    return near and timezone.localtime(at).year in YEARS


def utc(written: str) -> dt.datetime | None:
    """A time as WordPress writes it in UTC; None for its zeros and for anything else."""
    return _written(written, dt.UTC)


def _written(written: str, zone: dt.tzinfo) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None


def _words(html: str) -> str:
    """Titles and names are HTML too: "Sn&ouml; &amp; is"."""
    return " ".join((plain(html) if "<" in html or "&" in html else html).split())


def _number(text: str) -> int:
    text = text.strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    return number if number <= LARGEST_NUMBER else 0


def _terms(node: Node) -> tuple[tuple[str, str, str], ...]:
    """Categories and tags; version 1.0 names some of them twice, once without their short name."""
    found: dict[tuple[str, str], str] = {}
    for one in node.all("category"):
        kind = {"tag": "post_tag", "": "category"}.get(one.attributes.get("domain", ""), "")
        kind = kind or one.attributes.get("domain", "")
        slug = one.attributes.get("nicename", "")
        if slug:
            found[kind, slug] = _words(one.text)
    return tuple((kind, slug, name) for (kind, slug), name in found.items())


def _meta(node: Node) -> dict[str, str]:
    pairs = ((one.of("wp:meta_key").strip(), one.of("wp:meta_value")) for one in node.all("wp:postmeta"))
    return {key: value.strip()[:LONGEST_META] for key, value in pairs if key in KEPT_META}


def _fields(node: Node) -> tuple[str, ...]:
    """Names of an extension's own fields that hold a sentence; what begins with a line below is for machines."""
    pairs = ((one.of("wp:meta_key").strip(), one.of("wp:meta_value")) for one in node.all("wp:postmeta"))
    named = (
        key[:80] for key, value in pairs if key not in KEPT_META and _SENTENCE.match(value) and key[:1] != "_"
    )
    return tuple(dict.fromkeys(named))


def _comment(node: Node) -> OldWord:
    """Without the IP address of its writer: nobody here needs it."""
    return OldWord(
        number=_number(node.of("wp:comment_id")),
        parent=_number(node.of("wp:comment_parent")),
        name=_words(node.of("wp:comment_author")),
        email=node.of("wp:comment_author_email").strip(),
        at=node.of("wp:comment_date_gmt").strip(),
        text=node.of("wp:comment_content"),
        approved=node.of("wp:comment_approved").strip(),
        kind=node.of("wp:comment_type").strip() or "comment",
        by_author=node.of("wp:comment_user_id").strip() not in {"", "0"},
    )
