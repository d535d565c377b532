"""The checks of `make check` find what they are there to find."""

from __future__ import annotations

import shutil
from pathlib import Path

import polib
import pytest

from scripts import habits, messages

needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext"), reason="xgettext (GNU gettext) is not installed"
)


def catalogue(room: Path, *entries: polib.POEntry, compile: bool = True) -> Path:
    path = room / messages.CATALOGUE
    path.parent.mkdir(parents=True)
    texts = polib.POFile()
    texts.metadata = messages.HEADER
    texts.extend(entries)
    texts.save(str(path))
    if compile:
        texts.save_as_mofile(str(path.with_suffix(".mo")))
    return room


@pytest.fixture
def room(tmp_path: Path) -> Path:
    room = tmp_path / "room"
    room.mkdir()
    (room / "views.py").write_text(
        "from django.utils.translation import gettext as _\nHELLO = _('Hello %(name)s')\n"
    )
    return room


def test_a_whole_catalogue_is_well(room: Path) -> None:
    catalogue(room, polib.POEntry(msgid="Hello %(name)s", msgstr="Hej %(name)s"))
    assert list(messages.faults(room)) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="Hello %(name)s"), "without Swedish words"),
        (
            polib.POEntry(msgid="Hello %(name)s", msgstr="Hej %(name)s", flags=["fuzzy"]),
            "without Swedish words",
        ),
        (polib.POEntry(msgid="Hello %(name)s", msgstr="Hej %(namn)s"), "placeholders differ"),
        pytest.param(
            polib.POEntry(msgid="Goodbye", msgstr="Hej då"), "no longer in the code", marks=needs_gettext
        ),
    ],
)
def test_a_catalogue_that_is_not_whole_is_named(room: Path, entry: polib.POEntry, fault: str) -> None:
    catalogue(room, entry)
    assert any(fault in found for found in messages.faults(room))


def test_a_catalogue_that_was_changed_but_not_compiled_is_named(room: Path) -> None:
    catalogue(room, polib.POEntry(msgid="Hello %(name)s", msgstr="Hej %(name)s"), compile=False)
    assert list(messages.faults(room)) == ["what is compiled is not what is written (make messages)"]


def test_the_form_for_one_may_leave_the_number_out() -> None:
    entry = polib.POEntry(
        msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "en dag", 1: "%(n)s dagar"}
    )
    assert messages.same_placeholders(entry)
    entry.msgstr_plural[1] = "flera dagar"
    assert not messages.same_placeholders(entry)


@needs_gettext
def test_gathering_twice_changes_nothing(room: Path) -> None:
    messages.make(room)
    first = (room / messages.CATALOGUE).read_bytes()
    messages.make(room)
    assert (room / messages.CATALOGUE).read_bytes() == first


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("long.py", '"""Why."""\n' + "x = 1\n" * 400, "split it"),
        ("function.py", '"""Why."""\ndef f():\n' + "    x = 1\n" * 52, "50 are the most"),
        ("why.py", "x = 1\n" * 9, "why it exists"),
        ("later.py", '"""Why."""\n# ' + "TO" + "DO\n", "unfinished"),
        ("tests/test_slow.py", "import time\ntime" + ".sleep(1)\n", "sleeps"),
        ("tests/test_seen.py", "if page.locator('p').is_" + "visible():\n    pass\n", "expect("),
        ("tests/test_read.py", "assert page.locator('p').inner_" + "text() == 'x'\n", "expect("),
        ("tests/test_count.py", "assert not page.get_by_role('link').co" + "unt()\n", "expect("),
        ("tests/test_where.py", "def f(rut: Page):\n    assert rut.ur" + "l == '/'\n", "expect("),
        ("notes.md", "see /" + "work/notes\n", "one machine"),
        ("requirements.txt", "--" + "index-url x\n", "registry"),
    ],
)
def test_a_broken_habit_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, fault: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    found = list(habits.faults(path))
    assert len(found) == 1
    assert fault in found[0]
