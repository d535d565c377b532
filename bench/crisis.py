"""The day when everybody comes: 30,000 readers and 2,000 writers within a minute, while staff publish every three seconds.

Ten minutes' worth of arrivals in one. Nothing may fail, nothing may be shown that is older than two seconds, and every word
is kept. `make bench` runs it; `python -m bench.crisis --help` says more.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from bench.crowd import Crowd, Visit
from bench.intake import database, machine
from bench.serving import AS_A_BROWSER
from tests.faults.town import Town

if TYPE_CHECKING:
    from gensvar.core.models import User

TABLE: Final = Path("bench/results/crisis.md")
READERS: Final = 30_000
WRITERS: Final = 2_000
SECONDS: Final = 60.0  # within which all of them come
PUBLISHING: Final = 3.0  # seconds between two acts of staff; each third one takes something away again
STALE: Final = 2.0  # seconds
PATIENCE: Final = 600.0  # seconds until all words stand in their conversations
LIST: Final = "/fragor"
PAGES: Final = ("/", LIST, LIST, "/har-finns-vi")  # and a post with comments
COLUMNS: Final = (
    *("store", "pages", "p50 ms", "p99 ms", "words", "p50 ms", "p99 ms", "failures", "kept"),
    *("acts of staff", "looked at", "stale, s", "late, s", "read after, s"),
)
Sign = tuple[str, str]
"""A path, and the words by which a page there shows that something is public: the number of an exchange, a post's lead."""

FORM_ID: Final = re.compile(rb'name="form" value="([^"]+)"')


@dataclass
class Found:
    """What a minute showed. Times in seconds."""

    store: str
    reading: list[float] = field(default_factory=list)
    writing: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    accepted: int = 0
    kept: int = 0
    acts: int = 0  # of staff
    looked: int = 0  # pages that were compared with what holds
    stale: list[float] = field(
        default_factory=list
    )  # of pages that lacked what was published, or showed what was not
    late: float = 0.0  # by how much the crowd itself came too late, at most
    read_after: float = 0.0  # from the end of the minute until every word stands in its conversation


class Residents:
    """Who reads and who writes, as browsers as cheap as can be; every eighth reader of the list and of the post looks closely."""

    def __init__(self, port: int, found: Found, post: str) -> None:
        self.port, self.found, self.pages = port, found, (*PAGES, post)
        self.since: dict[Sign, float] = {}  # since when it stands there; taken out before it is taken away
        self.gone: dict[Sign, float] = {}  # since when it stands there no longer

    def coming(self, shares: float) -> list[tuple[float, Visit]]:
        """Everybody, evenly within the minute, in the order in which they come."""
        readers, writers = int(READERS * shares), int(WRITERS * shares)
        all_ = [(n / readers * SECONDS, self.reader(n)) for n in range(readers)]
        all_ += [(n / writers * SECONDS, self.writer(n)) for n in range(writers)]
        return sorted(all_, key=lambda one: one[0])

    def reader(self, number: int) -> Visit:
        """One who asks for a page, and leaves."""
        path = self.pages[number % len(self.pages)]
        closely = path in {LIST, self.pages[-1]} and number % 8 == 1

        def then(visit: Visit) -> None:
            if visit.error is not None or visit.status != 200:
                self.found.failures.append(f"GET {path}: {visit.error or visit.status!r}")
                return
            self.found.reading.append(visit.took)
            if closely:
                self._judge(path, visit.began, visit.body)

        return Visit(self.request(path, plain=closely), then)

    def writer(self, number: int) -> Visit:
        """One who opens the form and sends it."""

        def send(visit: Visit) -> Visit | None:
            form = FORM_ID.search(visit.body)
            if visit.error is not None or form is None:
                self.found.failures.append(f"GET /skriv: {visit.error or visit.status!r}")
                return None
            words = {
                "form": form[1].decode(),
                "text": f"Vattnet är brunt hos oss, nummer {number}.",
                "answer_by": "here",
            }
            body = urlencode(words).encode()
            return Visit(self.request("/skriv", body, number=number, plain=True), sent)

        def sent(visit: Visit) -> None:
            if visit.error is not None or visit.status != 303:
                self.found.failures.append(f"POST /skriv: {visit.error or visit.status!r}")
                return
            self.found.writing.append(visit.took)
            self.found.accepted += 1

        return Visit(self.request("/skriv", number=number, plain=True), send)

    def request(self, path: str, body: bytes | None = None, *, number: int = 0, plain: bool) -> bytes:
        """One request, each writer's from an address of their own; packed as for a browser, or `plain` to be read here."""
        head = [
            f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Connection: close",
            f"Accept-Encoding: {'identity' if plain else AS_A_BROWSER['Accept-Encoding']}",
            f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        ]
        if body is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*head, "", ""]).encode() + (body or b"")

    def _judge(self, path: str, began: float, body: bytes) -> None:
        self.found.looked += 1
        for times, wanted in ((self.since, True), (self.gone, False)):
            for (place, words), at in tuple(times.items()):
                if place == path and began > at and (words.encode() in body) is not wanted:
                    self.found.stale.append(began - at)


def post_with_comments() -> tuple[int, str]:
    """The post of the demo municipality with the most comments: its key and its path."""
    from django.db.models import Count

    from gensvar.publishing.comments.models import Comment
    from gensvar.publishing.posts import gate

    shown = (
        Comment.objects.filter(on_kind="post", state="shown").values("on_key").annotate(how_many=Count("pk"))
    )
    for row in shown.order_by("-how_many", "on_key"):
        found = gate.find_at([row["on_key"]])
        for post in found.values():
            if not any(one.guest for one in post.bylines):
                return post.key, f"/nytt/{row['on_key']}"
    raise LookupError("No post of the demo municipality has comments.")


def publish(residents: Residents, found: Found, post: int, over: threading.Event) -> None:
    """Staff at work, until the minute is over: publish twice, then take the last one away, and so on.

    With each answer the post says something new, as the page of a crisis does.
    """
    from django.db import connections

    from gensvar.publishing import services
    from gensvar.publishing.tests.scene import stage

    for turn in itertools.count(1):
        if over.is_set():
            break
        staged = stage()
        exchange = staged.publish()
        answer = (LIST, exchange.number)
        residents.since[answer] = time.perf_counter()
        found.acts += 1
        say_anew(residents, post, f"Läget, besked {found.acts}.", by=staged.editor)
        found.acts += 1
        if not over.wait(PUBLISHING) and turn % 2 == 0:
            del residents.since[answer]
            services.withdraw(exchange, "prov", by=staged.editor)
            residents.gone[answer] = time.perf_counter()
            found.acts += 1
            over.wait(PUBLISHING)
    connections.close_all()


def say_anew(residents: Residents, key: int, lead: str, *, by: User) -> None:
    """Publish the post with another lead."""
    from gensvar.publishing.posts import services
    from gensvar.publishing.posts.models import Post

    post, path = Post.objects.get(pk=key), residents.pages[-1]
    before, post.lead = post.lead, lead
    residents.since.pop((path, before), None)
    services.publish(post, by=by)
    residents.since[path, lead] = residents.gone[path, before] = time.perf_counter()


def minute(port: int, found: Found, shares: float) -> None:
    """All of it at the same time."""
    post, path = post_with_comments()
    residents, crowd, over = Residents(port, found, path), Crowd(port), threading.Event()
    # Every page is kept when the minute begins.
    crowd.come([(0.0, residents.reader(n)) for n, _path in enumerate(residents.pages)])
    staff = threading.Thread(target=publish, args=(residents, found, post, over))
    staff.start()
    try:
        crowd.come(residents.coming(shares))
    finally:
        over.set()
        staff.join()
    found.late = crowd.late


def measure(home: Path, store: str, shares: float) -> Found:
    """Run the demo municipality through its worst minute."""
    import django

    django.setup()
    from gensvar.config import demo
    from gensvar.intake.models import Envelope

    subprocess.run([sys.executable, "-m", "gensvar", "prepare"], stdout=subprocess.DEVNULL, check=True)
    demo.load(lambda done, all_: None)
    before = Envelope.objects.filter(source="form").count()
    town, found = Town(os.environ, log=home / "run.log"), Found(store)
    try:
        town.start()
        minute(town.web_port, found, shares)
        ended = time.perf_counter()
        waiting = Envelope.objects.filter(state="received")
        while waiting.exists() and time.perf_counter() - ended < PATIENCE:
            time.sleep(0.2)
        found.read_after = time.perf_counter() - ended
        found.kept = Envelope.objects.filter(source="form", state="read").count() - before
    finally:
        town.clear_away()
        if found.failures:
            print(town.log.read_text()[-4000:], file=sys.stderr)
    return found


def main(given: Sequence[str] = ()) -> int:
    """Measure each store, print and write the table; 1 when anything failed, was stale or was lost."""
    parser = argparse.ArgumentParser(
        description="Sends a whole municipality to its own page within a minute."
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the 30,000 and 2,000 (default 1)")
    parser.add_argument("--keep", action="store_true", help="print, and leave the written table as it is")
    parser.add_argument("--one", nargs=2, metavar=("STORE", "HOME"), help=argparse.SUPPRESS)
    chosen = parser.parse_args(given)
    if chosen.one:
        print(json.dumps(asdict(measure(Path(chosen.one[1]), chosen.one[0], chosen.share))))
        return 0
    base = os.environ.get("GENSVAR_TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    others = os.getloadavg()[0]
    all_ = [
        _in_a_process(store, base, chosen.share)
        for store in ("sqlite", *(["postgresql"] if base.startswith("postgres") else []))
    ]
    text = page(all_, others, chosen.share)
    print(text)
    if not chosen.keep:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(text)
    return int(
        any(one.failures or one.kept != one.accepted or max(one.stale, default=0) > STALE for one in all_)
    )


def _in_a_process(store: str, base: str, share: float) -> Found:
    """Each store has a database, a home and a process of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="gensvar-bench-") as home,
        database(store, base, Path(home)) as url,
    ):
        environment = os.environ | {
            "GENSVAR_HOME": home,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "gensvar.config.settings",
            "GENSVAR_MAIL_OUT": "kept",
            "GENSVAR_BEHIND_PROXY": "on",
            "GENSVAR_WEB_WORKERS": "2",
        }
        command = [sys.executable, "-m", "bench.crisis", "--one", store, home, "--share", str(share)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return Found(**json.loads(done.stdout.splitlines()[-1]))


def page(all_: Sequence[Found], others: float, share: float) -> str:
    """The table in Markdown, with what it means."""
    return "\n".join(
        [
            "# The crisis: everybody comes within a minute",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {machine()}.",
            f"Other work kept {others:.1f} processes running before it began (load average); the crowd itself shares the cores.",
            "",
            f"{READERS * share:,.0f} readers come evenly within {SECONDS:.0f} seconds, each with a connection of its own, and",
            f"{WRITERS * share:,.0f} who open the form and send it. A fifth of the readers read one post with comments.",
            f"Every {PUBLISHING:.0f} seconds staff publish an answer and say something new in that post, or take an answer away.",
            "All processes of `gensvar run` are at work on the demo municipality.",
            "*Looked at*: lists and posts that were compared with what held when their reader came.",
            "*Stale*: the longest time after a change that a page was still given without it. *Late*: by how much the crowd itself",
            "came after its time, at most.",
            "",
            "| " + " | ".join(COLUMNS) + " |",
            "| --- |" + " ---: |" * (len(COLUMNS) - 1),
            *map(_line, all_),
            "",
            f"Wanted: no failure, every word kept, nothing stale for more than {STALE:.0f} seconds.",
            "",
            *(f"- {failure}" for one in all_ for failure in one.failures[:5]),
        ]
    )


def _line(one: Found) -> str:
    reading, writing = quantiles(one.reading, n=100), quantiles(one.writing, n=100)
    return (
        f"| {one.store} | {len(one.reading):,} | {reading[49] * 1000:.1f} | {reading[98] * 1000:.0f} "
        f"| {one.accepted:,} | {writing[49] * 1000:.1f} | {writing[98] * 1000:.0f} | {len(one.failures)} "
        f"| {one.kept:,} | {one.acts} | {one.looked:,} | {max(one.stale, default=0):.2f} | {one.late:.2f} | {one.read_after:.0f} |"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
