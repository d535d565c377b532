"""Sends mails by SMTP over several connections with as little work of its own as can be: it shares the cores with us."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence

from bench.mails import Mail


def send_all(mails: Sequence[Mail], port: int, connections: int = 8) -> None:
    """Send every mail; returns when each has its 250. Raises what any of the connections met."""
    failures: list[BaseException] = []
    threads = [
        threading.Thread(target=_connection, args=(mails[n::connections], port, failures))
        for n in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _connection(mails: Sequence[Mail], port: int, failures: list[BaseException]) -> None:
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=120) as connected,
            connected.makefile("rb") as replies,
        ):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _expect(replies.readline(), b"220")
            connected.sendall(b"EHLO bench\r\n")
            while (line := replies.readline())[3:4] == b"-":
                pass
            _expect(line, b"250")
            for mail in mails:
                connected.sendall(
                    f"MAIL FROM:<{mail.sender}> BODY=8BITMIME\r\nRCPT TO:<{mail.to}>\r\nDATA\r\n".encode()
                )
                for wanted in (b"250", b"250", b"354"):
                    _expect(replies.readline(), wanted)
                connected.sendall(mail.raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
                _expect(replies.readline(), b"250")
            connected.sendall(b"QUIT\r\n")
    except BaseException as error:
        failures.append(error)


def _expect(line: bytes, wanted: bytes) -> None:
    if not line.startswith(wanted):
        raise RuntimeError(f"The mail server said {line!r} where {wanted!r} was wanted.")
