"""Writing to the municipality: the form, what became of it, and every way in which it may not go through at once.

Neighbours: forms judges the fields, guards the sender, arriving keeps the words, private shows the conversation.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gensvar.core import commits, tokens
from gensvar.intake.models import Envelope
from gensvar.publishing.about.events import AboutKept
from gensvar.publishing.about.models import WordAbout
from gensvar.square import arriving, guards, limits, subjects, suggesting
from gensvar.square.forms import ACCEPT, MOST_BYTES, MOST_FILES, WordsForm, WriteForm
from gensvar.square.headers import knows, same_but_for_its_form, secret, tell_form_id

logger = logging.getLogger(__name__)

KEPT = "envelope"  # the purpose of the token that leads back to words not yet read
THERE = "redan"  # says at one's conversation that these words stood there already


@csrf_exempt  # guarded without a cookie: see guards
@require_http_methods(["GET", "HEAD", "POST"])
@same_but_for_its_form
@knows("om")
def write(request: HttpRequest) -> HttpResponse:
    """The form; a post of it keeps the words and leads to their conversation."""
    if request.method != "POST":
        # Nothing of the request but its address may shape this page: it is kept, and shown to others.
        return _form(request, WriteForm(initial=_beginning({"about": request.GET.get("om", "")})))
    post = read(request)
    if guards.FORM not in post.fields and not post.too_large:
        return _form(request, WriteForm(initial=_beginning(post.fields.dict())))
    form = WriteForm(post.fields, came=post.files)
    if (status := refuse(request, form, post)) is not None:
        return _form(request, form, status)
    try:
        fact = _fact_of(post)
        kept = arriving.keep(post, source=Envelope.Source.FORM, fact=fact, words_once=True)
    except (DatabaseError, OSError, arriving.Closed) as error:
        return _form(request, form, not_kept(form, error))
    return thanks_for(kept)


def _fact_of(post: arriving.Post) -> Callable[[int], AboutKept] | None:
    """What is to be tied to a public page when it has been read; None for a word that is about none."""
    page = subjects.page_named(post.fields.get("about", ""))
    if page is None:
        return None
    said = post.fields.get("verdict", "")
    why = said if said in subjects.VERDICTS and page.kind == WordAbout.On.EXCHANGE else WordAbout.Why.QUESTION
    return lambda envelope_id: AboutKept(envelope_id, str(why), page.kind, page.key, page.function)


def refuse(
    request: HttpRequest, form: WordsForm, post: arriving.Post, *, key_in_address: bool = False
) -> int | None:
    """Why this post is shown again instead of sent, as errors in the form and an HTTP status; None where it may go."""
    if post.too_large:
        form.add_error("files", too_large_sentence())
        return 413
    try:
        guards.check(request, post.fields, key_in_address=key_in_address)
    except guards.Refused as refused:
        form.add_error(None, str(refused.message))
        form.next_id = refused.form_id
        return 422
    if not form.is_valid():
        return 422
    try:
        if limits.too_many(request):
            form.add_error(
                None,
                _(
                    "Many words have come from your network in a short while. Wait ten minutes and send again, or reach us another way."
                ),
            )
            return 429
    except DatabaseError as error:
        return not_kept(form, error)
    return None


def too_large_sentence() -> str:
    """What is said when a form does not fit."""
    return _(
        "It was too much to send at once: together the files may be %(most)d MB. "
        "Nothing was sent. Choose fewer or smaller files and send again."
    ) % {"most": MOST_BYTES // 1024 // 1024}


def not_kept(form: forms.Form, error: Exception) -> int:
    """Say plainly that nothing was sent; gives the HTTP status."""
    if isinstance(error, arriving.Closed):
        form.add_error(
            None,
            _(
                "The form is closed at the moment, so nothing was sent. You can reach us in the ways named below."
            ),
        )
    elif commits.is_uncertain(error):
        logger.error("A form may have been kept; the line broke while it was committed: %r", error)
        form.add_error(
            None,
            _(
                "The line broke in the moment when your words were being kept, so we do not know whether they are. "
                "Send again in a few minutes: the same words are never taken twice."
            ),
        )
    else:
        logger.error("A form could not be kept: %r", error)
        form.add_error(
            None,
            _(
                "We cannot take your words right now, so nothing was sent. They are still here: try again in a few minutes."
            ),
        )
    return 503


@require_safe
@secret
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The words are kept but not yet read; leads on to the conversation as soon as it stands."""
    key = tokens.read(KEPT, token)
    if key is None:
        raise Http404
    if to := arriving.token_of(int(key, 16)):
        came = THERE if request.GET.get("ny") == THERE else "1"
        return redirect(f"{reverse('square:conversation', args=[to])}?ny={came}")
    envelope = Envelope.objects.filter(pk=int(key, 16)).only("received_at", "state").first()
    if envelope is None:
        raise Http404
    context = {
        "envelope": envelope,
        "link": request.build_absolute_uri(request.path),
        "again": request.get_full_path(),
    }
    return render(request, "square/received.html", context)


def thanks_for(kept: arriving.Kept) -> HttpResponse:
    """On to the conversation that the kept words have become, or to where it will stand."""
    if to := arriving.token_of(kept.envelope_id):
        address = reverse("square:conversation", args=[to]) + ("?ny=1" if kept.whole else f"?ny={THERE}")
    else:
        address = reverse("square:received", args=[tokens.make(KEPT, f"{kept.envelope_id:020x}")])
        address += "" if kept.whole else f"?ny={THERE}"
    response = redirect(address)
    response.status_code = 303
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def read(request: HttpRequest) -> arriving.Post:
    """The form in this request. Raises SuspiciousOperation (400) where it came in pieces or not to its end."""
    try:
        return arriving.read(request)
    except UnreadablePostError as error:
        raise SuspiciousOperation("The browser went away while it was sending.") from error


def _beginning(given: dict[str, Any]) -> dict[str, Any]:
    """What a fresh form starts with: words from the front page, or the public page that it is about."""
    beginning = {
        "answer_by": "email",
        "text": given.get("text", "")[:50_000],
        "about": given.get("about", ""),
        "verdict": given.get("verdict", ""),
    }
    return beginning


def _form(request: HttpRequest, form: WordsForm, status: int = 200) -> HttpResponse:
    form_id = form.form_id
    tell_form_id(request, form_id)
    typed = form.data if form.is_bound else form.initial
    about = subjects.page_named(str(typed.get("about", "")))
    about_number = about.key if about is not None and about.kind == WordAbout.On.EXCHANGE else ""
    context = {
        "form": form.marked() if form.is_bound else form,
        "form_id": form_id,
        "about": about,
        "verdict": typed.get("verdict", "") if typed.get("verdict", "") in subjects.VERDICTS else "",
        "similar": suggesting.kindred(str(typed.get("text", "")), about=about_number) if status < 429 else (),
        "language": get_language(),
        "accept": ACCEPT,
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // 1024 // 1024,
        "files_lost": form.is_bound and bool(form.came or form.errors.get("files")),
    }
    return render(request, "square/write.html", context, status=status)
