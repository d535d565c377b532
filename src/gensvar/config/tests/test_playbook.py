"""`gensvar playbook` in processes of its own: out of one town, into another, with a look before."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gensvar.core.playbooks import file

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar

TOPIC = {"slug": "sno", "name": "Snö"}


@pytest.mark.one_database
def test_the_set_up_goes_out_and_anothers_comes_in(
    empty: FreshDatabase, begin: Callable[[Mapping[str, str]], None], gensvar: Gensvar, tmp_path: Path
) -> None:
    here = empty.environment
    begin(here)
    ours, theirs = tmp_path / "vår.json", tmp_path / "deras.json"
    gensvar(here, "playbook", "export", str(ours), "--found", "leave-out")
    book = file.read(ours.read_bytes())
    assert (book.source, len(book.rows["functions"])) == ("Norrvik", 1)
    assert b"norrvik.example" not in ours.read_bytes()

    theirs.write_bytes(file.write("Söderby", {"topics": [TOPIC], "working_week": [{"friday": False}]}))
    shown = gensvar(here, "playbook", "preview", str(theirs)).stdout.decode()
    assert "Söderby" in shown
    assert "Snö" in shown
    assert empty.rows("SELECT count(*) FROM core_topic") == [(0,)]

    take = ("playbook", "take", str(theirs), "--by", "alva@norrvik.example")
    gensvar(here, *take, given=b"n\n", code=1)
    assert empty.rows("SELECT count(*) FROM core_topic") == [(0,)]
    gensvar(here, *take, "--yes")
    assert empty.rows("SELECT slug FROM core_topic") == [("sno",)]
    assert [bool(row[0]) for row in empty.rows("SELECT friday FROM routing_workingweek")] == [True]
    gensvar(here, *take, "--changes", "--yes")
    assert [bool(row[0]) for row in empty.rows("SELECT friday FROM routing_workingweek")] == [False]
    assert b"nothing to take" in gensvar(here, *take, "--changes", "--yes").stdout


@pytest.mark.one_database
def test_what_cannot_be_done_is_one_sentence_and_nothing_is_changed(
    empty: FreshDatabase, begin: Callable[[Mapping[str, str]], None], gensvar: Gensvar, tmp_path: Path
) -> None:
    here = empty.environment
    begin(here)
    bad, good, out = tmp_path / "bad.json", tmp_path / "good.json", tmp_path / "out.json"
    bad.write_text(
        json.dumps({"format": file.FORMAT, "version": 1, "parts": {"topics": {"version": 1, "rows": [{}]}}})
    )
    good.write_bytes(file.write("Söderby", {"topics": [TOPIC]}))
    assert b"parts.topics.rows[0].name" in gensvar(here, "playbook", "preview", str(bad), code=1).stderr
    gensvar(here, "playbook", "take", str(bad), "--by", "alva@norrvik.example", code=1)
    gensvar(here, "playbook", "take", str(good), "--by", "nobody@norrvik.example", code=1)
    assert empty.rows("SELECT count(*) FROM core_topic") == [(0,)]
    gata = {"slug": "gata", "name": "Gatan", "purpose": "Ring Anna Lindqvist på 070-174 06 05."}
    good.write_bytes(file.write("Söderby", {"functions": [gata]}))
    gensvar(here, "playbook", "take", str(good), "--by", "alva@norrvik.example", "--yes")
    refused = gensvar(here, "playbook", "export", str(out), code=1)
    assert b"070-174 06 05" in refused.stderr
    assert not out.exists()
    gensvar(here, "playbook", "export", str(out), "--found", "keep")
    assert "Anna Lindqvist" in out.read_text()
