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
    from gensvar.config.tests.conftest import Gensvar, InTurn

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


def test_the_help_of_each_word_is_whole_in_each_language(in_turn: InTurn) -> None:
    asked = [[*word.split(), "--help"] for word in WORDS]
    for word, (code, swedish, error) in zip(WORDS, in_turn(spoken_by("sv_SE.UTF-8"), *asked), strict=True):
        assert (code, error) == (0, ""), word
        assert swedish.startswith(f"Användning: gensvar {word}".rstrip()), word
        assert "Visa den här texten och sluta." in swedish, word
        assert not ENGLISH_WORDS.search(swedish), word
    for word, (code, english, error) in zip(WORDS, in_turn(spoken_by("en_GB.UTF-8"), *asked), strict=True):
        assert (code, error) == (0, ""), word
        assert english.startswith(f"Usage: gensvar {word}".rstrip()), word
        assert not SWEDISH_LETTERS.search(english), word
    assert said("--help", LANG="sv_SE.UTF-8").startswith("Användning: gensvar")
    assert said("--help", LANG="en_GB.UTF-8").startswith("Usage: gensvar")


def spoken_by(terminal: str) -> dict[str, str]:
    """The environment of a terminal of that language, in which our own setting says nothing."""
    kept = {name: value for name, value in os.environ.items() if name not in CHOSEN}
    return kept | {"LANG": terminal, "GENSVAR_LANGUAGE": ""}


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


def test_errors_of_the_command_line_are_swedish_too(in_turn: InTurn) -> None:
    wrong = (["--nope"], ["nope"], ["import"], ["import", "/nope"], ["export", "x"], ["restore", "x"])
    here = {**spoken_by("C"), **SWEDISH, "PORT": "x"}
    *refused, setting, mail = in_turn(here, *wrong, ["status"], ["deliver"])
    for words, told in zip(wrong, refused, strict=True):
        assert told.code == 2, words
        assert not ENGLISH_WORDS.search(told.out + told.err), words
    assert "PORT ska vara ett heltal, inte ”x”." in setting.err
    assert "Brevet togs inte emot" in mail.err


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
    fresh_database: FreshDatabase, in_turn: InTurn, begin: Begin, tmp_path: Path
) -> None:
    begin({**fresh_database.environment, **SWEDISH})
    empty = tmp_path / "tom"
    empty.mkdir()
    checked, counted, machines, refused = in_turn(
        {**fresh_database.environment, **SWEDISH},
        ["check"],
        ["status"],
        ["status", "--json"],
        ["import", str(empty), "--to", "kontakt@norrvik.example"],
    )
    assert [one.code for one in (checked, counted, machines, refused)] == [1, 0, 0, 1]
    assert "Varaktighet: ett sparat ord överlever ett strömavbrott" in checked.out
    assert "→ Starta: gensvar mail (eller gensvar run)" in checked.out
    assert not ENGLISH_WORDS.search(checked.out)
    assert "kuvert" in counted.out
    assert "mottaget" in counted.out
    assert machines.out.startswith('{"envelopes": {"received": 1')
    assert "är ingen Maildir" in refused.err
    assert refused.err.startswith("Fel: ")


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
