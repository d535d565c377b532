"""What a page costs a phone: bytes, first paint, layout shift and blocking, measured with Chromium as Lighthouse sets it up.

`make bench` runs it; it needs a Chromium. The phone: 412 × 823, a processor four times slower than this one, 1.6 Mbit/s
down and 150 ms there and back ("slow 4G").
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from bench import serving
from bench.intake import machine
from bench.uncached import FILL
from tests import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TABLE: Final = Path("bench/results/paint.md")
CORE: Final = (
    "/",
    "/fragor",
    "/nytt",
    "/skriv",
    "/har-finns-vi",
    "/vi-svarar",
    "/amne",
    "/folj",
    "/sok?q=plogning",
)
SLOW_4G: Final = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
SLOWER: Final = 4  # times
LONG: Final = 50  # milliseconds: whoever touches the page during a longer task feels it
WANTED: Final = (
    "under 100 kB a page, under 25 kB of style sheets, under 20 kB of scripts, no layout shift, no blocking"
)

# From the page's very beginning: paints, shifts that nobody caused, and tasks over 50 ms (when they began, how long they took).
WATCH: Final = """
window.seen = {paint: 0, shift: 0, tasks: []};
new PerformanceObserver(list => list.getEntries().forEach(e => {
  if (e.name === "first-contentful-paint") seen.paint = e.startTime;
})).observe({type: "paint", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(e => {
  if (!e.hadRecentInput) seen.shift += e.value;
})).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(e => {
  seen.tasks.push([e.startTime, e.duration]);
})).observe({type: "longtask", buffered: true});
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one page: bytes over the wire by kind, milliseconds, and the sum of shifts (no unit)."""

    path: str
    page: int
    styles: int
    scripts: int
    whole: int
    requests: int
    elsewhere: int  # requests to any other host
    paint: float
    shift: float
    blocked: float  # from the first paint on, as Lighthouse counts it
    before: float  # until the first paint, when there is nothing to touch


def main(given: Sequence[str] = ()) -> int:
    """Measure, print and write the table; 0 also where Chromium is missing, which is said plainly."""
    parser = argparse.ArgumentParser(description="Measures what the core pages cost a phone.")
    parser.add_argument("--rounds", type=int, default=3, help="visits of which the median counts (default 3)")
    chosen = parser.parse_args(given)
    if browser.path() is None:
        print("Paint is not measured: Chromium is missing (apt install chromium).")
        return 0
    with tempfile.TemporaryDirectory(prefix="gensvar-bench-") as home:
        found = measure(Path(home), chosen.rounds)
    text = page(found, chosen.rounds)
    print(text)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(text)
    return 0


def measure(home: Path, rounds: int) -> list[Cost]:
    """The median of each core page, each time with an empty cache."""
    with serving.gensvar(home / "ours", fill=FILL) as (port, _said), browser.open_chromium() as chromium:
        for path in CORE:
            serving.get(port, path, {})
        return [_middle([visit(chromium, port, path) for _ in range(rounds)]) for path in CORE]


def visit(chromium: Browser, port: int, path: str) -> Cost:
    """One visit by a phone that has never been here."""
    context = chromium.new_context(
        viewport={"width": 412, "height": 823}, device_scale_factor=2, is_mobile=True
    )
    sheet = context.new_page()
    sheet.add_init_script(WATCH)
    debugger = context.new_cdp_session(sheet)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    elsewhere: list[str] = []

    def answered(event: dict[str, object]) -> None:
        response = event["response"]
        assert isinstance(response, dict)
        kinds[str(event["requestId"])] = str(event["type"])
        if not str(response["url"]).startswith((f"http://localhost:{port}/", "data:")):
            elsewhere.append(str(response["url"]))

    def finished(event: dict[str, object]) -> None:
        sizes[str(event["requestId"])] = int(str(event["encodedDataLength"]).partition(".")[0])

    debugger.on("Network.responseReceived", answered)
    debugger.on("Network.loadingFinished", finished)
    debugger.send("Network.enable")
    debugger.send("Network.emulateNetworkConditions", SLOW_4G)
    debugger.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sheet.goto(f"http://localhost:{port}{path}", wait_until="networkidle")
    seen = sheet.evaluate("seen")
    context.close()

    def sum_of(kind: str) -> int:
        return sum(size for one, size in sizes.items() if kinds.get(one) == kind)

    return Cost(
        path,
        sum_of("Document"),
        sum_of("Stylesheet"),
        sum_of("Script"),
        sum(sizes.values()),
        len(sizes),
        len(elsewhere),
        seen["paint"],
        seen["shift"],
        *blocking(seen["tasks"], seen["paint"]),
    )


def blocking(tasks: Sequence[tuple[float, float]], paint: float) -> tuple[float, float]:
    """What tasks (start, duration) took above 50 ms: after the first contentful paint and before it, all in milliseconds.

    The first is Lighthouse's total blocking time: of a task under way at the paint only what follows counts.
    """
    ends = [(start, start + duration) for start, duration in tasks]
    after = sum(max(0.0, end - max(start, paint) - LONG) for start, end in ends)
    before = sum(max(0.0, min(end, paint) - start - LONG) for start, end in ends)
    return after, before


def _middle(visits: Sequence[Cost]) -> Cost:
    last = visits[-1]
    return Cost(
        last.path,
        last.page,
        last.styles,
        last.scripts,
        max(one.whole for one in visits),
        last.requests,
        max(one.elsewhere for one in visits),
        median(one.paint for one in visits),
        max(one.shift for one in visits),
        median(one.blocked for one in visits),
        median(one.before for one in visits),
    )


def page(found: Sequence[Cost], rounds: int) -> str:
    """The table in Markdown, with what it means."""
    lines = [
        f"| {one.path} | {one.page / 1000:.1f} | {one.styles / 1000:.1f} | {one.scripts / 1000:.1f} | {one.whole / 1000:.1f} "
        f"| {one.requests} | {one.elsewhere} | {one.paint:,.0f} | {one.shift:.3f} | {one.blocked:.0f} "
        f"| {one.before:.0f} |"
        for one in found
    ]
    return "\n".join(
        [
            "# What a page costs a phone",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {machine()}, load average {os.getloadavg()[0]:.1f}.",
            "",
            "The demo municipality in Chromium, 412 × 823, an empty cache, a processor four times slower than this one, 1.6 Mbit/s",
            f"down and 150 ms there and back. The median of {rounds} visits (of bytes and shifts the most). Bytes as they came over the",
            "wire, compressed, with their headers, in kB. *Blocked*: what tasks took above 50 ms from the first paint on (Lighthouse's",
            "total blocking time); *before it*: the same until then, when the page is laid out and there is nothing to touch.",
            "",
            "| page | itself | styles | scripts | all | requests | to others | first paint ms | layout shift | blocked ms | before it ms |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            "",
            f"Wanted: {WANTED}.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
