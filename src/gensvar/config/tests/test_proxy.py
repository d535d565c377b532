"""The documented nginx in front: it shows kept pages while we are away, says honestly what was not sent, keeps nothing private."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults import proxy
from tests.faults.town import Town, free_port, wait_until

if TYPE_CHECKING:
    from conftest import FreshDatabase

pytestmark = [pytest.mark.processes, pytest.mark.one_database]

KEY = "abcdefgh" * 4
NOBODY_ELSES = (
    f"/samtal/{KEY}",
    f"/en/samtal/{KEY}/val",
    f"/Samtal/{KEY}",
    f"/folj/brev/bekrafta/{KEY}",
    f"/kommentar/overklaga/{KEY}",
    f"/konto/password/reset/key/1-{KEY}/",
    "/sok?q=grannen",
    "/fragor?q=grannen",
)
PUBLISH = """
import django; django.setup()
from gensvar.publishing.tests.scene import stage
print(f"/fragor/{stage().publish().number}")
"""


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Front:
    """What a resident's browser meets: nginx, and behind it a whole town."""

    town: Town
    port: int

    def ask(self, path: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return Answer(answer.status, answer.headers, text)


@pytest.fixture
def front(
    fresh_database: FreshDatabase, begin: Callable[[Mapping[str, str]], None], tmp_path: Path
) -> Iterator[Front]:
    if proxy.command() is None:
        assert not os.environ.get("GENSVAR_REQUIRE_BROWSER"), "nginx is wanted here: apt install nginx-light"
        pytest.skip("no nginx on this machine, so nothing was tried behind it")
    begin(fresh_database.environment)
    port = free_port()
    town = Town(
        fresh_database.environment
        | {
            "GENSVAR_ALLOWED_HOSTS": "127.0.0.1",
            "GENSVAR_URL": f"http://127.0.0.1:{port}",
            "GENSVAR_BEHIND_PROXY": "on",
            "GENSVAR_STATIC_ROOT": str(tmp_path / "static"),
        },
        log=tmp_path / "log",
    )
    try:
        town.start()
        with proxy.before(town.web_port, port, home=tmp_path / "nginx", static=tmp_path / "static"):
            yield Front(town, port)
    finally:
        town.clear_away()


def test_what_is_published_shows_at_once_and_while_we_are_away_but_nothing_private_is_kept_there_or_stands_in_a_log(
    front: Front, tmp_path: Path
) -> None:
    """Without us a kept page is shown, and a form says that nothing was sent."""
    what_is_published_shows_and_no_form_is_shown_twice(front)
    for path in NOBODY_ELSES:
        front.ask(path)
    places = front.ask("/har-finns-vi")
    assert places.status == 200
    form = front.ask("/skriv")
    assert form.status == 200
    front.town.clear_away()

    again = front.ask("/har-finns-vi")
    assert (again.status, again.text) == (200, places.text)
    for lost in (front.ask("/skriv", "text=Bron"), front.ask("/skriv"), front.ask("/desk/inkorg/")):
        assert lost.status == 503
        assert (lost.headers["Retry-After"], lost.headers["Cache-Control"]) == ("60", "no-store")
        assert "inget skickades" in lost.text
        assert "nothing was sent" in lost.text
        assert "Bron" not in lost.text

    front.ask(NOBODY_ELSES[0])  # what goes wrong is told in another log
    log = tmp_path / "nginx" / "gensvar.log"
    wait_until(lambda: log.read_text().count('/samtal/..."') == 3, "all stand in the log")
    written = log.read_text() + (tmp_path / "nginx" / "gensvar-error.log").read_text()
    assert KEY[:8] not in written
    assert "grannen" not in written


def what_is_published_shows_and_no_form_is_shown_twice(front: Front) -> None:
    assert front.ask("/skriv").text != front.ask("/skriv").text, "a form was shown twice"
    environment = front.town.environment | {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    before = front.ask("/fragor").text
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH], env=environment, capture_output=True, text=True, check=True
    )
    path = done.stdout.strip()
    wait_until(lambda: path in front.ask("/fragor").text, "the list shows it")
    assert path not in before
    moved = front.ask(path)
    assert moved.status == 301
    assert front.ask(moved.headers["Location"]).status == 200
