"""Stops the real processes by kill -9 and counts what was lost: `make crash`, and a short form of it in `.ci/run`.

The harness is tests/faults; with no options it makes 500 stops on each database and writes docs/reference/crash.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

TABLE = Path("docs/reference/crash.md")
HEAD = """# What kill -9 takes: nothing

Written by `make crash`. Residents write by SMTP, LMTP, the web form and at the private link all the time, and somebody of
the staff is logged in to the desk over HTTP, as their browser would be, and answers, while processes are ended with kill -9:
at every named place on the way (`core/stops.py`) and at random, the parent too. A word counts as accepted when its writer saw
`250` or `303`, an answer when the desk led on to its conversation or it stood there. Whoever lost the connection did as people
do: looked, and sent again what was not there. Afterwards each accepted word must stand in its conversation exactly once
(*lost*, *twice*), and each answer too, and it must have been delivered at least once under one Message-ID, and its row must say
so. The staff publish and withdraw meanwhile, and somebody reads: in the end each page shows what holds.
"""


def main() -> int:
    """Run, print the table, and give 1 if anything was lost or stands twice."""
    parser = argparse.ArgumentParser(
        description="Stops the real processes by kill -9 and counts what was lost."
    )
    parser.add_argument("--every-point", action="store_true", help="each named place once")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="so many random stops")
    parser.add_argument(
        "--stops", type=int, default=500, help="of the full run, on each database (default 500)"
    )
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="the full run on one of the two")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the order and of the moments")
    chosen = parser.parse_args()
    base = os.environ.get("GENSVAR_TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    short = chosen.every_point or chosen.random
    home = Path(tempfile.mkdtemp(prefix="gensvar-crash-"))
    os.environ |= {
        "GENSVAR_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "gensvar.config.settings",
        "GENSVAR_TESTING": "1",
    }
    os.environ.pop("DATABASE_URL", None)
    urls = [base] if short else ["", *([base] if base.startswith("postgres") else [])]
    if chosen.only:
        urls = [url for url in urls if url.startswith("postgres") == (chosen.only == "postgresql")]
    elif not short and len(urls) == 1:
        print("PostgreSQL is left out: name a server whose role may create databases in DATABASE_URL.")

    from gensvar.core.stops import NAMES

    tables, well = [], True
    for url in urls:
        each = 1 if chosen.every_point else 0
        at_random = chosen.random
        if not short:
            each = chosen.stops // 2 // len(NAMES)
            at_random = chosen.stops - each * len(NAMES)
        table, was_well = one_database(url, home, each, at_random, chosen.seed)
        tables.append(table)
        well = well and was_well
    if not short:
        TABLE.write_text(page(tables))  # what ran on the other database stays
        print(f"Written to {TABLE}.")
    return 0 if well else 1


def one_database(url: str, home: Path, each: int, at_random: int, seed: int) -> tuple[str, bool]:
    """All stops on one database; gives its table in Markdown, and whether all was well."""
    from gensvar.config import settings
    from tests import databases
    from tests.faults import crash

    store = databases.store_for(url, home)
    store.prepare(databases.fingerprint(settings.INSTALLED_APPS), databases.migrate)
    name = f"gensvar_test_crash_{uuid.uuid4().hex[:8]}"
    folder = Path(tempfile.mkdtemp(dir=home))
    store.create(name)
    environment = os.environ | {"DATABASE_URL": store.url(name), "GENSVAR_HOME": str(folder / "home")}
    stops = crash.plan(named=each, at_random=at_random, seed=seed)
    began = time.monotonic()
    try:
        with crash.harness(environment, lambda sql: store.rows(name, sql), folder, seed=seed) as made:
            tally = crash.run(made, stops, _tell)
    finally:
        store.drop(name)
        store.close()
    kind = "PostgreSQL" if url.startswith("postgres") else "SQLite"
    text = _table(kind, tally, time.monotonic() - began, seed)
    print(text)
    if tally.odd:
        print("Odd:", *tally.odd[:20], f"The logs are in {folder}.", sep="\n  ", file=sys.stderr)
    return text, tally.is_well


def _table(kind: str, tally: object, seconds: float, seed: int) -> str:
    from tests.faults.crash import Tally

    assert isinstance(tally, Tally)
    lines = [
        f"## {kind}",
        "",
        f"{sum(tally.stops.values())} stops in {seconds / 60:.0f} minutes (seed {seed}), {datetime.now(UTC):%Y-%m-%d},",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}.",
        "",
        "| | stops | accepted | lost | twice |",
        "| --- | ---: | ---: | ---: | ---: |",
        f"| words in | {sum(tally.stops.values())} | {tally.accepted} | {tally.lost} | {tally.twice} |",
        f"| answers out | | {tally.answers} | {tally.answers_lost} | {tally.answers_twice} |",
        "",
        f"{tally.withdrawn} exchanges were withdrawn while their pages were read; at the end {tally.shown_wrongly} pages showed",
        "something else than what holds.",
        "",
        f"{tally.sent_again} answers went out more than once, under the same Message-ID each time, as they may.",
        "",
        "| where | what was ended | stops |",
        "| --- | --- | ---: |",
        *(f"| {where} | {who} | {count} |" for (where, who), count in sorted(tally.stops.items())),
        "",
    ]
    return "\n".join(lines)


def page(tables: list[str]) -> str:
    """The page of the documentation: these tables, and that of a database that was not asked this time."""
    before = re.split(r"^(?=## )", TABLE.read_text() if TABLE.exists() else "", flags=re.MULTILINE)[1:]
    by_title = {table.splitlines()[0]: table.strip() + "\n" for table in [*before, *tables]}
    return "\n".join([HEAD, *(by_title[title] for title in sorted(by_title, reverse=True))])


def _tell(done: int, total: int) -> None:
    if done % 10 == 0 or done == total:
        print(f"  {done} of {total} stops", flush=True)


if __name__ == "__main__":
    sys.exit(main())
