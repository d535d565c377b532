"""The command that brings a blog home: killed in the middle and said again, it takes all of it, once."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gensvar.publishing.tests.wordpress.exports import comment, export, item
from tests.faults.town import wait_until

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar

    Begin = Callable[[Mapping[str, str]], None]

pytestmark = pytest.mark.processes
POSTS = 16
SHOWN = "SELECT count(*) FROM wagtailcore_page WHERE slug LIKE 'nr-%'"
SAID = "SELECT count(*) FROM publishing_comment"


def a_blog(place: Path) -> Path:
    posts = (
        item(n, f"Nr {n}", "Ord", slug=f"nr-{n}", comments=comment(n, f"Svar {n}"))
        for n in range(1, POSTS + 1)
    )
    return export(place / "blogg.xml", *posts)


def stopped_midway(database: FreshDatabase, words: list[str], number: signal.Signals) -> tuple[int, str]:
    """Send the signal once some more posts are home; gives the exit code and all that was said."""
    environment = {**database.environment, "GENSVAR_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    before = int(database.rows(SHOWN)[0][0])
    command = [sys.executable, "-m", "gensvar", *words]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        wait_until(
            lambda: int(database.rows(SHOWN)[0][0]) > before or process.poll() is not None, "some at home"
        )
        os.kill(process.pid, number)
        said, _ = process.communicate(timeout=120)
    return process.returncode, said.decode()


def test_stopped_politely_then_killed_and_said_again_everything_is_here_once(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    ((function,),) = fresh_database.rows("SELECT slug FROM people_function ORDER BY id LIMIT 1")
    words = ["import", "wordpress", str(a_blog(tmp_path)), "--function", function]
    code, said = stopped_midway(fresh_database, words, signal.SIGINT)
    assert code == 130, said
    assert "Say the same again to go on: nothing comes twice." in said
    code, said = stopped_midway(fresh_database, words, signal.SIGKILL)
    assert code == -signal.SIGKILL, said
    assert 1 < int(fresh_database.rows(SHOWN)[0][0]) < POSTS
    done = gensvar(fresh_database.environment, *words).stdout.decode()
    assert f"Posts: {POSTS} public, 0 kept as drafts, 0 wait for the next run." in done
    assert f"Comments: {POSTS} shown" in done
    assert fresh_database.rows(SHOWN) == [(POSTS,)]
    assert fresh_database.rows(SAID) == [(POSTS,)]
    report = re.search(r"The report: (.+)", done)
    assert report
    assert Path(report[1]).stat().st_mode & 0o077 == 0


@pytest.mark.one_database
def test_what_is_no_export_is_said_in_a_sentence(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    wrong = tmp_path / "sida.xml"
    wrong.write_text("<html>Logga in</html>")
    ((function,),) = fresh_database.rows("SELECT slug FROM people_function ORDER BY id LIMIT 1")
    said = gensvar(
        fresh_database.environment, "import", "wordpress", str(wrong), "--function", function, code=1
    )
    assert b"no WordPress export" in said.stderr
    assert b"Traceback" not in said.stderr
