"""Fetches one page of somebody else's, politely and within limits of time, size and steps; says in a closed set what came.

Neighbours: guard judges every address, at every redirect; reading makes sense of the page.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import enum
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpcore
import httpx

from gensvar.core import clock
from gensvar.core.outside import guard
from gensvar.core.outside.guard import BadAddress, LeadsInside, NoSuchName, Resolve, ask_name_server

SECONDS: Final = 15.0  # for all of it, redirects too
STEP: Final = 6.0  # seconds for one connection or one reading
LARGEST: Final = 256 * 1024  # bytes that are looked at; of a larger page this much is enough
MOST_REDIRECTS: Final = 5
MOST_IPS: Final = 3  # addresses of one host that are tried
LONGEST_PAUSE: Final = dt.timedelta(days=7)  # that a server may ask us for


class Trouble(enum.StrEnum):
    """Why no page was seen: a closed set."""

    ADDRESS = "address"  # no address that one can open
    INSIDE = "inside"  # it leads into a private network
    NO_NAME = "no_name"
    SILENT = "silent"  # nobody takes the connection
    SLOW = "slow"  # not done within the time
    UNSAFE = "unsafe"  # TLS: no valid certificate for that name
    LOOP = "loop"  # too many redirects
    BROKEN_OFF = "broken_off"  # what came is no HTTP


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one look: a page with its status, or a trouble."""

    address: str  # where it ended
    status: int | None = None
    trouble: Trouble | None = None
    body: bytes = b""  # of a page of the wanted kind, at most as much as was wanted
    charset: str = ""
    pause: dt.timedelta | None = None  # that the server asked for (Retry-After)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a look is for."""

    accept: str  # as HTTP says it
    kinds: frozenset[str]  # media types whose body is read; none: of any
    largest: int = LARGEST  # bytes that are read
    secure: bool = False  # https alone, also where a redirect leads; but for what is let through


PAGES: Final = Wanted("text/html,*/*;q=0.5", frozenset({"text/html", "application/xhtml+xml"}))


def fetch(
    address: str,
    *,
    agent: str,
    wanted: Wanted = PAGES,
    allowed: frozenset[str] = frozenset(),
    resolve: Resolve = ask_name_server,
    seconds: float = SECONDS,
) -> Seen:
    """Look at one address. Never raises for what others do; never inside a transaction, for it takes up to `seconds`.

    `agent` says who asks. `allowed` names host:port pairs that are let through though they are of our own network.
    """
    ends = time.monotonic() + seconds
    headers = {"User-Agent": agent, "Accept": wanted.accept, "Accept-Encoding": "identity"}
    here = address
    try:
        with httpx.Client(
            transport=_Transport(_Backend(allowed, resolve, ends)),
            headers=headers,
            follow_redirects=False,
            trust_env=False,
        ) as client:
            for _step in range(MOST_REDIRECTS + 1):
                url = _url(here)
                guard.check(url, allowed, secure=wanted.secure)
                client.cookies.clear()
                with client.stream("GET", url, timeout=STEP) as response:
                    following = response.headers.get("location") if response.is_redirect else None
                    if not following:
                        return _page(response, here, wanted)
                    here = str(_joined(url, following))
    except Exception as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        return Seen(here, trouble=trouble)
    return Seen(here, trouble=Trouble.LOOP)


def _url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
        url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise BadAddress(text[:200]) from error
    return url


def _joined(url: httpx.URL, following: str) -> httpx.URL:
    try:
        return url.join(following).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise BadAddress(following[:200]) from error


def _trouble(error: Exception) -> Trouble | None:
    """What the failure of a look was; None for a fault of our own."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and isinstance(
        cause, Exception
    ):
        causes.append(cause)
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return Trouble.UNSAFE
    kinds: tuple[tuple[tuple[type[Exception], ...], Trouble], ...] = (
        ((BadAddress,), Trouble.ADDRESS),
        ((LeadsInside,), Trouble.INSIDE),
        ((NoSuchName,), Trouble.NO_NAME),
        ((httpcore.ConnectTimeout, httpcore.ConnectError), Trouble.SILENT),
        ((httpcore.TimeoutException, httpx.TimeoutException), Trouble.SLOW),
        ((httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol), Trouble.BROKEN_OFF),
        ((httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict), Trouble.BROKEN_OFF),
    )
    return next((trouble for classes, trouble in kinds if isinstance(error, classes)), None)


def _page(response: httpx.Response, address: str, wanted: Wanted) -> Seen:
    kind, _mark, rest = response.headers.get("content-type", "text/html").partition(";")
    read = not wanted.kinds or kind.strip().lower() in wanted.kinds
    return Seen(
        address=address,
        status=response.status_code,
        body=_body(response, wanted.largest) if read else b"",
        charset=_charset(rest),
        pause=_pause(response.headers.get("retry-after", "")),
    )


def _charset(rest: str) -> str:
    name, _mark, value = rest.strip().partition("=")
    return value.strip(" \"'")[:40] if name.strip().lower() == "charset" else ""


def _body(response: httpx.Response, largest: int) -> bytes:
    """What came, unpacked within the limit: a small file that unpacks to gigabytes is read no further than that."""
    data = bytearray()
    for chunk in response.iter_raw():
        data += chunk
        if len(data) >= largest:
            break
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in {"gzip", "x-gzip", "deflate"}:
        try:
            return zlib.decompressobj(47).decompress(bytes(data), largest)
        except zlib.error:
            return b""
    return bytes(data[:largest]) if coding in {"", "identity"} else b""


def _pause(said: str) -> dt.timedelta | None:
    """Retry-After (RFC 9110, 10.2.3): seconds or a date; at most LONGEST_PAUSE."""
    if said.strip().isascii() and said.strip().isdecimal():
        asked = dt.timedelta(seconds=min(int(said[:9]), int(LONGEST_PAUSE.total_seconds())))
    else:
        try:
            at = email.utils.parsedate_to_datetime(said)
        except (TypeError, ValueError):
            return None
        asked = (at if at.tzinfo else at.replace(tzinfo=dt.UTC)) - clock.now()
    return min(max(asked, dt.timedelta()), LONGEST_PAUSE)


class _Backend(httpcore.NetworkBackend):
    """Connects to judged addresses only, and gives no step more time than is left of the whole."""

    def __init__(self, allowed: frozenset[str], resolve: Resolve, ends: float) -> None:
        self._allowed, self._resolve, self._ends = allowed, resolve, ends
        self._real = httpcore.SyncBackend()

    def left(self, timeout: float | None) -> float:
        """Seconds that a step may take. Raises ReadTimeout where none is left."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The time for this look is over.")
        return min(left, timeout if timeout is not None else left)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """To one of the addresses behind that host; the name is not asked for again. Raises as `guard.judged` does."""
        last: Exception | None = None
        for ip in guard.judged(host, port, self._allowed, self._resolve)[:MOST_IPS]:
            try:
                return _Stream(self._real.connect_tcp(ip, port, timeout=self.left(timeout)), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last or httpcore.ConnectError(host)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends with the whole, so that nobody holds us by one byte every few seconds."""

    def __init__(self, inner: httpcore.NetworkStream, backend: _Backend) -> None:
        self._inner, self._backend = inner, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._inner.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of them."""
        self._inner.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        """For good."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """For the host's own name, whatever address it was judged to have."""
        made = self._inner.start_tls(ssl_context, server_hostname, self._backend.left(timeout))
        return _Stream(made, self._backend)

    def get_extra_info(self, info: str) -> Any:
        """As the stream below."""
        return self._inner.get_extra_info(info)


class _Transport(httpx.BaseTransport):
    """httpx over httpcore with a network of our own: httpx itself has no place for one."""

    def __init__(self, backend: _Backend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=backend,
            max_connections=1,
            max_keepalive_connections=0,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request; what the network raises is httpcore's."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        """With all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        assert isinstance(self._answer.stream, Iterable)
        yield from self._answer.stream

    def close(self) -> None:
        self._answer.close()
