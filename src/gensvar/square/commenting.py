"""Comments from the public side: writing one, confirming it by the mailed link, and the form behind a notice that appeals.

Neighbours: arriving keeps each word's bytes with its fact, publishing.comments does the rest; the threads themselves stand
on the pages of exchanges and posts.
"""

from __future__ import annotations

import functools
from typing import Final

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gensvar.conversations.models import Participant
from gensvar.core import languages
from gensvar.intake.models import Envelope
from gensvar.publishing.comments import appeals, gate, letters, rules, taking
from gensvar.publishing.comments.events import AppealKept, CommentKept
from gensvar.publishing.comments.models import Appeal, Comment, CommentDecision
from gensvar.publishing.comments.pages import CommentedPage, page_of, post_at
from gensvar.publishing.comments.values import PublishedComment
from gensvar.square import arriving, guards, limits
from gensvar.square.forms import AppealForm, CommentForm, WordsForm
from gensvar.square.headers import for_one, secret
from gensvar.square.writing import COMMENT, not_kept, read, refuse

OFTEN: Final = 10  # one network may send so many times fewer comments than words by the form
FIELDS: Final = frozenset(CommentForm.base_fields) - {"files"} | {
    guards.FORM,
    guards.TRAP,
    "language",
    "subject",
}


@csrf_exempt  # guarded without a cookie: see guards
@require_http_methods(["GET", "HEAD", "POST"])
@for_one
def on_exchange(request: HttpRequest, number: str) -> HttpResponse:
    """A comment under a public answer."""
    return _comment(request, page_of("exchange", number))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_one
def on_post(request: HttpRequest, year: str, slug: str) -> HttpResponse:
    """A comment under a post."""
    return _comment(request, post_at(int(year), slug, languages.here()))


def _comment(request: HttpRequest, page: CommentedPage | None) -> HttpResponse:
    if page is None:
        raise Http404
    if not rules.takes(page.kind, page.key):
        return render(request, "square/comment_closed.html", {"page": page}, status=403)
    if request.method != "POST":
        return _form(request, page, CommentForm(), request.GET.get("svar", ""))
    post = read(request)
    form = CommentForm(post.fields, came=post.files)
    parent = post.fields.get("reply_to", "")
    if (status := _refused(request, form, post)) is not None:
        return _form(request, page, form, parent, status)
    hidden = {COMMENT: _on(page), "may_publish": "1", "show_name": "1", "answer_by": "here"}
    replied = _parent(page, parent)
    _only_ours(post, hidden | {"reply_to": str(replied.pk) if replied is not None else parent})
    fact = functools.partial(
        CommentKept, kind=page.kind, key=page.key, parent=replied.pk if replied is not None else 0
    )
    try:
        arriving.keep(post, source=Envelope.Source.FORM, fact=lambda number: fact(envelope_id=number))
    except (DatabaseError, OSError, arriving.Closed) as error:
        return _form(request, page, form, parent, not_kept(form, error))
    response = redirect("square:commented")
    response.status_code = 303
    return response


@require_safe
@for_one
def thanks(request: HttpRequest) -> HttpResponse:
    """It is kept; what comes next. The same page for all: whoever typed an address gets no key to what is behind it."""
    return render(request, "square/commented.html", {"rule": rules.rule()})


@csrf_exempt  # the address is the key; guards looks at where the post came from
@require_http_methods(["GET", "HEAD", "POST"])
@secret
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: a button, since machines that look at mail open links too. Pressing it twice is pressing it once."""
    comment = taking.find_to_confirm(token)
    if comment is None:
        raise Http404
    if request.method == "POST":
        guards.require_own_page(request)
        taking.confirm(comment)
        response = redirect("square:confirm_comment", token=token)
        response.status_code = 303
        return response
    participant = letters.writer_of(comment.message)
    page = page_of(comment.on_kind, comment.on_key)
    context = {
        "state": comment.state,
        "too_old": taking.too_old(comment),
        "token": token,
        "page": page,
        "conversation": participant.token
        if participant is not None and comment.confirmed_at is not None
        else "",
        "states": Comment.State,
    }
    return render(request, "square/confirm_comment.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@secret
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a notice: words that go into the comment's own conversation, for another person to judge."""
    decision = appeals.find(token)
    participant = letters.writer_of(decision.comment.message) if decision is not None else None
    if decision is None or participant is None:
        raise Http404
    made = appeals.of(decision)
    if request.method != "POST" or made is not None:
        return _appeal_page(request, decision, participant, AppealForm(), token, made=made)
    post = read(request)
    form = AppealForm(post.fields, came=post.files)
    if (status := refuse(request, form, post, key_in_address=True)) is not None:
        return _appeal_page(request, decision, participant, form, token, status=status)
    if post.fields.getlist("token") != [participant.token]:
        raise Http404  # the kept bytes must lead to this very conversation
    try:
        arriving.keep(
            post,
            source=Envelope.Source.LINK,
            fact=lambda number: AppealKept(envelope_id=number, decision_id=decision.pk),
        )
    except (DatabaseError, OSError, arriving.Closed) as error:
        return _appeal_page(request, decision, participant, form, token, status=not_kept(form, error))
    response = redirect(reverse("square:appeal", args=[token]) + "?ny=1")
    response.status_code = 303
    return response


def _refused(request: HttpRequest, form: WordsForm, post: arriving.Post) -> int | None:
    if (status := refuse(request, form, post)) is not None:
        return status
    try:
        often = limits.too_many(request, "comment", max(1, settings.GENSVAR_FORM_LIMIT // OFTEN))
    except DatabaseError as error:
        return not_kept(form, error)
    if often:
        form.add_error(
            None,
            _("Many comments have come from your network in a short while. Wait ten minutes and send again."),
        )
        return 429
    return None


def _only_ours(post: arriving.Post, hidden: dict[str, str]) -> None:
    """The kept bytes must say what this page asked, once each and nothing more. Raises SuspiciousOperation (400)."""
    for name, values in post.fields.lists():
        wrong = values != [hidden[name]] if name in hidden else len(values) != 1 or name not in FIELDS
        if wrong:
            raise SuspiciousOperation(
                f"A comment came with a field that its form does not have: {name[:40]!r}."
            )
    if missing := {name for name, value in hidden.items() if value and name not in post.fields}:
        raise SuspiciousOperation(f"A comment came without {sorted(missing)}.")


def _on(page: CommentedPage) -> str:
    return f"{page.kind} {page.key}"


def _parent(page: CommentedPage, given: str) -> PublishedComment | None:
    if not (given.isascii() and given.isdecimal() and len(given) < 18):
        return None
    return gate.find(int(given), page.kind, page.key)


def _form(
    request: HttpRequest, page: CommentedPage, form: CommentForm, parent: str, status: int = 200
) -> HttpResponse:
    context = {
        "page": page,
        "on": _on(page),
        "parent": _parent(page, parent),
        "form": form.marked() if form.is_bound else form,
        "form_id": form.form_id,
        "language": get_language(),
        "rule": rules.rule(),
    }
    return render(request, "square/comment.html", context, status=status)


def _appeal_page(
    request: HttpRequest,
    decision: CommentDecision,
    participant: Participant,
    form: AppealForm,
    token: str,
    *,
    status: int = 200,
    made: Appeal | None = None,
) -> HttpResponse:
    context = {
        "decision": decision,
        "participant": participant,
        "token": token,
        "form": form.marked() if form.is_bound else form,
        "form_id": form.form_id,
        "done": made is not None or request.GET.get("ny") == "1",
        "outcome": made.outcome if made is not None else None,
    }
    return render(request, "square/appeal.html", context, status=status)
