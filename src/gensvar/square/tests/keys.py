"""A resident without a mouse: what is done on a page by its keys alone, with a look at each stop of the focus."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST: Final = 150  # stops on any page of ours

# Where the focus is: what it is called, whether its ring is seen against what is round it, and where it stands.
STOP: Final = """(target) => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const part = [null, "::before", "::after"].map((name) => getComputedStyle(one, name))
    .find((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => rgb(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [.2126, .7152, .0722][place], 0);
  let round = one.parentElement;
  const bare = (colour) => (rgb(colour)[3] ?? 1) < .5;
  while (round.parentElement && bare(getComputedStyle(round).backgroundColor)) round = round.parentElement;
  const [high, low] = part ? [light(part.outlineColor), light(getComputedStyle(round).backgroundColor)].sort((a, b) => b - a) : [0, 0];
  const box = one.getBoundingClientRect();
  const all = window.stops ??= new Map();
  const stop = one.type === "radio" ? one.name : one;  // of a group that nothing is chosen in, the way back meets another one
  if (!all.has(stop)) all.set(stop, all.size);
  return {
    key: all.get(stop), there: one === target, within: !!one.closest("main"),
    words: one.outerHTML.slice(0, 110).replace(/\\s+/g, " "), ring: (high + .05) / (low + .05),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0,
    left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY,
    apart: getComputedStyle(one).position === "fixed" || getComputedStyle(one).position === "absolute",
  };
}"""

COUNT: Final = """(within) => {
  const can = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const groups = new Set();
  return [...document.querySelector(within).querySelectorAll(can)].filter((one) => {
    if (one.tabIndex < 0 || one.disabled || !one.checkVisibility({ checkVisibilityCSS: true })) return false;
    if (one.type !== "radio") return true;
    return !groups.has(one.name) && groups.add(one.name);
  }).length;
}"""


@dataclass
class Keys:
    """Presses keys on a page; `faults` are the stops of the focus that were not as they should be."""

    page: Page

    def __post_init__(self) -> None:
        self.faults: list[str] = []

    def open(self, path: str) -> Keys:
        """Type an address."""
        self.page.goto(path)
        return self

    def press(self, *names: str) -> Keys:
        """These keys, one after the other."""
        for name in names:
            self.page.keyboard.press(name)
        return self

    def type(self, words: str) -> Keys:
        """Into what has the focus."""
        self.page.keyboard.type(words)
        return self

    def to(self, target: Locator) -> Keys:
        """By the Tab key from wherever the focus is; what it does not reach is not there."""
        element = target.element_handle()  # looked for once: by its role that reads the whole page
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            if (stop := self.judged(element.evaluate(STOP))) and stop["there"]:
                return self
            if stop and "ds-skip-link" in stop["words"]:
                self.page.keyboard.press("Enter")  # past the head, which `walk` goes through
        raise AssertionError(f"the Tab key does not come to {target} at {self.page.url}")

    def unfold(self, fold: Locator, key: str = "Enter") -> Keys:
        """Open it by that key, and go on when all of it is laid out, as whoever reads it does."""
        self.to(fold.locator("summary")).press(key)
        fold.locator(":scope > :not(summary)").first.wait_for()
        self.page.screenshot(clip={"x": 0, "y": 0, "width": 1, "height": 1})  # not before the next frame
        return self

    def reach(self, name: str) -> str:
        """Go to the first link of that name in what the page is about; where it leads, as the browser follows it."""
        self.to(self._link(name))
        return str(self.page.evaluate("document.activeElement.getAttribute('href')"))

    def link(self, name: str) -> Keys:
        """Follow it."""
        return self.to(self._link(name)).away()

    def _link(self, name: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("link", name=name).first

    def away(self) -> Keys:
        """Enter leads to another page; nothing is looked for before it comes."""
        with self.page.expect_event("framenavigated"):
            self.page.keyboard.press("Enter")
        return self

    def button(self, name: str, heading: str) -> Keys:
        """Press the button, and come to what has that heading."""
        self.to(self.page.get_by_role("button", name=name, exact=True).first).away()
        return self.at(heading)

    def at(self, heading: str) -> Keys:
        """The heading stands there."""
        self.page.get_by_role("heading", name=heading).first.wait_for()
        return self

    def fill(self, label: str, words: str) -> Keys:
        """Go to the field of that label and type."""
        return self.to(self.page.get_by_label(label, exact=True)).type(words)

    def judged(self, stop: Any) -> Any:
        """Where the focus is; None where it has left the page."""
        if stop is not None:
            here = f"{self.page.url.partition('?')[0]}: {stop['words']}"
            if stop["ring"] < 3:
                self.faults.append(f"focus hardly seen ({stop['ring']:.1f}) at {here}")
            if not stop["seen"]:
                self.faults.append(f"focus out of sight at {here}")
        return stop

    def past_the_head(self) -> Keys:
        """By the link that leads there."""
        return self.to(self.page.locator(".ds-skip-link")).press("Enter")

    def walk(self, within: str = "body", *, back: bool = False) -> list[str]:
        """From the head of the page, or past it, to the foot or the end of what it is about: what is wrong with the order of
        the stops, and whether each is met once, and on the way back once more."""
        mirrored = self.page.evaluate("document.dir") == "rtl"
        met = self.stops("Tab", within)
        wrong = [
            f"{self.page.url}: the focus goes from {one['words']} back to {two['words']}"
            for one, two in itertools.pairwise(met)
            if not one["apart"] and not _follows(one, two, mirrored)
        ]
        if len(met) != (count := self.page.evaluate(COUNT, within)):
            wrong.append(f"{self.page.url}: {len(met)} stops of {count}, the last {met[-1:]}")
        if not back:
            return wrong
        again = self.stops("Shift+Tab")
        if [one["key"] for one in reversed(again)] != [one["key"] for one in met]:
            wrong.append(
                f"{self.page.url}: back is another way, from {again[:1]} to {again[-1:]}, {len(again)} stops"
            )
        return wrong

    def stops(self, key: str, within: str = "body") -> list[Any]:
        """Where that key leads until the focus leaves the page, or what it is about, or is where it was."""
        met: dict[int, Any] = {}
        for _ in range(MOST):
            self.page.keyboard.press(key)
            stop = self.judged(self.page.evaluate(STOP))
            if stop is None or stop["key"] in met or (within == "main" and not stop["within"]):
                break
            met[stop["key"]] = stop
        return list(met.values())


def _follows(one: Any, two: Any, mirrored: bool) -> bool:
    """Whether the second is read after the first: below it, after it in its line, or in a column further on."""
    if two["top"] >= one["bottom"] - 2:
        return True
    ahead = one["left"] - two["right"] if mirrored else two["left"] - one["right"]
    within = one["left"] <= two["left"] and two["right"] <= one["right"]  # a card and what is in it
    return bool(ahead > -2 or within or (two["top"] >= one["top"] and two["bottom"] > one["bottom"]))
