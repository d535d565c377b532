"""The locks say what is installed: every dependency of pyproject.toml, at one version, by hash, from any index."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.databases import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = RUNTIME + PROJECT["dependency-groups"]["dev"]
PINNED = re.compile(
    r"^([\w.-]+)==([\w.]+)(?: ; .*)? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def locked(name: str) -> dict[str, str]:
    """What a lock pins: name as in an index, and version."""
    text = (ROOT / name).read_text()
    return {canonical(package): version for package, version, _ in PINNED.findall(text)}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("lock", "dependencies"), [("requirements.txt", RUNTIME), ("requirements-dev.txt", DEVELOPMENT)]
)
def test_every_dependency_is_locked_at_a_version_that_it_allows(lock: str, dependencies: list[str]) -> None:
    pinned = locked(lock)
    for requirement in map(Requirement, dependencies):
        version = pinned.get(canonical(requirement.name), "none")
        assert version != "none", f"{lock} lacks {requirement.name}: make lock"
        assert requirement.specifier.contains(version), f"{lock} has {requirement.name} {version}: make lock"


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_line_of_a_lock_carries_its_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert len(PINNED.findall(text)) == len(re.findall(r"^\w", text, re.MULTILINE))
    assert "://" not in text


def test_both_locks_agree() -> None:
    runtime, development = locked("requirements.txt"), locked("requirements-dev.txt")
    assert runtime.items() <= development.items()


def test_the_lock_of_npm_carries_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert fetched
    for name, package in fetched.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name
