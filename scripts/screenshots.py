"""Takes the pictures of the README and the documentation from a demo of its own: `make screenshots`.

Starts `gensvar run --demo` on free ports in a temporary home, looks at it with Chromium, and stops it.
"""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from rich.console import Console
from rich.progress import track

from tests.browser import open_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = Path("docs/pictures")
PASSWORD = "norrvik-demo-2026"  # of the made-up town
COLOURS = 192  # of a picture's palette: a third of the size, no difference to the eye
console = Console()


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo() -> Iterator[str]:
    """A running demo; gives its address. Raises TimeoutError if it does not answer within ten minutes."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="gensvar-pictures-") as home:
        environment = os.environ | {
            "GENSVAR_HOME": home,
            "PORT": str(port),
            "GENSVAR_SMTP_PORT": str(free_port()),
            "GENSVAR_LMTP_PORT": str(free_port()),
        }
        environment.pop("DATABASE_URL", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "gensvar", "run", "--demo"], env=environment, start_new_session=True
        )
        try:
            wait_for(address)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)


def wait_for(address: str) -> None:
    """Return when the address answers."""
    until = time.monotonic() + 600
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=10) as answer:
            if answer.status == 200:
                return
        time.sleep(0.5)
    raise TimeoutError(f"{address} did not answer within ten minutes.")


def save(page: Page, name: str) -> None:
    """Keep what the page shows, with a palette so that the repository stays light."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(PICTURES / f"{name}.png", optimize=True)


def visitor(browser: Browser, address: str, *, phone: bool = False, dark: bool = False) -> Page:
    """A new visitor's page."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": 360, "height": 740} if phone else {"width": 1360, "height": 850},
        color_scheme="dark" if dark else "light",
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
    )
    context.set_default_timeout(60_000)
    return context.new_page()


def public(browser: Browser, address: str) -> None:
    """The resident's side: front page, form, question and answer, places; light, dark and on a phone."""
    for name, place in (
        ("home", "/"),
        ("write", "/skriv"),
        ("exchanges", "/fragor"),
        ("places", "/har-finns-vi"),
    ):
        for ending, phone, dark in (("", False, False), ("-dark", False, True), ("-phone", True, False)):
            page = visitor(browser, address, phone=phone, dark=dark)
            page.goto(place)
            save(page, f"{name}{ending}")
            page.context.close()
    page = visitor(browser, address)
    page.goto("/fragor")
    page.locator("main a[href*='/fragor/20']").first.click()
    page.wait_for_load_state()
    save(page, "exchange")
    page.context.close()


def staff(browser: Browser, address: str) -> None:
    """The desk as its coordinator sees it: inbox, conversation, gate; light, dark and on a phone."""
    page = visitor(browser, address)
    page.goto("/desk/")
    page.locator("input[name=login]").fill("rut.ostlund@norrvik.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/konto/" not in url)
    cookies = page.context.cookies()
    page.goto("/desk/inkorg/?queue=all")
    save(page, "desk-inbox")
    page.goto("/desk/inkorg/?queue=waiting")
    page.locator("a[href*='/desk/inkorg/20']").first.click()
    page.wait_for_load_state("networkidle")
    save(page, "desk-conversation")
    for name, phone, dark in (("desk-inbox-phone", True, False), ("desk-inbox-dark", False, True)):
        other = visitor(browser, address, phone=phone, dark=dark)
        other.context.add_cookies(cookies)  # type: ignore[arg-type]
        other.goto("/desk/inkorg/?queue=all")
        save(other, name)
        other.context.close()
    page.context.close()


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as address, open_chromium() as browser:
        for part in track((public, staff), "Taking pictures", console=console):
            part(browser, address)
    console.print(f"They lie in {PICTURES}.")


if __name__ == "__main__":
    main()
