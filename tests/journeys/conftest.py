"""What every journey stands on: a mail server that takes what we send, a town of real processes, visitors with a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings

from gensvar.answers.tests.sink import Sink
from tests.faults.town import Town
from tests.made import Made, made_once
from tests.scenes import asked_instead

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from conftest import FreshDatabase
    from gensvar.core.models import User
    from tests.databases import Store


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        yield server


@pytest.fixture
def mailed(sink: Sink, settings: Any) -> Sink:
    """For a journey through `enter`: what this process mails reaches the sink, and nothing can be taken back.

    `gensvar.answers.tests.scene.send_waiting` does there what a worker does in a town of processes.
    """
    settings.GENSVAR_MAIL_OUT = sink.url
    settings.GENSVAR_UNDO_SECONDS = 0
    return sink


@pytest.fixture
def manners() -> dict[str, str]:
    """Settings of this journey's town beside those of all; a journey that wants some has its own fixture of that name.

    One process of the web answers as two do, and fills each template once; two are in the journey of a word.
    """
    return {"GENSVAR_WEB_WORKERS": "1"}


@pytest.fixture(scope="session")
def peopled(migrated: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A database in which the cast lives already; each journey gets a copy of its own."""

    def move_in(environment: dict[str, str]) -> str:
        here = environment | {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
        subprocess.run([sys.executable, "-m", "tests.journeys.cast"], env=here, check=True)
        return ""

    with made_once("peopled", migrated, tmp_path_factory, move_in) as made:
        yield made


@pytest.fixture
def town(
    fresh_database: FreshDatabase,
    migrated: Store,
    peopled: Made,
    sink: Sink,
    manners: dict[str, str],
    tmp_path: Path,
) -> Iterator[Town]:
    migrated.create(PurePath(urlsplit(fresh_database.url).path).stem, of=peopled.database)
    place = Town(
        fresh_database.environment
        | {"GENSVAR_MAIL_OUT": f"smtp://127.0.0.1:{sink.port}", "GENSVAR_UNDO_SECONDS": "1"}
        | {"GENSVAR_SECRET_KEY": settings.SECRET_KEY}  # so that what we sign is its own: `at_desk`
        | manners,
        log=tmp_path / "town.log",
    )
    place.environment["GENSVAR_URL"] = f"http://127.0.0.1:{place.web_port}"
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


@pytest.fixture
def in_town(town: Town, django_db_blocker: Any) -> Callable[[], AbstractContextManager[None]]:
    """``with in_town():`` we are in the town's database and home: what is only set-up needs neither clicks nor a process of its own."""
    from gensvar.core.generation import generation

    @contextmanager
    def inside() -> Iterator[None]:
        own, theirs = (
            PurePath(urlsplit(url).path).stem
            for url in (os.environ["DATABASE_URL"], town.environment["DATABASE_URL"])
        )
        generation.cache_clear()  # the town's pages learn of what is changed here
        try:
            with (
                asked_instead(theirs, of=own),
                override_settings(GENSVAR_HOME=Path(town.environment["GENSVAR_HOME"])),
                django_db_blocker.unblock(),
            ):
                yield
        finally:
            generation.cache_clear()

    return inside


@pytest.fixture
def at_desk(
    visit: Callable[..., Page], town: Town, in_town: Callable[[], AbstractContextManager[None]]
) -> Callable[..., Page]:
    """A visitor whom the town knows already: how one logs in is shown where a word comes in and where the house is set up.

    In a browser of their own, or `at` that of another, whose turn is over: it has read the desk's scripts.
    """
    from django.test import Client

    from gensvar.core.models import User

    def opened(email: str, *, at: Page | None = None, **options: object) -> Page:
        client = Client()
        with in_town():
            client.force_login(User.objects.get(email=email))
        page = at or visit(**options)
        page.context.clear_cookies()
        key = client.cookies["sessionid"].value
        page.context.add_cookies(
            [{"name": "sessionid", "value": key, "url": town.environment["GENSVAR_URL"]}]
        )
        return page

    return opened


@pytest.fixture
def complaints() -> list[str]:
    """What the consoles of all browsers said of our policy, and every script that broke."""
    return []


@pytest.fixture
def enter(
    open_page: Callable[..., Page], live_server: LiveServer, complaints: list[str]
) -> Callable[..., Page]:
    """Opens the desk for a log-in; takes the options of `open_page`.

    In a browser of its own, or `at` that of another, whose turn is over: it has read the desk's scripts.
    """
    from django.test import Client

    def opened(user: User, *, at: Page | None = None, **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        usual = {"base_url": live_server.url, "viewport": {"width": 1280, "height": 1000}}
        page = at or open_page(**usual | options)
        page.context.clear_cookies()
        key = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        if at:
            return page
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    return opened
