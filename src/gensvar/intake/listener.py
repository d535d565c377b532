"""Takes mail by SMTP and LMTP; 250 is said only after the commit. Neighbours: dialogue talks, keeper keeps."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import urlsplit

from aiosmtpd.smtp import Envelope as MailEnvelope
from aiosmtpd.smtp import Session
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.addresses import split_plus
from gensvar.core import absence
from gensvar.intake.addresses import AddressBook, belongs
from gensvar.intake.dialogue import Dialogue, LocalDialogue
from gensvar.intake.identity import with_no_sender
from gensvar.intake.keeper import Keeper
from gensvar.intake.models import Envelope
from gensvar.intake.services import Arrival

logger = logging.getLogger(__name__)

MOST_CONNECTIONS: Final = 200
SILENT: Final = 20.0  # seconds after which a silent connection may have to go when all are taken
MOST_RECIPIENTS: Final = 100
LEAVE_TIME: Final = 5.0  # seconds that mails being kept have when the server stops

KEPT: Final = "250 2.0.0 Kept"
AWAY: Final = "451 4.3.0 The mail cannot be kept at this moment; nothing was taken, please try again."
GONE: Final = "550 5.1.1 There is nobody at this address here any more."
ONE_GONE: Final = "451 4.3.0 One of these addresses was closed just now; nothing was taken, please try again."
FULL: Final = "452 4.3.1 There is no room to keep the mail; nothing was taken, please try again later."


class MailServer:
    """Listens on both ports (None: as the settings say; 0: any free one); `smtp_port` and `lmtp_port` tell after start."""

    def __init__(
        self, *, host: str | None = None, smtp_port: int | None = None, lmtp_port: int | None = None
    ) -> None:
        self.host = settings.GENSVAR_MAIL_HOST if host is None else host
        self.smtp_port: int = settings.GENSVAR_SMTP_PORT if smtp_port is None else smtp_port
        self.lmtp_port: int = settings.GENSVAR_LMTP_PORT if lmtp_port is None else lmtp_port
        self.hostname = urlsplit(settings.GENSVAR_URL).hostname or "localhost"
        self.largest: int = settings.GENSVAR_LARGEST_WORD
        self._most_held = max(4 * self.largest, 2**26)
        self._held = 0
        self._dialogues: set[Dialogue] = set()
        self._book = AddressBook()
        self._keeper = Keeper()
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="intake-addresses")
        self._stopped = threading.Event()
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    # --- Life -------------------------------------------------------------------------------

    def start(self) -> None:
        """Listen in a thread of its own; returns when mail can come. Raises OSError when a port is taken."""
        self._thread = threading.Thread(target=self._run, name="intake-listener", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Answer for what is being kept, then stop."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self.serve(self._stopped)
        except BaseException as error:
            self._error = error
        finally:
            self._ready.set()

    def serve(self, stopped: threading.Event) -> None:
        """Listen until `stopped` is set. Raises OSError when a port is taken."""
        asyncio.run(self._serve(stopped))

    async def _serve(self, stopped: threading.Event) -> None:
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(lambda: Dialogue(self, loop), self.host, self.smtp_port, backlog=256)
        self.smtp_port = smtp.sockets[0].getsockname()[1]
        lmtp = await loop.create_server(
            lambda: LocalDialogue(self, loop), self.host, self.lmtp_port, backlog=256
        )
        self.lmtp_port = lmtp.sockets[0].getsockname()[1]
        self._keeper.start()
        self._ready.set()
        try:
            await asyncio.to_thread(stopped.wait)
        finally:
            for server in (smtp, lmtp):
                server.close()
            await self._let_go()
            self._asking.submit(connections.close_all)
            self._asking.shutdown()
            await asyncio.to_thread(self._keeper.stop)

    async def _let_go(self) -> None:
        """Hang up on everybody, but wait a little for mails that are being kept just now."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LEAVE_TIME
        while self._dialogues and loop.time() < until:
            for dialogue in list(self._dialogues):
                if not dialogue.busy and dialogue.transport is not None:
                    dialogue.transport.close()
            await asyncio.sleep(0.01)
        for dialogue in list(self._dialogues):
            if isinstance(dialogue.transport, asyncio.Transport):
                dialogue.transport.abort()

    # --- What a dialogue asks (dialogue.House) -----------------------------------------------

    def enter(self, dialogue: Dialogue) -> bool:
        """Room for one more; where all is taken, the one that has been silent longest goes."""
        if len(self._dialogues) >= MOST_CONNECTIONS:
            silent = min(
                (one for one in self._dialogues if not one.busy), key=lambda one: one.heard_at, default=None
            )
            if silent is None or dialogue.loop.time() - silent.heard_at < SILENT:
                return False
            self._dialogues.discard(silent)
            silent.hang_up()
        self._dialogues.add(dialogue)
        return True

    def leave(self, dialogue: Dialogue) -> None:
        """One has gone."""
        self._dialogues.discard(dialogue)

    def hold(self, size: int) -> bool:
        """Count bytes in memory; False where there are too many."""
        if size > 0 and self._held + size > self._most_held:
            return False
        self._held += size
        return True

    def failed(self, error: Exception) -> None:
        """Tell the log; the other side only learns that it should try again."""
        if not absence.tell(error):
            logger.error("A mail connection failed: %r", error, exc_info=error)

    async def handle_RCPT(
        self, server: Dialogue, session: Session, envelope: MailEnvelope, address: str, options: list[str]
    ) -> str:
        """Accept an address of ours, refuse every other one at once (550)."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients for one mail; please send the rest in another."
        if self._book.remembered(address) is None:
            try:
                found = await server.loop.run_in_executor(self._asking, self._ask, address)
            except DatabaseError as error:
                self.failed(error)
                return AWAY
            if found is None:
                return "550 5.1.1 There is nobody at this address here."
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def deliver(self, dialogue: Dialogue, content: bytes) -> list[str]:
        """Keep the mail for each of its contact points; SMTP has one answer for all, LMTP one for each recipient."""
        assert dialogue.envelope is not None
        sender = str(dialogue.envelope.mail_from or "").removeprefix("<>")
        content = content if sender else with_no_sender(content)
        recipients = [str(address) for address in dialogue.envelope.rcpt_tos]
        if dialogue.replies_each:
            return list(
                await asyncio.gather(
                    *(self._keep(dialogue, content, sender, [recipient]) for recipient in recipients)
                )
            )
        recipients.sort(key=lambda address: not split_plus(address)[1])  # the one with a token says most
        return [await self._keep(dialogue, content, sender, recipients)]

    async def _keep(self, dialogue: Dialogue, content: bytes, sender: str, recipients: list[str]) -> str:
        source = Envelope.Source(dialogue.source)
        try:
            arrivals = [
                Arrival(content, await self._point(dialogue, recipient), source, sender, recipient)
                for recipient in recipients
            ]
            belonging = {
                one.contact_point.pk
                for one in arrivals
                if belongs(one.contact_point, one.recipient, sender, content)
            }
            # RCPT would take them all again: what belongs to one place must not wait for ever for what belongs to none.
            kept = [one for one in arrivals if one.contact_point.pk in belonging]
            if not kept:
                return GONE
            received = await asyncio.wrap_future(self._keeper.keep(kept))
        except AddressGone:
            # One answer for all may not refuse for good what the others would have taken: the next RCPT tells them apart.
            return GONE if len(recipients) == 1 else ONE_GONE
        except Exception as error:  # whatever it is, each recipient of LMTP has a reply of their own
            known = isinstance(error, DatabaseError | OSError)
            if not absence.tell(error):
                logger.error("A mail could not be kept and was not accepted: %r", error, exc_info=not known)
            return FULL if is_full(error) else AWAY
        return f"{KEPT} ({received[0].envelope_id})"

    async def _point(self, dialogue: Dialogue, address: str) -> ContactPoint:
        point = self._book.remembered(address)
        if point is None:
            point = await dialogue.loop.run_in_executor(self._asking, self._ask, address)
        if point is None:
            raise AddressGone(address)
        return point

    def _ask(self, address: str) -> ContactPoint | None:
        close_old_connections()
        try:
            return self._book.find(address)
        except DatabaseError:
            with contextlib.suppress(Exception):
                connections.close_all()
            raise


class AddressGone(Exception):
    """The contact point was closed between RCPT and DATA."""


def is_full(error: BaseException) -> bool:
    """Whether the store said that it has no room left (disk full, quota, PostgreSQL's class 53)."""
    cause: Any = error.__cause__ or error
    if isinstance(cause, OSError):
        return cause.errno in {errno.ENOSPC, errno.EDQUOT}
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return str(getattr(cause, "sqlstate", "") or "").startswith("53")
