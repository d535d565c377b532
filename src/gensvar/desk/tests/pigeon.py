"""A channel from another package, as the desk's tests install it: every kind of setting, and a secret."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext_lazy

from gensvar.contract.channel import forget
from gensvar.contract.settings import BadSetting, setting
from gensvar.contract.testing import MemoryChannel
from gensvar.contract.values import Problem


@dataclass(frozen=True)
class PigeonSettings:
    """What a loft says of its pigeons."""

    loft: str = setting("", label=gettext_lazy("Places"), help="Where they sleep.")
    pigeons: int = 2
    fast: bool = True
    feed: str = setting("corn", choices=(("corn", "Corn"), ("none", gettext_lazy("none"))))
    wind: Literal["north", "south"] = "north"
    height: float | None = None
    whistle: str = setting("", secret=True)

    def __post_init__(self) -> None:
        if self.pigeons < 1:
            raise BadSetting("pigeons", "At least one pigeon has to fly.")
        if self.loft == self.feed:
            raise ValueError("Nobody sleeps in the feed.")


class PigeonChannel(MemoryChannel):
    """Carries words on wings."""

    name: ClassVar[str] = "pigeon"
    Settings: ClassVar[type[Any]] = PigeonSettings

    def check(self, settings: Any) -> list[Problem]:
        """Tells too much, as some would."""
        if settings.loft == "broken":
            raise RuntimeError(f"whistle {settings.whistle}")
        if not settings.whistle:
            return [Problem("Nobody whistles <b>here</b>.", "Get a whistle.")]
        return [Problem(f"No pigeon hears {settings.whistle}.")] if settings.loft == "far" else []


@contextlib.contextmanager
def installed(name: str, entry: str, folder: Path) -> Iterator[None]:
    """Install a package with that channel for a while, as a distribution that Python itself finds."""
    home = folder / f"gensvar_{name}-1.0.dist-info"
    home.mkdir(parents=True)
    (home / "METADATA").write_text(f"Metadata-Version: 2.1\nName: gensvar-{name}\nVersion: 1.0\n")
    (home / "entry_points.txt").write_text(f"[gensvar.channels]\n{name} = {entry}\n")
    sys.path.insert(0, str(folder))
    forget()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        forget()
