"""The screens of moderation: what waits, and one comment with all that can be decided about it. Works as plain forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.conversations.forwards import ours
from gensvar.conversations.models import Message
from gensvar.core import clock
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.acting import decided
from gensvar.people.queries import person_of
from gensvar.publishing.comments import moderation, queries, rules
from gensvar.publishing.comments.models import Appeal, Comment, CommentsClosed, ModerationGround
from gensvar.publishing.comments.pages import page_of
from gensvar.publishing.services import NotPublishable

PAGE: Final = 30
LABELS: Final = {
    "waiting": gettext_lazy("Waiting"),
    "appeals": gettext_lazy("Appeals"),
    "shown": gettext_lazy("Shown"),
    "removed": gettext_lazy("Not shown"),
    "unconfirmed": gettext_lazy("Not confirmed"),
}


@needs(May.MODERATE)
def comments(request: HttpRequest) -> HttpResponseBase:
    """The comments of the conversations that one sees, by queue."""
    user = user_of(request)
    queue = request.GET.get("queue", "")
    queue = queue if queue in queries.QUEUES else "waiting"
    rows = queries.comments_for(user, queue)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("p")),
        "queue": queue,
        "queues": LABELS.items(),
        "waiting": queries.comments_for(user, "waiting").count(),
        "appeals": queries.comments_for(user, "appeals").count(),
        "rule": rules.rule(),
    }
    return render(request, "desk/comments.html", context)


@needs(May.MODERATE)
def comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One comment; a post to it is one decision. What cannot be done says why and changes nothing."""
    found = queries.comments_for(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        decided(request, ACTS, found)
        return redirect("desk:comment", pk=pk)
    return render(request, "desk/comment.html", _shown(request, found))


def _shown(request: HttpRequest, found: Comment) -> dict[str, object]:
    user = user_of(request)
    appeal = queries.open_appeal(found)
    conversation = found.message.conversation
    answers = conversation.messages.filter(ours(), kind="message")
    answers = answers.select_related("person", "function", "comment_answer").order_by("at", "pk")
    return {
        "comment": found,
        "page": page_of(found.on_kind, found.on_key),
        "found": [rules.Finding(one).label for one in found.found],
        "grounds": ModerationGround.on(clock.today()),
        "history": queries.history(found),
        "appeal": appeal,
        "may_judge": appeal is not None and _may_judge(request, appeal),
        "answers": [(one, _text_of(one)) for one in answers],
        "closed": CommentsClosed.objects.filter(on_kind=found.on_kind, on_key=found.on_key).exists(),
        "replies": found.replies.aggregate(shown=Count("pk", filter=Q(state=Comment.State.SHOWN)))["shown"],
        "states": Comment.State,
        "user_may_judge": user.may(May.JUDGE_APPEALS),
    }


def _may_judge(request: HttpRequest, appeal: Appeal) -> bool:
    user = user_of(request)
    return (
        user.may(May.JUDGE_APPEALS)
        and user.pk != appeal.decision.by_id
        and person_of(user) != appeal.decision.person
    )


def _text_of(message: Message) -> str:
    """The answer as it stands below the comment, else as it could."""
    row = getattr(message, "comment_answer", None)
    return str(row.text) if row is not None else moderation.proposed_answer(message)


def _show(request: HttpRequest, found: Comment) -> str:
    moderation.show(found, by=user_of(request))
    return _("The comment is shown. Everyone can read it now.")


def _remove(request: HttpRequest, found: Comment) -> str:
    ground = ModerationGround.objects.filter(pk=_id(request, "ground")).first()
    moderation.remove(found, ground, request.POST.get("words", ""), by=user_of(request))
    return _("The comment is not shown. Its writer is told why, and how to appeal.")


def _judge(request: HttpRequest, found: Comment) -> str:
    appeal = queries.open_appeal(found)
    if appeal is None:
        raise NotPublishable([_("This appeal has been decided already.")])
    restore = request.POST.get("outcome") == "restore"
    moderation.judge(appeal, restore=restore, words=request.POST.get("words", ""), by=user_of(request))
    return _("The appeal is decided, and the writer is told.")


def _answer(request: HttpRequest, found: Comment) -> str:
    message = _message(request, found)
    moderation.show_answer(found, message, request.POST.get("text", ""), by=user_of(request))
    return _("The answer stands below the comment.")


def _hide_answer(request: HttpRequest, found: Comment) -> str:
    row = getattr(_message(request, found), "comment_answer", None)
    if row is None:
        raise Http404
    moderation.hide_answer(row, by=user_of(request))
    return _("The answer is not shown any more. It stays in the conversation.")


def _close(request: HttpRequest, found: Comment) -> str:
    moderation.close_page(found, by=user_of(request))
    return _("The page takes no new comments.")


def _open(request: HttpRequest, found: Comment) -> str:
    moderation.open_page(found, by=user_of(request))
    return _("The page takes comments again.")


ACTS: Final[dict[str, Callable[[HttpRequest, Comment], str]]] = {
    "show": _show,
    "remove": _remove,
    "judge": _judge,
    "answer": _answer,
    "hide-answer": _hide_answer,
    "close": _close,
    "open": _open,
}


def _message(request: HttpRequest, found: Comment) -> Message:
    message = (
        Message.objects.select_related("conversation", "comment_answer")
        .filter(pk=_id(request, "message"), conversation=found.message.conversation_id)
        .first()
    )
    if message is None:
        raise Http404
    return message


def _id(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 18 else 0
