"""A whole `gensvar run` in processes of its own, on free ports, that a test may do anything to.

Found again by a mark in their environment: also those that lost their parent. For Linux (/proc).
"""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120.0  # seconds; noisy machines are slow, and waiting ends as soon as the condition holds


HELD = (  # asks Linux for SIGTERM when the parent is gone (prctl(2)), which what it becomes inherits
    "import ctypes, os, sys; sys.platform == 'linux' and ctypes.CDLL(None).prctl(1, 15, 0, 0, 0);"
    " os.getppid() == int(sys.argv[1]) or sys.exit(1); os.execvp(sys.argv[2], sys.argv[2:])"
)


def ending_with_us(command: Sequence[str]) -> list[str]:
    """The command, so started that it ends when this process is gone, also when kill -9 ended it and no fixture cleared away."""
    return [sys.executable, "-c", HELD, str(os.getpid()), *command]


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Return as soon as the condition holds; AssertionError with `what` when it does not in time."""
    until, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"After {seconds:g} s it was still not so: {what}")
        pause.wait(0.02)


@dataclass(frozen=True)
class Seen:
    """A living process of the town."""

    pid: int
    parent: int
    group: int
    word: str  # run, prepare, web, mail, worker: as on its command line


class Town:
    """One process tree. `environment` names its database and home."""

    def __init__(self, environment: Mapping[str, str], *, log: Path) -> None:
        self.mark = f"GENSVAR_TEST_TOWN={uuid.uuid4().hex}"
        self.web_port, self.smtp_port, self.lmtp_port = free_port(), free_port(), free_port()
        name, value = self.mark.split("=")
        self.environment = {
            **environment,
            name: value,
            "PORT": str(self.web_port),
            "GENSVAR_SMTP_PORT": str(self.smtp_port),
            "GENSVAR_LMTP_PORT": str(self.lmtp_port),
        }
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str, by: Sequence[str] = (sys.executable, "-m", "gensvar", "run")) -> None:
        """Start it, by that command, as the leader of its own process group, and wait until it is at work."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ending_with_us([*by, *options]),
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        wait_until(self.is_at_work, "all parts are at work")

    def is_at_work(self) -> bool:
        """Whether the web and both mail ports answer, and there is a worker."""
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"It ended with code {self.process.returncode}:\n{self.log.read_text()}")
        return self.worker_is_present() and self.mail_answers() and self.web_answers()  # the cheapest first

    def worker_is_present(self) -> bool:
        """Whether a worker has got as far as its work (config.processes.presence)."""
        try:
            place = os.open(Path(self.environment["GENSVAR_HOME"]) / "run" / "worker.lock", os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(place)
        return False

    def web_answers(self) -> bool:
        """Whether a request gets any answer at all."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=10)
        try:
            connection.request("GET", "/robots.txt")
            return connection.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def mail_answers(self) -> bool:
        """Whether both mail ports greet."""
        return all(self._greets(port) for port in (self.smtp_port, self.lmtp_port))

    def _greets(self, port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                return connection.recv(3) == b"220"
        except OSError:
            return False

    def processes(self) -> list[Seen]:
        """Every living process of the `gensvar` command that carries the town's mark, in the order of their ids."""
        found = []
        for place in Path("/proc").iterdir():
            if not place.name.isdigit():
                continue
            with suppress(OSError, ValueError, IndexError):
                if self.mark.encode() not in (place / "environ").read_bytes().split(b"\0"):
                    continue
                words = (place / "cmdline").read_bytes().decode().replace("\0", " ").split()
                state, parent, group = (place / "stat").read_text().rpartition(")")[2].split()[:3]
                if state != "Z":
                    found.append(
                        Seen(int(place.name), int(parent), int(group), words[words.index("gensvar") + 1])
                    )
        return sorted(found, key=lambda seen: seen.pid)

    def pids(self, word: str) -> list[int]:
        """The processes of one kind: run, web (granian's main), web worker, mail, worker."""
        seen = self.processes()
        mains = {one.pid for one in seen if one.word == "run"}
        if word == "web worker":
            return [one.pid for one in seen if one.word == "web" and one.parent not in mains]
        if word == "run":
            return sorted(mains)
        return [one.pid for one in seen if one.word == word and one.parent in mains]

    def kill(self, word: str) -> int:
        """End the first process of that kind with kill -9; returns its id."""
        wait_until(lambda: self.pids(word), f"there is a {word} to kill")
        pid = self.pids(word)[0]
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if self.process is not None and pid == self.process.pid:
            self.process.wait(PATIENCE)
        return pid

    def stop(self) -> int:
        """Ask it to stop as Ctrl-C at a terminal does: the whole group gets SIGINT. Returns the exit code."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)

    def clear_away(self) -> None:
        """Whatever happened: nothing of it is left."""
        for seen in self.processes():
            with suppress(ProcessLookupError):
                os.kill(seen.pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait(PATIENCE)
