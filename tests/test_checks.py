"""The checks of `make check` find what they are there to find."""

from __future__ import annotations

import gettext
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

import polib
import pytest

from scripts import habits, languages, messages

needs_gettext = pytest.mark.skipif(
    not shutil.which("xgettext"), reason="xgettext (GNU gettext) is not installed"
)


SWEDISH, ARABIC = languages.LANGUAGES


def catalogue(
    room: Path, language: languages.Language, *entries: polib.POEntry, compile: bool = True
) -> Path:
    path = messages.catalogue_of(room, language)
    path.parent.mkdir(parents=True)
    texts = polib.POFile()
    texts.metadata = messages.header(language)
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


HELLO = polib.POEntry(msgid="Hello %(name)s", msgstr="Hej %(name)s")
MARHABA = polib.POEntry(msgid="Hello %(name)s", msgstr="مرحبًا %(name)s")


def test_a_room_with_whole_catalogues_is_well(room: Path) -> None:
    catalogue(room, SWEDISH, HELLO)
    catalogue(room, ARABIC, MARHABA)
    assert list(messages.faults(room)) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (polib.POEntry(msgid="Hello %(name)s"), "without Arabic words"),
        (polib.POEntry(msgid="Hello %(name)s", msgstr="مرحبًا", flags=["fuzzy"]), "without Arabic words"),
        (polib.POEntry(msgid="Hello %(name)s", msgstr="مرحبًا %(namn)s"), "placeholders differ in Arabic"),
        pytest.param(
            polib.POEntry(msgid="Goodbye", msgstr="وداعًا"), "no longer in the code", marks=needs_gettext
        ),
        pytest.param(
            polib.POEntry(msgid="Goodbye", msgstr="وداعًا"), "not in the Arabic catalogue", marks=needs_gettext
        ),
    ],
)
def test_a_catalogue_that_is_not_whole_is_named_with_its_language(
    room: Path, entry: polib.POEntry, fault: str
) -> None:
    catalogue(room, SWEDISH, HELLO)
    catalogue(room, ARABIC, entry)
    assert any(fault in found for found in messages.faults(room))


@needs_gettext
def test_what_only_staff_see_needs_swedish_words_and_no_arabic_ones(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "STAFF", ("room/views.py",))
    catalogue(room, SWEDISH, HELLO)
    assert list(messages.faults(room)) == []
    (room / "letters.py").write_text((room / "views.py").read_text())  # the same words, for residents too
    assert any("not in the Arabic catalogue" in found for found in messages.faults(room))


def test_every_file_that_is_the_staffs_is_there() -> None:
    files = [
        path.relative_to(messages.ROOMS).as_posix()
        for path in messages.ROOMS.rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
    ]
    idle = [pattern for pattern in languages.STAFF if not any(fnmatchcase(file, pattern) for file in files)]
    assert idle == []


def test_a_catalogue_that_was_changed_but_not_compiled_is_named(room: Path) -> None:
    catalogue(room, SWEDISH, HELLO)
    catalogue(room, ARABIC, MARHABA, compile=False)
    assert list(messages.faults(room)) == [
        "what is compiled is not what is written in Arabic (make messages)"
    ]


def test_only_a_form_for_one_number_may_leave_the_number_out() -> None:
    entry = polib.POEntry(
        msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural={0: "en dag", 1: "%(n)s dagar"}
    )
    assert messages.same_placeholders(entry, SWEDISH)
    entry.msgstr_plural[1] = "flera dagar"
    assert not messages.same_placeholders(entry, SWEDISH)
    many = "%(n)s يوم"
    entry.msgstr_plural = {0: "لا يوم", 1: "يوم", 2: "يومان", 3: "%(n)s أيام", 4: many, 5: many}
    assert messages.same_placeholders(entry, ARABIC)
    entry.msgstr_plural[3] = "أيام"
    assert not messages.same_placeholders(entry, ARABIC)


def test_a_number_without_a_name_is_never_left_out() -> None:
    entry = polib.POEntry(msgid="%d day", msgid_plural="%d days", msgstr_plural={0: "en dag", 1: "%d dagar"})
    assert not messages.same_placeholders(entry, SWEDISH)


@pytest.mark.parametrize("language", languages.LANGUAGES, ids=lambda language: language.code)
def test_the_forms_of_a_language_are_as_many_as_its_rule_gives(language: languages.Language) -> None:
    rule = gettext.c2py(language.plurals.partition("plural=")[2].rstrip(";"))  # type: ignore[attr-defined]
    numbers: dict[int, set[int]] = {}
    for number in range(1000):
        numbers.setdefault(rule(number), set()).add(number)
    assert set(numbers) == set(range(language.forms))
    assert {form for form, of in numbers.items() if len(of) == 1} == language.exact


@needs_gettext
def test_gathering_twice_changes_nothing_and_keeps_what_was_translated(room: Path) -> None:
    catalogue(room, ARABIC, MARHABA)
    messages.make(room)
    first = [messages.catalogue_of(room, language).read_bytes() for language in languages.LANGUAGES]
    messages.make(room)
    assert [messages.catalogue_of(room, language).read_bytes() for language in languages.LANGUAGES] == first
    assert "مرحبًا" in first[1].decode()


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
