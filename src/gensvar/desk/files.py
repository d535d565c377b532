"""Attachments and HTML as they came: only for who sees the conversation, never as a page of ours, never run by the browser."""

from __future__ import annotations

import base64
import re
from html import unescape
from typing import Final

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gensvar.answers.models import DraftFile
from gensvar.contract.channel import channel
from gensvar.contract.values import Arrival
from gensvar.conversations import queries
from gensvar.conversations.models import Attachment, Message
from gensvar.conversations.protecting import covered, guarded, may_end
from gensvar.conversations.returned import RETURNED
from gensvar.conversations.typed_keys import REPORTS
from gensvar.core import audit, files
from gensvar.core.covering import cover, cover_bytes, told_bytes
from gensvar.core.roles import May
from gensvar.core.sandboxed import sandboxed
from gensvar.desk.access import READING, needs, user_of
from gensvar.desk.pictures import THUMBNAILS, NotAPicture, thumbnail
from gensvar.publishing.models import PublicPicture

LETTER: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:{remote}; sandbox allow-popups"
MOST_INLINE: Final = 5 * 1024 * 1024  # bytes of pictures laid into one HTML letter
CID: Final = re.compile(r'data-cid="([^"]*)"')  # as channels.email.html writes them
REMOTE: Final = "data-remote-src="


def _attachment(request: HttpRequest, pk: int) -> Attachment:
    """The attachment, where the reader sees its conversation. Raises Http404 for all others: it does not even exist."""
    visible = queries.visible_to(user_of(request))
    told = Attachment.objects.exclude(covered("message__")).exclude(RETURNED)
    return get_object_or_404(told, pk=pk, message__conversation__in=visible)


def download(data: bytes, filename: str, content_type: str = "application/octet-stream") -> HttpResponse:
    """Bytes that the browser saves and never shows, under a harmless name."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, harmless(filename)) or "attachment"
    return sandboxed(response)


def harmless(filename: str) -> str:
    """A bare name: no path, no control or direction-changing characters, at most 150 characters, its ending kept."""
    bare = re.split(r"[/\\]", filename)[-1]
    clean = "".join(
        c
        for c in bare
        if c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    clean = clean.strip(" .") or _("file")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 150 - len(ending) - 1]}.{ending}" if dot and len(ending) < 12 else clean[:150]


@needs(May.NOTE, May.ANSWER)
def draft_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file beside a draft, to be saved: for its writer, and for a colleague who is asked to sign it."""
    me = Q(draft__person__user=user_of(request)) | Q(draft__co_signer__person__user=user_of(request))
    visible = queries.visible_to(user_of(request))
    found = get_object_or_404(DraftFile.objects.filter(me), pk=pk, draft__conversation__in=visible)
    return download(files.read(found.sha256), found.filename)


@needs(*READING)
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a message, to be saved; in a mail or a text what opens something is covered."""
    attachment = _attachment(request, pk)
    return download(told_bytes(attachment.content_type, _bytes(attachment)), attachment.filename)


@needs(*READING)
def small(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A small picture of an attached one, made anew. 404 for what only says that it is a picture."""
    attachment = _attachment(request, pk)
    if attachment.content_type not in THUMBNAILS:
        raise Http404
    try:
        picture = thumbnail(_bytes(attachment))
    except NotAPicture:
        raise Http404 from None
    return sandboxed(HttpResponse(picture, content_type="image/webp"))


@needs(May.PUBLISH)
def public_picture(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """The very bytes that the public gets or would get of a picture: for who decides that, before anybody else sees them."""
    visible = queries.visible_to(user_of(request)).filter(number=number)
    found = PublicPicture.objects.filter(sha256=sha256, text__exchange__conversation__in=visible).first()
    if found is None:
        raise Http404
    return sandboxed(HttpResponse(_bytes(found), content_type=found.content_type))


def _bytes(picture: Attachment | PublicPicture) -> bytes:
    try:
        return files.read(picture.sha256)
    except FileNotFoundError:
        raise Http404 from None


@needs(*READING)
def html(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A message's sanitised HTML as a page without any powers, no report's and without keys; remote pictures only with ?pictures=1."""
    visible = queries.visible_to(user_of(request))
    told = Message.objects.exclude(html="").exclude(kind__in=REPORTS)
    message = get_object_or_404(told, pk=pk, conversation__in=visible)
    pictures = request.GET.get("pictures") == "1"
    body = _with_own_pictures(message)
    if pictures:
        body = body.replace(REMOTE, "src=")
    page = (
        f'<!doctype html><html lang="{message.language or get_language() or "sv"}"><meta charset="utf-8">'
        f'<meta name="referrer" content="no-referrer"><base target="_blank"><title>{_("Message as it looked")}</title>'
        "<style>body{font:16px/1.5 sans-serif;margin:1rem;color:#111;background:#fff;overflow-wrap:anywhere}"
        f"img{{max-width:100%;height:auto}}</style>{body}"
    )
    return sandboxed(HttpResponse(page), LETTER.format(remote=" https: http:" if pictures else ""))


@needs(May.SEE_CONTACTS)
def received(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A message's bytes as they were received, to be saved, with what opens something covered; looking is noted.

    404 where they may say where a protected person is reached, but for who may end that; the thread says why. And for reports,
    which bring back mail of ours that is for somebody else.
    """
    user = user_of(request)
    found = Message.objects.select_related("envelope", "conversation").exclude(kind__in=REPORTS)
    message = get_object_or_404(found, pk=pk, conversation__in=queries.visible_to(user))
    protected = bool(guarded([pk]))
    if message.envelope is None or (protected and not may_end(user)):
        raise Http404
    audit.note(user, "message.download", message, protected=protected)
    ending = "eml" if channel(message.channel).capabilities.arrives is Arrival.MAIL else "txt"
    return download(cover_bytes(message.envelope.read_raw()), f"{message.conversation.number}-{pk}.{ending}")


def _with_own_pictures(message: Message) -> str:
    """Pictures that came inside the mail (RFC 2392), made anew and laid into the page, up to five megabytes."""
    by_id = {
        a.content_id: a for a in message.attachments.all() if a.content_id and a.content_type in THUMBNAILS
    }
    left = MOST_INLINE

    def put(found: re.Match[str]) -> str:
        nonlocal left
        attachment = by_id.get(unescape(found[1]))
        if attachment is None or left <= 0:
            return ""
        try:
            data = thumbnail(_bytes(attachment))
        except (NotAPicture, Http404):
            return ""
        left -= len(data)
        return f'src="data:image/webp;base64,{base64.b64encode(data).decode()}"'

    return CID.sub(put, cover(message.html))
