"""Ends real processes with kill -9, at every named place and at random, while residents write and staff answer; then counts.

`python -m scripts.crash` is its command line. Nothing may be lost, and no word may stand twice.
"""

from __future__ import annotations

import functools
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gensvar.answers.tests.sink import Sink
from gensvar.config.processes.supervisor import DELAYS, QUICK
from gensvar.core.stops import NAMES
from tests.faults import staff
from tests.faults.residents import ADDRESS, ID, Ledger, Residents
from tests.faults.town import Town, wait_until

RANDOM_KINDS = (*("mail", "worker", "web worker") * 3, "web", "run")
SOON = 0.5  # seconds that `run` may wait before it starts again who was ended at random
LEASE = 4  # seconds: what a dead worker had taken comes back soon
TITLE = re.compile(r"gensvar ([a-z ]+)(?:-[0-9]+)?")  # of a process; granian numbers its workers
REACHED = 90.0  # seconds within which somebody must come to a named place
SHOWN = 30.0  # seconds within which pages must show what the rows say
SETTLED = 900.0  # seconds in which something must have come nearer to its end: a refused mail is tried again after minutes

UNREAD = "SELECT count(*) FROM intake_envelope WHERE state = 'received'"
OPEN = "SELECT count(*) FROM conversations_conversation WHERE state = 'open'"
EVENTS = "SELECT count(*) FROM core_event WHERE state = 0 AND key IS NULL"
UNSENT = "SELECT count(*) FROM answers_delivery WHERE state = 'waiting'"
OUT = "SELECT id, text FROM conversations_message WHERE direction = 'out' AND author = 'staff'"
SENDINGS = "SELECT message_id, message_identifier, state FROM answers_delivery WHERE kind = 'answer'"
EXCHANGES = "SELECT number, state FROM publishing_publicexchange"
SEEN = {"published": (True, 200), "withdrawn": (False, 410)}  # in the list, and what its page answers

Rows = Callable[[str], list[tuple[Any, ...]]]


@dataclass
class Tally:
    """What came of it all. `twice` counts words, and answers among ours, that stand more than once."""

    stops: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # by place ("at random") and who was ended there
    accepted: int = 0
    lost: int = 0
    twice: int = 0
    answers: int = 0  # that the desk accepted
    answers_lost: int = 0  # gone, not delivered, or not marked as sent
    answers_twice: int = 0
    withdrawn: int = 0
    shown_wrongly: int = 0  # exchanges that the pages show though withdrawn, or do not show though published
    sent_again: int = 0  # answers that went out more than once under the same Message-ID, as they may
    odd: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether every accepted word is there once, every answer went out, and the pages show what the rows say."""
        wrong = self.lost or self.twice or self.answers_lost or self.answers_twice or self.shown_wrongly
        return not (wrong or self.odd)


class Harness:
    """One town on one database, its residents, its staff, and the mail server that it sends to."""

    def __init__(self, environment: dict[str, str], rows: Rows, folder: Path, *, seed: int = 1) -> None:
        self.sink = Sink()
        self.sink.start()
        self.stop_file = folder / "stop"
        self.rows = rows
        environment = {
            **environment,
            "DJANGO_SETTINGS_MODULE": "gensvar.config.settings",
            "GENSVAR_MAIL_OUT": self.sink.url,
            "GENSVAR_UNDO_SECONDS": "0",
            "GENSVAR_LEASE_SECONDS": str(LEASE),
            "GENSVAR_FORM_LIMIT": "1000000",
            "GENSVAR_TESTING": "1",
            "GENSVAR_STOP_FILE": str(self.stop_file),
            "GENSVAR_LOG_LEVEL": "ERROR",
        }
        self.town = Town(environment, log=folder / "town.log")
        _set_up(self.town.environment)
        self.staff = staff.Staff(self.town)
        self.ledger = Ledger()
        self.residents = Residents(self.town, self.ledger)
        self.chance = random.Random(seed)
        self.tally = Tally()
        self.deaths: dict[
            str, tuple[float, int]
        ] = {}  # of a kind: when the last, how many quick ones in a row

    def start(self) -> None:
        """All at work."""
        self.town.start()
        self.staff.start()
        self.residents.start()

    def stop_at(self, name: str) -> None:
        """Let whoever next comes to that place be ended there."""
        temporary = self.stop_file.with_suffix(".new")
        temporary.write_text(name)
        temporary.replace(self.stop_file)
        ended = self.stop_file.with_suffix(".by")
        wait_until(ended.exists, f"somebody comes to {name}", REACHED)
        who = TITLE.fullmatch(ended.read_text())
        assert who is not None, ended.read_text()
        self._has_died(who[1])
        self.tally.stops[name, who[1]] += 1
        ended.unlink()

    def stop_at_random(self) -> None:
        """End one process of a random kind, at a random moment; a web worker where `run` would let that kind wait and all with it."""
        kind = self.chance.choice(RANDOM_KINDS)
        if not self._starts_soon(kind):
            kind = "web worker"
        wait_until(self._is_ready(kind), f"{kind} is at work")
        threading.Event().wait(self.chance.random() * 0.5)
        self.town.kill(kind)
        self._has_died(kind)
        if kind == "run":
            self.deaths.clear()
            wait_until(lambda: not self.town.processes(), "nobody outlives the parent")
            self.town.start()
        self.tally.stops["at random", kind] += 1

    def _has_died(self, kind: str) -> None:
        """Count as `run` does, which lets whoever died quickly again and again wait longer each time."""
        now = time.monotonic()
        died, quick = self.deaths.get(kind, (now, 0))
        self.deaths[kind] = now, quick + 1 if now - died < QUICK + _delay(quick) else 0

    def _starts_soon(self, kind: str) -> bool:
        died, quick = self.deaths.get(kind, (0.0, 0))
        has_lived = time.monotonic() - died > QUICK + _delay(quick)
        return has_lived or _delay(quick + 1) <= SOON

    def _is_ready(self, kind: str) -> Callable[[], bool]:
        return {
            "mail": self.town.mail_answers,
            "worker": self.town.worker_is_present,
        }.get(kind, self.town.is_at_work)

    def settle(self) -> Tally:
        """Let all that was begun be finished; then count."""
        wait_until(self.town.is_at_work, "all is at work after the last stop")
        self.residents.stop()
        self.staff.hurries = True
        for question in (UNREAD, OPEN, EVENTS, UNSENT):
            self._until_none_is_left(question)
        self.staff.stop()
        with suppress(AssertionError):  # what is still wrong then is counted
            wait_until(lambda: not self._shown_wrongly(), "the pages show what holds", SHOWN)
        self._count()
        return self.tally

    def _until_none_is_left(self, question: str) -> None:
        """Wait as long as there is progress, however much is left."""

        def left() -> int:
            return int(self.rows(question)[0][0])

        while before := left():
            wait_until(
                functools.partial(lambda most: left() < most, before),
                f"fewer than {before}: {question}",
                SETTLED,
            )

    def _shown_wrongly(self) -> list[str]:
        """The numbers of exchanges whose pages say something else than their rows."""
        rows = self.rows(EXCHANGES)
        return [
            number for number, state in rows if state in SEEN and self.residents.shown(number) != SEEN[state]
        ]

    def _count(self) -> None:
        tally = self.tally
        tally.withdrawn = sum(state == "withdrawn" for _, state in self.rows(EXCHANGES))
        tally.shown_wrongly = len(self._shown_wrongly())
        stand = Counter(
            word for (text,) in self.rows("SELECT text FROM conversations_message WHERE direction = 'in'")
            for word in set(ID.findall(text))
        )  # fmt: skip
        tally.accepted = len(self.ledger.words)
        tally.lost = sum(stand[word] == 0 for word in self.ledger.words)
        tally.twice = sum(count > 1 for count in stand.values())
        self._count_answers()
        tally.odd = [*dict.fromkeys([*self.ledger.refused, *self.staff.odd])]
        for table, question in {
            "envelopes": "SELECT error FROM intake_envelope WHERE state = 'failed'",
            "handlers": "SELECT error FROM core_event WHERE state = 2",
            "deliveries": "SELECT reply FROM answers_delivery WHERE state IN ('failed', 'delayed')",
        }.items():
            tally.odd += [f"{table}: {error}" for (error,) in self.rows(question)]

    def _count_answers(self) -> None:
        """Each that the desk accepted stands once, and was taken by the mail server under the Message-ID of its row."""
        tally = self.tally
        stand = Counter(word for _, text in self.rows(OUT) for word in set(staff.ID.findall(text)))
        taken = Counter(mail.message_id for mail in self.sink.taken)
        sendings = self.rows(SENDINGS)
        sent = {message for message, identifier, state in sendings if state == "sent" and taken[identifier]}
        tally.answers = len(self.staff.answers)
        tally.answers_lost = sum(stand[answer] == 0 for answer in self.staff.answers)
        tally.answers_lost += sum(message not in sent for message, _ in self.rows(OUT))
        tally.answers_twice = sum(count > 1 for count in stand.values())
        tally.sent_again = sum(taken[identifier] > 1 for _, identifier, _ in sendings)

    def clear_away(self) -> None:
        """Nothing of it is left running."""
        self.residents.stopped.set()
        self.staff.stop()
        self.town.clear_away()
        self.sink.stop()


@contextmanager
def harness(environment: dict[str, str], rows: Rows, folder: Path, *, seed: int = 1) -> Iterator[Harness]:
    """A harness at work; nothing of it is left when the block ends."""
    made = Harness(environment, rows, folder, seed=seed)
    try:
        made.start()
        yield made
    finally:
        made.clear_away()


def _delay(quick: int) -> float:
    """Seconds that `run` waits after so many quick deaths in a row."""
    return DELAYS[min(quick, len(DELAYS) - 1)]


def plan(*, named: int, at_random: int, seed: int = 1) -> list[str]:
    """The stops in order: each named place `named` times, and "" for each random one, well mixed."""
    stops = sorted(NAMES) * named + [""] * at_random
    random.Random(seed).shuffle(stops)
    return stops


def run(made: Harness, stops: list[str], tell: Callable[[int, int], None]) -> Tally:
    """Make all the stops, or as many as Ctrl-C leaves time for, and count."""
    with suppress(KeyboardInterrupt):
        for done, name in enumerate(stops, start=1):
            if name:
                made.stop_at(name)
            else:
                made.stop_at_random()
            tell(done, len(stops))
    made.stop_file.unlink(missing_ok=True)
    return made.settle()


def _set_up(environment: dict[str, str]) -> None:
    """The municipality that all of it happens in."""
    command = [sys.executable, "-m", "gensvar", "init", "--name", "Norrvik", "--url", "http://127.0.0.1:8000", "--mail",
               ADDRESS, "--admin", staff.ADDRESS, "--admin-name", "Alva Ek", "--language", "sv"]  # fmt: skip
    environment = {**environment, "GENSVAR_ADMIN_PASSWORD": staff.PASSWORD}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
