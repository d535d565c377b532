"""Many looks at one loading of a page: another theme, another width, larger text; axe-core is asked what may have changed.

Beside it: tests/looks.js, which runs in the page. Why no look misses anything: docs/why/decisions.md, 79.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

Scheme = Literal["light", "dark"]
HERE = Path(__file__).parent
AXE = HERE.parent / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW, LARGE = (
    1280,
    320,
    200,
)  # CSS pixels; the narrow one is WCAG's (1.4.10); per cent of text (1.4.4)
HEIGHT = 900
KNOWN: set[str] = (
    set()
)  # colours that axe-core found good where they lie over each other, on any page of this run


@dataclass(frozen=True)
class Violation:
    """One element that breaks one rule of axe-core in light or dark; impact is minor, moderate, serious or critical."""

    rule: str
    impact: str
    element: str
    html: str
    advice: str
    scheme: str
    look: str = ""


@dataclass(frozen=True)
class Look:
    """How a page is looked at. `width`: None leaves it; `text` as the browser's own setting for the size of letters, in per cent."""

    scheme: Scheme
    width: int | None = None
    text: int = 100

    def __str__(self) -> str:
        return f"{self.scheme}, {self.width} pixels, text {self.text} %"


# In this order, since each change lays the page out anew. The first is judged whole. Large text in light has the colours of
# the first look and lies as large text in dark.
EVERY = (
    Look("light", WIDE),
    Look("dark", WIDE),
    Look("dark", WIDE, LARGE),
    Look("light", NARROW),
    Look("dark", NARROW),
)


@dataclass
class Found:
    """What was wrong at one look: what axe-core says, and what is cut off, covered or wider than the screen."""

    look: Look
    broken: list[Violation]
    laid_out: list[str]


class Onlooker:
    """Looks at one page again and again. The scripts go in by the debugger, so the Content-Security-Policy stays in force."""

    def __init__(self, page: Page) -> None:
        if not AXE.exists():
            raise RuntimeError("axe-core is not there: run `make assets` first.")
        self.page = page
        self.debugger: CDPSession = page.context.new_cdp_session(page)
        self.text = 100

    def at(
        self,
        looks: Sequence[Look] = EVERY,
        more: Iterable[str] = ("target-size",),
        then: Callable[[Look], None] | None = None,
        impacts: Iterable[str] = (),
    ) -> list[Found]:
        """Look at the page as it stands now. `more`: rules that axe-core leaves out unless asked; `then` is done at each look.

        `impacts`: if any, only the rules of these are asked, and nothing of how the page is laid out.
        """
        self._enter()
        found = []
        for look in looks:
            self.see(look)
            larger = str(look.text > 100).lower()
            said = self._ask(f"looks.look({larger}, {json.dumps([*more])}, {json.dumps([*impacts])})")
            broken = [
                Violation(rule, impact, element, html, advice, look.scheme, str(look))
                for rule, impact, element, html, advice in said["broken"]
            ]
            found.append(Found(look, broken, said["faults"]))
            if then:
                then(look)
        KNOWN.update(self._ask("looks.passed()"))
        return found

    def see(self, look: Look) -> None:
        """Show the page so. Text grows by the browser's own setting, so what is laid out by its size grows with it."""
        size = self.page.viewport_size
        if look.width and (size is None or size["width"] != look.width):
            self.page.set_viewport_size({"width": look.width, "height": size["height"] if size else HEIGHT})
        self.page.emulate_media(color_scheme=look.scheme)
        if look.text != self.text:
            sizes = {"standard": 16 * look.text // 100, "fixed": 13 * look.text // 100}
            self.debugger.send("Page.setFontSizes", {"fontSizes": sizes})
            self.text = look.text

    def leave(self) -> None:
        """Let the page be as it was: in light, with text of its usual size."""
        self.see(Look("light"))
        self.debugger.detach()

    def _enter(self) -> None:
        self.page.wait_for_load_state()
        if not self._ask("'looks' in window && 'axe' in window"):
            for script in (AXE, HERE / "looks.js"):
                self._ask(script.read_text(encoding="utf-8") + "\n;0")
            known: list[str] = sorted(KNOWN)
        else:
            known = []
        self._ask(f"looks.start({json.dumps(known)})")

    def _ask(self, expression: str) -> Any:
        answer = self.debugger.send(
            "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(f"axe-core could not judge {self.page.url}: {answer['exceptionDetails']}")
        return answer["result"].get("value")
