"""Runs the handlers of facts: the database's lane in the main thread, the network's in a few threads beside it."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from typing import Final

from gensvar.config import settings
from gensvar.config.processes import presence
from gensvar.config.processes.stopping import stop_on_signals

logger = logging.getLogger(__name__)

LAST_SENDINGS: Final = 5.0  # seconds that a sending under way gets; an unfinished one is sent again later


def work() -> None:
    """Work until SIGTERM or SIGINT; Django must be set up. Raises SystemExit(1) when a lane has broken down."""
    from gensvar.core import runner
    from gensvar.core.models import Event

    presence.announce("worker")
    broken = threading.Event()

    def send() -> None:
        try:
            runner.run_forever(Event.Lane.NETWORK, stopped)
        except BaseException:
            logger.exception("A sending lane broke down; the worker starts anew. Nothing is lost.")
            broken.set()
            stopped.set()

    with stop_on_signals() as stopped:
        _ensure_recurring(stopped)
        senders = [
            threading.Thread(target=send, name=f"sender-{number}", daemon=True)
            for number in range(settings.GENSVAR_SENDERS)
        ]
        for sender in senders:
            sender.start()
        runner.run_forever(Event.Lane.DATABASE, stopped)
        _wait_for(senders)
    _leave(1 if broken.is_set() else 0)


def _ensure_recurring(stopped: threading.Event) -> None:
    from django.db import DatabaseError, connection

    from gensvar.core import absence, recurring

    while not stopped.is_set():
        try:
            recurring.ensure()
        except DatabaseError as error:
            absence.database.met(error)
            connection.close()
            stopped.wait(1)
        else:
            absence.database.over()
            return


def _wait_for(senders: list[threading.Thread]) -> None:
    until = time.monotonic() + LAST_SENDINGS
    for sender in senders:
        sender.join(max(0.0, until - time.monotonic()))


def _leave(code: int) -> None:
    """End without waiting for a sender that hangs in a slow network."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
