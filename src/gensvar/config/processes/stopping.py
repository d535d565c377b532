"""Turns SIGTERM and SIGINT into a quiet request to stop, so that what has been begun is finished."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def signals_heeded() -> tuple[signal.Signals, ...]:
    """What asks us to stop. Not SIGHUP where whoever started us had it ignored: `nohup` does, so that we outlive the terminal."""
    asked = (signal.SIGINT, signal.SIGTERM)
    return asked if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (*asked, signal.SIGHUP)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that is set by SIGTERM, SIGINT or SIGHUP while the block runs. For the main thread."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in signals_heeded()}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
