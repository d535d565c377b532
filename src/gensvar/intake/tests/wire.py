"""Speaks SMTP and LMTP for tests: one mail by smtplib, or bare bytes."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from collections.abc import Callable, Iterator

from gensvar.intake.models import Envelope

GATA = "gata@norrvik.example"
SKOLA = "skolan@norrvik.example"
LARGEST = 1024 * 1024


def data(
    client: smtplib.SMTP, raw: bytes, *recipients: str, sender: str = "anna@example.se"
) -> tuple[int, bytes]:
    """One mail through MAIL, RCPT and DATA; the (first) reply after it."""
    client.ehlo_or_helo_if_needed()
    assert client.mail(sender)[0] == 250
    for recipient in recipients or (GATA,):
        assert client.rcpt(recipient)[0] == 250
    return client.data(raw)


def kept() -> list[bytes]:
    return [envelope.read_raw() for envelope in Envelope.objects.order_by("pk")]


@contextlib.contextmanager
def raw_client(port: int) -> Iterator[Callable[..., list[bytes]]]:
    """Speaks bytes: sends all lines at once, then reads one reply for each (and `more`)."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=120) as connected,
        connected.makefile("rb") as stream,
    ):
        stream.readline()

        def say(*lines: bytes, more: int = 0) -> list[bytes]:
            connected.sendall(b"".join(line + b"\r\n" for line in lines))
            replies = []
            for _ in range(len(lines) + more):
                reply = stream.readline()
                while reply[3:4] == b"-":
                    reply += stream.readline()
                    if reply.rsplit(b"\r\n", 2)[-2][3:4] == b" ":
                        break
                replies.append(reply)
            return replies

        yield say
