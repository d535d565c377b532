"""A crowd of browsers on one thread: each visit has a connection of its own, and costs our side as little as can be.

The crowd shares the cores with what it visits, so whatever it burns itself is taken from the measurement.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

PATIENCE: Final = 60.0  # seconds for one answer
STEP: Final = 0.5  # seconds between two looks for visits that have waited too long
CHUNK: Final = 1 << 18


@dataclass(slots=True, eq=False)
class Visit:
    """One request on a connection of its own, and what is done with its answer.

    `then` gets the visit with `answer` (all bytes that came) or `error`; it may give another visit that follows at once.
    """

    request: bytes
    then: Callable[[Visit], Visit | None]
    began: float = 0.0  # of time.perf_counter, as `ended` is
    ended: float = 0.0
    answer: bytes = b""
    error: OSError | None = None
    parts: list[bytes] = field(default_factory=list)

    @property
    def took(self) -> float:
        """Seconds from the first packet to the last."""
        return self.ended - self.began

    @property
    def status(self) -> int:
        """The status of the answer; 0 where it has none."""
        return int(self.answer[9:12] or 0)

    @property
    def body(self) -> bytes:
        """What follows the headers."""
        return self.answer.partition(b"\r\n\r\n")[2]


class Crowd:
    """Lets visits come when it is their time, whether those before them have been answered or not."""

    def __init__(self, port: int) -> None:
        self.late = 0.0  # seconds by which the arrivals themselves fell behind
        self._port = port
        self._selector = selectors.DefaultSelector()
        self._open: dict[Visit, socket.socket] = {}

    def come(self, arrivals: Iterable[tuple[float, Visit]]) -> None:
        """Make all these visits, each at its second from now; they must be in order. Returns when the last has ended."""
        began = looked = time.perf_counter()
        for at, visit in arrivals:
            while (wait := at - (time.perf_counter() - began)) > 0:
                self._turn(wait)
                looked = self._give_up(looked)
            self.late = max(self.late, -wait)
            self._begin(visit)
            if len(self._open) % 16 == 0:
                self._turn(0)
        while self._open:
            self._turn(STEP)
            looked = self._give_up(looked)

    def _begin(self, visit: Visit) -> None:
        visit.began = time.perf_counter()
        connection = socket.socket()
        connection.setblocking(False)
        self._open[visit] = connection
        connection.connect_ex(("127.0.0.1", self._port))
        self._selector.register(connection, selectors.EVENT_WRITE, visit)

    def _turn(self, wait: float) -> None:
        """Do what can be done now, or wait so many seconds for something that can."""
        for key, mask in self._selector.select(wait):
            visit, connection = key.data, self._open[key.data]
            try:
                if mask & selectors.EVENT_WRITE:
                    self._send(visit, connection)
                elif part := connection.recv(CHUNK):
                    visit.parts.append(part)
                else:
                    self._end(visit, None)
            except BlockingIOError:
                continue
            except OSError as error:
                self._end(visit, error)

    def _send(self, visit: Visit, connection: socket.socket) -> None:
        sent = connection.send(visit.request)
        if sent < len(visit.request):
            raise ConnectionAbortedError("The request went only half.")
        self._selector.modify(connection, selectors.EVENT_READ, visit)

    def _end(self, visit: Visit, error: OSError | None) -> None:
        connection = self._open.pop(visit)
        self._selector.unregister(connection)
        connection.close()
        visit.ended, visit.answer, visit.error = time.perf_counter(), b"".join(visit.parts), error
        visit.parts = []
        following = visit.then(visit)
        if following is not None:
            self._begin(following)

    def _give_up(self, looked: float) -> float:
        """End the visits that waited too long; gives when it last looked for them."""
        now = time.perf_counter()
        if now - looked < STEP:
            return looked
        for visit in [one for one in self._open if now - one.began > PATIENCE]:
            self._end(visit, TimeoutError(f"No answer within {PATIENCE:.0f} seconds."))
        return now
