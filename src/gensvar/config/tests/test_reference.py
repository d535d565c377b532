"""The reference pages name exactly the settings and commands that there are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gensvar.config.commands import SECTIONS, gensvar
from tests.databases import ROOT

SOURCE = ROOT / "src" / "gensvar"
REFERENCE = ROOT / "docs" / "reference"
READERS = {
    "text",
    "number",
    "flag",
    "words",
    "choice",
    "choices",
    "colour",
    "picture",
    "port",
    "web_address",
    "mail_server",
    "get",
    "getenv",
}
INNER = {"GENSVAR_STARTER", "GENSVAR_WEB_MAIN"}  # said by one of our processes to another
TOP = [command for commands in SECTIONS.values() for command in commands]
COMMANDS = {
    name: command
    for one in TOP
    for name, command in (
        [(str(one.name), one)]
        if not isinstance(one, click.Group)
        else [(str(one.name), one), *((f"{one.name} {name}", inner) for name, inner in one.commands.items())]
    )
}


def names_read(path: Path) -> Iterator[str]:
    """Every name of a setting that this file asks the environment for; most name none and need not be understood."""
    text = path.read_text()
    if not re.search(r"\bPORT\b|DATABASE_URL|GENSVAR_", text):
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        name = node.args[0].value
        if (
            called in READERS
            and isinstance(name, str)
            and re.fullmatch(r"PORT|DATABASE_URL|GENSVAR_[A-Z_]+", name)
        ):
            yield name


def test_every_setting_that_is_read_is_documented_and_every_documented_one_is_read() -> None:
    files = [path for path in SOURCE.rglob("*.py") if "tests" not in path.parts]
    read = {name for path in files for name in names_read(path)} - INNER
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", (REFERENCE / "settings.md").read_text(), re.MULTILINE))
    assert documented == read


def section_of(name: str) -> str:
    """What the page says of one command."""
    page = (REFERENCE / "commands.md").read_text()
    found = re.search(rf"^### `gensvar {name}`\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"commands.md says nothing of “{name}”"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented_with_exactly_its_options(name: str) -> None:
    params = COMMANDS[name].params
    options = {max(option.opts, key=len) for option in params if isinstance(option, click.Option)}
    assert set(re.findall(r"^\| `(--[a-z-]+)` \|", section_of(name), re.MULTILINE)) == options


def test_the_page_names_no_command_that_there_is_not() -> None:
    named = re.findall(r"^### `gensvar (.+)`$", (REFERENCE / "commands.md").read_text(), re.MULTILINE)
    assert named == list(COMMANDS)
    assert {one for one in named if " " not in one} == set(gensvar.commands)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_says_in_a_few_lines_what_it_does(command: click.Command) -> None:
    assert command.help
    assert len(command.get_help(click.Context(command)).splitlines()) <= 40
    assert all(option.help for option in command.params if isinstance(option, click.Option))
