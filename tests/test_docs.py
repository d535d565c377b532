"""The documentation says what is: tables made from the code, and links that lead somewhere."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from scripts import channels, playbook_schema
from tests.databases import ROOT

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


def test_the_licence_is_the_eupl_word_for_word() -> None:
    # As the package spdx-license-list 6.12.0 of npm gives the text (licenses/EUPL-1.2.json, "licenseText").
    verbatim = "d126070e53a97387b339cc1b4c794e9bc134df061d6cb5ab37cef0bfe986228a"
    assert sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == verbatim
