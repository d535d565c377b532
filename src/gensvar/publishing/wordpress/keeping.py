"""Keeps every word of an export as it was read, before anything is made of it; what is here already comes but once.

Neighbours: reading and items read, making makes posts of the rows that this leaves.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve
from django.utils.text import slugify
from wagtail.models import Page

from gensvar.core import clock, files
from gensvar.core.stops import stop
from gensvar.publishing.posts.models import PostsHome
from gensvar.publishing.wordpress import addresses, items
from gensvar.publishing.wordpress.models import OldAddress, OldItem, OldSite
from gensvar.publishing.wordpress.reading import Broken, Export, Node, NotAnExport
from gensvar.publishing.wordpress.uploads import ATTACHMENT, relative_file
from gensvar.publishing.wordpress.values import Blog, Dropped, Item, Note, Notes

BATCH: Final = 25  # items in one transaction
POSTS: Final = frozenset({"post", "page"})
WORDLESS: Final = frozenset(  # how a blog looks, not what it says
    {"revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache"}
    | {
        "wp_template",
        "wp_template_part",
        "wp_global_styles",
        "wp_navigation",
        "wp_font_family",
        "wp_font_face",
    }
)
SHOWN_WORDS: Final = ("title", "content", "excerpt", "status")


@dataclass(slots=True)
class Kept:
    """What reading one file gave. `broken` says where the file broke; `dropped` names what was too large to be read."""

    site: OldSite | None = None
    new: int = 0
    known: int = 0
    changed: int = 0
    unnumbered: int = 0
    mended: int = 0
    broken: Broken | None = None
    last: str = ""  # the title of the last item that is whole
    dropped: list[str] = field(default_factory=list)
    stopped: bool = False


def keep(
    path: Path,
    *,
    language: str = "",
    progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Kept:
    """Read the file to its end and keep what is new; what was committed stays, whenever it ends.

    `language` of its words; else what the export says. Raises NotAnExport, OSError, DatabaseError.
    """
    export, kept, blog = Export(path), Kept(), Blog()
    batch: list[Item] = []
    try:
        for found in _items(export, blog):
            if stopped():
                kept.stopped = True
                break
            if isinstance(found, Dropped):
                kept.dropped.append(found.title)
            elif found is None:
                kept.unnumbered += 1
            else:
                batch.append(found)
                kept.last = found.title or str(found.number)
            if len(batch) >= BATCH:
                _keep(batch, blog, language, kept)
                batch = []
                progress(export.done, export.total)
    except Broken as broken:
        kept.broken = broken
    _keep(batch, blog, language, kept)
    kept.mended = export.mended
    if not kept.stopped:
        progress(export.total, export.total)
    return kept


def _items(export: Export, blog: Blog) -> Iterator[Item | Dropped | None]:
    for node in export.nodes():
        if node.name == "item":
            yield items.item_of(node)
        elif not node.dropped:
            _head(node, blog)


def _head(node: Node, blog: Blog) -> None:
    if len(blog.authors) < 10_000:
        items.read_head(node, blog)


def _keep(batch: list[Item], blog: Blog, language: str, kept: Kept) -> None:
    if not batch and kept.site is not None:
        return
    kept.site = kept.site or _site(blog, language)
    rows = {one.number: one for one in batch}  # the last of a number counts
    raws = {number: files.keep_raw(items.to_bytes(one)) for number, one in rows.items()}
    stop("wordpress.before_keep")
    with transaction.atomic():
        there = {row.number: row for row in kept.site.items.filter(number__in=rows)}
        for number, one in sorted(rows.items()):
            row = there.get(number)
            if row is None:
                kept.new += _add(one, raws[number], kept.site)
            elif row.raw_sha256 == raws[number]["raw_sha256"]:
                kept.known += 1
                if row.kind == ATTACHMENT:  # kept before its own page led anywhere
                    _remember_addresses(row, one)
            else:
                _change(row, one, raws[number])
                kept.changed += 1


def _site(blog: Blog, language: str) -> OldSite:
    address = addresses.site_address(blog.address)
    if not address:
        raise NotAnExport("wp:base_blog_url")
    spoken = language or ("en" if blog.language.lower().startswith("en") else "sv")
    site, _new = OldSite.objects.get_or_create(
        address=address, defaults={"title": blog.title, "language": spoken, "first_at": clock.now()}
    )
    if blog.authors.items() - site.authors.items():
        site.authors = site.authors | blog.authors
        site.save(update_fields=["authors"])
    return site


def _add(item: Item, raw: dict[str, Any], site: OldSite) -> int:
    """Keep one; 0 where another process just did."""
    notes: Notes = []
    state = OldItem.State.WAITING if item.kind in POSTS else OldItem.State.LEFT
    if item.kind in POSTS and item.status in {"trash", "auto-draft", "inherit"}:
        state = OldItem.State.LEFT
        notes.append([Note.TRASH, item.status])
    elif item.kind in items.LETTERS:
        notes.append([Note.LETTER, item.kind])
    elif item.kind not in POSTS | WORDLESS | {ATTACHMENT}:
        notes.append([Note.KIND, item.kind])
    at, planned = items.moment(item), state == OldItem.State.WAITING
    row = OldItem(
        site=site,
        number=item.number,
        kind=item.kind,
        title=item.title[:250],
        state=state,
        slug=free_slug(item, site) if planned else "",
        at=at,
        shown=planned and _was_public(item, at),
        parent=item.parent,
        file=_file(item) if item.kind == ATTACHMENT else "",
        notes=notes,
        **raw,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if OldItem.objects.filter(site=site, number=item.number).exists():
            return 0
        raise
    if planned or item.kind == ATTACHMENT:
        _remember_addresses(row, item)
    return 1


def _was_public(item: Item, at: dt.datetime | None) -> bool:
    """Whether everybody could read it, on a day that has been: one to come would stand on top until then."""
    return item.status == "publish" and not item.locked and at is not None and at <= clock.now()


def _file(item: Item) -> str:
    """Where an attachment lay below wp-content/uploads: as its address says, else as WordPress noted."""
    noted = item.meta.get("_wp_attached_file", "").lstrip("/")
    return relative_file(item.file) or (noted if "://" not in noted and "\0" not in noted else "")[:500]


def _change(row: OldItem, item: Item, raw: dict[str, Any]) -> None:
    """Keep what the newer export says; a post that came home already is not written over, only its new comments come."""
    before = items.from_bytes(row.read_raw())
    if row.taken_at is not None and any(getattr(before, name) != getattr(item, name) for name in SHOWN_WORDS):
        row.notes = [*row.notes, [Note.CHANGED, item.status]]
    for name, value in raw.items():
        setattr(row, name, value)
    if row.kind in items.LETTERS:  # of one that was kept before they were known as private
        row.title, row.notes = "", [[Note.LETTER, row.kind]]
    if row.kind in POSTS and row.state != OldItem.State.LEFT:
        row.state = OldItem.State.WAITING
    if row.taken_at is None:
        at = items.moment(item)
        row.at, row.shown = at, _was_public(item, at)
    row.save()
    if row.slug or row.kind == ATTACHMENT:
        _remember_addresses(row, item)


def free_slug(item: Item, site: OldSite) -> str:
    """The last part of its new address: the old one, where nobody has it here."""
    wanted = slugify(unquote(item.slug) or item.title, allow_unicode=True)[:200].strip("-_")
    if not wanted or wanted.isdecimal():
        wanted = f"{item.kind}-{wanted or item.number}"
    home = PostsHome.objects.get(locale__language_code=site.language)
    slug, count = wanted, 1
    while (
        Page.objects.child_of(home).filter(slug=slug).exists() or OldItem.objects.filter(slug=slug).exists()
    ):
        count += 1
        slug = f"{wanted}-{count}"
    return slug


def _remember_addresses(row: OldItem, item: Item) -> None:
    """What else has such an address already keeps it; a post takes it from the page of a file."""
    keys = {addresses.number_key(row.site.address, row.number), addresses.key_of_link(item.link)} - {""}
    OldAddress.objects.bulk_create(
        [OldAddress(site=row.site, path=key, item=row) for key in sorted(keys)], ignore_conflicts=True
    )
    if row.kind != ATTACHMENT:
        OldAddress.objects.filter(site=row.site, path__in=keys, item__kind=ATTACHMENT).update(item=row)
    if row.shown and (taken := next((key for key in keys if "?" not in key and _is_ours(key)), "")):
        row.notes = [*row.notes, [Note.ADDRESS_OURS, taken]]
        row.save(update_fields=["notes"])


def _is_ours(path: str) -> bool:
    """Whether a page of ours stands at that address, so that it cannot lead to the post."""
    for one in (path, f"{path}/"):
        with contextlib.suppress(Resolver404):
            if resolve(one).view_name != "wagtail_serve":
                return True
    return False
