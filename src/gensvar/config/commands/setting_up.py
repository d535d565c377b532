"""Sets Django up for a command, and says plainly what is wrong where that cannot be done."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import click

from gensvar.config.language import gettext as _
from gensvar.config.language import language

Taken = ParamSpec("Taken")
Given = TypeVar("Given")


def with_django(command: Callable[Taken, Given]) -> Callable[Taken, Given]:
    """Set Django up before the command runs; a wrong setting or a silent database becomes one clear sentence."""

    @functools.wraps(command)
    def ready(*args: Taken.args, **kwargs: Taken.kwargs) -> Given:
        from django.db.utils import OperationalError, ProgrammingError

        set_up()
        try:
            return command(*args, **kwargs)
        except OperationalError as error:
            raise click.ClickException(
                _("The database does not answer: {error}\nSee “gensvar check”.").format(error=error)
            ) from error
        except ProgrammingError as error:
            raise click.ClickException(
                _("The database is not of this version: {error}\nRun “gensvar upgrade”.").format(error=error)
            ) from error

    return ready


def set_up() -> None:
    """Set Django up. Raises BadSetting for a setting that cannot be understood; the command itself says so."""
    import django

    django.setup()


@contextmanager
def spoken() -> Iterator[None]:
    """What other rooms and Django say inside the block, they say in the command line's language. Django must be set up.

    Only round what a person reads: the residents' language is no matter of the terminal's.
    """
    from django.utils import translation

    with translation.override(language()):
        yield
