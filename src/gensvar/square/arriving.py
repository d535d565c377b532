"""Takes a filled-in form as an envelope: the whole HTTP body is kept before anything else looks at it (law 1).

Neighbours: writing and private call it, intake keeps the bytes, the form's channel reads them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import Error, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import taking
from gensvar.contract.channel import arriving, channel
from gensvar.contract.errors import Unreadable
from gensvar.contract.values import Arrival, File
from gensvar.conversations.models import Message, Participant
from gensvar.core import clock, events, runner
from gensvar.core.events import Fact
from gensvar.intake import services as intake
from gensvar.intake.models import Envelope
from gensvar.square.guards import FORM, OLDEST, form_of
from gensvar.square.models import Submission

logger = logging.getLogger(__name__)

ADDRESS: Final = "skriv"
# Times the largest form: what is too large by less is read to its end, for the words in it.
STILL_READ: Final = 4

_at_once = threading.Lock()  # held by the form of this process that is read as soon as it is kept


class Broken(SuspiciousOperation):
    """The form came in pieces that do not fit together; nothing was sent."""


class Closed(Exception):
    """No live contact point takes words from the form."""


@dataclass(frozen=True, slots=True)
class Post:
    """A form as it came: its bytes for the envelope, its fields for the screen, its files as the channel reads them."""

    raw: bytes  # Content-Type, an empty line, and the HTTP body
    fields: QueryDict
    files: tuple[File, ...]
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """The envelope of a form; `whole` unless only its words lie there, sent before with something else beside them."""

    envelope_id: int
    whole: bool = True


class _Unkept(FileUploadHandler):
    """Django need not store the files of a form: they stay in the envelope."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def read(request: HttpRequest) -> Post:
    """The form in this request, all of it. Raises Broken, and UnreadablePostError where the browser went away."""
    content_type = request.META.get("CONTENT_TYPE", "")
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.GENSVAR_LARGEST_WORD - len(content_type) - 64:
        fields = _fields_of_too_large(request, content_type, length)
        request.POST = fields  # type: ignore[assignment]  # what came is read now, and cannot be read again (unsent)
        return Post(b"", fields, (), too_large=True)
    body = request.body
    if len(body) < length:
        raise Broken(f"{length - len(body)} of {length} bytes never came")
    fields = _fields_of(request, content_type, body)
    raw = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body
    try:
        files = channel(_form()).parse(raw).files
    except Unreadable as error:
        if not any(value.strip() for value in fields.getlist("text")):
            return Post(raw, fields, ())  # empty: the form itself will say what is missing
        raise Broken(str(error)) from error
    return Post(raw, fields, files)


def _fields_of(request: HttpRequest, content_type: str, body: bytes) -> QueryDict:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return QueryDict(body, encoding="utf-8")
    if kind != "multipart/form-data" or not body:
        return QueryDict("", encoding="utf-8")
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": len(body)}
    try:
        return MultiPartParser(meta, io.BytesIO(body), [_Unkept(request)], "utf-8").parse()[0]
    except MultiPartParserError as error:
        raise Broken(str(error)) from error


def _fields_of_too_large(request: HttpRequest, content_type: str, length: int) -> QueryDict:
    """The typed words of a form that is too large, read past its files to its end: so the browser listens to our answer.

    What claims to be larger than STILL_READ allows is not waited for.
    """
    if length > STILL_READ * settings.GENSVAR_LARGEST_WORD or not content_type.lower().startswith(
        "multipart/form-data"
    ):
        return QueryDict("", encoding="utf-8")
    try:
        return MultiPartParser(request.META, cast(IO[bytes], request), [_Unkept(request)], "utf-8").parse()[0]
    except MultiPartParserError as error:
        raise Broken(str(error)) from error


def form_point(*, closed: bool = False) -> ContactPoint:
    """The contact point of the form; with `closed` also where it takes nothing new any more. Raises Closed."""
    point = taking(_form(), ADDRESS, closed=closed)
    if point is None:
        raise Closed
    return point


def _form() -> str:
    """The channel that says of itself that it is the form on these pages. Raises Closed where none is installed."""
    found = arriving(Arrival.FORM)
    if not found:
        raise Closed
    return found[0]


def keep(
    post: Post,
    *,
    source: Envelope.Source,
    fact: Callable[[int], Fact] | None = None,
    words_once: bool = False,
) -> Kept:
    """Keep the form as an envelope and read it at once where that goes well.

    When this returns, the bytes are committed, and the `fact` that is made of the envelope's id with them. The same form
    sent twice is one envelope; with `words_once` the same words from it are, whatever stands in its other fields by then,
    as where somebody goes back to a showing of it that was refused. One form of a process is read at once at a time: when
    everybody writes, to keep goes before to read, and the worker reads the others. Raises Closed, and DatabaseError or
    OSError where nothing could be kept.
    """
    # Who has a conversation goes on in it, also where it began by a form that takes nothing new any more.
    point = form_point(closed=source == Envelope.Source.LINK)
    digests = [*_digests_of_words(post, only=words_once), _digest(post)]
    at_once = _at_once.acquire(blocking=False)
    try:
        with transaction.atomic():
            known = _known(digests)
            if known is not None:
                return known
            received = intake.receive(post.raw, contact_point=point, source=source)
            Submission.objects.filter(digest__in=digests).update(envelope_id=received.envelope_id)
            if fact is not None and received.new:
                events.emit(fact(received.envelope_id))
            if at_once:
                runner.hold_back(received.event_ids[:1])
        if at_once:
            _read(received)
    finally:
        if at_once:
            _at_once.release()
    return Kept(received.envelope_id)


def _read(received: intake.Received) -> None:
    for event_id in received.event_ids[:1]:
        try:
            runner.run_event(event_id)
        except Exception:
            logger.exception(
                "Envelope %s is kept; the worker reads it, since it could not be read at once.",
                received.envelope_id,
            )


def _known(digests: Sequence[str]) -> Kept | None:
    """What these words have become already, or None when it is ours to make: another click waits for our commit.

    The first digest decides; by the last one it is told whether all of the form is the same.
    """
    now = clock.now()
    first, *others = digests
    with connection.cursor() as cursor:
        if _added(cursor, first, now):
            for digest in others:
                _added(cursor, digest, now)
            cursor.execute(
                "DELETE FROM square_submission WHERE until < %s",
                [connection.ops.adapt_datetimefield_value(now)],
            )
            return None
    known = dict(Submission.objects.filter(digest__in=digests).values_list("digest", "envelope_id"))
    return Kept(known[first], whole=digests[-1] in known)


def _added(cursor: CursorWrapper, digest: str, now: dt.datetime) -> bool:
    cursor.execute(
        "INSERT INTO square_submission (digest, until) VALUES (%s, %s) ON CONFLICT (digest) DO NOTHING RETURNING digest",
        [digest, connection.ops.adapt_datetimefield_value(now + 2 * OLDEST)],
    )
    return cursor.fetchone() is not None


def _digests_of_words(post: Post, *, only: bool) -> list[str]:
    """By which the words of one form are known, where they alone are to tell; the form is one through all its showings.

    With its files first, since a picture that comes to the same words is no less a word. A browser that goes back has
    forgotten the files, so what had some is known without them too.
    """
    form = form_of(post.fields.get(FORM, ""))
    if not only or not form:
        return []
    said = ["words", form, " ".join(post.fields.get("text", "").split())]
    files = sorted(hashlib.sha256(file.data).hexdigest() for file in post.files)
    each = ([*said, *files], said) if files else (said,)
    return [hashlib.sha256(json.dumps(one).encode()).hexdigest() for one in each]


def _digest(post: Post) -> str:
    fields = dict(post.fields.lists())
    fields[FORM] = [form_of(one) or one for one in fields.get(FORM, [])]
    files = [(file.filename, hashlib.sha256(file.data).hexdigest()) for file in post.files]
    return hashlib.sha256(json.dumps([sorted(fields.items()), files]).encode()).hexdigest()


def message_of(envelope_id: int) -> Message | None:
    """The word in that envelope; None as long as it has not been read, or nobody can tell.

    The words are committed: whatever is away by now, their sender must not hear that they were not sent.
    """
    kept = Message.objects.only("shown_typed", "contact_id", "conversation_id")
    try:
        return kept.filter(envelope=envelope_id).first()
    except Error as error:  # of any kind: InterfaceError, for a line that is closed, is no DatabaseError
        logger.error("A form was kept, but its conversation could not be looked up: %r", error)
        return None


def token_of(envelope_id: int) -> str:
    """The token of the private link for whoever sent that form; nothing as long as it has not been read, or nobody can tell.

    Of the two keys of an address that was typed it is the one for who typed; the other one is only mailed.
    """
    message = message_of(envelope_id)
    if message is None:
        return ""
    parts = Participant.objects.only("key", "typed_key")
    if message.shown_typed:
        parts = parts.filter(pk__in=message.shown_typed, typed_key__isnull=False)
    else:
        parts = parts.filter(conversation=message.conversation_id, contact=message.contact_id, address="")
    try:
        part = parts.first()
    except Error as error:
        logger.error("A form was kept, but who sent it could not be looked up: %r", error)
        return ""
    return part.shown_token if part is not None else ""
