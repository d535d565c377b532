"""Judges a public page in a real browser: what axe-core says, its shape, its focus and its width, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Scheme

WIDE, NARROW = 1280, 320  # CSS pixels; the narrow one is WCAG's (1.4.10)
LOOKS: tuple[tuple[int, Scheme], ...] = ((WIDE, "light"), (NARROW, "dark"))


def judge(
    page: Page,
    axe: Callable[..., list[Any]],
    *more: Callable[[Page], list[Any]],
    looks: tuple[tuple[int, Scheme], ...] = LOOKS,
) -> list[Any]:
    """What axe-core says of any weight, with every fold open, also of targets smaller than 24 by 24 pixels; where the
    keyboard's focus is not seen; and whether the page is wider than its window; and what `more` says: at each width, in its scheme.
    """
    page.wait_for_load_state()
    page.emulate_media(reduced_motion="reduce")  # a fold that is still opening covers what stands below it
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    faults: list[Any] = []
    before = page.viewport_size
    assert before is not None
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        faults += axe(
            page, impacts=("minor", "moderate", "serious", "critical"), also=("target-size",), scheme=scheme
        )
        faults += [fault for ask in more for fault in ask(page)]
        page.keyboard.press("Tab")  # from here on the browser shows where the focus is
        faults += page.evaluate(FOCUS)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"wider than the screen at {page.url}, {width} pixels")
    page.set_viewport_size(before)
    return faults


FOCUS = """() => {
  const faults = [];
  const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const can = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  let met = 0;
  for (const one of document.querySelectorAll(can)) {
    if (one.tabIndex < 0 || one.disabled || !one.checkVisibility({ checkVisibilityCSS: true })) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    met += 1;
    const words = one.outerHTML.slice(0, 120);
    if (![null, "::before", "::after"].some((part) => ring(getComputedStyle(one, part)))) faults.push(`no focus seen: ${words}`);
    one.scrollIntoView({ block: "nearest" });  // a tall field takes the focus with its first lines alone in the window
    const box = one.getClientRects()[0];
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const own = hit && (one.contains(hit) || hit.contains(one) || hit.closest("label")?.control === one);
    if (!own) faults.push(`focus hidden behind ${hit?.outerHTML.slice(0, 80)}: ${words}`);
  }
  if (met < 5) faults.push(`only ${met} things take the focus`);
  document.activeElement.blur();
  return faults;
}"""

SHAPE = """() => {
  const seen = (one) => one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  const all = (query) => [...document.querySelectorAll(query)].filter(seen);
  const faults = [];
  const levels = all("h1, h2, h3, h4, h5, h6").map((one) => Number(one.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push(`headings of the first level: ${levels}`);
  levels.forEach((level, place) => {
    if (place && level > levels[place - 1] + 1) faults.push(`a level is skipped: ${levels}`);
  });
  for (const landmark of ["body > header", "main", "body > footer"]) {
    if (all(landmark).length !== 1) faults.push(`landmark ${landmark}: ${all(landmark).length}`);
  }
  for (const nav of all("nav")) {
    if (!nav.ariaLabel && !nav.hasAttribute("aria-labelledby")) faults.push("a navigation without a name");
  }
  if (!document.documentElement.lang) faults.push("no language");
  document.documentElement.style.fontSize = "200%";
  if (document.documentElement.scrollWidth > window.innerWidth) faults.push("wider than the screen at 200 % text");
  document.documentElement.style.fontSize = "";
  return faults;
}"""


def shape(page: Page) -> list[Any]:
    """What is wrong with headings, landmarks and their names; and whether text of twice the size fits the screen."""
    found: list[Any] = page.evaluate(SHAPE)
    return found
