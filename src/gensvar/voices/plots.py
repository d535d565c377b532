"""Horizontal bars as inline SVG that every screen width, colour scheme and writing direction reads; neighbour: plot.html.

Labels stand above the bars at their own size and lengths are per cent of the width, so nothing shrinks on a phone. Bars take
the colour of the text, what is meant by one is said by its label and its outline: nothing is told by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi

from gensvar.core import languages

ROW: Final = 46  # pixels for a label and its bar
BASE: Final = 15  # of the label's letters
BAR: Final = 22  # where the bar begins
FSI, PDI = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"  # a Swedish name in an Arabic line
LABEL: Final = 42  # characters; the table beside has the whole


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `length` between 0 and 1 of the width. `open` ones, of several together, have a dashed outline and no filling."""

    label: str
    figure: str  # as it is read: "61 %"
    length: float
    open: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar with its places, as SVG writes them."""

    text: str
    open: bool
    base: int
    top: int
    start: str
    width: str
    origin: str


@dataclass(frozen=True, slots=True)
class Plot:
    """`title` is what is heard instead of the drawing."""

    title: str
    bars: tuple[Drawn, ...]

    @property
    def height(self) -> int:
        """Pixels."""
        return ROW * len(self.bars)


def plot(title: str, bars: Sequence[Bar]) -> Plot:
    """The drawing, from above in the order given, from where lines begin in the reader's language."""
    from_the_right = get_language_bidi()
    return Plot(
        title,
        tuple(
            Drawn(
                text=f"{FSI}{Truncator(bar.label).chars(LABEL)}{PDI} · {bar.figure}",
                open=bar.open,
                base=number * ROW + BASE,
                top=number * ROW + BAR,
                start=f"{100 * (1 - bar.length):.2f}%" if from_the_right else "0",
                width=f"{max(0.4, 100 * bar.length) if bar.length else 0:.2f}%",
                origin="100%" if from_the_right else "0",
            )
            for number, bar in enumerate(bars)
        ),
    )


def percent(share: float | None) -> str:
    """ "61 %" as the reader's language writes it; what is more than nothing is never 0; "–" where nothing is known."""
    if share is None:
        return "–"
    space = "" if languages.in_english() else "\N{NO-BREAK SPACE}"
    if 0 < share < 0.005:
        return f"<1{space}%"
    return f"{round(100 * share)}{space}%"


def decimal(number: float | None, places: int = 1) -> str:
    """Rounded to so many decimals (Django's own cuts them off), as the reader's language writes it; "–" where unknown."""
    return "–" if number is None else number_format(round(number, places), places)
