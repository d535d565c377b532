"""Draws one picture: the municipality, what kind of page it is and its title, in the colours of its face; neighbour: lines.

Pure: the same words, colour and arms give the same bytes. Nothing of the database is known here.
"""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from PIL import Image, ImageDraw

from gensvar.square import colours, face
from gensvar.square.posters import letters, lines
from gensvar.square.posters.letters import SANS, SERIF
from gensvar.square.posters.lines import Block, Setting

WIDTH: Final = 1200  # pixels: what those who show such pictures ask for
HEIGHT: Final = 630
MARGIN: Final = 84
EDGE: Final = 20  # of colour, where the reading begins
ARMS: Final = (76, 88)  # at most
DESIGN: Final = 1  # raised when the drawing changes, so that every picture is drawn anew
WITHIN: Final = WIDTH - 2 * MARGIN
TITLE: Final = Setting(SERIF, WITHIN, 344, tuple(range(92, 39, -4)))
KIND: Final = Setting(SANS, WITHIN, 44, (32, 28, 24))
NAME: Final = Setting(SANS, WITHIN - ARMS[0] - 28, 56, (38, 32, 26))
LOOKED_AT: Final = lines.LONGEST + 1  # characters: one more tells that something is left out
_DRAWN: Final = (".png", ".webp")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a picture. A title with letters that our typefaces lack is left out, and the name stands alone."""

    title: str
    kind: str
    municipality: str


@functools.cache
def arms() -> Image.Image | None:
    """The coat of arms in the size in which it is drawn; None where there is none that can be.

    An SVG is drawn by browsers alone, so the PNG or WebP of the same name beside it is taken.
    """
    path = Path(settings.GENSVAR_ARMS) if settings.GENSVAR_ARMS else face.OURS / "arms.svg"
    for one in (path, *(path.with_suffix(kind) for kind in _DRAWN)):
        if one.suffix.lower() in _DRAWN and one.is_file():
            with Image.open(one, formats=("PNG", "WEBP")) as opened:
                found = opened.convert("RGBA")
            found.thumbnail(ARMS, Image.Resampling.LANCZOS)
            return found
    return None


def draw(words: Words) -> bytes:
    """A PNG of 1200 by 630 pixels."""
    light, _dark = colours.scale(settings.GENSVAR_COLOUR)
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours.LIGHT[0])
    pen = ImageDraw.Draw(picture)
    name = letters.drawable(words.municipality[:LOOKED_AT], SANS) or ""
    title = letters.drawable(words.title[:LOOKED_AT], SERIF) or name
    from_right = letters.is_from_right(title or words.kind)
    edge = WIDTH - EDGE if from_right else 0
    pen.rectangle((edge, 0, edge + EDGE - 1, HEIGHT), fill=light["base-default"])
    pen.line((MARGIN, 500, WIDTH - MARGIN - 1, 500), fill=light["border-subtle"], width=2)
    if kind := letters.drawable(words.kind[:LOOKED_AT], SANS):
        _write(pen, lines.fit(kind, KIND), 62, light["text-subtle"], from_right=from_right)
    if title:
        block = lines.fit(title, TITLE)
        room = TITLE.height - len(block.lines) * block.line
        _write(pen, block, 132 + min(room // 2, 60), light["text-default"], from_right=from_right)
    _sign(picture, pen, name if name != title else "", light["text-default"], from_right=from_right)
    out = io.BytesIO()
    picture.quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _sign(
    picture: Image.Image, pen: ImageDraw.ImageDraw, name: str, colour: str, *, from_right: bool
) -> None:
    """The coat of arms and the name, at the foot."""
    away = 0
    if (shield := arms()) is not None:
        left = WIDTH - MARGIN - shield.width if from_right else MARGIN
        picture.paste(shield, (left, 521 + (ARMS[1] - shield.height) // 2), shield)
        away = shield.width + 28
    if name:
        block = lines.fit(name, NAME)
        _write(pen, block, 565 - block.line // 2, colour, from_right=from_right, away=away)


def _write(
    pen: ImageDraw.ImageDraw, block: Block, top: int, colour: str, *, from_right: bool, away: int = 0
) -> None:
    """The lines from `top` on, from the side where the picture's reading begins, `away` from the margin."""
    for number, runs in enumerate(block.lines):
        baseline = top + number * block.line + round(block.size * 0.88)
        left = float(MARGIN + away)
        if from_right:
            left = WIDTH - MARGIN - away - letters.width(runs, block.size)
        for run in runs:
            pen.text(
                (left, baseline),
                run.text,
                fill=colour,
                font=letters.font(run.face, block.size),
                anchor="ls",
                direction=letters.direction(run),
            )
            left += letters.width_of(run, block.size)
