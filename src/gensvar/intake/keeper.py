"""Keeps what several connections brought in one transaction: one sync of the disk serves all who wait for it.

Neighbours: listener waits for the answers; services.receive_all does the keeping.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Final

from django.db import InterfaceError, OperationalError, connection

from gensvar.intake.services import Arrival, Received, receive_all

MOST_TOGETHER: Final = 64  # arrivals in one transaction
AT_ONCE: Final = 1.0  # seconds; a failure within them is not one of waiting

Job = tuple[Sequence[Arrival], "Future[list[Received]]"]


class Keeper:
    """One thread with a database connection of its own. A job is answered only after its commit."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="intake-keeper", daemon=True)

    def start(self) -> None:
        """Begin to keep."""
        self._thread.start()

    def stop(self) -> None:
        """Keep what waits, then end."""
        self._jobs.put(None)
        self._thread.join()

    def keep(self, arrivals: Sequence[Arrival]) -> Future[list[Received]]:
        """Keep these together, all or none; the future holds what became of them, or why they could not be kept."""
        answer: Future[list[Received]] = Future()
        self._jobs.put((arrivals, answer))
        return answer

    def _run(self) -> None:
        going_on = True
        while going_on:
            jobs = [self._jobs.get()]
            while len(jobs) < MOST_TOGETHER and jobs[-1] is not None:
                try:
                    jobs.append(self._jobs.get_nowait())
                except queue.Empty:
                    break
            going_on = jobs[-1] is not None
            # Whoever hung up while they waited was promised nothing; from here on nobody can, so every answer has its place.
            self._keep([job for job in jobs if job is not None and job[1].set_running_or_notify_cancel()])
        connection.close()

    def _keep(self, jobs: list[Job]) -> None:
        if not jobs:
            return
        try:
            received = _receive([arrival for arrivals, _ in jobs for arrival in arrivals])
        except Exception as error:
            connection.close()
            if len(jobs) == 1:
                jobs[0][1].set_exception(error)
                return
            for job in jobs:  # one that cannot be kept does not take the others with it
                self._keep([job])
            return
        for arrivals, answer in jobs:
            answer.set_result(received[: len(arrivals)])
            received = received[len(arrivals) :]


def _receive(arrivals: Sequence[Arrival]) -> list[Received]:
    """Keep them; where a connection that died meanwhile failed at once, try once more on a new one."""
    began = time.monotonic()
    try:
        return receive_all(arrivals)
    except (OperationalError, InterfaceError):
        connection.close()
        if time.monotonic() - began > AT_ONCE:
            raise
        return receive_all(arrivals)
