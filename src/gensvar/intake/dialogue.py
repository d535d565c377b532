"""The talk with one mail server, SMTP (RFC 5321) or LMTP (RFC 2033): what aiosmtpd lacks for keeping every word.

Long lines are taken, bytes stay as they came, and LMTP gets one reply for each recipient. Neighbour: listener.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final, Protocol

from aiosmtpd.smtp import SMTP, syntax

IDLE: Final = 300  # seconds that the other side may be silent (RFC 5321 § 4.5.3.2.7)
PIECE: Final = 2**16  # bytes read at a time
SLOWEST: Final = (
    5_000  # bytes a second that a mail must come at, on the whole, once it has had its IDLE seconds
)
CALLS: Final = {"NOOP": 100, "HELP": 20, "VRFY": 20, "HELO": 20, "EHLO": 20, "LHLO": 20, "*": 100_000}
BARE: Final = re.compile(r"(2|4|5)\d\d (?!\d\.\d{1,3}\.\d{1,3} )")
PATH: Final = re.compile(r"\s*<([^<>\s\"\\,:;@]+@[^<>\s\"\\,:;@\[\]]+)?>(.*)", re.DOTALL)
END: Final = b"\r\n.\r\n"


class House(Protocol):
    """What the dialogue asks of the listener."""

    hostname: str
    largest: int  # bytes of one mail

    def enter(self, dialogue: Dialogue) -> bool:
        """Whether there is room for one more connection."""

    def leave(self, dialogue: Dialogue) -> None:
        """The connection has ended."""

    def hold(self, size: int) -> bool:
        """Whether that many more bytes may be held in memory (counted if so); negative when they are let go."""

    def failed(self, error: Exception) -> None:
        """Something went wrong that the other side shall not read about."""

    async def deliver(self, dialogue: Dialogue, content: bytes) -> list[str]:
        """Keep the mail and give the replies: one for SMTP, one for each recipient for LMTP."""


class Dialogue(SMTP):
    """SMTP with one reply after DATA."""

    line_length_limit = PIECE  # of the reader's buffer; a mail's lines may be longer
    source = "smtp"
    replies_each = False

    def __init__(self, house: House, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            house,
            data_size_limit=house.largest,
            enable_SMTPUTF8=True,
            hostname=house.hostname,
            ident="Gensvar",
            timeout=IDLE,
            command_call_limit=CALLS,
            loop=loop,
        )
        self.house = house
        self.refused = False
        self.busy = False  # a mail is being kept: not a moment to hang up
        self.heard_at = loop.time()
        self._greeting = True  # greeting and EHLO carry no enhanced status code (RFC 2034 § 3)

    # --- Connections: there are only so many -------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or say that there is no room."""
        if self.house.enter(self):
            super().connection_made(transport)
            return
        self.refused = True
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"421 4.3.2 Too many connections at this moment; please try again in a minute.\r\n")
        transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Make room for another."""
        if not self.refused:
            self.house.leave(self)
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """The other side said all that it will say."""
        return None if self.refused else super().eof_received()

    def data_received(self, data: bytes) -> None:
        """Note that the other side is alive."""
        self.heard_at = self.loop.time()
        if not self.refused:
            super().data_received(data)

    def hang_up(self) -> None:
        """End a silent connection to make room for another."""
        if self.transport is not None:
            self._writer.write(b"421 4.4.2 Silent for too long while others wait; please come back.\r\n")
            self.transport.close()

    # --- Replies ----------------------------------------------------------------------------

    async def push(self, status: Any) -> None:
        """Send a reply, with an enhanced status code where aiosmtpd gives none (RFC 2034; RFC 2033 asks for it)."""
        if isinstance(status, str) and status.startswith("552 Error"):  # the size that MAIL tells
            status = self.too_large
        if isinstance(status, str) and not self._greeting and (bare := BARE.match(status)):
            status = f"{status[:4]}{bare[1]}.0.0 {status[4:]}"
        self._greeting = False
        await super().push(status)

    @property
    def too_large(self) -> str:
        """What whoever sent it reads in the report of their own mail server."""
        return f"552 5.3.4 This mail is larger than we can take ({self.house.largest // 1024} kB)."

    async def smtp_HELO(self, hostname: str) -> None:
        """The old greeting."""
        self._greeting = True
        await super().smtp_HELO(hostname)

    async def smtp_EHLO(self, hostname: str) -> None:
        """Say what we can."""
        if not hostname:
            await super().push("501 5.5.4 Syntax: EHLO hostname")
            return
        self._set_rset_state()  # type: ignore[no-untyped-call]
        assert self.session is not None
        self.session.extended_smtp = True
        self.session.host_name = hostname
        self.command_size_limits["MAIL"] = self.command_size_limits["RCPT"] = 2048
        lines = [
            self.hostname,
            f"SIZE {self.data_size_limit}",
            "8BITMIME",
            "SMTPUTF8",
            "PIPELINING",
            "ENHANCEDSTATUSCODES",
        ]
        await super().push("".join(f"250-{line}\r\n" for line in lines) + "250 HELP")

    async def handle_exception(self, error: Exception) -> str:
        """Nothing of our insides goes to the other side; the mail stays with it and comes again."""
        self.house.failed(error)
        return "451 4.3.0 Something went wrong here; nothing was taken, please try again."

    # --- Addresses --------------------------------------------------------------------------

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The address and what follows it; the usual form quickly, every other one as aiosmtpd reads it."""
        if found := PATH.fullmatch(arg):
            return found[1] or "<>", found[2].strip()
        try:
            return super()._getaddr(arg)
        except Exception:  # the parser of the standard library breaks on some
            return None, None

    # --- DATA -------------------------------------------------------------------------------

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:
        """Take one mail and answer when it is kept, or say why not."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        held: list[bytes] = []
        try:
            refusal = await self._read_mail(held)
            if refusal:
                replies = [refusal] * (len(self.envelope.rcpt_tos) if self.replies_each else 1)
            else:
                replies = await self._deliver(held)
        finally:
            self._let_go(held)
            self._set_post_data_state()  # type: ignore[no-untyped-call]
        for reply in replies:
            await self.push(reply)

    async def _deliver(self, held: list[bytes]) -> list[str]:
        self.busy = True
        assert self._timeout_handle is not None
        self._timeout_handle.cancel()  # it is we who are slow now
        try:
            # Undo the transparency of RFC 5321 § 4.5.2; the first CRLF is ours (see _read_mail).
            content = b"".join(held)[: -len(END) + 2].replace(b"\r\n.", b"\r\n")[2:]
            return await self.house.deliver(self, content)
        finally:
            self.busy = False
            if self.transport is not None:
                self._reset_timeout()

    async def _read_mail(self, held: list[bytes]) -> str:
        """Read up to the lone dot into `held`; gives the refusal if the mail is too large to be taken.

        Only CRLF dot CRLF ends a mail, so that no second mail can be smuggled in behind a lone LF.
        """
        reader = self._reader
        reader._buffer[:0] = b"\r\n"  # type: ignore[attr-defined]  # so that a dot on the first line is found too
        began, size, refusal, whole = self.loop.time(), 0, "", False
        while not whole:
            try:
                piece = await reader.readuntil(END)
                whole = True
            except asyncio.LimitOverrunError as error:
                piece = await reader.readexactly(error.consumed)
                self._reset_timeout()  # a slow line that moves is not a silent one
                if self.loop.time() - began > IDLE + size / SLOWEST:
                    self.hang_up()
                    raise asyncio.CancelledError from None
            size += len(piece)
            if not refusal and size > self.house.largest + len(END):
                refusal = self.too_large
            elif not refusal and not self.house.hold(len(piece)):
                refusal = "452 4.3.1 Too much mail at this moment; please try again in a minute."
            if refusal:
                self._let_go(held)
            else:
                held.append(piece)
        return refusal

    def _let_go(self, held: list[bytes]) -> None:
        self.house.hold(-sum(map(len, held)))
        held.clear()


class LocalDialogue(Dialogue):
    """LMTP: LHLO for EHLO, and after DATA one reply for each accepted recipient, in their order (RFC 2033 § 4.2)."""

    source = "lmtp"
    replies_each = True

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:
        """The greeting of LMTP."""
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, hostname: str) -> None:
        """Not a command of LMTP."""
        await self.push("500 5.5.1 This is LMTP: begin with LHLO")

    async def smtp_EHLO(self, hostname: str) -> None:
        """Not a command of LMTP."""
        await self.push("500 5.5.1 This is LMTP: begin with LHLO")
