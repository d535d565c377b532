"""The statistics of a whole municipality measured from its rows: 1,000,000 answers of 500 persons at 200 places about 100 topics.

`python -m bench.answered` runs it (minutes); `--database` takes a fresh PostgreSQL database, else SQLite in a folder of its own.
The floor of the same run is one plain GROUP BY by person over what is counted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

TABLE: Final = Path("bench/results/answered.md")
Line = tuple[str, float]


def main(given: Sequence[str] = ()) -> int:
    """Make the rows, measure, print and write the table."""
    parser = argparse.ArgumentParser(description="Measures the statistics of many answers from their rows.")
    parser.add_argument("--answers", type=int, default=1_000_000, help="how many (default 1,000,000)")
    parser.add_argument("--database", default="", help="of a fresh PostgreSQL database; else SQLite")
    chosen = parser.parse_args(given)
    others = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="gensvar-bench-") as home, prepared(Path(home), chosen.database):
        text = measure(chosen.answers, others)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    before = TABLE.read_text() if TABLE.exists() else ""
    name = "PostgreSQL" if chosen.database else "SQLite"
    parts = [part for part in before.split("\n# ") if part and f": {name}," not in part.splitlines()[0]]
    TABLE.write_text(_joined(parts, text))
    print(text)
    return 0


@contextmanager
def prepared(home: Path, database: str) -> Iterator[None]:
    """A database and style sheets of this version, and Django set up on them."""
    os.environ |= {
        "GENSVAR_HOME": str(home),
        "DATABASE_URL": database,
        "GENSVAR_URL": "http://testserver",
        "DJANGO_SETTINGS_MODULE": "gensvar.config.settings",
    }
    prepare = [sys.executable, "-m", "gensvar", "prepare"]
    subprocess.run(prepare, check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    yield


def measure(answers: int, others: float) -> str:
    """The table."""
    from django.db import connection

    from bench.intake import machine
    from gensvar.voices import rebuilding
    from gensvar.voices.models import SaidWord
    from tests import many_answers

    size = many_answers.Size(answers=answers)
    boss, making = timed(lambda: many_answers.make(size))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    before = peak()
    (count, first), after = timed(rebuilding.rebuild), peak()
    assert count == answers == SaidWord.objects.count()
    again = timed(rebuilding.rebuild)[1]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT person_id, count(*), sum(words) FROM voices_saidword GROUP BY person_id")
            cursor.fetchall()

    least = min(timed(floor)[1] for _time in range(3))
    lines = [
        ("making it anew, the first time", first),
        ("making it anew, nothing wrong", again),
        *readings(boss),
    ]
    name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    return "\n".join(
        [
            f"# Statistics made from {answers:,} answers: {name}, {datetime.now(UTC):%Y-%m-%d}",
            "",
            f"{size.persons} persons in teams of 2 to 6, {size.points} contact points, {size.topics} topics, {size.days} days;",
            f"{machine()}; load before it began {others:.1f}. The rows were made in {making:.0f} s.",
            f"The floor is one plain GROUP BY by person over what is counted: {least:.2f} s.",
            f"Making it anew raised the most memory that the process held from {before} to {after} MB.",
            "",
            "| what | seconds | times the floor |",
            "| --- | ---: | ---: |",
            *(f"| {what} | {seconds:.3f} | {seconds / least:.2f} |" for what, seconds in lines),
            "",
        ]
    )


def readings(boss: Any) -> list[Line]:
    """One word more, the command's numbers, and both pages."""
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    from gensvar.answers.events import WordSent
    from gensvar.conversations.models import Message
    from gensvar.core import clock
    from gensvar.desk.voices.leaving import leaving
    from gensvar.desk.voices.shares import voices
    from gensvar.people.models import Person
    from gensvar.voices import counting, report, shares
    from gensvar.voices.models import SaidWord

    last = Message.objects.filter(author="staff").order_by("-pk").first()
    assert last is not None
    with counting.turn():
        SaidWord.objects.filter(source="message", source_id=last.pk).delete()
    today = clock.today()
    quarter, whole = (shares.Selection(today - dt.timedelta(days=days), today) for days in (89, 1094))
    gone = "&".join(f"person={pk}" for pk in Person.objects.values_list("pk", flat=True)[:10])

    def page(view: Callable[[Any], Any], query: str) -> Callable[[], None]:
        def look() -> None:
            request = RequestFactory().get(f"/?{query}")
            request.user = boss or AnonymousUser()
            assert view(request).status_code == 200

        return look

    page(voices, f"from={today}")()  # what loads at a first look is no cost of a large town
    page(leaving, "")()
    found = [("one word more is counted", timed(lambda: counting.count_word(WordSent(last.pk)))[1])]
    found += [
        (what, timed(asked)[1])
        for what, asked in (
            ("`gensvar voices --json`, 90 days", lambda: report.as_json(quarter)),
            ("`gensvar voices --json`, three years", lambda: report.as_json(whole)),
            ("the voices page, 90 days", page(voices, "")),
            ("the voices page, three years", page(voices, f"from={whole.starts}")),
            ("what if ten leave", page(leaving, gone)),
        )
    ]
    return found


def timed(do: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and how many seconds it took."""
    start = time.perf_counter()
    found = do()
    return found, time.perf_counter() - start


def peak() -> int:
    """The most memory that this process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _joined(parts: Sequence[str], text: str) -> str:
    """The tables of both databases, this one last."""
    return "\n".join([*("# " + part.removeprefix("# ").rstrip() + "\n" for part in parts), text])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
