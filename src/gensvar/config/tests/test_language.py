"""The command line speaks Swedish and English, each of them whole."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
import polib
import pytest

from gensvar.config import language
from gensvar.config.commands import SECTIONS

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar

    Begin = Callable[[Mapping[str, str]], None]

SWEDISH = {"GENSVAR_LANGUAGE": "sv"}
WORDS = ["", *(str(command.name) for commands in SECTIONS.values() for command in commands)]
CATALOGUES = language.LOCALE / "sv" / "LC_MESSAGES"
CHOSEN = ("GENSVAR_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
ENGLISH_WORDS = re.compile(r"(?<!-)\b(the|and|is|are|not|with|Usage|Options|Error|Show|required|default)\b")
SWEDISH_LETTERS = re.compile(r"[åäöÅÄÖ]|\boch\b")


def said(*words: str, **environment: str) -> str:
    """What `gensvar` says to these words, on both channels."""
    kept = {name: value for name, value in os.environ.items() if name not in CHOSEN} | environment
    command = [sys.executable, "-m", "gensvar", *words]
    done = subprocess.run(command, env=kept, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("word", WORDS)
def test_the_help_of_a_word_is_whole_in_each_language(word: str) -> None:
    swedish = said(*word.split(), "--help", LANG="sv_SE.UTF-8")
    assert swedish.startswith("Användning: gensvar")
    assert "Visa den här texten och sluta." in swedish
    assert not ENGLISH_WORDS.search(swedish)
    english = said(*word.split(), "--help", LANG="en_GB.UTF-8")
    assert english.startswith("Usage: gensvar")
    assert not SWEDISH_LETTERS.search(english)


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "sv_FI"}, "sv"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "GENSVAR_LANGUAGE": "sv"}, "sv"),
        ({"LC_ALL": "sv_SE.UTF-8", "GENSVAR_LANGUAGE": "en"}, "en"),
    ],
)
def test_our_own_setting_is_asked_first_then_the_terminals(
    environment: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in CHOSEN:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language.language() == spoken


def test_errors_of_the_command_line_are_swedish_too() -> None:
    for words in (
        (),
        ("--nope",),
        ("nope",),
        ("import",),
        ("import", "/nope"),
        ("export", "x"),
        ("restore", "x"),
    ):
        if words:
            assert not ENGLISH_WORDS.search(said(*words, **SWEDISH)), words
    assert "PORT ska vara ett heltal, inte ”x”." in said("status", PORT="x", **SWEDISH)
    assert "Brevet togs inte emot" in said("deliver", **SWEDISH)


def sentences_of_click() -> Iterator[str]:
    """What click says to a person in running text: everything it marks, but what our words cannot make it say."""
    folder = Path(click.__file__).parent
    for name in ("core", "decorators", "exceptions", "formatting", "termui", "types"):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


NEVER_SAID = re.compile(
    r"declaration|declared|No options defined|DeprecationWarning|cannot use the same flag|defined twice|colour|UUID|match the format"
    r"|in the range|Press any key|%\(prog\)s|iterable|Choice\(|values are required|Confirm the action|declarations"
)


def test_every_sentence_that_click_may_say_has_its_swedish_words() -> None:
    catalogue = polib.pofile(str(CATALOGUES / "click.po"))
    known = {entry.msgid for entry in catalogue if entry.translated()}
    assert {one for one in sentences_of_click() if not NEVER_SAID.search(one)} - known == set()


def test_what_is_compiled_of_clicks_sentences_is_what_is_written() -> None:
    written = polib.pofile(str(CATALOGUES / "click.po"))
    compiled = polib.mofile(str(CATALOGUES / "click.mo"))
    assert {(one.msgid, one.msgstr, *one.msgstr_plural.values()) for one in written} == {
        (one.msgid, one.msgstr, *one.msgstr_plural.values()) for one in compiled
    }


@pytest.mark.one_database
@pytest.mark.processes
def test_a_check_a_status_and_an_import_are_swedish_where_that_is_the_language(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin, tmp_path: Path
) -> None:
    begin({**fresh_database.environment, **SWEDISH})
    environment = {**fresh_database.environment, **SWEDISH}
    checked = gensvar(environment, "check", code=1).stdout.decode()
    assert "Varaktighet: ett sparat ord överlever ett strömavbrott" in checked
    assert "→ Starta: gensvar mail (eller gensvar run)" in checked
    assert not ENGLISH_WORDS.search(checked)
    counted = gensvar(environment, "status").stdout.decode()
    assert "kuvert" in counted
    assert "mottaget" in counted
    assert gensvar(environment, "status", "--json").stdout.startswith(b'{"envelopes": {"received": 1')
    empty = tmp_path / "tom"
    empty.mkdir()
    refused = gensvar(
        environment, "import", str(empty), "--to", "kontakt@norrvik.example", code=1
    ).stderr.decode()
    assert "är ingen Maildir" in refused
    assert refused.startswith("Fel: ")


@pytest.mark.one_database
@pytest.mark.processes
def test_a_first_day_in_swedish_asks_and_answers_in_swedish(
    fresh_database: FreshDatabase, gensvar: Gensvar
) -> None:
    environment = {
        **fresh_database.environment,
        **SWEDISH,
        "GENSVAR_ADMIN_PASSWORD": "kort",
        "GENSVAR_NAME": "Norrvik",
    }
    answers = (
        "\nhttps://norrvik.example\nkontakt\nkontakt@norrvik.example\nAlva Ek\nalva@norrvik.example\nsv\n"
    )
    done = gensvar(environment, "init", given=answers.encode(), code=1)
    assert "Kommunens namn [Norrvik]: Webbadressen som invånarna använder [" in done.stdout.decode()
    assert "Fel: Fyll i en giltig e-postadress." in done.stdout.decode(), "it is asked for again"
    assert done.stderr.decode().startswith("Fel: Det här lösenordet är för kort.")
    assert "Inget är upplagt." in done.stderr.decode()
