"""Makes plain values of a post's parts: what may not be seen (any more) is left out. Neighbour: gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from wagtail.rich_text import RichText

from gensvar.people.models import Function
from gensvar.publishing.posts.models import Post, PostPicture
from gensvar.publishing.posts.pictures import PictureSize, images_in
from gensvar.publishing.posts.values import File, Picture, PublishedPart
from gensvar.publishing.renditions import AVIF, WEBP

LARGEST_PREVIEW: Final = "width-1200"
PREFERRED: Final = (AVIF, WEBP)
Words = Mapping[str, Any]


def shown(post: Post, *, preview: bool = False) -> tuple[PublishedPart, ...]:
    """The parts in their order. In a preview pictures that are not public yet are shown to staff alone, by `preview`."""
    maker = _Maker(post, preview)
    made = []
    for part in post.body:
        words = maker.makers[part.block_type](part.value)
        if words is not None:
            made.append(PublishedPart(part.block_type, words))
    return tuple(made)


class _Maker:
    def __init__(self, post: Post, preview: bool) -> None:
        self.preview = preview
        rows: Iterable[PostPicture] = ()
        if images_in(post.body):
            rows = PostPicture.objects.filter(post=post.pk, shown=True).prefetch_related("sizes")
        self.pictures = {one.image_id: one for one in rows}
        self.makers: dict[str, Callable[[Any], Words | None]] = {
            "text": self.text,
            "picture": self.picture,
            "quotation": self.quotation,
            "facts": self.facts,
            "contact": self.contact,
            "film": self.film,
        }

    def text(self, value: RichText) -> Words:
        return {"html": value}

    def facts(self, value: Words) -> Words:
        return {"heading": value["heading"], "html": value["text"]}

    def picture(self, value: Words) -> Words | None:
        found = self._picture(value["image"], value["alternative"])
        return None if found is None else found | {"caption": value["caption"]}

    def quotation(self, value: Words) -> Words | None:
        return {"text": value["text"], "who": value["who"], "source": value["source"]}

    def contact(self, value: Words) -> Words | None:
        function = Function.objects.filter(slug=value["function"], active=True).first()
        return None if function is None else {"function": str(function), "text": value["text"]}

    def film(self, value: Words) -> Words:
        found = self._picture(value["image"], value["alternative"]) if value["image"] else None
        return {"title": value["title"], "url": value["url"], "length": value["length"], **(found or {})}

    def _picture(self, image: Any, alternative: str) -> dict[str, Any] | None:
        if image is None:
            return None
        if (row := self.pictures.get(image.pk)) is not None:
            whole = [one for one in row.sizes.all() if not one.card]
            return {"picture": picture_of(row, whole, alternative)}
        if self.preview:
            made = image.get_rendition(LARGEST_PREVIEW)
            plain = File("", "", made.width, made.height)
            return {"picture": Picture(plain, alternative, made.width, made.height, preview=made.url)}
        return None


def picture_of(row: PostPicture, sizes: Iterable[PictureSize], alternative: str) -> Picture:
    """A picture with those of its files; before they are made there is only the one that they are made of."""
    files = [File(one.sha256, one.content_type, one.width, one.height) for one in sizes]
    newer = sorted((one for one in files if one.content_type in PREFERRED), key=_order)
    plain = next((one for one in files if one.content_type not in PREFERRED), None)
    largest = newer[-1] if newer else row
    return Picture(
        plain=plain or File(row.sha256, row.content_type, row.width, row.height),
        alternative=alternative,
        width=largest.width,
        height=largest.height,
        files=tuple(newer) if plain is not None else (),
    )


def _order(file: File) -> tuple[int, int]:
    return PREFERRED.index(file.content_type), file.width
