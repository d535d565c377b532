"""Small pictures of attached ones: decoded and made anew by Pillow, so that what is shown inline is never what was sent."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

THUMBNAILS: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP")
SIDE: Final = 480  # pixels
MOST_PIXELS: Final = 60_000_000  # a larger one is a bomb, or a map: it can be downloaded


class NotAPicture(Exception):
    """These bytes are no picture that we show; the file can be downloaded."""


def thumbnail(data: bytes) -> bytes:
    """A WebP picture of at most 480 pixels a side, upright and without metadata. Raises NotAPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture
                picture.draft("RGB", (SIDE, SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((SIDE, SIDE))
                small = upright.convert(
                    "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
                )
                out = io.BytesIO()
                small.save(out, "WEBP", quality=80)
                return out.getvalue()
    except NotAPicture:
        raise
    except Exception as error:  # a decoder may raise anything at bytes made to hurt it
        raise NotAPicture from error
