"""A real HTTP server on loopback that does what tests ask of it, good and bad."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Server:
    """Answers each path by bytes, or by what a function does with the connection. `asked` holds every request."""

    port: int
    pages: dict[str, bytes | Callable[[socket.socket], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def pair(self) -> str:
        """Host and port as the setting names them."""
        return f"127.0.0.1:{self.port}"

    def at(self, path: str) -> str:
        """An address of it."""
        return f"http://{self.pair}{path}"


def page(body: str, status: str = "200 OK", *, headers: str = "") -> bytes:
    """A whole answer in HTML."""
    data = body.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(data)}\r\n{headers}\r\n"
    return head.encode() + data


def leads(address: str) -> bytes:
    """A redirect."""
    return f"HTTP/1.1 302 Found\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n".encode()


@contextmanager
def serving() -> Iterator[Server]:
    """The server, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    made = Server(listener.getsockname()[1])
    thread = threading.Thread(target=_serve, args=(listener, made), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _serve(listener: socket.socket, server: Server) -> None:
    while True:
        try:
            connection, _peer = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection, server), daemon=True).start()


def _answer(connection: socket.socket, server: Server) -> None:
    with connection:
        try:
            asked = connection.recv(65536).decode("latin-1")
            server.asked.append(asked)
            path = asked.split(" ")[1] if asked.count(" ") > 1 else ""
            what = server.pages.get(path, page("", "404 Not Found"))
            if isinstance(what, bytes):
                connection.sendall(what)
            else:
                what(connection)
        except OSError:  # who asked has gone
            return
