"""Makes of one clean picture what different screens load: several widths, in AVIF, WebP and what every reader knows.

Pure: bytes in, bytes out. Neighbours: pictures makes the clean one, posts.pictures keeps what comes of it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image

WIDTHS: Final = (480, 960, 1600)  # pixels; a phone, a phone with fine pixels, a large screen with fine pixels
CARD: Final = (16, 9)
CARD_WIDTHS: Final = (320, 640)
PLAIN_WIDTH: Final = 960  # of the one for old browsers, feed readers and mail
AVIF, WEBP, JPEG, PNG = "image/avif", "image/webp", "image/jpeg", "image/png"
MIDDLE: Final = (500, 500)

Focus = tuple[int, int]
"""Where the eye should rest: thousandths of the width from the left and of the height from the top."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a picture: whole, or cut to a card's shape around its focal point. Width and height in pixels."""

    card: bool
    width: int
    height: int
    content_type: str
    data: bytes


def renditions(data: bytes, focus: Focus = MIDDLE) -> Iterator[Rendition]:
    """All files of a picture that `pictures.clean` made. The largest is as wide as it is; nothing is made larger."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as opened:
        pixels = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    yield from _in_widths(pixels, WIDTHS, card=False)
    yield from _in_widths(_cut(pixels, focus), CARD_WIDTHS, card=True)


def _in_widths(pixels: Image.Image, wished: tuple[int, ...], *, card: bool) -> Iterator[Rendition]:
    widths = [width for width in wished if width < pixels.width]
    widths.append(min(pixels.width, wished[-1]))
    plain = min(PLAIN_WIDTH, widths[-1])
    for width in sorted({*widths, plain}):
        height = max(1, round(pixels.height * width / pixels.width))
        sized = pixels if width == pixels.width else pixels.resize((width, height), Image.Resampling.LANCZOS)
        for content_type in (AVIF, WEBP) if width in widths else ():
            yield Rendition(card, width, height, content_type, _written(sized, content_type))
        if width == plain:
            kind = PNG if sized.mode == "RGBA" else JPEG
            yield Rendition(card, width, height, kind, _written(sized, kind))


def _written(pixels: Image.Image, content_type: str) -> bytes:
    out = io.BytesIO()
    if content_type == AVIF:
        pixels.save(out, "AVIF", quality=52, speed=7, max_threads=1)
    elif content_type == WEBP:
        pixels.save(out, "WEBP", quality=74, method=4)
    elif content_type == PNG:
        pixels.save(out, "PNG", optimize=True)
    else:
        pixels.save(out, "JPEG", quality=78, progressive=True, optimize=True)
    return out.getvalue()


def _cut(pixels: Image.Image, focus: Focus) -> Image.Image:
    """The largest piece of a card's shape with the focal point as near to its middle as the edges let it."""
    across, down = CARD
    width = min(pixels.width, pixels.height * across // down)
    height = min(pixels.height, pixels.width * down // across)
    width, height = max(1, width), max(1, height)
    left = _within(pixels.width * focus[0] // 1000 - width // 2, pixels.width - width)
    top = _within(pixels.height * focus[1] // 1000 - height // 2, pixels.height - height)
    return pixels.crop((left, top, left + width, top + height))


def _within(wished: int, most: int) -> int:
    return max(0, min(wished, most))
