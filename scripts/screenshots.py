"""Takes the pictures of the documentation from a demo of its own: `make screenshots`.

Starts `gensvar run --demo` on free ports in a temporary home, looks at it with Chromium, and stops it. Each kind of page
becomes one sheet: light, dark, right to left, and on a phone. `--whole FOLDER` keeps every picture in its full size too.
"""

from __future__ import annotations

import argparse
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
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image
from rich.console import Console
from rich.progress import track

from tests.browser import open_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = Path("docs/pictures")
PASSWORD = "norrvik-demo-2026"  # of the made-up town
COLOURS = 192  # of a picture's palette: a third of the size, no difference to the eye
DESKTOP: Final = {"width": 1360, "height": 850}
PHONE: Final = {"width": 360, "height": 740}
PART: Final = 0.36  # of its own size on a sheet
GAP: Final = 12  # pixels between two
WHOLE: Final = frozenset({"write-phone", "exchange", "desk-conversation"})  # those of the README
ALONE: Final = frozenset(
    {"desk-voices", "desk-leaving", "workshop"}
)  # beside their sheets, half as large, as WebP
console = Console()


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at a page."""

    ending: str
    phone: bool = False
    dark: bool = False
    arabic: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: where it is, or where the way to one begins; then the links that are followed from there."""

    name: str
    place: str
    way: tuple[str, ...] = ()  # parts of addresses
    top: str = ""  # what is scrolled to, by selector


PUBLIC_LOOKS: Final = (
    Look(""),
    Look("-dark", dark=True),
    Look("-arabic", arabic=True),
    Look("-phone", phone=True),
    Look("-phone-dark", phone=True, dark=True),
    Look("-phone-arabic", phone=True, arabic=True),
)
DESK_LOOKS: Final = (
    Look(""),
    Look("-dark", dark=True),
    Look("-phone", phone=True),
    Look("-phone-dark", phone=True, dark=True),
)
PUBLIC: Final = (
    Kind("home", "/"),
    Kind("write", "/skriv"),
    Kind("exchanges", "/fragor"),
    Kind("exchange", "/fragor", ("/fragor/20",)),
    Kind("posts", "/nytt"),
    Kind("post", "/nytt", ("sa-plogar-vi",)),
    Kind("chain", "/nytt", ("bryggan-svar",)),
    Kind("guest-post", "/nytt", ("bron-som-hela-byn",)),
    Kind("topic", "/amne/vinter"),
    Kind("positions", "/vi-star-for"),
    Kind("position", "/vi-star-for", ("/vi-star-for/hur-snabbt",)),
    Kind("outcomes", "/ni-sade-vi-gjorde"),
    Kind("outcome", "/ni-sade-vi-gjorde", ("/ni-sade-vi-gjorde/",)),
    Kind("workshop", "/verkstad"),
    Kind("experiment", "/verkstad", ("/verkstad/",)),
    Kind("places", "/har-finns-vi"),
    Kind("answering", "/vi-svarar"),
    Kind("voices", "/roster"),
    Kind("appearances", "/framtradanden"),
    Kind("how-we-lead", "/hur-vi-leder"),
    Kind("search", "/sok?q=vatten"),
    Kind("comment", "/nytt", ("sa-plogar-vi", "/kommentera")),
    Kind("follow", "/folj"),
    Kind("letters", "/folj/brev"),
    Kind("contact", "/kontakt"),
    Kind("accessibility", "/tillganglighet"),
)
DESK: Final = (
    Kind("desk-inbox", "/desk/inkorg/?queue=all"),
    Kind("desk-conversation", "/desk/inkorg/?queue=waiting", ("/desk/inkorg/20",)),
    Kind("desk-comments", "/desk/kommentarer/?queue=waiting"),
    Kind("desk-posts", "/desk/inlagg/"),
    Kind("desk-calendar", "/desk/kalender/?view=month"),
    Kind("desk-guest", "/desk/gaster/?queue=theirs", ("/desk/gaster/2",)),
    Kind("desk-appearances", "/desk/framtradanden/"),
    Kind("desk-voices", "/desk/roster/"),
    Kind("desk-leaving", "/desk/roster/", ("/om-de-slutar/?person=",), "#leaving-finding"),
    Kind("desk-absences", "/desk/franvaro/vilka/"),
    Kind("desk-surveys", "/desk/ledarskap/"),
    Kind("desk-experiments", "/desk/verkstad/"),
    Kind("desk-outcomes", "/desk/ni-sade-vi-gjorde/"),
    Kind("desk-short-links", "/desk/kortlankar/"),
    Kind("desk-places", "/desk/platser/"),
)


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


def visitor(browser: Browser, address: str, look: Look, cookies: list[Any] | None = None) -> Page:
    """A new visitor's page; somebody logged in where cookies are given."""
    context = browser.new_context(
        base_url=address,
        viewport=PHONE if look.phone else DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if look.dark else "light",
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
    )
    context.set_default_timeout(60_000)
    context.add_cookies(cookies or [])
    return context.new_page()


def see(page: Page, kind: Kind, look: Look) -> Image.Image:
    """What the page shows in its window, once it is there."""
    page.goto(f"/ar{kind.place}" if look.arabic else kind.place)
    for part in kind.way:
        page.goto(str(page.locator(f"main a[href*='{part}']").first.get_attribute("href")))
    page.wait_for_load_state("networkidle")
    if kind.top:
        page.locator(kind.top).evaluate("found => found.scrollIntoView()")
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        return picture.convert("RGB")


def sheet(pictures: list[Image.Image]) -> Image.Image:
    """All looks at one kind of page, small: the wide ones two in a row, the narrow ones after them."""
    small = [one.resize((round(one.width * PART), round(one.height * PART))) for one in pictures]
    wide = 2 * round(DESKTOP["width"] * PART) + GAP
    places, across, down, tall = [], 0, 0, 0
    for one in small:
        if across + one.width > wide:
            across, down, tall = 0, down + tall + GAP, 0
        places.append((across, down))
        across, tall = across + one.width + GAP, max(tall, one.height)
    made = Image.new("RGB", (wide, down + tall), "white")
    for one, place in zip(small, places, strict=True):
        made.paste(one, place)
    return made


def take(
    browser: Browser,
    address: str,
    kind: Kind,
    looks: tuple[Look, ...],
    cookies: list[Any],
    whole: Path | None,
) -> None:
    """One sheet of that kind of page, and the pictures that stand alone in the documentation."""
    pictures = []
    for look in looks:
        page = visitor(browser, address, look, cookies)
        pictures.append(see(page, kind, look))
        page.context.close()
        name = kind.name + look.ending
        if whole is not None:
            pictures[-1].save(whole / f"{name}.png")
        if name in WHOLE:
            small = pictures[-1].quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(PICTURES / f"{name}.png", optimize=True)
        if name in ALONE:
            half = pictures[-1].resize((pictures[-1].width // 2, pictures[-1].height // 2))
            half.save(PICTURES / f"{name}-alone.webp", quality=70, method=6)
    sheet(pictures).save(PICTURES / f"{kind.name}.webp", quality=50, method=6)


def log_in(browser: Browser, address: str) -> list[Any]:
    """The cookies of the coordinator."""
    page = visitor(browser, address, Look(""))
    page.goto("/desk/")
    page.locator("input[name=login]").fill("rut.ostlund@norrvik.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/konto/" not in url)
    cookies = page.context.cookies()
    page.context.close()
    return cookies


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", help="of a demo that runs already; otherwise one is started")
    parser.add_argument("--only", nargs="*", default=[], help="names of kinds of pages")
    parser.add_argument("--whole", type=Path, help="a folder for every picture in its full size")
    return parser.parse_args()


def main() -> None:
    """Take all pictures, or those asked for."""
    asked = arguments()
    PICTURES.mkdir(parents=True, exist_ok=True)
    if asked.whole:
        asked.whole.mkdir(parents=True, exist_ok=True)
    kinds = [one for one in (*PUBLIC, *DESK) if not asked.only or one.name in asked.only]
    with nullcontext(asked.address) if asked.address else demo() as address, open_chromium() as browser:
        cookies = log_in(browser, address) if any(kind in DESK for kind in kinds) else []
        for kind in track(kinds, "Taking pictures", console=console):
            ours = kind in DESK
            looks = DESK_LOOKS if ours else PUBLIC_LOOKS
            take(browser, address, kind, looks, cookies if ours else [], asked.whole)
    console.print(f"They lie in {PICTURES}.")


if __name__ == "__main__":
    main()
