"""The scale of colours that one chosen colour gives: light and dark, readable by construction. Neighbour: face.

Each step is the chosen hue at the lightness nearest to the wished one at which the contrast that is asked of it holds
against everything that it stands on (WCAG 2.2, 1.4.3 and 1.4.11). Lightness and hue are OKLCH's (CSS Color 4).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

from coloraide import Color

TEXT: Final = 4.5  # WCAG 2.2, 1.4.3: text of any size
CLEAR: Final = 7.0  # 1.4.6: what is read long
SHAPE: Final = 3.0  # 1.4.11: borders and marks that say something
STEP: Final = 0.004  # of lightness: finer than an eye tells apart

LIGHT: Final = ("#faf6ee", "#f3ecdf", "#fffdf9", "#f1ebdf")  # paper, band, sheet and the fields of square.css
DARK: Final = ("#12191a", "#182224", "#1b2628", "#223031")


class NoColour(ValueError):
    """What was given is no colour that a browser knows."""


@dataclass(frozen=True, slots=True)
class Hue:
    """What is kept of the chosen colour in every step."""

    chroma: float
    hue: float

    def at(self, lightness: float, most: float) -> str:
        """That lightness (0 to 1) and at most so much chroma, as a colour of sRGB."""
        colour = Color("oklch", [lightness, min(self.chroma, most), self.hue])
        return colour.convert("srgb").fit(method="oklch-chroma").to_string(hex=True)

    def until(self, wished: float, most: float, ratio: float, against: tuple[str, ...]) -> str:
        """The first colour from the wished lightness on, away from what it stands on, that is told from all of it."""
        away = (
            STEP if luminance(against[0]) < 0.2 else -STEP
        )  # black and white are far enough from all of these
        lightness = wished
        while 0 < lightness < 1:
            found = self.at(lightness, most)
            if all(contrast(found, ground) >= ratio for ground in against):
                return found
            lightness += away
        return "#ffffff" if away > 0 else "#000000"


@functools.lru_cache(maxsize=1)
def scale(chosen: str) -> tuple[dict[str, str], dict[str, str]]:
    """The steps of the accent colour, as Designsystemet names them, on our light and on our dark ground.

    Raises NoColour.
    """
    try:
        colour = Color(chosen).convert("oklch")
    except ValueError as error:
        raise NoColour(chosen) from error
    lightness, chroma, hue = (part if part == part else 0.0 for part in colour.coords(nans=False))
    own = Hue(chroma, hue)
    return _light(own, min(lightness, 0.62)), _dark(own, max(lightness, 0.72))


def _light(own: Hue, wished: float) -> dict[str, str]:
    surfaces = {
        "background-tinted": own.at(0.955, 0.012),
        "surface-tinted": own.at(0.945, 0.016),
        "surface-hover": own.at(0.915, 0.022),
        "surface-active": own.at(0.875, 0.03),
    }
    grounds = (*LIGHT, *surfaces.values())
    base = own.until(wished, 0.2, TEXT, ("#ffffff", *LIGHT))
    deep = lightness_of(base)
    return {
        **surfaces,
        "border-subtle": own.at(0.85, 0.03),
        "border-default": own.until(0.6, 0.12, SHAPE, LIGHT),
        "border-strong": own.until(0.5, 0.2, TEXT, LIGHT),
        "text-subtle": own.until(min(deep, 0.42), 0.16, TEXT, grounds),
        "text-default": own.until(0.34, 0.1, CLEAR, grounds),
        "base-default": base,
        "base-hover": own.at(max(deep - 0.06, 0.0), 0.2),
        "base-active": own.at(max(deep - 0.12, 0.0), 0.2),
        "base-contrast-subtle": own.until(0.93, 0.03, TEXT, (base,)),
        "base-contrast-default": "#ffffff",
    }


def _dark(own: Hue, wished: float) -> dict[str, str]:
    surfaces = {
        "background-tinted": own.at(0.26, 0.02),
        "surface-tinted": own.at(0.29, 0.025),
        "surface-hover": own.at(0.34, 0.03),
        "surface-active": own.at(0.38, 0.035),
    }
    grounds = (*DARK, *surfaces.values())
    base = own.until(max(wished, 0.78), 0.1, CLEAR, DARK)
    pale = lightness_of(base)
    ink = own.at(0.2, 0.03)
    return {
        **surfaces,
        "border-subtle": own.at(0.4, 0.04),
        "border-default": own.until(0.66, 0.08, SHAPE, DARK),
        "border-strong": own.until(0.78, 0.09, TEXT, DARK),
        "text-subtle": own.until(0.82, 0.08, TEXT, grounds),
        "text-default": own.until(0.92, 0.04, CLEAR, grounds),
        "base-default": base,
        "base-hover": own.at(min(pale + 0.05, 0.97), 0.1),
        "base-active": own.at(min(pale + 0.1, 0.98), 0.1),
        "base-contrast-subtle": own.until(0.3, 0.03, TEXT, (base,)) if contrast(ink, base) < TEXT else ink,
        "base-contrast-default": ink if contrast(ink, base) >= TEXT else "#000000",
    }


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    return float(Color(one).contrast(Color(other), method="wcag21"))


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    return float(Color(colour).luminance())


def lightness_of(colour: str) -> float:
    """OKLCH's lightness, 0 to 1."""
    return float(Color(colour).convert("oklch")["lightness"])
