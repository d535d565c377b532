"""A real Chromium for the journeys, and axe-core to judge what it shows. The root conftest makes fixtures of these."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page of ours that asks anyone else for anything fails here, and in the test that opened it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PATIENCE = 15_000  # milliseconds
AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True)
class Violation:
    """One element that breaks one rule of axe-core; impact is minor, moderate, serious or critical."""

    rule: str
    impact: str
    element: str
    html: str
    advice: str


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine; skip, saying why, where there is none.

    ``GENSVAR_REQUIRE_BROWSER=1`` (continuous integration) makes its absence a failure.
    """
    path = os.environ.get("GENSVAR_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
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
            browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def axe(page: Page, *, impacts: tuple[str, ...] = ("serious", "critical")) -> list[Violation]:
    """Judge the page as it stands; gives one violation for each element and rule of these impacts.

    The script goes in by the debugger, so the page's Content-Security-Policy stays in force.
    """
    if not AXE.exists():
        raise RuntimeError("axe-core is not there: run `make assets` first.")
    debugger = page.context.new_cdp_session(page)
    try:
        debugger.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
        answer = debugger.send(
            "Runtime.evaluate",
            {
                "expression": "axe.run({resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
    finally:
        debugger.detach()
    if "exceptionDetails" in answer:
        raise RuntimeError(f"axe-core could not judge {page.url}: {answer['exceptionDetails']}")
    return [
        Violation(rule["id"], node["impact"], " ".join(map(str, node["target"])), node["html"], rule["help"])
        for rule in json.loads(answer["result"]["value"])
        for node in rule["nodes"]
        if node["impact"] in impacts
    ]
