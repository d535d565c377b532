"""Sets the stage for every test: a home and a database of its own, restored after each test that commits; a browser.

Tests run on SQLite, or on the PostgreSQL server of GENSVAR_TEST_DATABASE_URL or DATABASE_URL (role with CREATEDB).
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings
from django.utils import translation

from tests import databases, statements
from tests.browser import PATIENCE, Onlooker, Violation, axe, open_chromium
from tests.made import Made, made_once
from tests.order import spread
from tests.scenes import Scenes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

gc.disable()  # until all tests are collected
# All of this must stand before Django reads its settings, which are made from the environment.
if settings.configured or "DJANGO_SETTINGS_MODULE" in os.environ:
    raise pytest.UsageError(
        "Unset DJANGO_SETTINGS_MODULE: the tests choose their settings, and a database of their own."
    )
HOME = Path(tempfile.mkdtemp(prefix="gensvar-test-"))
BASE_URL = os.environ.get("GENSVAR_TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
STORE = databases.store_for(BASE_URL, HOME)
NAME = f"gensvar_test_{os.getpid()}"
FAILED = pytest.StashKey[bool]()
RUN = count(1)  # tests that this process has run
os.environ |= {
    "GENSVAR_TEST_DATABASE_URL": BASE_URL,
    "GENSVAR_HOME": str(HOME),
    "DATABASE_URL": STORE.url(NAME),
    "GENSVAR_TESTING": "1",
    "DJANGO_SETTINGS_MODULE": "gensvar.config.settings",
}

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # real ones are slow by design
settings.WHITENOISE_AUTOREFRESH = True  # find a style sheet when asked, not all of them for every test client
del os.environ["DJANGO_SETTINGS_MODULE"]  # else the processes of pytest-xdist would read theirs too early

# A machine at work on other things is slow now and then; that is no fault of what is tested.
hypothesis.settings.register_profile(
    "gensvar", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "second database", hypothesis.settings.get_profile("gensvar"), max_examples=25
)
hypothesis.settings.load_profile("gensvar")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--note-statements",
        type=Path,
        metavar="FOLDER",
        help="note there what each test asks of the database",
    )
    parser.addoption(
        "--second-database",
        action="store_true",
        help="leave out what the database makes no difference to: tests that ask none, those marked one_database, and"
        " what a browser draws (journeys stay); for a run on a second database after a whole one on the first",
    )
    parser.addoption(
        "--noted-statements",
        type=Path,
        metavar="FOLDER",
        help="with --second-database: also leave out tests that ask nothing which others do not ask, as that folder says",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--second-database"):
        hypothesis.settings.load_profile("second database")
    if folder := config.getoption("--note-statements"):
        config.pluginmanager.register(statements.Notes(folder))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--second-database"):
        folder = config.getoption("--noted-statements")
        noted = statements.read(folder) if folder else {}
        left_out = {item for item in items if not asks_the_database(item, noted)}
        left_out |= _asked_by_others([item for item in items if item not in left_out], noted)
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]
    _spread(items)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Hardly anything that is imported is ever garbage: nobody looks for it until all of it is there."""
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    gc.freeze()  # what collecting left behind too: to look for those few megabytes takes longer than they are worth


def pytest_runtest_logfinish() -> None:
    if next(RUN) in (10, 100):  # pages, templates and translations are read when they are first asked for
        _set_apart()


def _set_apart() -> None:
    """What lasts is no garbage: to look through the modules of a whole town again and again took a tenth of all time."""
    gc.collect()
    gc.freeze()


def _spread(items: list[pytest.Item]) -> None:
    """Put the slow ones at even distances: they wait for others, and what only computes runs meanwhile; see tests/order.py.

    What takes longest comes first, or everything would wait for it in the end.
    """
    slow = [item for item in items if _is_slow(item)]
    slow.sort(key=lambda item: not item.get_closest_marker("longest"))
    quick = [item for item in items if not _is_slow(item)]
    items[:] = spread(slow, quick, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _asked_by_others(items: list[pytest.Item], noted: Mapping[str, statements.Asked]) -> set[pytest.Item]:
    """The tests that the run on the first database has shown to ask nothing of their own; see `_stays`."""
    names = {item.nodeid for item in items}
    notes = {name: asked for name, asked in noted.items() if name in names}
    spared = statements.spared(notes, (item.nodeid for item in items if _stays(item)))
    return {item for item in items if item.nodeid in spared}


def _stays(item: pytest.Item) -> bool:
    """Whether the second database is asked all of it: by processes, or of a full text index, where the two differ most."""
    apart = _fixtures(item) & {"live_server", "fresh_database"}
    return bool(
        _is_slow(item)
        or apart
        or item.get_closest_marker("full_text")
        or item.get_closest_marker("each_database")
    )


def _is_slow(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("browser", "processes"))


def asks_the_database(item: pytest.Item, noted: Mapping[str, statements.Asked]) -> bool:
    """Whether a second database may answer it otherwise: by its fixtures, or since it was heard to ask in an earlier run."""
    if item.get_closest_marker("one_database"):
        return False
    if item.get_closest_marker("browser"):
        return "journeys" in item.path.parts
    said = item.get_closest_marker("django_db") or "db" in _fixtures(item) or _commits(item)
    return bool(said or (item.nodeid in noted and noted[item.nodeid].statements))


def _commits(item: pytest.Item) -> bool:
    """Whether what it does becomes lasting, and others meet it."""
    marker = item.get_closest_marker("django_db")
    return bool(
        _is_slow(item)
        or (marker and marker.kwargs.get("transaction"))
        or _fixtures(item) & {"transactional_db", "live_server", "fresh_database"}
    )


def _fixtures(item: pytest.Item) -> set[str]:
    return {*getattr(item, "fixturenames", [])}


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


# --- The database -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def migrated() -> Iterator[databases.Store]:
    """The store, with its template migrated: once for all processes, and kept until a migration changes."""
    STORE.prepare(databases.fingerprint(settings.INSTALLED_APPS), databases.migrate)
    yield STORE
    STORE.close()


@pytest.fixture(scope="session")
def django_db_setup(
    migrated: databases.Store, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Instead of pytest-django's own: this process gets a copy, and gets it anew after each test that commits.

    Django would empty all tables then, also of what migrations put there (roles, the root page, languages).
    """
    from django.db import connections
    from django.test import TransactionTestCase

    def start_anew(test_case: object = None) -> None:
        connections.close_all()
        migrated.create(NAME)

    start_anew()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", start_anew)
        yield
    with django_db_blocker.unblock():
        connections.close_all()
        migrated.drop(NAME)


@pytest.fixture(scope="session")
def _all_scenes(migrated: databases.Store, django_db_setup: None) -> Iterator[Scenes]:
    scenes = Scenes(migrated, NAME)
    yield scenes
    scenes.close()


@pytest.fixture
def scenes(_all_scenes: Scenes, db: None) -> Scenes:
    """``with scenes.meet(play) as given:`` what costs more to play than to copy, for tests that commit nothing."""
    return _all_scenes


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> Iterator[None]:
    """What a test cached must not outlive the rows that it was made from, nor its last request's language the test."""
    yield
    translation.deactivate()
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import caches

    from gensvar.core import remembering

    remembering.forget()
    for cache in caches.all(initialized_only=True):
        cache.clear()
    ContentType.objects.clear_cache()


@dataclass(frozen=True)
class FreshDatabase:
    """A migrated database and a home for processes that a test starts; nothing of this test process is in it."""

    url: str
    home: Path
    rows: Callable[[str], list[tuple[Any, ...]]]
    """Runs one SELECT on a connection of its own and gives what has been committed."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment for ``subprocess``: all of ours, with this database and home."""
        return os.environ | {"DATABASE_URL": self.url, "GENSVAR_HOME": str(self.home)}


MOVING_IN = {"begin", "demo", "peopled"}  # fixtures that lay a copy of their own in its place


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest, migrated: databases.Store, tmp_path: Path
) -> Iterator[FreshDatabase]:
    """For tests with real processes. Stop them before the test ends: the database goes away under them."""
    name = f"gensvar_test_{uuid.uuid4().hex[:12]}"
    home = tmp_path / "home"
    home.mkdir()
    if not MOVING_IN & {*request.fixturenames}:
        migrated.create(name)
    yield FreshDatabase(migrated.url(name), home, lambda sql: migrated.rows(name, sql))
    migrated.drop(name)


@pytest.fixture(scope="session")
def demo(migrated: databases.Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The demo municipality, as the command moves it in: half a minute of a processor, so only once."""

    def move_in(environment: dict[str, str]) -> str:
        here = environment | {"GENSVAR_LANGUAGE": "en", "GENSVAR_UNDO_SECONDS": "1"}
        command = [sys.executable, "-m", "gensvar", "demo"]
        return subprocess.run(command, env=here, stdout=subprocess.PIPE, text=True, check=True).stdout

    with made_once("demo", migrated, tmp_path_factory, move_in) as made:
        yield made


# --- The browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the run; skipped where there is none."""
    with open_chromium() as browser:
        yield browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a fixture know, when it ends, that its test failed."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a page with a memory of its own, as a new visitor; takes Playwright's options of a context.

    The visitor asks for no motion: what still moves when it is clicked is missed on a slow machine.
    ``java_script_enabled=False``, ``color_scheme="dark"``, ``viewport={"width": 360, "height": 740}``, ``base_url=...``.
    """
    contexts = []
    onlookers: list[Onlooker] = []

    def visitor(**options: Any) -> Page:
        usual = {"locale": "sv-SE", "timezone_id": "Europe/Stockholm", "reduced_motion": "reduce"}
        context = chromium.new_context(**usual | options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        onlookers.append(Onlooker(page))
        return page

    yield visitor
    if request.node.stash.get(FAILED, False):
        for onlooker in onlookers:
            print(onlooker.tells())
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture(name="axe")
def _axe() -> Callable[..., list[Violation]]:
    """``axe(page)`` gives what is serious or critical on the page, light and dark; an empty list is what we want."""
    return axe


# --- The shared corpus --------------------------------------------------------------------------


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of sample mails: GENSVAR_CORPUS, or ``shared/corpus`` beside the repository; skipped without it."""
    beside = databases.ROOT.parent / "shared" / "corpus"
    folder = Path(os.environ.get("GENSVAR_CORPUS") or beside)
    if not folder.is_dir():
        pytest.skip("the corpus of sample mails is not here (set GENSVAR_CORPUS to its folder)")
    return folder
