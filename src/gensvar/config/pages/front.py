"""Stands around the WSGI application: shows a kept page before Django does any work, and has a new one made in time.

What was taken from the public is never shown again; what only grew may be two seconds old while one process makes the
new page. Neighbours: asking names, making makes, kept keeps, turns sees to it that one makes; core.generation tells.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from gensvar.config.pages import asking, looking, making
from gensvar.config.pages.asking import Environ, Name
from gensvar.config.pages.kept import LONGEST_ALONE, Page, Shelf, page_of
from gensvar.config.pages.making import Application, Made
from gensvar.config.pages.turns import Turns
from gensvar.core.generation import Generation, generation
from gensvar.square.guards import new_form_id

StartResponse = Callable[..., Any]

OLD: Final = 2.0  # seconds that an older page may be shown after a change that only added
PATIENCE: Final = 10.0  # seconds to wait for another thread that makes the same page
MOST_BARREN: Final = 4096
SILENT: Final = (
    60.0  # seconds between two complaints of the same: a log on a full disk is not to be filled by readers
)
AGAIN: Final = 1.0  # seconds until a page that could not be made is tried again

logger = logging.getLogger(__name__)


class Front:
    """The application with its kept pages. Where the cache itself cannot work, the application answers alone."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = threading.Lock()
        self._ready = False
        self._said_until = 0.0  # until then nobody is told again that pages cannot be kept
        self._generation: Generation
        self._shelf: Shelf
        self._turns: Turns
        self._barren: dict[Name, int] = {}  # what may not be kept, by the generation in which that was seen
        os.register_at_fork(after_in_child=self._after_fork)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request (PEP 3333)."""
        name = asking.name_of(environ)
        if name is None or not self._is_ready():
            return self._application(environ, start_response)
        page = self._shelf.get(name)
        if page is None or not self._is_new(page):
            if environ["REQUEST_METHOD"] == "HEAD" and page is None:
                return self._application(environ, start_response)
            found = self._renewed(name, page, environ)
            if isinstance(found, Made):
                start_response(found.status, found.headers)
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [found.body]
            page = found
            if not self._is_new(page):
                start_response = _for_this_reader_alone(start_response)
        return _show(page, environ, start_response)

    def _renewed(self, name: Name, page: Page | None, environ: Environ) -> Page | Made:
        """A page that may be shown now, or an answer that is only for this request."""
        if page is not None and time.monotonic() < page.stands_in_until and self._may_stand_in(page):
            return page
        old = page if page is not None and self._may_be_shown(page) else None
        if self._barren.get(name) == self._generation.number:
            return self._made(name, page, environ)
        if not self._turns.take(name):
            if old is not None:
                return old
            self._turns.wait(name, PATIENCE)
            found = self._shelf.get(name)
            if found is not None and self._may_be_shown(found):
                return found
            return self._made(name, page, environ)
        alone = False
        try:
            alone = self._turns.alone(name)
            if old is not None and not alone:
                return old
            return self._made(name, page, environ)
        finally:
            self._turns.done(name, was_alone=alone)

    def _made(self, name: Name, page: Page | None, environ: Environ) -> Page | Made:
        before = self._generation.number  # before anything is read: what changes meanwhile makes the page old
        made = making.make(self._application, asking.only_by(name, environ))
        if made.failed and page is not None and self._may_stand_in(page):
            page.stands_in_until = time.monotonic() + AGAIN
            return page
        if not made.may_be_kept:
            self._shelf.drop(name)
            self._remember_barren(name, before, made)
            return made
        new = page_of(made, before)
        if before == self._generation.number:
            self._shelf.put(name, new)
        return new

    def _is_new(self, page: Page) -> bool:
        """Whether it shows what holds."""
        return page.generation == self._generation.number and time.monotonic() < page.until

    def _may_be_shown(self, page: Page) -> bool:
        """Whether it is of this generation, or older by two seconds and by nothing that was taken away."""
        now = time.monotonic()
        if now >= page.until + OLD or self._generation.took_away_after(page.generation):
            return False
        if page.generation == self._generation.number:
            return True
        return time.monotonic_ns() - self._generation.ended(page.generation) < OLD * 1e9

    def _may_stand_in(self, page: Page) -> bool:
        """Whether it may be shown while no new one can be made, because the database is away."""
        young = time.monotonic() - page.made_at < LONGEST_ALONE
        return young and not self._generation.took_away_after(page.generation)

    def _remember_barren(self, name: Name, number: int, made: Made) -> None:
        if made.failed:
            return
        if len(self._barren) >= MOST_BARREN:
            self._barren.clear()
        self._barren[name] = number
        if made.unwatched:
            logger.warning(
                "Not kept: %s is made from %s; see config/pages/shown.py.", name.path, made.unwatched
            )

    def _is_ready(self) -> bool:
        return self._ready or self._begin()

    def _begin(self) -> bool:
        with self._lock:
            if self._ready:  # another thread was faster
                return True
            try:
                self._generation = generation()
                self._turns = Turns(Path(settings.GENSVAR_HOME) / "run" / "pages.turns")
            except OSError as error:
                now = time.monotonic()
                if now >= self._said_until:
                    self._said_until = now + SILENT
                    logger.error("Pages cannot be kept, so each is made anew: %s", error)
                return False
            self._shelf = Shelf()
            looking.begin()
            self._ready = True
            return True

    def _after_fork(self) -> None:
        self._lock, self._ready, self._barren = threading.Lock(), False, {}


def _for_this_reader_alone(start_response: StartResponse) -> StartResponse:
    """Tell nginx in front to keep no older page: what it kept longer would be older than either of us allows."""

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start_response(status, [*headers, ("X-Accel-Expires", "0")], *error)

    return start


def _show(page: Page, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    coding = asking.encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")[: asking.LONGEST_HEADER])
    if page.around is not None:
        headers, body = page.with_id(new_form_id().encode(), coding)
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
    form = page.form(coding)
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and _is_known(form.etag, known):
        start_response("304 Not Modified", form.unchanged)
        return []
    start_response("200 OK", form.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body_of(form)]


def _is_known(etag: str, header: str) -> bool:
    """Whether the header If-None-Match names it (RFC 9110 § 13.1.2; a proxy may have made it weak)."""
    if len(header) > asking.LONGEST_QUERY:
        return False
    told = {one.strip().removeprefix("W/") for one in header.split(",")}
    return etag in told or "*" in told
