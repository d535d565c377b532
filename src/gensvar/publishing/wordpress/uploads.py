"""Files of an old blog: which one an address means, and where the pages and pictures that it had of them stand now.

Neighbours: keeping notes them, finding seeks them for a post, addresses leads old links here. Readers get what the gate shows.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from typing import Final
from urllib.parse import unquote, urlsplit

from django.urls import reverse

from gensvar.publishing.posts import gate
from gensvar.publishing.posts.models import PostPicture
from gensvar.publishing.wordpress.models import OldItem, OldSite

ATTACHMENT: Final = "attachment"
MADE_SMALLER: Final = re.compile(r"-(?:[0-9]{1,5}x[0-9]{1,5}|scaled|rotated)(?=\.[A-Za-z0-9]+$)")
_UPLOADS: Final = re.compile(
    r"/(?:wp-content/uploads(?:/sites/[0-9]+)?|wp-content/blogs\.dir/[0-9]+/files|files)/(.+)$"
)


def relative_file(address: str) -> str:
    """The path of a file below wp-content/uploads, of its address; empty for a file that did not lie there.

    WordPress.com shows that folder at a host of its own.
    """
    with contextlib.suppress(ValueError):
        split = urlsplit(address)
        hosted = (split.hostname or "").endswith(".files.wordpress.com")
        found = re.match("/(.+)", unquote(split.path)) if hosted else _UPLOADS.search(unquote(split.path))
        return found[1][:500] if found and "\0" not in found[1] else ""
    return ""


def picture_at(host: str, path: str) -> str:
    """The address of the picture that lay at that path, in whatever size; empty where it stands in nothing that is shown.

    Of several blogs that of this host (without "www.") is meant; a file of that very name goes before one that it was made of.
    """
    found = _UPLOADS.search(path)
    if found is None:
        return ""
    exact = unicodedata.normalize("NFC", found[1])
    named = {found[1], MADE_SMALLER.sub("", found[1])}
    forms = {unicodedata.normalize(form, name) for name in named for form in ("NFC", "NFD")}
    rows = OldItem.objects.filter(  # the index begins with the blog
        site__in=OldSite.objects.all(), file__in=forms | named, image__isnull=False
    ).select_related("site")

    def order(row: OldItem) -> tuple[bool, bool, int]:
        return row.site.host != host, unicodedata.normalize("NFC", row.file) != exact, row.pk

    for row in sorted(rows.only("site", "file", "image_id"), key=order):
        if (shown := _shown([row.image_id])) is not None:
            return reverse("square:post_picture", args=[shown.sha256])
    return ""


def item_of_page(row: OldItem) -> OldItem | None:
    """The item whose post stands where the page of that file was: the one that it hung under, else one that shows it."""
    above = (
        row.site.items.filter(number=row.parent, post__isnull=False) if row.parent else OldItem.objects.none()
    )
    if (found := above.select_related("post", "site").first()) is not None:
        return found
    shown = _shown([row.image_id]) if row.image_id is not None else None
    rows = row.site.items.filter(post=shown.post_id) if shown is not None else OldItem.objects.none()
    return rows.select_related("post", "site").first()


def _shown(images: object) -> PostPicture | None:
    """Where one of these images may be seen, in the oldest of such posts."""
    rows = list(PostPicture.objects.filter(image__in=images, shown=True).order_by("post_id"))
    there = gate.shown_among(row.post_id for row in rows)
    return next((row for row in rows if row.post_id in there), None)
