"""Our typefaces as a drawing needs them, and in which order and with which of them a line is drawn; neighbour: lines.

They are the web fonts that pages use (WOFF2): FreeType opens them where it was built with brotli, as Pillow's wheels are.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from PIL import ImageFont, features

from gensvar.square.face import VENDOR

SERIF: Final = ("source-serif-4-latin-600", "source-serif-4-latin-ext-600", "ibm-plex-sans-arabic-arabic-600")
SANS: Final = ("source-sans-3-latin-600", "source-sans-3-latin-ext-600", "ibm-plex-sans-arabic-arabic-600")
MEASURED: Final = 100  # pixels: the size at which letters are looked for
# Joins Arabic letters, with the system's own fribidi (Debian: libfribidi0); without it they would stand apart, and are not drawn.
SHAPED: Final = features.check("raqm")
NOBODYS: Final = "\uffff"  # never a letter: what a typeface draws for it, it draws for all that it lacks
JOINERS: Final = "\u200c\u200d"
MARKS: Final = 2  # over or under one letter, as Arabic has them; more is a prank
RIGHT: Final = frozenset({"R", "AL"})
_TOO_MANY_MARKS: Final = re.compile(r"([\u0300-\u036f\u064b-\u065f]{2})[\u0300-\u036f\u064b-\u065f]+")

Faces = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one typeface and direction that stand together; runs come from left to right, as they are drawn."""

    text: str
    face: str
    from_right: bool


@functools.lru_cache(maxsize=256)
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """That typeface at that size in pixels. Raises OSError where it is missing or FreeType cannot open it."""
    engine = ImageFont.Layout.RAQM if SHAPED else ImageFont.Layout.BASIC
    return ImageFont.truetype(VENDOR / "fonts" / f"{face}-normal.woff2", size, layout_engine=engine)


@functools.cache
def are_there() -> bool:
    """Whether this house can draw letters at all."""
    try:
        for face in {*SERIF, *SANS}:
            font(face, MEASURED)
    except OSError:
        return False
    return True


@functools.lru_cache(maxsize=4096)
def has(face: str, letter: str) -> bool:
    """Whether the typeface has that letter, and it can be seen (or is a space)."""
    drawn, lacking = (bytes(font(face, MEASURED).getmask(one)) for one in (letter, NOBODYS))
    return drawn != lacking and (bool(drawn) or letter == " ")


def drawable(text: str, faces: Faces) -> str | None:
    """The text in what these typefaces have: signs such as emoji are left out, marks piled up are cut.

    None where a letter or digit is missing, or Arabic cannot be joined: words with holes say something else. Whatever steers
    or hides text (controls, the directions of Unicode) is left out too.
    """
    kept = []
    for sign in _TOO_MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", text)):
        kind = unicodedata.category(sign)
        if kind[0] == "Z" or sign in "\t\n\r":
            kept.append(" ")
        elif (sign in JOINERS and kept and kept[-1].isalpha()) or (
            kind[0] != "C" and any(has(face, sign) for face in faces)
        ):
            if not SHAPED and unicodedata.bidirectional(sign) in RIGHT:
                return None
            kept.append(sign)
        elif kind[0] in "LN":
            return None
    return " ".join("".join(kept).split())


def is_from_right(text: str) -> bool:
    """Whether the first letter that has a direction is Arabic or Hebrew (UAX #9, P2)."""
    strong = (unicodedata.bidirectional(one) for one in text)
    return next((one in RIGHT for one in strong if one in RIGHT or one == "L"), False)


def runs(line: str, faces: Faces, *, from_right: bool) -> list[Run]:
    """The line as it is drawn from left to right; `from_right` is the direction of the whole text."""
    levels = _levels(line, 1 if from_right else 0)
    pieces = [
        (level, face, "".join(line[place] for place, _key in group))
        for (level, face), group in groupby(
            enumerate(zip(levels, _faces(line, levels, faces), strict=True)), key=lambda pair: pair[1]
        )
    ]
    for level in range(max(levels, default=0), 0, -1):  # UAX #9, L2
        ordered: list[tuple[int, str, str]] = []
        for turned, group in groupby(pieces, key=lambda piece: piece[0] >= level):
            part = list(group)
            ordered += reversed(part) if turned else part
        pieces = ordered
    return [Run(text, face, level % 2 == 1) for level, face, text in pieces]


def width(runs_: Iterable[Run], size: int) -> float:
    """Pixels from the first run to the end of the last."""
    return sum(width_of(run, size) for run in runs_)


def about(text: str, faces: Faces, size: int) -> float:
    """Pixels that the text takes, a little more than less; found from one size, since opening a typeface takes long."""
    return width(runs(text, faces, from_right=is_from_right(text)), MEASURED) * size / MEASURED * 1.005


def width_of(run: Run, size: int) -> float:
    """Pixels of one run."""
    return font(run.face, size).getlength(run.text, direction=direction(run))


def direction(run: Run) -> str | None:
    """As Pillow names it; without raqm it knows none."""
    return ("rtl" if run.from_right else "ltr") if SHAPED else None


def _faces(line: str, levels: list[int], faces: Faces) -> list[str]:
    """Which typeface each sign is drawn in: the one before it where that has it, else the first that has."""
    chosen: list[str] = []
    for sign, level in zip(line, levels, strict=True):
        order = tuple(reversed(faces)) if level % 2 else faces
        if chosen and (sign in JOINERS or unicodedata.combining(sign)):
            chosen.append(chosen[-1])
        else:
            chosen.append(next((face for face in order if has(face, sign)), faces[0]))
    return chosen


def _levels(line: str, base: int) -> list[int]:
    """The level of each sign by the rules of UAX #9 that hold in one line without marks of direction (W1–W7, N1–N2, I1–I2)."""
    kinds = _weak(line, base)
    outer = "R" if base else "L"
    for place, kind in enumerate(kinds):
        if kind != "N":
            continue
        before = _side(kinds[place - 1]) if place else outer  # those before are decided already
        after = next((_side(one) for one in kinds[place + 1 :] if one != "N"), outer)
        kinds[place] = before if before == after else outer
    levels = {"R": 1, "L": 2 if base else 0, "number": 2}
    return [levels[kind] for kind in kinds]


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"


def _weak(line: str, base: int) -> list[str]:
    """Each sign as L, R, number or N (neutral)."""
    raw = [unicodedata.bidirectional(one) for one in line]
    kinds: list[str] = []
    strong = "R" if base else "L"
    for place, kind in enumerate(raw):
        follows = raw[place + 1] if place + 1 < len(raw) else ""
        after = raw[place - 1] if place else ""
        if kind in RIGHT or kind == "L":
            strong = "R" if kind in RIGHT else "L"
            kinds.append(strong)
        elif kind in ("EN", "AN"):
            kinds.append("L" if kind == "EN" and strong == "L" else "number")
        elif kind in ("NSM", "BN") and kinds:
            kinds.append(kinds[-1])
        elif (kind in ("ES", "CS") and after == follows and after in ("EN", "AN")) or (
            kind == "ET" and "EN" in (after, follows)
        ):
            kinds.append("L" if strong == "L" else "number")
        else:
            kinds.append("N")
    return kinds
