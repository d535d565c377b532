"""Makes a picture that may be shown of one that came in: pixels only, upright, no metadata, of a bounded size."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

TYPES: Final = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE: Final = 1600  # pixels
MOST_PIXELS: Final = 60_000_000  # a phone's largest picture passes, a decompression bomb does not


class NotAPicture(Exception):
    """This file cannot be shown as a picture; it stays with the message, for staff only."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """WebP bytes without metadata; width and height in pixels."""

    data: bytes
    width: int
    height: int
    content_type: str = "image/webp"


def clean(data: bytes) -> CleanPicture:
    """Read the pixels and write them anew: place, camera, thumbnails and comments do not come along.

    Raises NotAPicture for what is no raster picture, is broken, or has more than 60 million pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=TYPES) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotAPicture
                upright = ImageOps.exif_transpose(opened)
                mode = "RGBA" if upright.has_transparency_data else "RGB"
                pixels = upright.convert(mode)
    except NotAPicture:
        raise
    except Exception as error:
        raise NotAPicture from error
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new(mode, pixels.size)
    bare.paste(pixels)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=82, method=4)
    return CleanPicture(out.getvalue(), bare.width, bare.height)
