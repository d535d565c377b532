"""Makes a picture that may be shown of one that came in: pixels only, upright, no metadata, of a bounded size."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass
from typing import IO, Final

from PIL import Image, ImageOps

TYPES: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
LONGEST_SIDE: Final = 1600  # pixels
MOST_PIXELS: Final = 60_000_000  # a phone's largest picture passes, a decompression bomb does not

# One whole picture at a time lies unpacked in a process (60 million pixels are 240 MB), however many come at once.
_unpacking = threading.Lock()


class NotAPicture(Exception):
    """This file cannot be shown as a picture; it stays with the message, for staff only."""


class TooManyPixels(NotAPicture):
    """The picture has more than 60 million pixels; it was not unpacked."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """Bytes without metadata; width and height in pixels."""

    data: bytes
    width: int
    height: int
    content_type: str = "image/webp"


def clean(data: bytes, *, quality: int = 82) -> CleanPicture:
    """Read the pixels and write them anew: place, camera, thumbnails and comments do not come along.

    Raises NotAPicture for what is no raster picture or is broken, TooManyPixels for more than 60 million pixels.
    """
    pixels = unpack(io.BytesIO(data))
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=quality, method=4)
    return CleanPicture(out.getvalue(), bare.width, bare.height)


def unpack(file: IO[bytes]) -> Image.Image:
    """The pixels, upright, as RGB or RGBA and at most LONGEST_SIDE a side. Raises as `clean` does.

    A JPEG is read at half, a quarter or an eighth of its size where that is enough; other kinds take their whole size
    of memory, one at a time.
    """
    try:
        with warnings.catch_warnings(), _unpacking:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=TYPES) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise TooManyPixels
                return _small(opened)
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except Exception as error:  # a decoder may raise anything at bytes made to hurt it
        raise NotAPicture from error


def _small(opened: Image.Image) -> Image.Image:
    part = min(1.0, LONGEST_SIDE / max(opened.size))
    opened.draft("RGB", (max(1, round(opened.width * part)), max(1, round(opened.height * part))))
    mode = "RGBA" if opened.has_transparency_data else "RGB"
    found = opened if opened.mode == mode else opened.convert(mode)
    found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(found)
    return upright if upright.mode == mode else upright.convert(mode)
