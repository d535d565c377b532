"""Kept pages in real web processes: what one commits the others show, whoever dies in between."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.town import ending_with_us, free_port, wait_until

if TYPE_CHECKING:
    from conftest import FreshDatabase

pytestmark = pytest.mark.processes

BEGIN = "import django; django.setup()\nfrom gensvar.publishing.models import *\nfrom gensvar.publishing import services\n"
STAGE = "from gensvar.publishing.tests.scene import stage\nfor _ in range(3): stage().publish()\n"
WITHDRAW = (  # the first that is still shown
    "from gensvar.core.models import User\n"
    "exchange = PublicExchange.objects.filter(state=PublicExchange.State.PUBLISHED).order_by('pk')[0]\n"
    "services.withdraw(exchange, 'fel', by=User.objects.get(person__tenures__function=exchange.conversation.function))\n"
)
SHOWN = re.compile(r"/fragor/([0-9]{4}-[0-9]+)-")
# A post whose time is over, and what withdraws it.
EXPIRED = (
    "from gensvar.core import clock\n"
    "from gensvar.publishing.posts import services as posts\n"
    "from gensvar.publishing.tests.posts_scene import Paper, draft\n"
    "paper = Paper.make()\n"
    "post = draft(paper)\n"
    "posts.publish(post, by=paper.editor)\n"
    "type(post).objects.update(expire_at=clock.now())\n"
)
SCHEDULED = "from django.core.management import call_command\ncall_command('publish_scheduled')\n"
STANDS = "SELECT live, (SELECT count(*) FROM publishing_postdecision) FROM wagtailcore_page WHERE expire_at IS NOT NULL"


@dataclass
class Web:
    """One `gensvar web` with one worker, so that it is known which process answers."""

    port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str, **headers: str) -> tuple[int, str, str]:
        """Status, ETag (which only kept pages have) and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("ETag", ""), body

    def shows(self) -> int:
        """How many exchanges the front page names."""
        return len(set(SHOWN.findall(self.get("/")[2])))

    def answers(self) -> bool:
        try:
            return self.get("/robots.txt")[0] == 200
        except OSError:
            return False


@dataclass
class Place:
    """Two web processes on one database and home, and a third that writes."""

    environment: dict[str, str]
    webs: tuple[Web, ...]

    def run(self, code: str, **environment: str) -> int:
        """Run it in a process of its own; gives how that ended."""
        done = subprocess.run(
            [sys.executable, "-c", BEGIN + code], env=self.environment | environment, capture_output=True
        )
        assert not environment or done.returncode, done.stderr.decode()
        assert environment or not done.returncode, done.stderr.decode()
        return done.returncode


@pytest.fixture
def place(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Place]:
    environment = {**fresh_database.environment, "DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    webs = [begin_web(environment, free_port(), tmp_path / f"log{number}") for number in range(2)]
    try:
        for web in webs:
            wait_until(web.answers, "the web answers")
        yield Place(environment, (webs[0], webs[1]))
    finally:
        for web in webs:
            web.process.kill()
            web.process.wait()


def begin_web(environment: dict[str, str], port: int, log: Path) -> Web:
    own = {**environment, "PORT": str(port), "GENSVAR_WEB_WORKERS": "1"}
    own.pop("DJANGO_SETTINGS_MODULE")
    command = ending_with_us([sys.executable, "-m", "gensvar", "web"])
    with log.open("ab") as said:
        return Web(port, subprocess.Popen(command, env=own, stdout=said, stderr=said))


def test_what_a_third_process_commits_both_show_at_once_whoever_dies_in_between(
    place: Place, tmp_path: Path
) -> None:
    for web in place.webs:
        assert web.get("/")[1], "the page is kept"
        assert web.get("/")[1] == place.webs[0].get("/")[1], "the same page has the same mark everywhere"
    place.run(STAGE)
    assert [web.shows() for web in place.webs] == [3, 3]
    place.run(WITHDRAW)
    assert [web.shows() for web in place.webs] == [2, 2]
    a_writer_killed_between_its_commit_and_the_telling_is_found_out_by_its_row(place)
    a_web_process_that_is_started_anew_begins_with_what_holds_now(place, tmp_path / "log0")


def a_writer_killed_between_its_commit_and_the_telling_is_found_out_by_its_row(place: Place) -> None:
    stop = Path(place.environment["GENSVAR_HOME"]) / "stop"
    stop.write_text("pages.before_raise")
    assert place.run(WITHDRAW, GENSVAR_STOP_FILE=str(stop)) == -9
    assert not stop.exists()
    wait_until(lambda: [web.shows() for web in place.webs] == [1, 1], "the row is seen")


def a_web_process_that_is_started_anew_begins_with_what_holds_now(place: Place, log: Path) -> None:
    web = place.webs[0]
    web.process.kill()
    web.process.wait()
    place.run(WITHDRAW)
    wait_until(lambda: not web.answers(), "the port is free")
    web.process = begin_web(place.environment, web.port, log).process
    wait_until(web.answers, "the web answers again")
    status, etag, _body = web.get("/")
    assert (status, bool(etag)) == (200, True)
    assert web.shows() == 0
    assert (Path(place.environment["GENSVAR_HOME"]) / "run" / "pages.generation").exists()


def test_a_command_killed_while_it_withdraws_a_post_leaves_none_away_without_its_decision(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    place = Place({**fresh_database.environment, "DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}, ())
    stop = tmp_path / "stop"
    stop.write_text("posts.before_decision")
    assert place.run(EXPIRED + SCHEDULED, GENSVAR_STOP_FILE=str(stop)) == -9
    assert not stop.exists()
    assert fresh_database.rows(STANDS) == [(True, 1)], "neither away nor decided"
    place.run(SCHEDULED)
    assert fresh_database.rows(STANDS) == [(False, 2)]
