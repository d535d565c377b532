"""Makes plain values of a post's parts: what may not be seen (any more) is left out. Neighbour: gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from wagtail.rich_text import RichText

from gensvar.people.models import Function
from gensvar.publishing.posts.models import Post, PostPicture, images_in
from gensvar.publishing.posts.values import PublishedPart
from gensvar.publishing.values import PublishedPicture

LARGEST_PREVIEW: Final = "width-1200"
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
        rows = PostPicture.objects.filter(post=post.pk, shown=True) if images_in(post.body) else ()
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
            return {
                "picture": PublishedPicture(row.sha256, row.content_type, alternative, row.width, row.height),
                **_focus(image),
            }
        if self.preview:
            made = image.get_rendition(LARGEST_PREVIEW)
            return {
                "preview": made.url,
                "picture": PublishedPicture("", "", alternative, made.width, made.height),
                **_focus(image),
            }
        return None


def _focus(image: Any) -> dict[str, str]:
    """Where the eye should rest when the picture is cropped: a name for the style sheet, for want of inline style."""
    point = image.get_focal_point()
    if point is None:
        return {"focus": "middle-centre"}
    across = point.centroid.x / image.width
    down = point.centroid.y / image.height
    row = "top" if down < 1 / 3 else "bottom" if down > 2 / 3 else "middle"
    column = "left" if across < 1 / 3 else "right" if across > 2 / 3 else "centre"
    return {"focus": f"{row}-{column}"}
