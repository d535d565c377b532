"""What the measurements of pages share: our web processes, nginx beside them and in front of them, and wrk that asks."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from tests.faults import proxy
from tests.faults.town import free_port

AS_A_BROWSER: Final = {"Accept-Encoding": "gzip, deflate, br, zstd"}

BESIDE: Final = """
sendfile on; tcp_nopush on;
server {{ listen 127.0.0.1:{port}; root {home}/files; location = /page {{
    default_type "text/html; charset=utf-8"; add_header Content-Encoding br; add_header Vary Accept-Encoding; }} }}
"""


@dataclass(frozen=True, slots=True)
class Speed:
    """What wrk found: requests a second, and the time within which 99 of 100 were answered, in milliseconds."""

    requests: float
    slow: float


@dataclass(frozen=True, slots=True)
class Target:
    """One page of one server."""

    name: str
    port: int
    path: str
    headers: Mapping[str, str]
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext  # what happens while it is asked


def missing() -> list[str]:
    """The programs that are wanted and not here."""
    return [name for name in ("wrk", "nginx") if shutil.which(name, path=_path()) is None]


@contextmanager
def gensvar(home: Path, fill: str = "", **settings: str) -> Iterator[tuple[int, str]]:
    """Two web workers on what that piece of Python puts into an empty database; nothing else of Gensvar runs.

    Gives the port, and what the piece printed.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = os.environ | {
        "GENSVAR_HOME": str(home),
        "DATABASE_URL": "",
        "PORT": str(port),
        "GENSVAR_WEB_WORKERS": "2",
        "GENSVAR_MAIL_OUT": "kept",
        **settings,
    }
    subprocess.run(
        [sys.executable, "-m", "gensvar", "prepare"],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    filling = environment | {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    said = subprocess.run(
        [sys.executable, "-c", fill], env=filling, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    with running([sys.executable, "-m", "gensvar", "web"], environment, home / "web.log", port):
        yield port, said


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str], log: Path, port: int, cwd: Path | None = None
) -> Iterator[None]:
    """That server, until the end of the block; it has to answer on the port within two minutes."""
    with open(log, "wb") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, cwd=cwd)
    try:
        _wait_for(port)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@contextmanager
def nginx_beside(home: Path, packed: bytes) -> Iterator[Target]:
    """nginx with two workers, serving these compressed bytes as a file."""
    (home / "files").mkdir(parents=True)
    (home / "files" / "page").write_bytes(packed)
    home.chmod(0o755)
    port = free_port()
    with proxy.running(home, BESIDE.format(home=home, port=port), port):
        yield Target("nginx", port, "/page", AS_A_BROWSER)


def compare(
    targets: Iterable[Target], connections: Iterable[int], *, seconds: int, rounds: int
) -> dict[tuple[str, int], Speed]:
    """The median of each target at each number of connections, measured turn by turn."""
    runs: dict[tuple[str, int], list[Speed]] = {}
    for _ in range(rounds):
        for count in connections:
            for target in targets:
                with target.meanwhile():
                    speed = wrk(target, count, seconds)
                runs.setdefault((target.name, count), []).append(speed)
                print(f"{target.name}, {count}: {speed.requests:,.0f}/s, p99 {speed.slow:.2f} ms", flush=True)
    return {
        key: Speed(median(one.requests for one in all_), median(one.slow for one in all_))
        for key, all_ in runs.items()
    }


def wrk(target: Target, connections: int, seconds: int) -> Speed:
    """One run of wrk. RuntimeError when anything but 200 came, or a connection broke."""
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    threads = str(min(2, connections))
    command = ["wrk", "-t", threads, "-c", str(connections), "-d", f"{seconds}s", "--latency", *headers]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{target.port}{target.path}"], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    requests = re.search(r"Requests/sec:\s*([\d.]+)", said)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said)
    if requests is None or slow is None:
        raise RuntimeError(said)
    return Speed(float(requests[1]), float(slow[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow[2]])


def get(port: int, path: str, headers: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
    """One answer: its headers by lower-case names, and its body as it came. RuntimeError unless it is 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}.")
    return {name.lower(): value for name, value in answer.getheaders()}, body


def _wait_for(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"Nothing answers on port {port}.")


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
