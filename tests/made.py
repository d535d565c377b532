"""A town that several tests begin with is made once for all processes of a run, and each test gets a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.databases import Store, one_at_a_time

if TYPE_CHECKING:
    import pytest


@dataclass(frozen=True)
class Made:
    """A database and its home."""

    store: Store
    place: Path  # known to all processes of the run

    @property
    def database(self) -> str:
        """Its name."""
        return self.store.shared(self.place)

    @property
    def home(self) -> Path:
        return self.place / "home"

    @property
    def told(self) -> str:
        """What was said while it was made."""
        return (self.place / "told").read_text()

    def move_into(self, url: str, home: str | Path) -> None:
        """Let the database of that URL, and that home, be a copy."""
        self.store.create(PurePath(urlsplit(url).path).stem, of=self.database)
        shutil.copytree(self.home, home, dirs_exist_ok=True)

    def ensure(self, make: Callable[[dict[str, str]], str]) -> None:
        """Make it unless another process has, or is about to: then wait. `make` is given an environment, and says what was told."""
        self.place.mkdir(exist_ok=True)
        with one_at_a_time(self.place):
            self._user.touch()
            if (self.place / "told").exists():
                return
            self.home.mkdir(exist_ok=True)
            self.store.create(self.database)
            here = {"DATABASE_URL": self.store.url(self.database), "GENSVAR_HOME": str(self.home)}
            (self.place / "told").write_text(make(os.environ | here))

    def leave(self) -> None:
        """The last process that used it clears it away."""
        with one_at_a_time(self.place):
            self._user.unlink()
            if not list(self.place.glob("user-*")):
                (self.place / "told").unlink(missing_ok=True)
                shutil.rmtree(self.home)
                self.store.drop(self.database)

    @property
    def _user(self) -> Path:
        return self.place / f"user-{os.getpid()}"


@contextmanager
def made_once(
    name: str, store: Store, folders: pytest.TempPathFactory, make: Callable[[dict[str, str]], str]
) -> Iterator[Made]:
    """The one of that name, for a fixture of the session."""
    here = folders.getbasetemp()
    made = Made(store, (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / name)
    try:
        made.ensure(make)
        yield made
    finally:
        made.leave()
