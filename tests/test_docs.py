"""The documentation says what is: tables made from the code, and links that lead somewhere."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from scripts import channels, playbook_schema
from tests.databases import ROOT
from tests.test_structure import rooms_in_order

PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/gensvar/channels/*/README.md")]
)


def test_the_table_of_channels_is_made_from_the_channels() -> None:
    assert (ROOT / "docs/reference/channels.md").read_text() == channels.page()


def test_the_schema_of_playbooks_is_made_from_their_parts() -> None:
    assert (ROOT / "docs/reference/playbook.schema.json").read_text() == playbook_schema.page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_and_to_pictures_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    missing = [one for one in targets if "://" not in one and not (page.parent / one).exists()]
    assert missing == []


def test_how_it_is_built_names_each_table_that_config_hands_to_a_room() -> None:
    page, source = (ROOT / "docs/why/architecture.md").read_text(), ROOT / "src" / "gensvar"
    asked = [
        name
        for path in source.rglob("*.py")
        for name in re.findall(r'handed\.table\("\w+", "(\w+)"', path.read_text())
    ]
    assert "FLOW" in asked
    assert [name for name in asked if f"`{name}`" not in page] == []


def test_how_it_is_built_names_the_rooms_in_order_files_that_are_there_and_every_law_we_cite() -> None:
    page, source = (ROOT / "docs/why/architecture.md").read_text(), ROOT / "src" / "gensvar"
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| ([^|]+) \|$", page, re.MULTILINE))
    assert list(rows) == [room for room in rooms_in_order() if (source / room).is_dir()]
    beside = [f"{room}/{name}" for room, files in rows.items() for name in re.findall(r"`(\S+)`", files)]
    within = re.findall(rf"[`\"]((?:{'|'.join(rows)})/[a-z_/]+\.py)", page)
    assert [name for name in beside + within if not (source / name).is_file()] == []
    laws = set(re.findall(r"^(\d)\. \*\*", page, re.MULTILINE))
    assert {
        law for path in source.rglob("*.py") for law in re.findall(r"\blaw (\d)", path.read_text())
    } <= laws


def test_the_licence_is_the_eupl_word_for_word() -> None:
    # As the package spdx-license-list 6.12.0 of npm gives the text (licenses/EUPL-1.2.json, "licenseText").
    verbatim = "d126070e53a97387b339cc1b4c794e9bc134df061d6cb5ab37cef0bfe986228a"
    assert sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == verbatim
