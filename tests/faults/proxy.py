"""A real nginx with the configuration of docs/how-to/nginx.md in front of a Gensvar, on a free port of this machine."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.faults.town import ending_with_us, free_port, wait_until

DOCUMENT: Final = Path(__file__).parents[2] / "docs/how-to/nginx.md"
CERTIFICATES: Final = "/etc/letsencrypt/live/samtal.norrvik.example"

AROUND: Final = """
daemon off; {user} worker_processes 2; pid {home}/nginx.pid; error_log {home}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 1000000000;
    client_body_temp_path {home}/t1; proxy_temp_path {home}/t2; fastcgi_temp_path {home}/t3;
    uwsgi_temp_path {home}/t4; scgi_temp_path {home}/t5;
    {more}
}}
"""


def command() -> str | None:
    """Where nginx is, or None."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def documented(home: Path, *, port: int, upstream: int, static: Path) -> str:
    """Every block of the document, with this machine's port, folders and upstream; no https here, all else as it stands."""
    blocks = re.findall(r"```nginx\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    text = "\n".join(sorted(blocks, key=lambda block: "server {" in block))  # maps stand before the server
    for there, here in (
        ("/var/cache/gensvar-nginx", f"{home}/cache"),
        ("/var/log/nginx", str(home)),
        ("listen 80;\n    listen [::]:80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl;\n    listen [::]:443 ssl;", f"listen 127.0.0.1:{port};"),
        (f"ssl_certificate {CERTIFICATES}/fullchain.pem;", ""),
        (f"ssl_certificate_key {CERTIFICATES}/privkey.pem;", ""),
        ("server_name samtal.norrvik.example;", "server_name 127.0.0.1;"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{upstream}"),
        ("/var/lib/gensvar-static", str(static)),
        ("$host;", "$http_host;"),  # the port is part of the name here
    ):
        assert there in text, f"{DOCUMENT.name} no longer says {there}"
        text = text.replace(there, here)
    return text


@contextmanager
def running(home: Path, configuration: str, port: int) -> Iterator[None]:
    """An nginx of our own with that configuration inside its `http`, until the end of the block."""
    home.mkdir(parents=True, exist_ok=True)
    program = command()
    assert program is not None
    user = "user root;" if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(AROUND.format(home=home, user=user, more=configuration))
    started = ending_with_us([program, "-c", str(home / "nginx.conf"), "-e", str(home / "error.log")])
    process = subprocess.Popen(started)
    try:
        wait_until(lambda: _answers(port), "nginx answers")
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def before(upstream: int, port: int, *, home: Path, static: Path, writes_log: bool = True) -> Iterator[None]:
    """The documented nginx on that port, in front of what listens on `upstream`; measured beside one that writes no log, it
    need not write one either."""
    text = documented(home, port=port, upstream=upstream, static=static)
    if not writes_log:
        text = re.sub(r"^ *access_log .* gensvar;$", "", text, flags=re.MULTILINE)
    with running(home, text, port):
        yield


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.connect()
        return True
    except OSError:
        return False
    finally:
        connection.close()
