"""`gensvar playbook`: out of one town, into another, with a look before."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gensvar.core.models import Topic
from gensvar.core.playbooks import file
from gensvar.core.roles import Role
from gensvar.people.models import Function
from gensvar.people.tests.factories import make_user
from gensvar.routing.models import WorkingWeek

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar, Said

pytestmark = pytest.mark.one_database
TOPIC = {"slug": "sno", "name": "Snö"}


@pytest.mark.processes
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
    theirs.write_bytes(file.write("Söderby", {"topics": [TOPIC]}))
    gensvar(here, "playbook", "take", str(theirs), "--by", "alva@norrvik.example", "--yes")
    assert empty.rows("SELECT slug FROM core_topic") == [("sno",)]


@pytest.mark.django_db
def test_what_a_file_would_change_is_shown_and_asked_before_it_is_done(said: Said, tmp_path: Path) -> None:
    by, theirs = make_user(Role.ADMINISTRATOR), tmp_path / "deras.json"
    theirs.write_bytes(file.write("Söderby", {"topics": [TOPIC], "working_week": [{"friday": False}]}))
    shown = said("playbook", "preview", str(theirs)).stdout
    assert "Söderby" in shown
    assert "Snö" in shown
    assert not Topic.objects.exists()

    take = ("playbook", "take", str(theirs), "--by", by.email)
    said(*take, given="n\n", code=1)
    assert not Topic.objects.exists()
    said(*take, "--yes")
    assert [topic.slug for topic in Topic.objects.all()] == ["sno"]
    assert [week.friday for week in WorkingWeek.objects.all()] == [True]
    said(*take, "--changes", "--yes")
    assert [week.friday for week in WorkingWeek.objects.all()] == [False]
    assert "nothing to take" in said(*take, "--changes", "--yes").stdout


@pytest.mark.django_db
def test_what_cannot_be_done_is_one_sentence_and_nothing_is_changed(said: Said, tmp_path: Path) -> None:
    by = make_user(Role.ADMINISTRATOR)
    bad, good, out = tmp_path / "bad.json", tmp_path / "good.json", tmp_path / "out.json"
    bad.write_text(
        json.dumps({"format": file.FORMAT, "version": 1, "parts": {"topics": {"version": 1, "rows": [{}]}}})
    )
    good.write_bytes(file.write("Söderby", {"topics": [TOPIC]}))
    assert "parts.topics.rows[0].name" in said("playbook", "preview", str(bad), code=1).stderr
    said("playbook", "take", str(bad), "--by", by.email, code=1)
    said("playbook", "take", str(good), "--by", "nobody@norrvik.example", code=1)
    assert not Topic.objects.exists()
    gata = {"slug": "gata", "name": "Gatan", "purpose": "Ring Anna Lindqvist på 070-174 06 05."}
    good.write_bytes(file.write("Söderby", {"functions": [gata]}))
    said("playbook", "take", str(good), "--by", by.email, "--yes")
    assert Function.objects.filter(slug="gata").exists()
    refused = said("playbook", "export", str(out), code=1)
    assert "070-174 06 05" in refused.stderr
    assert not out.exists()
    said("playbook", "export", str(out), "--found", "keep")
    assert "Anna Lindqvist" in out.read_text()
