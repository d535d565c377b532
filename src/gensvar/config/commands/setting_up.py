"""Sets Django up for a command, and says plainly what is wrong where that cannot be done."""

from __future__ import annotations

import errno
import functools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, ParamSpec, TypeGuard, TypeVar

import click

from gensvar.config.language import gettext as _
from gensvar.config.language import language

Taken = ParamSpec("Taken")
Given = TypeVar("Given")
SQLITE_NEEDS: Final = 1 << 20  # bytes free, under which it cannot be said to have failed for anything else
NOT_THERE = ("no such table", "no such column")  # in SQLite's words; PostgreSQL's are a ProgrammingError


def with_django(command: Callable[Taken, Given]) -> Callable[Taken, Given]:
    """Set Django up before the command runs; a wrong setting or a silent database becomes one clear sentence."""
    return _ready(command, few_rooms=False)


def with_few_rooms(command: Callable[Taken, Given]) -> Callable[Taken, Given]:
    """As `with_django`, for a command that asks no room above answers: it is there in a fifth of the time."""
    return _ready(command, few_rooms=True)


def _ready(command: Callable[Taken, Given], *, few_rooms: bool) -> Callable[Taken, Given]:
    @functools.wraps(command)
    def ready(*args: Taken.args, **kwargs: Taken.kwargs) -> Given:
        set_up(few_rooms=few_rooms)
        try:
            return command(*args, **kwargs)
        except Exception as error:
            if said := plainly(error):
                raise click.ClickException(said) from error
            raise

    return ready


def plainly(error: Exception) -> str:
    """What to do about a full disk, a silent database, a broken or an old one; "" for any other error. Django must be set up."""
    from django.conf import settings
    from django.db.utils import OperationalError, ProgrammingError

    from gensvar.config.archive.databases import is_damaged
    from gensvar.config.gathering import StaticNotGathered

    if _says_disk_full(error):
        return _(
            "The disk is full. Make room (GENSVAR_HOME is {home}) and say the same again. What was kept is kept."
        ).format(home=settings.GENSVAR_HOME)
    if _is_shut(error):
        said = (
            _(
                "{path} cannot be written: {error}. Mend that (GENSVAR_HOME is {home}) and say the same again. What was kept is kept."
            )
            if os.access(error.filename, os.R_OK) or not os.path.exists(error.filename)
            else _(
                "{path} cannot be read: {error}. Mend that (GENSVAR_HOME is {home}) and say the same again. What was kept is kept."
            )
        )
        return said.format(path=error.filename, error=error.strerror, home=settings.GENSVAR_HOME)
    if isinstance(error, ProgrammingError) or str(error).startswith(NOT_THERE):
        return _(
            "The database is empty, or not of this version: {error}\nGENSVAR_HOME is {home}. "
            "Run “gensvar upgrade” for an older version, “gensvar init” where nothing is set up yet."
        ).format(error=error, home=settings.GENSVAR_HOME)
    if isinstance(error, OperationalError):
        return _("The database does not answer: {error}\nSee “gensvar check”.").format(error=error)
    if is_damaged(error):
        return _(
            "The database cannot be read: {error}\nBring back a backup: gensvar restore ARCHIVE --replace"
            " sets what is here aside, and deletes nothing."
        ).format(error=error)
    if isinstance(error, StaticNotGathered):
        return _(
            "Style sheets and scripts could not be gathered; why is said above. "
            "The database is ready. Mend that and say the same again."
        )
    return ""


def _says_disk_full(error: Exception) -> bool:
    """As the system says it, or SQLite (SQLITE_FULL), or PostgreSQL in the system's words."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    if any(words in str(error) for words in ("database or disk is full", "No space left on device")):
        return True
    from django.conf import settings

    # SQLite's index of its log is mapped: where that cannot grow it says no more than this.
    try:
        return str(error) == "disk I/O error" and shutil.disk_usage(settings.GENSVAR_HOME).free < SQLITE_NEEDS
    except OSError:  # it is gone: what SQLite said is said
        return False


def _is_shut(error: Exception) -> TypeGuard[OSError]:
    """Whether a place in GENSVAR_HOME is another's, or lies on a disk that takes nothing."""
    from django.conf import settings

    return (
        isinstance(error, OSError)
        and error.errno in {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
        and isinstance(error.filename, str)
        and Path(error.filename).is_relative_to(settings.GENSVAR_HOME)
    )


def set_up(*, few_rooms: bool = False) -> None:
    """Set Django up. Raises BadSetting for a setting that cannot be understood; the command itself says so.

    `few_rooms`: without Wagtail and the rooms above answers, for a command that asks nothing of them; a mail server
    starts one for every mail. Hardly anything of two thousand modules is ever garbage: looking for it takes a fifth of the
    time.
    """
    import django
    from django.apps import apps

    from gensvar.config import environment, garbage

    if apps.ready:  # one word says another: its rooms are here already
        django.setup()
        return
    environment.few_rooms = few_rooms
    with garbage.lasting():
        django.setup()


@contextmanager
def spoken() -> Iterator[None]:
    """What other rooms and Django say inside the block, they say in the command line's language. Django must be set up.

    Only round what a person reads: the residents' language is no matter of the terminal's.
    """
    from django.utils import translation

    with translation.override(language()):
        yield
