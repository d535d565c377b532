"""The commands that a mail server or a watch starts often go without Wagtail and the rooms that they never ask."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gensvar.config import few_rooms, flow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conftest import FreshDatabase

    Begin = Callable[[Mapping[str, str]], None]

MAIL = b"From: Anna <anna@example.com>\r\nTo: kontakt@norrvik.example\r\nSubject: Plogen\r\n\r\nDen kommer inte.\r\n"
RUN = """
import json, sys
from gensvar.config.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code or 0
print(json.dumps([code, sorted(sys.modules)]))
"""
NOT_ASKED = {"wagtail", "rest_framework", "ninja", "gensvar.publishing", "gensvar.desk", "gensvar.voices"}


def test_what_they_start_is_what_the_whole_flow_starts() -> None:
    assert few_rooms.FLOW
    assert {fact: flow.FLOW[fact] for fact in few_rooms.FLOW} == dict(few_rooms.FLOW)


@pytest.mark.processes
@pytest.mark.one_database
def test_they_load_no_room_that_they_do_not_ask_and_a_worker_finds_their_work(
    fresh_database: FreshDatabase, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    old = tmp_path / "old.eml"
    old.write_bytes(MAIL.replace(b"Plogen", b"Sanden"))
    to = ("--to", "kontakt@norrvik.example")
    for words in (
        ("deliver", *to),
        ("import", str(old), *to),
        ("status", "--json"),
        ("export", "conversations"),
        ("export", "contact-points"),
        ("backup", str(tmp_path / "backups")),
    ):
        ran = subprocess.run(
            [sys.executable, "-c", RUN, *words],
            env=fresh_database.environment,
            input=MAIL,
            capture_output=True,
            check=True,
        )
        code, modules = json.loads(ran.stdout.splitlines()[-1])
        assert (code, NOT_ASKED & {*modules}) == (0, set()), words
        assert "gensvar.intake.models" in modules, "nothing was set up"
    waiting = "SELECT fact, handler FROM core_event WHERE handler LIKE '%read_envelope'"
    one = ("envelope_received", "gensvar.conversations.reading.read_envelope")
    assert fresh_database.rows(waiting) == [one] * 3  # the first came with the beginning
