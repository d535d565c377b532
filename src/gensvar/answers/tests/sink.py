"""A real SMTP server for tests: it keeps every mail, and can be away, slow, greylist, refuse, or break off.

Other rooms' tests and the journeys import it: `with Sink() as sink: ... sink.wait_for(1)`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from types import TracebackType
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail as the server took it."""

    mail_from: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def mail(self) -> Mail:
        """The mail, parsed by the standard library."""
        return cast(Mail, message_from_bytes(self.data, policy=default))

    @property
    def message_id(self) -> str:
        """Its Message-ID without brackets."""
        return str(self.mail["Message-ID"]).strip().strip("<>")

    @property
    def reply_to(self) -> str:
        """The address that a mail program would answer to."""
        return str(self.mail["Reply-To"].addresses[0].addr_spec)  # type: ignore[union-attr]

    @property
    def text(self) -> str:
        """Its plain text."""
        body = self.mail.get_body(("plain",))  # type: ignore[attr-defined]
        return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


@dataclass
class Sink:
    """The server, in a thread of its own; its manners may be changed at any time."""

    greylists: bool = False  # 451 to every recipient
    refuses: set[str] = field(default_factory=set)  # 550 to these addresses
    full: set[str] = field(default_factory=set)  # 452 to these addresses
    refuses_content: bool = False  # 554 after the data
    slow: float = 0.0  # seconds between taking the data and saying so
    drops: bool = (
        False  # breaks the connection off instead of answering to the data; the mail is kept all the same
    )
    host: str = "127.0.0.1"
    port: int = 0  # chosen by the system at the first start, then kept
    taken: list[Taken] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)  # every recipient named, also those that were turned away

    def __post_init__(self) -> None:
        self._news = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """What GENSVAR_MAIL_OUT takes."""
        return f"smtp://{self.host}:{self.port}"

    def start(self) -> None:
        """Begin to listen; at the same port again after a stop."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), name="sink", daemon=True)
        self._thread.start()
        if not ready.wait(120):
            raise RuntimeError("the sink did not begin to listen within two minutes")

    def stop(self) -> None:
        """Be away: connections are refused. What was taken stays."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop = self._thread = None

    def __enter__(self) -> Sink:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait_for(
        self, count: int, matching: Callable[[Taken], bool] | None = None, seconds: float = 20
    ) -> list[Taken]:
        """The mails (those that match), once there are that many. Raises AssertionError when they do not come in time."""
        found: list[Taken] = []

        def enough() -> bool:
            found[:] = [one for one in self.taken if matching is None or matching(one)]
            return len(found) >= count

        with self._news:
            if not self._news.wait_for(enough, seconds):
                raise AssertionError(f"{len(found)} of {count} mails came within {seconds} seconds")
        return list(found)

    def to(self, address: str) -> list[Taken]:
        """The mails for that address, in the order that they came."""
        return [one for one in self.taken if address in one.recipients]

    def _serve(self, ready: threading.Event) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self._loop = loop
        server = loop.run_until_complete(
            loop.create_server(lambda: SMTP(_Manners(self), hostname="sink", loop=loop), self.host, self.port)
        )
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        try:
            loop.run_forever()
        finally:
            server.close()
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    def _take(self, mail: Taken) -> None:
        with self._news:
            self.taken.append(mail)
            self._news.notify_all()


class _Manners:
    """How the server answers, in aiosmtpd's terms."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Turn the recipient away, or not."""
        self.sink.tried.append(address)
        if address in self.sink.refuses:
            return "550 5.1.1 Nobody of that name lives here"
        if address in self.sink.full:
            return "452 4.2.2 The mailbox is full"
        if self.sink.greylists:
            return "451 4.7.1 We do not know you yet, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail, or turn it away."""
        if self.sink.refuses_content:
            return "554 5.6.0 We do not take that"
        data: Any = envelope.original_content
        self.sink._take(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), bytes(data)))
        if self.sink.slow:
            await asyncio.sleep(self.sink.slow)
        if self.sink.drops:
            cast(asyncio.Transport, server.transport).abort()
        return "250 2.0.0 Taken"
