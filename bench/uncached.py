"""Our front page when it is not kept, beside the welcome page of a stock Wagtail: the same server, workers and threads.

`make bench` runs it; `python -m bench.uncached --help` says more. It needs wrk (Debian's package).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import serving
from bench.intake import machine
from bench.serving import Speed, Target
from gensvar.core.generation import Generation
from tests.faults.town import free_port

TABLE: Final = Path("bench/results/uncached.md")
CONNECTIONS: Final = (1, 8)
WANTED: Final = {"goal": 1.0, "floor": 0.5}  # of Wagtail's requests a second
UNKEPT: Final = {"Authorization": "none"}  # a request that names somebody is never answered from what is kept

CHANGING: Final = "Gensvar, all read anew"

FILL: Final = """
import django; django.setup()
from gensvar.config import demo
demo.load(lambda done, all_: None)
"""


def main(given: Sequence[str] = ()) -> int:
    """Measure, print and write the table; 0 also where wrk is missing, which is said plainly."""
    parser = argparse.ArgumentParser(description="Measures uncached pages beside stock Wagtail.")
    parser.add_argument("--seconds", type=int, default=10, help="of each run (default 10)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of which the median counts (default 3)")
    chosen = parser.parse_args(given)
    if "wrk" in serving.missing():
        print("Uncached pages are not measured: wrk is missing (apt install wrk).")
        return 0
    others = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="gensvar-bench-") as home:
        found = measure(Path(home), chosen.seconds, chosen.rounds)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(page(found, others, chosen.seconds, chosen.rounds))
    print(f"Written to {TABLE}.")
    return 0


def measure(home: Path, seconds: int, rounds: int) -> dict[tuple[str, int], Speed]:
    """The speeds by server and connections."""
    with serving.gensvar(home / "ours", fill=FILL) as (port, _said), stock_wagtail(home / "stock") as theirs:
        targets = (
            Target("Wagtail", theirs, "/", {}),
            Target("Gensvar", port, "/", UNKEPT),
            Target(CHANGING, port, "/", UNKEPT, meanwhile=lambda: changing(home / "ours")),
        )
        for target in targets:
            serving.wrk(target, 2, 2)  # both have read their templates
        return serving.compare(targets, CONNECTIONS, seconds=seconds, rounds=rounds)


@contextmanager
def changing(home: Path) -> Iterator[None]:
    """Let something public change two hundred times a second: whatever a process remembers is old when it is asked for."""
    numbers, over = Generation(home / "run" / "pages.generation"), threading.Event()

    def change() -> None:
        while not over.wait(0.005):
            numbers.raise_(takes_away=False)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def stock_wagtail(home: Path) -> Iterator[int]:
    """What `wagtail start` makes, with its settings for production, migrated, in SQLite; served as we serve ourselves."""
    home.mkdir()
    start = [
        sys.executable,
        "-c",
        "from wagtail.bin.wagtail import main; main()",
        "start",
        "stock",
        str(home),
    ]
    subprocess.run(start, stdout=subprocess.DEVNULL, check=True)
    (home / "stock/settings/local.py").write_text(
        "SECRET_KEY = 'only for this measurement'\nALLOWED_HOSTS = ['127.0.0.1']\n"
    )
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GENSVAR", "DJANGO", "DATABASE"))
    } | {"DJANGO_SETTINGS_MODULE": "stock.settings.production"}
    for words in (["migrate", "--verbosity=0"], ["collectstatic", "--verbosity=0", "--noinput"]):
        subprocess.run([sys.executable, "manage.py", *words], cwd=home, env=environment, check=True)
    port, command = free_port(), [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
    command += ["--blocking-threads", _threads(), "--host", "127.0.0.1", "--port", str(port)]
    with serving.running([*command, "stock.wsgi:application"], environment, home / "web.log", port, cwd=home):
        serving.get(port, "/", {})
        yield port


def _threads() -> str:
    from gensvar.config import settings

    return str(settings.GENSVAR_WEB_THREADS)


def page(found: dict[tuple[str, int], Speed], others: float, seconds: int, rounds: int) -> str:
    """The table in Markdown, with what it means."""
    lines = []
    for connections in CONNECTIONS:
        theirs = found["Wagtail", connections].requests
        quiet, anew = found["Gensvar", connections].requests, found[CHANGING, connections].requests
        lines.append(
            f"| {connections} | {theirs:,.0f} | {quiet:,.0f} | {quiet / theirs:.2f} | {anew:,.0f} | {anew / theirs:.2f} |"
        )
    return "\n".join(
        [
            "# Pages that are not kept: how fast, beside a stock Wagtail",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {machine()}.",
            f"Other work kept {others:.1f} processes running before it began (load average); wrk itself shares the cores.",
            "",
            "*Gensvar*: the front page of the demo municipality, made anew for each request; what is being talked about and the",
            "ways to reach us are remembered by the process while nothing public changes (`core/remembering.py`). *All read",
            "anew*: something public changes two hundred times a second, so that every list is read for every page. *Wagtail*:",
            "the welcome page of `wagtail start`, its settings for production. All on SQLite, by granian with two workers and the",
            f"same threads, by wrk over loopback, turn by turn, the median of {rounds} runs of {seconds} seconds.",
            "",
            "| connections | Wagtail requests/s | Gensvar requests/s | ratio | all read anew | ratio |",
            "| ---: | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            "",
            f"Wanted: {WANTED['goal']:.0f} is the goal, {WANTED['floor']} the floor.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
