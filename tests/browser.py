"""A real Chromium for the journeys, and axe-core to judge what it shows. The root conftest makes fixtures of these."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests import looks
from tests.looks import Violation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Request

# The shell draws the same page without a browser around it, for two thirds of the processor's time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Linux has no sheet to share with: so the page finds the call, which refuses without a press. With one it would end the page.
    "--enable-blink-features=WebShare",
    # A page of ours that asks anyone else for anything fails here, and in the test that opened it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
__all__ = ["Violation"]
PATIENCE = 60_000  # milliseconds; noisy machines are slow, and waiting ends as soon as the condition holds


def path() -> str | None:
    """Where this machine's Chromium is, or None."""
    return os.environ.get("GENSVAR_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine; skip, saying why, where there is none.

    ``GENSVAR_REQUIRE_BROWSER=1`` (continuous integration) makes its absence a failure.
    """
    if (program := path()) is None:
        reason = (
            "no Chromium on this machine (looked for "
            + ", ".join(NAMES)
            + "), so nothing was tried in a browser"
        )
        if os.environ.get("GENSVAR_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    # Playwright's loop lives in this thread, so Django would take every test for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Onlooker:
    """Remembers what one visitor's page still waits for, to tell when a test failed on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.waiting: list[str] = []
        page.on("request", lambda request: self.waiting.append(f"{request.method} {request.url}"))
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._answered)

    def _answered(self, request: Request) -> None:
        if (line := f"{request.method} {request.url}") in self.waiting:
            self.waiting.remove(line)

    def tells(self) -> str:
        """Where the page is, what it waits for, and the words that stand on it now."""
        if self.page.is_closed():
            return f"{self.page.url} (closed)"
        words = self.page.evaluate("document.body?.innerText.replace(/\\s+/g, ' ').slice(0, 2000) || ''")
        return f"{self.page.url}\nwaits for {self.waiting or 'nothing'}\nshows {words}"


def not_covered(field: Locator) -> None:
    """The field's first corner is seen, and nothing that stays where it is while one scrolls lies over it: within 300 frames."""
    seen = "const {left, top} = field.getBoundingClientRect(); return document.elementFromPoint(left + 9, top + 9) === field"
    field.evaluate(
        f"async (field) => {{ for (let n = 0; !(() => {{ {seen} }})(); n += 1) {{"
        " if (n > 300) throw new Error('it is covered'); await new Promise(requestAnimationFrame) } }"
    )


def no_wider_than(page: Page, width: int) -> None:
    """Assert that the page, once it is there, is no wider than so many CSS pixels."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{wide} pixels wide at {page.url}"


def axe(
    page: Page,
    *,
    impacts: tuple[str, ...] = ("serious", "critical"),
    also: tuple[str, ...] = (),
    at: Sequence[looks.Look] = (looks.Look("light"), looks.Look("dark")),
) -> list[Violation]:
    """Judge the page as it stands, in light and in dark, or at other looks. Leaves it light, as wide as the last look.

    Gives one violation for each element, rule and scheme of these impacts. `also`: rules that axe-core leaves out unless
    it is asked for them.
    """
    onlooker = looks.Onlooker(page)
    try:
        found = onlooker.at(at, also, impacts=impacts)
    finally:
        onlooker.leave()
    return [one for seen in found for one in seen.broken if one.impact in impacts]
