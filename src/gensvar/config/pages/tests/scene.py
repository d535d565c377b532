"""One web process's application, asked as a WSGI server asks it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import Any

import brotli  # type: ignore[import-untyped]
from django.core.wsgi import get_wsgi_application

from gensvar.config.pages import front
from gensvar.publishing.models import PublicExchange


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        coding = self.headers.get("Content-Encoding", "")
        packed = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding, bytes)
        return str(packed(self.body).decode())


@dataclass
class Web:
    """One web process's application, and how often Django had to answer."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        django = get_wsgi_application()

        def counted(environ: dict[str, Any], start_response: Any) -> Any:
            self.asked.append(environ)
            return django(environ, start_response)

        self.front = front.Front(counted)

    def get(self, path: str, query: str = "", method: str = "GET", **headers: str) -> Answer:
        from io import BytesIO

        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(), "wsgi.errors": BytesIO(),
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}  # fmt: skip
        said: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            said.update(status=int(status[:3]), headers=dict(headers))

        found = self.front(environ, start_response)
        body = b"".join(found)
        if close := getattr(found, "close", None):
            close()
        return Answer(said["status"], said["headers"], body)


def exchange_address(exchange: PublicExchange) -> str:
    return f"/fragor/{exchange.number}-{exchange.slug}"
