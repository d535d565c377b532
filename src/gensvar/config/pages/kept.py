"""Pages as they are kept: compressed once, with their headers ready, as many as fit into so many bytes.

Neighbours: making brings them, front shows them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import brotli  # type: ignore[import-untyped]
from django.utils import timezone

from gensvar.config.pages.asking import Name
from gensvar.config.pages.making import Headers, Made
from gensvar.core import clock

LONGEST: Final = 60.0  # seconds: by then what depends on the clock, or on a memory of a minute, is made anew
LONGEST_ALONE: Final = 24 * 3600.0  # seconds for which a page stands in while no new one can be made
MOST: Final = 64 << 20  # bytes in one process
QUICK: Final = 3  # of what is compressed for one reader
_OVERHEAD: Final = 3000  # bytes of headers and names beside the bodies
_COMPRESSED: Final = (
    "text/",
    "application/json",
    "application/feed",
    "application/xml",
    "application/atom",
    "application/rss",
    "image/svg",
)
_OURS: Final = frozenset({"content-length", "etag", "vary", "date", "connection", "server"})


@dataclass(frozen=True, slots=True)
class Form:
    """The page in one encoding. `body` is None where it is unpacked from gzip for the few who ask for that."""

    etag: str
    headers: Headers
    unchanged: Headers  # of a 304 answer
    body: bytes | None


@dataclass(slots=True)
class Page:
    """One kept page: of which generation, until when it is new enough, and since when it stands here (monotonic seconds)."""

    generation: int
    made_at: float
    until: float
    forms: dict[str, Form]
    size: int
    stands_in_until: float = 0.0  # until then nobody tries to make a new one: it has just failed
    around: tuple[bytes, bytes] | None = None  # what stands before and after the id of its form

    def form(self, coding: str) -> Form:
        """The page in that encoding, or as it is where it has none."""
        return self.forms.get(coding) or self.forms[""]

    def body_of(self, form: Form) -> bytes:
        """Its bytes."""
        if form.body is not None:
            return form.body
        packed = self.forms["gzip"].body
        return gzip.decompress(packed) if packed is not None else b""

    def with_id(self, form_id: bytes, coding: str) -> tuple[Headers, bytes]:
        """Headers and body for one reader, whose form carries that id. Quickly compressed: nobody sees it again."""
        assert self.around is not None
        body = form_id.join(self.around)
        if coding == "br":
            body = brotli.compress(body, mode=brotli.MODE_TEXT, quality=QUICK)
        elif coding == "gzip":
            body = gzip.compress(body, QUICK, mtime=0)
        encoded = [("Content-Encoding", coding)] if coding else []
        return [*self.forms[""].headers, *encoded, ("Content-Length", str(len(body)))], body


def page_of(made: Made, generation: int) -> Page:
    """Compress it and make its headers ready."""
    headers = [(name, value) for name, value in made.headers if name.lower() not in _OURS]
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if made.form_id:
        return _for_each(made, headers, generation)
    digest = hashlib.sha256(made.body).hexdigest()[:24]
    packed = kind.startswith(_COMPRESSED)
    forms = {"": _form(headers, digest, "", made.body, packed)}
    if packed:
        br = brotli.compress(made.body, mode=brotli.MODE_TEXT, quality=6)
        forms["br"] = _form(headers, digest, "br", br, packed)
        forms["gzip"] = _form(headers, digest, "gzip", gzip.compress(made.body, 6, mtime=0), packed)
        plain = forms[""]
        forms[""] = Form(plain.etag, plain.headers, plain.unchanged, None)
    size = _OVERHEAD + sum(len(form.body) for form in forms.values() if form.body is not None)
    return Page(generation, *_times(), forms, size)


def _for_each(made: Made, headers: Headers, generation: int) -> Page:
    """The page without the id of its form: no two readers get the same bytes, so there is nothing to ask for again."""
    before, _id, after = made.body.partition(made.form_id)
    plain = Form("", [*headers, ("Vary", "Accept-Encoding")], [], None)
    size = _OVERHEAD + len(before) + len(after)
    return Page(generation, *_times(), {"": plain}, size, around=(before, after))


def _times() -> tuple[float, float]:
    """Now, and until when a page that is made now is new enough (monotonic seconds)."""
    now = time.monotonic()
    return now, now + min(LONGEST, _until_midnight())


def _form(headers: Headers, digest: str, coding: str, body: bytes, packed: bool) -> Form:
    etag = f'"{digest}{"-" if coding else ""}{coding}"'
    more = [("ETag", etag), *([("Vary", "Accept-Encoding")] if packed else [])]
    kept = [(name, value) for name, value in headers if name.lower() in {"cache-control", "content-location"}]
    whole = [*headers, *more, ("Content-Length", str(len(body)))]
    if coding:
        whole.append(("Content-Encoding", coding))
    return Form(etag, whole, [*kept, *more], body)


def _until_midnight() -> float:
    """Seconds until the municipality's date changes: pages leave out the year of a day in this one."""
    now = timezone.localtime(clock.now())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    return max(0.0, (midnight - now).total_seconds())


class Shelf:
    """The pages of this process, those that were asked for last; threads may share it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._pages: OrderedDict[Name, Page] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, name: Name) -> Page | None:
        """The page of that name, of whatever age."""
        page = self._pages.get(name)
        if page is not None:
            with contextlib.suppress(KeyError):  # another thread made room meanwhile
                self._pages.move_to_end(name)
        return page

    def put(self, name: Name, page: Page) -> None:
        """Keep it, and let those go that nobody has asked for longest."""
        with self._lock:
            self._drop(name)
            if page.size > self._most // 8:
                return
            self._pages[name] = page
            self._size += page.size
            while self._size > self._most:
                self._drop(next(iter(self._pages)))

    def drop(self, name: Name) -> None:
        """Forget it."""
        with self._lock:
            self._drop(name)

    @property
    def size(self) -> int:
        """Bytes."""
        return self._size

    def _drop(self, name: Name) -> None:
        page = self._pages.pop(name, None)
        self._size -= page.size if page is not None else 0
