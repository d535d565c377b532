"""Intake from the first connection until the last mail stands in its conversation and is found, beside the floor.

All processes of `gensvar run` are at work on a database of their own. `python -m bench.intake --help` says more.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

TABLE: Final = Path("bench/results/intake.md")
WARM_UP: Final = 50  # mails before the clock runs, so that no process is measured while it starts
PATIENCE: Final = 1200.0  # seconds


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table; speeds in mails a second."""

    store: str
    mails: int
    floor: float
    accepted: float
    done: float

    @property
    def ratio(self) -> float:
        """How much of the floor is reached."""
        return self.done / self.floor


def main() -> int:
    """Measure each store at each size, print and write the table."""
    parser = argparse.ArgumentParser(description="Measures the speed of intake on this machine.")
    parser.add_argument("--mails", default="1000,10000", help="how many, with commas (default 1000,10000)")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one store only")
    parser.add_argument("--keep", action="store_true", help="print, and leave the written table as it is")
    parser.add_argument("--one", nargs=3, metavar=("URL", "HOME", "MAILS"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        url, home, mails = chosen.one
        print(json.dumps(asdict(measure(url, Path(home), int(mails)))))
        return 0
    base = os.environ.get("GENSVAR_TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if chosen.only == "postgresql" and not base.startswith("postgres"):
        parser.error("name a PostgreSQL server whose role may create databases in DATABASE_URL")
    stores = ["sqlite", *(["postgresql"] if base.startswith("postgres") else [])]
    if chosen.only:
        stores = [chosen.only]
    results = []
    others = os.getloadavg()[0]
    for store in stores:
        for count in map(int, chosen.mails.split(",")):
            results.append(_in_a_process(store, base, count))
            print(_line(results[-1]), flush=True)
    text = page(results, others)
    if not chosen.keep:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(text)
        print(f"Written to {TABLE}.")
    return 0


def _in_a_process(store: str, base: str, count: int) -> Result:
    """Each measurement has a fresh database, a fresh home and a process of its own that knows them."""
    with (
        tempfile.TemporaryDirectory(prefix="gensvar-bench-") as home,
        database(store, base, Path(home)) as url,
    ):
        environment = os.environ | {
            "GENSVAR_HOME": home,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "gensvar.config.settings",
            "GENSVAR_MAIL_OUT": "kept",
            "PORT": str(_free_port()),
            "GENSVAR_SMTP_PORT": str(_free_port()),
            "GENSVAR_LMTP_PORT": str(_free_port()),
        }
        command = [sys.executable, "-m", "bench.intake", "--one", url or "sqlite", home, str(count)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return Result(**json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def database(store: str, base: str, home: Path) -> Iterator[str]:
    if store == "sqlite":
        yield ""
        return
    import psycopg

    name = f"gensvar_bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield base.rpartition("/")[0] + f"/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def measure(url: str, home: Path, count: int) -> Result:
    """Start everything, warm up, send, wait until all is read and found; then the floor on the same mails."""
    import django

    from bench import floor, mails, sending

    _prepare()
    django.setup()
    from django.conf import settings

    from bench.town import Town

    wanted = mails.make(count)
    town = Town()
    with _running(home):
        _wait_for_port(settings.GENSVAR_SMTP_PORT)
        _wait_for_port(settings.PORT)
        warm_up = mails.make(WARM_UP, seed=2)
        sending.send_all(warm_up, settings.GENSVAR_SMTP_PORT)
        town.wait_until_found(warm_up, WARM_UP, PATIENCE)
        town.wait_until_quiet(PATIENCE)
        began = time.perf_counter()
        sending.send_all(wanted, settings.GENSVAR_SMTP_PORT)
        accepted = time.perf_counter() - began
        town.wait_until_found(wanted, WARM_UP + count, PATIENCE)
        done = time.perf_counter() - began
    store = "PostgreSQL" if url.startswith("postgres") else "SQLite"
    return Result(store, count, floor.measure(wanted, url, home), count / accepted, count / done)


def _prepare() -> None:
    subprocess.run([sys.executable, "-m", "gensvar", "prepare"], stdout=subprocess.DEVNULL, check=True)


@contextmanager
def _running(home: Path) -> Iterator[None]:
    """`gensvar run`: web, mail and worker, stopped again as by Ctrl-C."""
    with open(home / "run.log", "wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "gensvar", "run"], stdout=log, stderr=log)
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _line(result: Result) -> str:
    return (
        f"| {result.store} | {result.mails:,} | {result.floor:.0f} | {result.accepted:.0f} | {result.done:.0f} |"
        f" {result.ratio:.2f} |"
    )


def machine() -> str:
    """The machine in words: cores and processor, no name."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{os.cpu_count()} cores, {model}, {platform.system()}, Python {platform.python_version()}"


def page(results: list[Result], others: float) -> str:
    """The table in Markdown, with what it means."""
    return "\n".join(
        [
            "# Intake: how fast, beside the floor",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {machine()}.",
            f"Other work on the machine kept {others:.1f} processes running before it began (load average): where that is",
            "more than a fraction of one,",
            "the speeds are those of a crowded machine, and only the last column means something.",
            "",
            "Mails of about 8 kB, six of ten replies, one of eight with a file, over SMTP on eight connections, into all",
            "processes of `gensvar run` (web, mail, worker; receipts on, outgoing mail kept). *Accepted*: 250 was said for",
            "each, after its commit. *Read and found*: from the first connection until the last mail stands in its",
            "conversation and is found by search. *Floor*: the standard library's parse (`email.policy.default`) of the same",
            "mails and one durable one-row commit for each in the same database engine, one after the other, measured right",
            "afterwards. Mails a second.",
            "",
            "| store | mails | floor | accepted | read and found | of the floor |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
            *map(_line, results),
            "",
            "Wanted: half of the floor on SQLite, a third on PostgreSQL, and 10,000 within a fifth of 1,000.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
