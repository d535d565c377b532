"""Makes plain values of a post's parts: what may not be seen (any more) is left out. Neighbour: gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from wagtail.images.models import Image
from wagtail.rich_text import RichText

from gensvar.people.models import Function
from gensvar.publishing.posts.models import Post, PostPicture
from gensvar.publishing.posts.pictures import PictureSize
from gensvar.publishing.posts.values import File, Picture, PublishedPart
from gensvar.publishing.renditions import AVIF, WEBP

LARGEST_PREVIEW: Final = "width-1200"
PICTURED: Final = frozenset({"picture", "film"})  # parts in which a picture may stand
PREFERRED: Final = (AVIF, WEBP)
Words = Mapping[str, Any]
Pictured = tuple[PostPicture, list[PictureSize]]


def shown(post: Post, *, preview: bool = False) -> tuple[PublishedPart, ...]:
    """The parts in their order. In a preview pictures that are not public yet are shown to staff alone, by `preview`."""
    return shown_in([post], preview=preview)[0]


def shown_in(posts: Sequence[Post], *, preview: bool = False) -> list[tuple[PublishedPart, ...]]:
    """The parts of each of these posts; three readings at most however many they are, none for what stands in no part."""
    known = _Known(posts)
    return [tuple(_made(post, known, preview)) for post in posts]


def _made(post: Post, known: _Known, preview: bool) -> Iterator[PublishedPart]:
    maker = _Maker(known.pictures.get(post.pk, {}), known.functions, preview)
    for place, raw in enumerate(post.body.raw_data):
        kind = raw["type"]
        # As kept, where a picture is only an id: Wagtail would read the image of each post to give it as a value.
        value = raw["value"] if kind in PICTURED else post.body[place].value
        words = maker.makers[kind](value)
        if words is not None:
            yield PublishedPart(kind, words)


class _Known:
    """What the parts of some posts name: their pictures by post and image, the functions by slug."""

    def __init__(self, posts: Sequence[Post]) -> None:
        raws = [(post.pk, raw["type"], raw["value"]) for post in posts for raw in post.body.raw_data]
        pictured = {
            (pk, value["image"]) for pk, kind, value in raws if kind in PICTURED and value.get("image")
        }
        named = {value["function"] for _pk, kind, value in raws if kind == "contact"}
        self.pictures = _pictures(pictured)
        self.functions: dict[str, Function] = {}
        if named:
            found = Function.objects.filter(slug__in=named, active=True)
            self.functions = {one.slug: one for one in found}


def _pictures(named: Collection[tuple[int, int]]) -> dict[int, dict[int, Pictured]]:
    """Those of these, each a post and an image, that may be seen, by post and image; read by their files, else by themselves."""
    found: dict[int, dict[int, Pictured]] = {}
    posts = {post for post, _image in named}
    shown = PostPicture.objects.filter(post__in=posts, shown=True)
    whole = PictureSize.objects.filter(card=False, picture__in=shown).select_related("picture")
    for file in whole if named else ():
        of_post = found.setdefault(file.picture.post_id, {})
        of_post.setdefault(file.picture.image_id, (file.picture, []))[1].append(file)
    if any(image not in found.get(post, {}) for post, image in named):
        for one in shown:
            found.setdefault(one.post_id, {}).setdefault(one.image_id, (one, []))
    return found


class _Maker:
    def __init__(
        self, pictures: Mapping[int, Pictured], functions: Mapping[str, Function], preview: bool
    ) -> None:
        self.pictures, self.functions, self.preview = pictures, functions, preview
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
        found = self._picture(value.get("image"), value.get("alternative", ""))
        return None if found is None else found | {"caption": value.get("caption", "")}

    def quotation(self, value: Words) -> Words | None:
        return {"text": value["text"], "who": value["who"], "source": value["source"]}

    def contact(self, value: Words) -> Words | None:
        function = self.functions.get(value["function"])
        return None if function is None else {"function": str(function), "text": value["text"]}

    def film(self, value: Words) -> Words:
        found = self._picture(value.get("image"), value.get("alternative", ""))
        said = {name: value.get(name, "") for name in ("title", "url", "length")}
        return {**said, **(found or {})}

    def _picture(self, key: int | None, alternative: str) -> dict[str, Any] | None:
        if key is None:
            return None
        if (found := self.pictures.get(key)) is not None:
            return {"picture": picture_of(*found, alternative)}
        image = Image.objects.filter(pk=key).first() if self.preview else None
        if image is not None:
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
