"""From the mail server's "250" until the word stands in an open inbox: all of a real town at work, seen by a real Chromium.

`make bench` runs it; it needs a Chromium. The inbox asks for what is new by itself, and nobody touches the page.
"""

from __future__ import annotations

import argparse
import os
import random
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from bench.intake import machine
from tests import browser
from tests.faults.town import Town
from tests.journeys.cast import STREETS
from tests.journeys.steps import log_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

TABLE: Final = Path("bench/results/inbox.md")
WANTED: Final = 2.0  # seconds
QUEUE: Final = "/desk/inkorg/?queue=functions"
KIM: Final = "kim@norrvik.example"


def main(given: Sequence[str] = ()) -> int:
    """Measure, print and write the table; 0 also where Chromium is missing, which is said plainly."""
    parser = argparse.ArgumentParser(description="Measures how soon a new word stands in an open inbox.")
    parser.add_argument("--mails", type=int, default=20, help="how many, one after the other (default 20)")
    chosen = parser.parse_args(given)
    if browser.path() is None:
        print("The inbox is not measured: Chromium is missing (apt install chromium).")
        return 0
    others = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="gensvar-bench-") as home:
        found = measure(Path(home), chosen.mails)
    text = page(found, others)
    print(text)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(text)
    return 0


def measure(home: Path, mails: int) -> list[float]:
    """Seconds of each mail, while the one who answers for streets looks at the queue of that function."""
    environment = {
        **os.environ,
        "GENSVAR_HOME": str(home),
        "DATABASE_URL": "",
        "GENSVAR_MAIL_OUT": "kept",
        "DJANGO_SETTINGS_MODULE": "gensvar.config.settings",
    }
    for module in (("gensvar", "prepare"), ("tests.journeys.cast",)):
        subprocess.run(
            [sys.executable, "-m", *module], env=environment, stdout=subprocess.DEVNULL, check=True
        )
    town = Town(environment, log=home / "run.log")
    try:
        town.start()
        with browser.open_chromium() as chromium:
            sheet = chromium.new_context(base_url=f"http://127.0.0.1:{town.web_port}").new_page()
            log_in(sheet, KIM).goto(QUEUE)
            _seconds(sheet, town.smtp_port, "first")  # so that no process is measured while it starts
            chance = random.Random(1)
            found = []
            for number in range(mails):
                sheet.wait_for_timeout(chance.uniform(0, 2000))  # not in step with the page's own clock
                found.append(_seconds(sheet, town.smtp_port, f"{number:03}"))
            return found
    finally:
        town.clear_away()


def _seconds(sheet: Page, port: int, mark: str) -> float:
    """From the 250 after the words until the row with their subject can be seen."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Anna Lind <anna.{mark}@post.example>", STREETS
    mail["Subject"], mail["Message-ID"] = f"Bänken vid bron {mark}", f"<{mark}.{time.time_ns()}@post.example>"
    mail.set_content("Hej! Bänken vid bron är trasig. Kan ni laga den?")
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(mail)
        taken = time.perf_counter()
        sheet.locator(".desk-row", has_text=f"Bänken vid bron {mark}").wait_for()
        return time.perf_counter() - taken


def page(found: Sequence[float], others: float) -> str:
    """The table in Markdown, with what it means."""
    within = sum(one <= WANTED for one in found)
    return "\n".join(
        [
            "# A new word in an open inbox: how soon",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {machine()}.",
            f"Other work kept {others:.1f} processes running before it began (load average).",
            "",
            "Mails one after the other into all processes of `gensvar run` (SQLite; web, mail, worker; receipts on, outgoing mail",
            "kept), while somebody has the inbox open in Chromium and touches nothing: from the mail server's `250` until the row",
            "can be seen. The reading, the placing in a conversation and the page's own asking all lie in between.",
            "",
            "| mails | median s | most s | within 2 s |",
            "| ---: | ---: | ---: | ---: |",
            f"| {len(found)} | {median(found):.2f} | {max(found):.2f} | {within} |",
            "",
            f"Wanted: all within {WANTED:g} seconds.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
