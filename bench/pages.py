"""A kept page beside nginx serving its compressed bytes as a file, and behind nginx: by wrk at 1, 8 and 64 connections.

`make bench` runs it after intake; `python -m bench.pages --help` says more. It needs wrk and nginx (Debian's packages).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import serving
from bench.intake import machine
from bench.serving import AS_A_BROWSER, Speed, Target
from tests.faults import proxy
from tests.faults.town import free_port

TABLE: Final = Path("bench/results/pages.md")
CONNECTIONS: Final = (1, 8, 64)
WANTED: Final = {8: 0.25, 64: 0.45}  # of nginx's requests a second
BEHIND: Final = 0.9  # of nginx's, behind nginx, at any number of connections
WIDTH: Final = 30_000  # bytes of the page before it is compressed
ALL: Final = ("nginx", "Gensvar", "Gensvar behind nginx")

# An answer in words of ours, as long as it takes: its page is as compressible as prose is.
FILL: Final = f"""
import random
import django; django.setup()
from django.test import Client
from bench.mails import WORDS
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.tests.scene import stage
chance = random.Random(1)
long = {WIDTH}
for _ in range(2):
    said = " ".join(chance.choices(WORDS, k=long // 6))[: long - 1] + "."
    number = stage(answer=said).publish().number
    page = Client().get(f"/fragor/{{number}}", HTTP_HOST="127.0.0.1", follow=True)
    long -= len(page.content) - {WIDTH}
print(page.redirect_chain[-1][0])
"""


def main(given: Sequence[str] = ()) -> int:
    """Measure, print and write the table; 0 also where wrk or nginx is missing, which is said plainly."""
    parser = argparse.ArgumentParser(description="Measures kept pages beside nginx and behind it.")
    parser.add_argument("--seconds", type=int, default=10, help="of each run (default 10)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of which the median counts (default 3)")
    chosen = parser.parse_args(given)
    if missing := serving.missing():
        print(f"Pages are not measured: {' and '.join(missing)} is missing (apt install wrk nginx-light).")
        return 0
    others = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="gensvar-bench-") as home:
        found, size = measure(Path(home), chosen.seconds, chosen.rounds)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(page(found, size, others, chosen.seconds, chosen.rounds))
    print(f"Written to {TABLE}.")
    return 0


def measure(home: Path, seconds: int, rounds: int) -> tuple[dict[tuple[str, int], Speed], tuple[int, int]]:
    """The speeds by server and connections; and the page's size, plain and compressed."""
    front, static = free_port(), home / "static"
    settings = {
        "GENSVAR_URL": f"http://127.0.0.1:{front}",
        "GENSVAR_BEHIND_PROXY": "on",
        "GENSVAR_STATIC_ROOT": str(static),
    }
    with (
        serving.gensvar(home / "ours", fill=FILL, **settings) as (port, path),
        proxy.before(port, front, home=home / "front", static=static, writes_log=False),
    ):
        plain, packed = serving.get(port, path, {})[1], serving.get(port, path, AS_A_BROWSER)
        assert packed[0].get("content-encoding") == "br", packed[0]
        assert "etag" in packed[0], "the page is not kept"
        for worker in range(40):  # both workers have made the page
            assert serving.get(port, path, AS_A_BROWSER)[1] == packed[1], worker
        with serving.nginx_beside(home / "beside", packed[1]) as beside:
            targets = (
                beside,
                Target("Gensvar", port, path, AS_A_BROWSER),
                Target("Gensvar behind nginx", front, path, AS_A_BROWSER),
            )
            return (
                serving.compare(targets, CONNECTIONS, seconds=seconds, rounds=rounds),
                (len(plain), len(packed[1])),
            )


def page(
    found: dict[tuple[str, int], Speed], size: tuple[int, int], others: float, seconds: int, rounds: int
) -> str:
    """The table in Markdown, with what it means."""
    lines = []
    for connections in CONNECTIONS:
        theirs, ours, behind = (found[name, connections] for name in ALL)
        lines.append(
            f"| {connections} | {theirs.requests:,.0f} | {ours.requests:,.0f} | {ours.requests / theirs.requests:.2f}"
            f" | {WANTED.get(connections, '')} | {behind.requests / theirs.requests:.2f} | {BEHIND}"
            f" | {theirs.slow:.2f} | {ours.slow:.2f} | {ours.slow / theirs.slow:.1f} |"
        )
    return "\n".join(
        [
            "# Kept pages: how fast, beside nginx and behind it",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {machine()}.",
            f"Other work kept {others:.1f} processes running before it began (load average); wrk itself shares the cores.",
            "",
            f"A public answer, {size[0]:,} bytes, {size[1]:,} compressed with brotli, asked for as a browser does.",
            "*nginx*: two workers, the same compressed bytes as a file, the same headers of encoding, the file opened for each",
            "request as its default is. *Gensvar*: two web workers, the page kept. *Behind*: the same workers behind nginx as",
            "docs/how-to/nginx.md configures it, which lets kept files stay open.",
            f"By wrk over loopback, turn by turn, the median of {rounds} runs of {seconds} seconds.",
            "",
            "| connections | nginx/s | Gensvar/s | ratio | wanted | behind, ratio | wanted | p99 ms: nginx | Gensvar | times |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            "",
            "Wanted of p99 at 64 connections: at most three times nginx's.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
