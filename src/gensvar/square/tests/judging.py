"""Judges a public page in a real browser: axe-core, its shape, its focus and what is cut off; in both themes, wide, narrow and large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.looks import EVERY, LARGE, NARROW, WIDE, Look, Onlooker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

# What was seen from the other side lies otherwise, in the colours that it had: no rule of ours for colours asks the side.
MIRRORED = (Look("light", WIDE), Look("light", WIDE, LARGE), Look("light", NARROW))
# For another state of a page that was seen at every look, from left and from right.
BRIEF = (Look("dark", NARROW),)
BRIEF_MIRRORED = (Look("light", NARROW),)
WRITE = """html => {
  document.open();
  document.write(html);
  document.close();
  if (document.readyState !== "complete") return new Promise((done) => addEventListener("load", done, { once: true }));
}"""


def write(page: Page, html: str) -> None:
    """Write another page of the same service into the document that the browser shows, and wait until all of it is there."""
    page.evaluate(WRITE, html)


def judge(page: Page, looks: Sequence[Look] = EVERY, by: Onlooker | None = None) -> list[Any]:
    """`by`: who looks at many pages that are written into one document, and has pressed a key.

    What axe-core says of any weight, with every fold open, also of targets smaller than 24 by 24 pixels; what is cut off
    or wider than its window; what is wrong with headings and landmarks; and where the keyboard's focus is not seen.
    """
    page.wait_for_load_state()
    page.emulate_media(reduced_motion="reduce")  # a fold that is still opening covers what stands below it
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    before = page.viewport_size
    onlooker = by or Onlooker(page)
    widths: set[int | None] = set()
    beside: list[Any] = []
    if by is None:
        page.keyboard.press("Tab")  # from here on the browser shows where the focus is

    def then(look: Look) -> None:
        if look.text == 100 and look.width not in widths:  # neither hangs on the theme
            widths.add(look.width)
            beside.extend(f"{fault} ({look})" for fault in page.evaluate(BESIDE))

    found = onlooker.at(looks, then=then)
    if by is None:
        onlooker.leave()
        page.set_viewport_size(before or {"width": WIDE, "height": 900})
    return [
        fault
        for seen in found
        for fault in [*seen.broken, *(f"{one} ({seen.look})" for one in seen.laid_out)]
    ] + beside


BESIDE = """() => {
  const faults = [];
  const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const can = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  let met = 0;
  const judged = (window.judged ??= new Set()), now = [];
  const place = (one) => one ? `${one.tagName} ${one.type || ""} ${one.className} ${place(one.parentElement)}` : document.dir + innerWidth;
  for (const one of document.querySelectorAll(can)) {
    if (one.tabIndex < 0 || one.disabled || !one.checkVisibility({ checkVisibilityCSS: true })) continue;
    const where = place(one);
    if (judged.has(where)) {
      met += 1;
      continue;
    }
    one.focus();
    if (document.activeElement !== one) continue;
    now.push(where);
    met += 1;
    const words = one.outerHTML.slice(0, 120);
    if (![null, "::before", "::after"].some((part) => ring(getComputedStyle(one, part)))) faults.push(`no focus seen: ${words}`);
    one.scrollIntoView({ block: "nearest" });  // a tall field takes the focus with its first lines alone in the window
    const box = one.getClientRects()[0];
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const own = hit && (one.contains(hit) || hit.contains(one) || hit.closest("label")?.control === one);
    if (!own) faults.push(`focus hidden behind ${hit?.outerHTML.slice(0, 80)}: ${words}`);
  }
  now.forEach((where) => judged.add(where)); // on other pages of this document what lies as these do is not asked again
  if (met < 5) faults.push(`only ${met} things take the focus`);
  document.activeElement.blur();
  scrollTo(0, 0);
  const seen = (one) => one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
  const all = (query) => [...document.querySelectorAll(query)].filter(seen);
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
