"""Lets a long command end between two steps when it is asked to. Neighbours: import and reindex."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from gensvar.config.language import gettext as _


@contextmanager
def stop_asked() -> Iterator[list[int]]:
    """The signals that asked us to stop, so far; the second one no longer waits for what is being kept."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) > 1:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            raise click.ClickException(
                _("Stopped at once. What was committed is kept. Say the same again: nothing comes twice.")
            )

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
