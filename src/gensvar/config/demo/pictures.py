"""Pictures for the demo's posts, drawn here so that nobody's photograph is needed: a plough, a library at night, a pier."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.core.files.images import ImageFile
from PIL import Image as Pillow
from PIL import ImageDraw
from wagtail.images.models import Image

from gensvar.publishing import library

SIZE: Final = (960, 600)
SNOW: Final = (232, 238, 245)
Pen = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Drawing:
    """What it is called in the library of pictures, how it is drawn, and the point (in pixels) that no cut may lose."""

    title: str
    sky: tuple[int, int, int]
    draw: Callable[[Pen], None]
    focus: tuple[int, int]


def make(name: str) -> Image:
    """Put that drawing into the library of pictures, with its focal point. Raises KeyError for an unknown name."""
    drawing = DRAWINGS[name]
    canvas = Pillow.new("RGB", SIZE, drawing.sky)
    drawing.draw(ImageDraw.Draw(canvas))
    out = io.BytesIO()
    canvas.save(out, "PNG")
    out.seek(0)
    across, down = drawing.focus
    return Image.objects.create(
        title=drawing.title,
        collection=library.ours(),
        file=ImageFile(out, name=f"{name}.png"),
        focal_point_x=across,
        focal_point_y=down,
        focal_point_width=120,
        focal_point_height=120,
    )


def _plough(pen: Pen) -> None:
    for left, tall in ((20, 150), (170, 190), (330, 140), (700, 200), (850, 150)):
        pen.rectangle((left, 360 - tall, left + 120, 360), fill=(122, 45, 40))
        pen.polygon(((left - 12, 360 - tall), (left + 60, 300 - tall), (left + 132, 360 - tall)), fill=SNOW)
        pen.rectangle((left + 42, 385 - tall, left + 78, 425 - tall), fill=(246, 214, 130))
    pen.rectangle((0, 360, 960, 600), fill=SNOW)
    pen.polygon(((120, 600), (330, 400), (960, 400), (960, 600)), fill=(104, 112, 124))
    pen.rectangle((520, 300, 800, 440), fill=(224, 110, 30))
    pen.rectangle((460, 250, 590, 440), fill=(240, 130, 40))
    pen.rectangle((474, 268, 560, 340), fill=(190, 215, 235))
    pen.rectangle((500, 228, 530, 250), fill=(250, 190, 60))
    pen.polygon(((400, 380), (452, 350), (452, 480), (360, 480)), fill=(60, 66, 76))
    pen.polygon(((250, 480), (400, 410), (380, 480)), fill=(250, 252, 255))
    for left in (490, 640, 720):
        pen.ellipse((left, 410, left + 70, 480), fill=(36, 40, 46))
        pen.ellipse((left + 22, 432, left + 48, 458), fill=(150, 156, 164))


def _library(pen: Pen) -> None:
    pen.rectangle((60, 90, 900, 520), fill=(70, 58, 66))
    pen.polygon(((30, 90), (480, 20), (930, 90)), fill=SNOW)
    for left in (110, 310, 510, 710):
        pen.rectangle((left, 150, left + 150, 400), fill=(250, 214, 140))
        for shelf in (210, 270, 330):
            pen.rectangle((left, shelf, left + 150, shelf + 6), fill=(120, 80, 50))
            for book in range(8):
                colour = ((150, 60, 50), (50, 90, 110), (90, 110, 60), (180, 130, 60))[(book + shelf) % 4]
                top = shelf - 30 - (book * 7 + shelf) % 14
                pen.rectangle((left + 8 + book * 17, top, left + 20 + book * 17, shelf), fill=colour)
    pen.ellipse((555, 300, 595, 340), fill=(60, 50, 60))
    pen.polygon(((540, 400), (552, 345), (600, 345), (612, 400)), fill=(40, 110, 120))
    pen.rectangle((585, 356, 640, 372), fill=(250, 250, 245))
    pen.rectangle((0, 520, 960, 600), fill=(176, 188, 206))


def _pier(pen: Pen) -> None:
    pen.polygon(((0, 220), (200, 150), (420, 215), (640, 140), (960, 225)), fill=(58, 92, 72))
    pen.rectangle((0, 220, 960, 600), fill=(96, 148, 176))
    for down in range(250, 600, 44):
        for across in range((down * 7) % 90, 960, 150):
            pen.line((across, down, across + 50, down), fill=(150, 190, 210), width=3)
    for place in range(14):
        if place in {2, 4, 5}:
            continue  # the planks that are missing
        down = 260 + place * 24
        left, right = 430 - place * 14, 530 + place * 14
        pen.rectangle((left, down, right, down + 18), fill=(170, 126, 84))
    for place in (0, 6, 12):
        down = 260 + place * 24
        for across in (418 - place * 14, 526 + place * 14):
            pen.rectangle((across, down - 30, across + 16, down + 34), fill=(110, 78, 50))


DRAWINGS: Final = {
    "plough": Drawing("Plogbilen på Skolgatan", (64, 78, 110), _plough, (560, 360)),
    "library": Drawing("Biblioteket på kvällen", (28, 34, 58), _library, (580, 330)),
    "pier": Drawing("Bryggan vid badplatsen", (206, 222, 232), _pier, (480, 330)),
}
