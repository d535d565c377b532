"""A kept page beside nginx serving its compressed bytes as a file: requests a second by wrk, at 1, 8 and 64 connections.

`make bench` runs it after intake; `python -m bench.pages --help` says more. It needs wrk and nginx (Debian's packages).
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.intake import machine

TABLE: Final = Path("bench/results/pages.md")
CONNECTIONS: Final = (1, 8, 64)
WANTED: Final = {8: 0.25, 64: 0.45}  # of nginx's requests a second
WIDTH: Final = 30_000  # bytes of the page before it is compressed
AS_A_BROWSER: Final = {"Accept-Encoding": "gzip, deflate, br, zstd"}

NGINX: Final = """
daemon off; worker_processes 2; pid {home}/nginx.pid; error_log {home}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {home}/t1; proxy_temp_path {home}/t2; fastcgi_temp_path {home}/t3;
    uwsgi_temp_path {home}/t4; scgi_temp_path {home}/t5; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
    server {{ listen 127.0.0.1:{port}; root {home}/files; location = /page {{
        default_type "text/html; charset=utf-8"; add_header Content-Encoding br; add_header Vary Accept-Encoding; }} }}
}}
"""


@dataclass(frozen=True, slots=True)
class Speed:
    """What wrk found: requests a second, and the time within which 99 of 100 were answered, in milliseconds."""

    requests: float
    slow: float


def main(given: Sequence[str] = ()) -> int:
    """Measure, print and write the table; 0 also where wrk or nginx is missing, which is said plainly."""
    parser = argparse.ArgumentParser(description="Measures kept pages beside nginx.")
    parser.add_argument("--seconds", type=int, default=10, help="of each run (default 10)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of which the median counts (default 3)")
    chosen = parser.parse_args(given)
    missing = [name for name in ("wrk", "nginx") if shutil.which(name, path=_path()) is None]
    if missing:
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
    """The median of each server at each number of connections, turn by turn; and the page's size, plain and compressed."""
    runs: dict[tuple[str, int], list[Speed]] = {}
    with _gensvar(home) as ours:
        plain, packed = _get(ours, "/fragor", {})[1], _get(ours, "/fragor", AS_A_BROWSER)
        assert packed[0].get("content-encoding") == "br", packed[0]
        assert "etag" in packed[0], "the page is not kept"
        (home / "files").mkdir()
        (home / "files" / "page").write_bytes(packed[1])
        for worker in range(40):  # both workers have made the page
            assert _get(ours, "/fragor", AS_A_BROWSER)[1] == packed[1], worker
        with _nginx(home) as theirs:
            for _ in range(rounds):
                for connections in CONNECTIONS:
                    for name, port, path in (("nginx", theirs, "/page"), ("Gensvar", ours, "/fragor")):
                        speed = _wrk(port, path, connections, seconds)
                        runs.setdefault((name, connections), []).append(speed)
                        print(
                            f"{name} {connections}: {speed.requests:,.0f}/s, p99 {speed.slow:.2f} ms",
                            flush=True,
                        )
    middle = {
        key: Speed(
            statistics.median(one.requests for one in all_), statistics.median(one.slow for one in all_)
        )
        for key, all_ in runs.items()
    }
    return middle, (len(plain), len(packed[1]))


@contextmanager
def _gensvar(home: Path) -> Iterator[int]:
    """Two web workers with a page of public exchanges; nothing else of Gensvar runs."""
    port = _free_port()
    environment = os.environ | {
        "GENSVAR_HOME": str(home),
        "DATABASE_URL": "",
        "PORT": str(port),
        "GENSVAR_WEB_WORKERS": "2",
        "GENSVAR_MAIL_OUT": "kept",
    }
    gensvar = [sys.executable, "-m", "gensvar"]
    subprocess.run([*gensvar, "prepare"], env=environment, stdout=subprocess.DEVNULL, check=True)
    fill = environment | {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    subprocess.run([sys.executable, "-c", FILL], env=fill, check=True)
    with open(home / "web.log", "wb") as log:
        process = subprocess.Popen([*gensvar, "web"], env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


FILL: Final = f"""
import django; django.setup()
from django.test import Client
from gensvar.publishing.tests.scene import stage
while len(Client().get("/fragor", HTTP_HOST="127.0.0.1").content) < {WIDTH}:
    stage(answer="Vi plogar gatan i kväll, och sandar i morgon bitti. " * 12).publish()
    if django.apps.apps.get_model("publishing.PublicExchange").objects.count() >= 24:
        break
"""


@contextmanager
def _nginx(home: Path) -> Iterator[int]:
    port = _free_port()
    (home / "nginx.conf").write_text(NGINX.format(home=home, port=port))
    home.chmod(0o755)
    command = [
        shutil.which("nginx", path=_path()) or "nginx",
        "-c",
        str(home / "nginx.conf"),
        "-e",
        str(home / "nginx.log"),
    ]
    process = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wrk(port: int, path: str, connections: int, seconds: int) -> Speed:
    headers = [part for name, value in AS_A_BROWSER.items() for part in ("-H", f"{name}: {value}")]
    threads = str(min(2, connections))
    command = ["wrk", "-t", threads, "-c", str(connections), "-d", f"{seconds}s", "--latency", *headers]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    requests = re.search(r"Requests/sec:\s*([\d.]+)", said)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said)
    if requests is None or slow is None:
        raise RuntimeError(said)
    return Speed(float(requests[1]), float(slow[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow[2]])


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
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


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def page(
    found: dict[tuple[str, int], Speed], size: tuple[int, int], others: float, seconds: int, rounds: int
) -> str:
    """The table in Markdown, with what it means."""
    lines = []
    for connections in CONNECTIONS:
        ours, theirs = found["Gensvar", connections], found["nginx", connections]
        lines.append(
            f"| {connections} | {theirs.requests:,.0f} | {ours.requests:,.0f} | {ours.requests / theirs.requests:.2f}"
            f" | {WANTED.get(connections, '')} | {theirs.slow:.2f} | {ours.slow:.2f} | {ours.slow / theirs.slow:.1f} |"
        )
    return "\n".join(
        [
            "# Kept pages: how fast, beside nginx",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench`: {machine()}.",
            f"Other work kept {others:.1f} processes running before it began (load average); wrk itself shares the cores.",
            "",
            f"The list of public questions, {size[0]:,} bytes, {size[1]:,} compressed with brotli, asked for as a browser does.",
            "*nginx*: two workers, the same compressed bytes as a file, the same headers of encoding. *Gensvar*: two web",
            f"workers, the page kept. By wrk over loopback, turn by turn, the median of {rounds} runs of {seconds} seconds.",
            "",
            "| connections | nginx requests/s | Gensvar requests/s | ratio | wanted | nginx p99 ms | Gensvar p99 ms | times |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            "",
            "Wanted of p99 at 64 connections: at most three times nginx's.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
