"""Finds what a post of an old blog points at: its pictures among the given files, and where its links lead now.

Neighbours: body asks, publishing.pictures refuses what is no picture.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from django.core.files.images import ImageFile
from PIL import Image as Pillow
from wagtail.images.models import Image

from gensvar.conversations import cleaning
from gensvar.publishing import library, pictures
from gensvar.publishing.wordpress import addresses, items
from gensvar.publishing.wordpress.markup import plain
from gensvar.publishing.wordpress.media import Picture
from gensvar.publishing.wordpress.models import OldAddress, OldItem
from gensvar.publishing.wordpress.uploads import ATTACHMENT, MADE_SMALLER, relative_file
from gensvar.publishing.wordpress.values import Note, Notes

LARGEST: Final = 50 * 1024 * 1024  # bytes of one picture
ENDINGS: Final = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_FROM_A_CAMERA: Final = re.compile(  # a number, which may be written in letters too ("Badplatsen" has none)
    r"(?i)(?:img|dsc|dscn|p|bild|image|screenshot|skärmavbild)?[-_ ]?(?=[a-f_-]*[0-9])[0-9a-f_-]{3,}.*|\S+\.\w{3,4}"
)


class Surroundings:
    """The rest of the blog, as one of its posts sees it."""

    def __init__(self, row: OldItem, files: Path | None, notes: Notes, *, page: str = "") -> None:
        self.row, self.site, self.notes = row, row.site, notes
        self.page = page  # its old address, which links without a beginning go on from
        self.files = files.resolve() if files is not None else None
        self.host = self.site.address.partition("/")[0]

    def picture(self, number: int, address: str) -> Picture | None:
        """See body.Finder."""
        attached = self.site.items.filter(kind=ATTACHMENT)
        relative = relative_file(address)
        row = attached.filter(number=number).first() if number else None
        if row is None and relative:
            names = [relative, MADE_SMALLER.sub("", relative)]
            row = attached.filter(file__in=names).order_by("pk").first()
        wanted = row.file if row is not None and row.file else relative
        if not wanted:
            self.notes.append([Note.PICTURE_AWAY, address[:200] or f"{number}"])
            return None
        image = self._image(row, wanted)
        if image is None:
            return None
        said = items.from_bytes(row.read_raw()) if row is not None else None
        told = said.meta.get("_wp_attachment_image_alt", "") if said is not None else ""
        caption = plain(said.excerpt) if said is not None else ""
        if not told and said is not None and not _FROM_A_CAMERA.fullmatch(said.title):
            told = said.title
        return Picture(image, told, caption)

    def gallery(self) -> list[int]:
        """See body.Finder: those that were hung under this post, in the order of their numbers."""
        hung = self.site.items.filter(kind=ATTACHMENT, parent=self.row.number).exclude(file="")
        return list(hung.order_by("number").values_list("number", flat=True))

    def link(self, address: str) -> str:
        """See body.Finder: to the new address of a post of the same blog, as it was to anything else."""
        try:
            address = urljoin(self.page, address) if address and address[0] not in "/?#" else address
            split = urlsplit(address)
            host = (split.hostname or "").removeprefix("www.")
        except ValueError:
            return ""
        if split.scheme and split.scheme.lower() not in SCHEMES:
            return ""
        if split.scheme in {"mailto", "tel"}:
            return address
        if host not in {"", self.host}:
            if host.replace(".files.", ".", 1) != self.host:
                return address if split.scheme else f"https:{address}"
            host = self.host  # where WordPress.com shows its files
        if not host and not split.path.startswith("/") and not split.query:
            return ""  # an anchor in the old page, or nothing
        if relative := relative_file(address):
            if self._is_picture(address):
                return ""  # a picture's own larger copy
            self.notes.append([Note.FILE, relative])
        elif (there := self._post_at(addresses.key_of_link(address))) is not None:
            return there
        if not split.hostname:
            return f"https://{self.host}{address}"
        return address if split.scheme else f"https:{address}"

    def pattern(self, number: int) -> str:
        """See body.Finder."""
        row = self.site.items.filter(kind="wp_block", number=number).first()
        return items.from_bytes(row.read_raw()).content if row is not None else ""

    @staticmethod
    def _is_picture(address: str) -> bool:
        return re.search(r"\.(?:jpe?g|png|gif|webp)$", relative_file(address), re.IGNORECASE) is not None

    def _post_at(self, key: str) -> str | None:
        row = OldAddress.objects.filter(site=self.site, path=key, item__isnull=False).select_related(
            "item__site"
        )
        found = row.first() if key else None
        if found is None or found.item is None:
            return None
        there = found.item
        if there.kind == ATTACHMENT:  # the page of a file: what that hung under, if anything
            above = self.site.items.filter(number=there.parent).select_related("site").first()
            return (addresses.planned(above) or None) if above is not None else None
        return addresses.planned(there)

    def _image(self, row: OldItem | None, relative: str) -> Image | None:
        if row is not None and row.image is not None:
            return row.image
        data = self._bytes(relative)
        if data is None:
            self.notes.append([Note.PICTURE_AWAY, relative[:200]])
            return None
        try:
            pictures.clean(data)
        except pictures.NotAPicture:
            self.notes.append([Note.PICTURE_REFUSED, relative[:200]])
            return None
        image = _kept(data, relative)
        if row is not None:
            OldItem.objects.filter(pk=row.pk).update(image=image, state=OldItem.State.MADE)
        return image

    def _bytes(self, relative: str) -> bytes | None:
        """What stands in that file below the given folder, and in no other."""
        if self.files is None:
            return None
        for path in _candidates(self.files, relative):
            try:
                real = path.resolve()
                if real.is_relative_to(self.files) and real.is_file() and real.stat().st_size <= LARGEST:
                    return real.read_bytes()
            except (OSError, ValueError):
                continue
        return None


def _candidates(folder: Path, relative: str) -> Iterator[Path]:
    """Where it may lie: whole first; the folder may be uploads itself or one above it."""
    names = dict.fromkeys([MADE_SMALLER.sub("", relative), relative])
    for name in names:
        for form in dict.fromkeys(
            [name, unicodedata.normalize("NFD", name), unicodedata.normalize("NFC", name)]
        ):
            for above in ("", "uploads", "wp-content/uploads"):
                yield folder / above / form


def _kept(data: bytes, relative: str) -> Image:
    """The image of these bytes: the one that is here already, or a new one."""
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()  # as Wagtail names the same file
    found = Image.objects.filter(file_hash=digest, guest_picture=None).order_by("pk").first()
    if found is not None:
        return found
    with Pillow.open(io.BytesIO(data)) as opened:
        ending = ENDINGS[str(opened.format)]
    stem = cleaning.filename(relative).rpartition(".")[0][:80] or "bild"
    file = ImageFile(io.BytesIO(data), name=f"{stem}.{ending}")
    image = Image(title=stem[:255], file=file, collection=library.ours())
    image.file_hash, image.file_size = digest, len(data)
    image.save()
    return image
