"""Starts the processes of `gensvar run`, starts again whichever dies, and stops them all: no process is indispensable.

Each is a fork of this one, which has imported the application once for all of them: a new one is at work at once, and they
share its memory. This one opens no connection, starts no thread and runs nothing of it, so that hardly anything can end it.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import Final

import click
from setproctitle import setproctitle

from gensvar.config.language import gettext as _
from gensvar.config.processes.lifeline import STARTER
from gensvar.config.processes.stopping import signals_heeded

STEP: Final = 0.1  # seconds between two looks at the children
QUICK: Final = 5.0  # seconds: who lived shorter has died at once
PATIENCE: Final = 10.0  # seconds from the asking to the killing when all is stopped
DELAYS: Final = (0.0, 0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds before a start, by quick deaths in a row

Say = Callable[[str], None]


@dataclass
class Child:
    """One process that shall always run: a word of the `gensvar` command."""

    name: str
    process: ForkProcess | None = None
    started: float = 0.0
    start_at: float = 0.0
    quick_deaths: int = 0

    def start(self) -> None:
        """Start it anew."""
        self.process = begin(self.name)
        self.started = time.monotonic()

    def has_ended(self) -> bool:
        """Whether it ran and does so no more."""
        return self.process is not None and self.process.exitcode is not None

    def stop(self, *, at_once: bool = False) -> None:
        """Send it SIGTERM, or SIGKILL, if it runs."""
        if self.process is not None:
            (self.process.kill if at_once else self.process.terminate)()


def begin(*words: str) -> ForkProcess:
    """Start a word of the `gensvar` command as a child in our own process group, that ends when we do.

    Ctrl-C reaches only us: the child is told to stop by SIGTERM. For a process that runs a word of the command itself, with
    no connection open and no thread running.
    """
    process = ForkProcess(target=_become, args=(os.getpid(), *words), name=words[0])
    with _keyboard_held_back():
        process.start()
    return process


def _become(starter: int, *words: str) -> None:
    """In the child: be that word of the command, and nothing of the supervisor.

    `starter` is who forked it: asked here it could be gone already, and the child would outlive it as another's.
    """
    for number in signals_heeded():
        signal.signal(number, signal.SIG_DFL)
    os.environ[STARTER] = str(starter)
    os.environ["SPT_NOENV"] = "1"  # the title shall not be written over what /proc tells of our environment
    setproctitle(" ".join(["gensvar", *words]))
    click.get_current_context().find_root().command.main(words, prog_name="gensvar")


class Supervisor:
    """The one process tree. `say` is told what a person at the terminal should know."""

    def __init__(
        self, names: Sequence[str], say: Say, *, on_ready: Callable[[], None], port: tuple[str, int]
    ) -> None:
        self.children = [Child(name) for name in names]
        self.say = say
        self.on_ready = on_ready
        self.port = port
        self.ready = False
        self.wanted = 0  # how often we were asked to stop

    def run(self) -> None:
        """Keep all of them running until SIGINT, SIGTERM or SIGHUP; returns when each has ended."""
        with self._asked_to_stop():
            try:
                while not self.wanted:
                    for child in self.children:
                        self._look_after(child)
                    self._tell_when_ready()
                    time.sleep(STEP)
            finally:
                self._stop_all()

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                child.start()
            return
        if (code := child.process.exitcode) is None:
            return
        quick = now - child.started < QUICK
        child.quick_deaths = child.quick_deaths + 1 if quick else 0
        delay = DELAYS[min(child.quick_deaths, len(DELAYS) - 1)]
        child.start_at = now + delay
        how = _how_it_ended(code)
        when = _("in {seconds} s").format(seconds=f"{delay:g}") if delay else _("now")
        said = _("“{name}” {how}; it is started again {when}. What had been accepted is safe.")
        self.say(said.format(name=child.name, how=how, when=when))
        child.process = None
        self._look_after(child)

    def _tell_when_ready(self) -> None:
        if not self.ready and answers(*self.port):
            self.ready = True
            self.on_ready()

    def _stop_all(self) -> None:
        for child in self.children:
            child.stop()
        until = time.monotonic() + PATIENCE
        while any(not child.has_ended() for child in self.children if child.process is not None):
            if self.wanted > 1 or time.monotonic() > until:
                for child in self.children:
                    child.stop(at_once=True)
            time.sleep(STEP / 2)

    @contextmanager
    def _asked_to_stop(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            self.wanted += number == signal.SIGINT or not self.wanted

        before = {number: signal.signal(number, stop) for number in signals_heeded()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _keyboard_held_back() -> Iterator[None]:
    """A process started inside the block never gets SIGINT; one that came to us meanwhile arrives after the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return _("ended with code {code}").format(code=code)
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = _("signal {number}").format(number=-code)
    return _("was ended by {name}").format(name=name)


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((_reachable(host), port)) == 0


def is_free(host: str, port: int) -> bool:
    """Whether we could listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
