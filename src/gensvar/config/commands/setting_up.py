"""Sets Django up for a command, and says plainly what is wrong where that cannot be done."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

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
                f"The database does not answer: {error}\nSee “gensvar check”."
            ) from error
        except ProgrammingError as error:
            raise click.ClickException(
                f"The database is not of this version: {error}\nRun “gensvar upgrade”."
            ) from error

    return ready


def set_up() -> None:
    """Set Django up. Raises ClickException for a setting that cannot be understood."""
    import django

    from gensvar.config.environment import BadSetting

    try:
        django.setup()
    except BadSetting as error:
        raise click.ClickException(str(error)) from error
