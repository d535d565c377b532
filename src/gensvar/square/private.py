"""One's own conversation behind its private link: what was said, what happens next, a field to go on, one's own choices.

Neighbours: conversations.queries says what this participant may see by the key in the address (never notes, never another's
private words).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gensvar.answers import receipts
from gensvar.answers.models import Delivery
from gensvar.conversations import queries, services
from gensvar.conversations.models import Attachment, Conversation, Message, Participant
from gensvar.conversations.states import State
from gensvar.core import clock, files
from gensvar.core.sandboxed import sandboxed
from gensvar.intake.models import Envelope
from gensvar.people.names import both
from gensvar.publishing import services as publishing
from gensvar.routing import calendar
from gensvar.square import arriving, guards, limits, suggesting
from gensvar.square.forms import ACCEPT, MOST_BYTES, MOST_FILES, ReplyForm
from gensvar.square.headers import secret
from gensvar.square.writing import not_kept, read, refuse

OFTEN: Final = 60  # times in ten minutes that one network may say yes
SHOWN_ROLES: Final = frozenset({"attachment", "alternative"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the thread as its reader sees it."""

    message: Message
    ours: bool
    mine: bool
    automatic: bool
    who: str  # who speaks for us; empty where the person did not agree to be named
    function: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What happens next, in values that the template puts into words."""

    state: str  # open | waiting | closed
    promised: dt.datetime | None
    late: bool
    function: str
    who: str


@csrf_exempt  # the address is the key; guards looks at where the post came from
@require_http_methods(["GET", "HEAD", "POST"])
@secret
def conversation(request: HttpRequest, token: str) -> HttpResponse:
    """The conversation; a post to it is a further word of this participant."""
    participant = _opened_by(token)
    if request.method != "POST":
        return _page(request, participant, ReplyForm())
    post = read(request)
    form = ReplyForm(post.fields, came=post.files)
    if (status := refuse(request, form, post, key_in_address=True)) is not None:
        return _page(request, participant, form, status)
    if post.fields.getlist("token") != [token]:
        raise Http404  # the kept bytes must lead to this very conversation
    try:
        kept = arriving.keep(post, source=Envelope.Source.LINK)
    except (DatabaseError, OSError, arriving.Closed) as error:
        return _page(request, participant, form, not_kept(form, error))
    came = "ny=svar" if arriving.message_of(kept.envelope_id) is not None else "ny=snart"
    return _back(token, came)


@csrf_exempt
@require_POST
@secret
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Their own yes or no: to each of their own words being shown, and to their name beside them.

    By the typed key only to words that came by it; and once there are others, not to the name, which stands beside those too.
    What is taken back always is; how often one network says yes is limited, since each change is told to feeds' readers.
    """
    participant = _opened_by(token)
    guards.require_own_page(request)
    chosen = set(request.POST.getlist("may_publish"))
    with transaction.atomic():  # all of them or none: half a wish is nobody's
        opened = queries.opened_to(participant)
        words = [one.message for one in _words(participant, opened) if one.mine]
        other = [one for one in words if bool(one.may_publish) != (str(one.pk) in chosen)]
        named = "show_name" in request.POST
        anew = not opened.more and named != participant.show_name
        says_yes = (anew and named) or any(str(one.pk) in chosen for one in other)
        often = says_yes and limits.too_many(request, "yes", OFTEN)
        if often:
            other, anew = [one for one in other if str(one.pk) not in chosen], anew and not named
        for message in other:
            services.set_may_publish(message, str(message.pk) in chosen)
        if anew:
            services.set_show_name(participant, named)
        if other or anew:
            publishing.follow_choice(participant.conversation_id)
    return _back(token, "ny=ofta" if often else "ny=val")


@csrf_exempt
@require_POST
@secret
def mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail the key that opens everything to the address that was typed. Whether one went there lately is told to nobody."""
    participant = _opened_by(token)
    guards.require_own_page(request)
    if not queries.opened_to(participant).more:
        raise Http404
    receipts.mail_link(participant, get_language() or settings.LANGUAGE_CODE)
    return _back(token, "ny=lank")


@require_safe
@secret
def attachment(request: HttpRequest, token: str, attachment_id: str) -> HttpResponse:
    """A file of this participant's own thread, to be saved and never run in the browser."""
    participant = _opened_by(token)
    words = _words(participant, queries.opened_to(participant))
    found = next((f for word in words for f in word.files if f.pk == int(attachment_id)), None)
    if found is None:
        raise Http404
    try:
        data = files.read(found.sha256)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.filename) or "attachment"
    return sandboxed(response)


def _opened_by(token: str) -> Participant:
    participant = queries.participant_for_token(token)
    if participant is None:
        raise Http404
    return participant


def _back(token: str, came: str) -> HttpResponse:
    response = redirect(f"{reverse('square:conversation', args=[token])}?{came}")
    response.status_code = 303
    return response


def _words(participant: Participant, opened: queries.Opened) -> list[Word]:
    """What this participant may see now: an answer that its writer may still take back is not theirs yet."""
    messages = opened.words
    held_back = set(
        Delivery.objects.filter(
            message__in=[message for message in messages if message.direction == Message.Direction.OUT],
            state=Delivery.State.WAITING,
            attempts=0,
            send_after__gt=clock.now(),
        ).values_list("message_id", flat=True)
    )
    return [_word(message, participant) for message in messages if message.pk not in held_back]


def _word(message: Message, participant: Participant) -> Word:
    ours = message.direction == Message.Direction.OUT
    person = message.person
    return Word(
        message=message,
        ours=ours,
        mine=not ours and message.contact_id == participant.contact_id,
        automatic=message.author == Message.Author.AUTOMATIC,
        who=both(person, message.co_signer) if ours and person is not None else "",
        function=str(message.function) if ours and message.function is not None else "",
        files=tuple(one for one in message.attachments.all() if one.role in SHOWN_ROLES),
    )


def _standing(found: Conversation, *, answered: bool) -> Standing:
    function = found.function or found.contact_point.function
    person = found.assignee
    promised = found.due_at if found.state == State.OPEN else None  # spam keeps its day for a mistake
    if found.state == State.OPEN and promised is None:  # not routed yet, or our answer did not arrive
        soon = calendar.add_working_days(found.last_at, found.contact_point.answer_within)
        promised = soon if soon > clock.now() else None
    state = (
        found.state
        if found.state == State.CLOSED or (found.state == State.WAITING and answered)
        else State.OPEN
    )
    return Standing(
        state=str(state),
        promised=promised if state == State.OPEN else None,
        late=found.state == State.OPEN and found.due_at is not None and found.due_at < clock.now(),
        function=str(function),
        who=person.name if person is not None and person.shown else "",
    )


def _is_answer(word: Word) -> bool:
    """Whether somebody said it to them in answer: no receipt, and not what the conversation led to later."""
    return not word.automatic and word.message.kind == "message"


def _heading(words: list[Word]) -> str:
    """What the conversation is called to this reader: never by the words of somebody else in it."""
    return next((word.message.subject for word in words if word.message.subject.strip()), "")


def _page(request: HttpRequest, participant: Participant, form: ReplyForm, status: int = 200) -> HttpResponse:
    opened = queries.opened_to(participant)
    words = _words(participant, opened)
    token = participant.shown_token if participant.typed else participant.token
    answer = next((word for word in reversed(words) if word.ours and _is_answer(word)), None)
    new = request.GET.get("ny", "")
    begun = next((word.message.text for word in words if word.mine), "") if new == "1" else ""
    context = {
        "conversation": participant.conversation,
        "heading": _heading(words),
        "participant": participant,
        "token": token,
        "words": words,
        "more": opened.more,
        "answer": answer,
        "mine": [word for word in words if word.mine],
        "standing": _standing(participant.conversation, answered=answer is not None),
        "form": form.marked() if form.is_bound else form,
        "form_id": form.form_id,
        "files_lost": form.is_bound and bool(form.came or form.errors.get("files")),
        "link": request.build_absolute_uri(reverse("square:conversation", args=[token])),
        "new": new,
        "similar": suggesting.kindred(begun),
        "accept": ACCEPT,
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // 1024 // 1024,
    }
    return render(request, "square/conversation.html", context, status=status)
