"""Kept pages in real web processes: what one commits the others show, whoever dies in between."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from wagtail.models import Page

from gensvar.publishing.posts.models import PostDecision
from tests.faults.town import ending_with_us, free_port, wait_until

if TYPE_CHECKING:
    from conftest import FreshDatabase

pytestmark = pytest.mark.processes

BEGIN = "import django; django.setup()\nfrom gensvar.publishing.models import *\nfrom gensvar.publishing import services\n"
WRITES = (
    BEGIN + "import json, sys\nfor part in sys.stdin:\n    exec(json.loads(part))\n    print(flush=True)\n"
)
STAGE = "from gensvar.publishing.tests.scene import stage\nfor _ in range(3): stage().publish()\n"
AND_THEN = "print('done', flush=True); input()\n"
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
class Writer:
    """A process beside the web that does one thing after the other, as it is told."""

    process: subprocess.Popen[str]

    def does(self, code: str) -> bool:
        """Whether it came to its end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        return bool(self.process.stdout.readline())


@dataclass
class Place:
    """Two web processes on one database and home, and a third that writes."""

    environment: dict[str, str]
    webs: tuple[Web, ...]

    @contextmanager
    def writer(self, stop: Path) -> Iterator[Writer]:
        """One that is ended at the place which is named in that file, once it is there."""
        with subprocess.Popen(
            ending_with_us([sys.executable, "-c", WRITES]),
            env=self.environment | {"GENSVAR_STOP_FILE": str(stop)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            yield Writer(process)


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
    stop = tmp_path / "stop"
    with place.writer(stop) as writer:
        assert writer.does(STAGE)
        assert [web.shows() for web in place.webs] == [3, 3]
        assert writer.does(WITHDRAW)
        assert [web.shows() for web in place.webs] == [2, 2]
        a_web_process_that_is_started_anew_begins_with_what_holds_now(place, writer, tmp_path / "log0")
        stop.write_text(
            "pages.before_raise"
        )  # between its commit and the telling: it is found out by its row
        assert not writer.does(WITHDRAW)
        assert writer.process.wait() == -signal.SIGKILL
    assert not stop.exists()
    wait_until(lambda: [web.shows() for web in place.webs] == [0, 0], "the row is seen")


def a_web_process_that_is_started_anew_begins_with_what_holds_now(
    place: Place, writer: Writer, log: Path
) -> None:
    web = place.webs[0]
    web.process.kill()
    web.process.wait()
    assert writer.does(WITHDRAW)
    wait_until(lambda: not web.answers(), "the port is free")
    web.process = begin_web(place.environment, web.port, log).process
    wait_until(web.answers, "the web answers again")
    status, etag, _body = web.get("/")
    assert (status, bool(etag)) == (200, True)
    assert [web.shows() for web in place.webs] == [1, 1]
    assert (Path(place.environment["GENSVAR_HOME"]) / "run" / "pages.generation").exists()


@pytest.mark.django_db(transaction=True)
def test_a_command_killed_while_it_withdraws_a_post_leaves_none_away_without_its_decision(
    tmp_path: Path,
) -> None:
    stop = tmp_path / "stop"
    stop.write_text("posts.before_decision")
    environment = {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings", "GENSVAR_STOP_FILE": str(stop)}
    command = [sys.executable, "-c", BEGIN + EXPIRED + SCHEDULED]
    assert subprocess.run(command, env=os.environ | environment, check=False).returncode == -signal.SIGKILL
    assert not stop.exists()
    post = Page.objects.get(expire_at__isnull=False)
    assert (post.live, PostDecision.objects.count()) == (True, 1), "neither away nor decided"
    call_command("publish_scheduled")
    post.refresh_from_db()
    assert (post.live, PostDecision.objects.count()) == (False, 2)
