"""Which picture belongs to which public page, and the picture itself: drawn once, kept, shown while its page may be seen.

What stands in it comes from the gates at every request (law 5). Neighbours: subjects has the names, drawing draws.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import threading
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gensvar.learning import gate as outcomes
from gensvar.learning.values import PublishedOutcome
from gensvar.publishing import gate, short_links
from gensvar.publishing.positions.values import PublishedPosition
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.values import PublishedPost
from gensvar.publishing.values import PublishedExchange
from gensvar.square import subjects
from gensvar.square.exchanges import address_of
from gensvar.square.headers import harmless, public
from gensvar.square.posters import drawing, letters
from gensvar.square.shown_no_longer import EXCHANGE, OUTCOME, POST, Gone, gone

logger = logging.getLogger(__name__)

IN_SHORT: Final = 30  # words of a text that has no lead
WAITING: Final = (
    4  # pictures of one process that are drawn or wait for it; whoever comes then is asked to come again
)
COME_AGAIN: Final = 5  # seconds
Entry = PublishedExchange | PublishedPost | PublishedPosition | PublishedOutcome

_kept = caches["pictures"]
_drawing = threading.Lock()
_waiting = threading.BoundedSemaphore(WAITING)


class Busy(Exception):
    """So many pictures wait to be drawn that this one has to be asked for again."""


@dataclass(frozen=True, slots=True)
class Poster:
    """What is said of a page where it is passed on, in the language of this page; `name` is that of `?om=`."""

    name: str
    page: str  # its path
    title: str
    kind: str
    description: str
    authors: tuple[str, ...] = ()  # guests, whose words are not the municipality's
    width: int = drawing.WIDTH  # pixels
    height: int = drawing.HEIGHT

    @property
    def words(self) -> drawing.Words:
        """What stands in the picture."""
        return drawing.Words(self.title, self.kind, settings.GENSVAR_NAME)

    @property
    def version(self) -> str:
        """Another one for whatever makes another picture."""
        said = json.dumps([look(), self.title, self.kind, settings.GENSVAR_NAME])
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def picture(self) -> str:
        """The absolute address of the picture; empty where this house has no typefaces to draw with."""
        path = reverse("square:poster", args=[self.name, self.version])
        return settings.GENSVAR_URL + path if letters.are_there() else ""

    @property
    def address(self) -> str:
        """The absolute address of the page."""
        return settings.GENSVAR_URL + self.page


@functools.cache
def look() -> str:
    """A digest of all that is the same in every picture of this process: the design, the colour, the coat of arms."""
    shield = drawing.arms()
    parts = [
        str(drawing.DESIGN).encode(),
        settings.GENSVAR_COLOUR.encode(),
        shield.tobytes() if shield else b"",
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def of(entry: Entry) -> Poster:
    """What is said of it where it is passed on; asks nothing of the database."""
    if isinstance(entry, PublishedPost):
        with override(entry.language):
            page = reverse("square:post", args=[entry.year, entry.slug])
        name, guests = f"{subjects.OF_A_POST}{entry.key}", tuple(by.name for by in entry.bylines if by.guest)
        return Poster(name, page, entry.title, _("News"), entry.lead, guests)
    if isinstance(entry, PublishedPosition):
        page = reverse("square:position", args=[entry.slug])
        name, said = f"{subjects.OF_A_POSITION}{entry.key}", _in_short(entry.last_said.here.text)
        return Poster(name, page, entry.newest.here.title, _("What we stand for"), said)
    if isinstance(entry, PublishedOutcome):
        name, said = f"{subjects.OF_AN_OUTCOME}{entry.key}", _in_short(entry.newest.words)
        return Poster(name, entry.path, entry.title, _("You said, we did"), said)
    said = _in_short(entry.question.text)
    return Poster(entry.number, address_of(entry), entry.title, _("Questions and answers"), said)


@require_safe
@public
def show(request: HttpRequest, name: str, version: str) -> HttpResponseBase:
    """The picture of a page that may be seen now; 404 or 410 as that page; an old or made-up version leads to the one that is."""
    entry = _named(name)
    if isinstance(entry, Gone):
        _forget(name)
        return gone(request, entry)
    if entry is None or not letters.are_there():
        raise Http404
    poster = of(entry)
    if (poster.name, poster.version) != (name, version):
        return redirect("square:poster", poster.name, poster.version)
    try:
        return harmless(png_of(poster), "image/png")
    except Busy:
        return HttpResponse(status=503, headers={"Retry-After": str(COME_AGAIN)})


def png_of(poster: Poster) -> bytes:
    """The picture, from the shelf or drawn now; one for each page and language is kept. Raises Busy."""
    key = _key(poster.name)
    if (found := _from_shelf(key, poster.version)) is not None:
        return found
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        with _drawing:
            found = _from_shelf(key, poster.version)  # another thread may have drawn it meanwhile
            return found if found is not None else _drawn(key, poster)
    finally:
        _waiting.release()


def _drawn(key: str, poster: Poster) -> bytes:
    data = drawing.draw(poster.words)
    try:
        _kept.set(key, (poster.version, data))
    except OSError:
        logger.warning(
            "The picture of %s could not be kept; it will be drawn again.", poster.name, exc_info=True
        )
    return data


def _from_shelf(key: str, version: str) -> bytes | None:
    try:
        kept_version, data = _kept.get(key, ("", b""))
    except Exception as error:  # a file that was written by half, or that nobody may read: whatever it raises
        logger.warning("A kept picture could not be read; it will be drawn again: %r", error)
        return None
    return bytes(data) if kept_version == version else None


def _forget(name: str) -> None:
    try:
        _kept.delete(_key(name))
    except OSError:
        logger.warning("The picture of %s could not be deleted; it is shown to nobody.", name, exc_info=True)


def _key(name: str) -> str:
    return f"{get_language()}:{name}"


def _named(name: str) -> Entry | Gone | None:
    """What may be seen under that name, what is told of it where it was public once, or None."""
    if name.startswith(subjects.OF_A_POST):
        return subjects.post_named(name) or (POST if posts.key_was_shown(_number(name)) else None)
    if name.startswith(subjects.OF_AN_OUTCOME):
        return subjects.outcome_named(name) or (OUTCOME if outcomes.was_shown(_number(name)) else None)
    if name.startswith(subjects.OF_A_POSITION):
        return subjects.position_named(name)
    if (found := gate.find(name)) is not None:
        return found
    further = short_links.successor(name)  # its words go on in another, where those may be seen
    if further is not None and (merged := gate.find(further)) is not None:
        return merged
    return EXCHANGE if gate.was_withdrawn(name) else None


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])


def _in_short(text: str) -> str:
    return Truncator(text).words(IN_SHORT)
