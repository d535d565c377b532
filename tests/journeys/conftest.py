"""What every journey stands on: a mail server that takes what we send, a town of real processes, visitors with a browser."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gensvar.answers.tests.sink import Sink
from tests.faults.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from conftest import FreshDatabase


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        yield server


@pytest.fixture
def manners() -> dict[str, str]:
    """Settings of this journey's town beside those of all; a journey that wants some has its own fixture of that name."""
    return {}


@pytest.fixture
def town(
    fresh_database: FreshDatabase, sink: Sink, manners: dict[str, str], tmp_path: Path
) -> Iterator[Town]:
    place = Town(
        fresh_database.environment
        | {"GENSVAR_MAIL_OUT": f"smtp://127.0.0.1:{sink.port}", "GENSVAR_UNDO_SECONDS": "1"}
        | manners,
        log=tmp_path / "town.log",
    )
    place.environment["GENSVAR_URL"] = f"http://127.0.0.1:{place.web_port}"
    place.environment["DJANGO_SETTINGS_MODULE"] = "gensvar.config.settings"
    subprocess.run([sys.executable, "-m", "tests.journeys.cast"], env=place.environment, check=True)
    place.environment.pop("DJANGO_SETTINGS_MODULE")
    try:
        place.start()
        yield place
    finally:
        place.clear_away()


@pytest.fixture
def visit(open_page: Callable[..., Page], town: Town) -> Callable[..., Page]:
    def visitor(**options: object) -> Page:
        return open_page(**{"base_url": town.environment["GENSVAR_URL"]} | options)

    return visitor
