"""What the composer's buttons do: keep the draft, lay files beside it, send, take back, try again. What was typed is never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gensvar.answers import cosigning, drafts
from gensvar.answers import services as answers
from gensvar.answers.checks import Screen, said_already
from gensvar.answers.errors import AlreadySent, CannotSend, ChangedElsewhere, SomethingNew
from gensvar.answers.models import Delivery, Draft, DraftFile
from gensvar.contract.errors import ChannelError
from gensvar.conversations import queries, services
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.turns import turn
from gensvar.core import times
from gensvar.core.access import NotAllowed
from gensvar.core.ids import row_id
from gensvar.core.roles import May
from gensvar.desk import composer, inbox, pane, windows
from gensvar.desk.access import needs, speaker, user_of
from gensvar.desk.place import Place
from gensvar.people.models import Function, Person
from gensvar.people.queries import person_of

TOGETHER: Final = frozenset({"ask", "alone"})  # buttons of an answer with two names
REFUSALS: Final = (CannotSend, ValidationError, ChannelError)


@require_POST
@needs(May.ANSWER, May.NOTE, May.FORWARD)
def write(request: HttpRequest, number: str) -> HttpResponseBase:
    """The composer's form: keep the draft, and send it when the button says so."""
    conversation = queries.get_visible(user_of(request), number)
    act = request.POST.get("act", "save")
    typing = request.headers.get("Accept", "").startswith("application/json")
    try:
        draft = windows.chosen(_keep(request, conversation), act)
    except ChangedElsewhere as refusal:
        if typing:
            return windows.kept_aside(request, refusal)
        problem = windows.put_first(request, refusal, act)
        return inbox.show(request, number=number, kind=request.POST.get("kind", ""), problem=problem)
    place = Place.read(request.GET)
    if act.startswith("remove-"):
        remove_file(draft, act.removeprefix("remove-"))
    if act in TOGETHER:
        return _together(request, conversation, draft, place, act)
    if act != "send":
        if typing:
            return JsonResponse(saved(request, draft))
        messages.success(request, _("Saved %(time)s.") % {"time": times.brief(draft.updated_at)})
        return _back(conversation, place, draft.kind)
    return _send(request, conversation, draft, place)


def _together(
    request: HttpRequest, conversation: Conversation, draft: Draft, place: Place, act: str
) -> HttpResponseBase:
    """Ask a colleague to sign the answer too, or answer alone after all; the draft is kept."""
    if act == "alone":
        cosigning.let_be(draft, by=user_of(request))
        messages.success(request, _("It is your answer alone."))
        return _back(conversation, place, draft.kind)
    person = get_object_or_404(Person, pk=row_id(request.POST.get("beside", "")), active=True)
    try:
        cosigning.ask(draft, person, by=user_of(request))
    except (ValueError, *REFUSALS) as refusal:
        messages.error(request, " ".join([str(refusal), _("Nobody was asked; what you wrote is kept.")]))
        return _back(conversation, place, draft.kind)
    messages.success(
        request, _("%(person)s is asked to sign it, and told by mail.") % {"person": person.name}
    )
    return _back(conversation, place, draft.kind)


def _send(request: HttpRequest, conversation: Conversation, draft: Draft, place: Place) -> HttpResponseBase:
    if changed := windows.files_changed(request, draft):
        problem = " ".join([_("Nothing was sent."), changed])
        return inbox.show(request, number=conversation.number, kind=draft.kind, problem=problem)
    try:
        if said_already(draft, seen_on(request)):
            drafts.discard(draft)
            raise AlreadySent
        done = SENDERS[Draft.Kind(draft.kind)](request, conversation, draft)
    except AlreadySent:
        messages.info(request, _("Your words stand here already. Nothing was sent once more."))
        return _changed(redirect(place.url_of(conversation.number)))
    except SomethingNew:
        return inbox.show(request, number=conversation.number, kind=draft.kind, newer=True)
    except REFUSALS as refusal:
        return inbox.show(
            request, number=conversation.number, kind=draft.kind, problem=why_not(refusal, draft)
        )
    messages.success(request, done)
    return _changed(redirect(place.url_of(conversation.number)))


def why_not(refusal: Exception, draft: Draft) -> str:
    """Why it was not sent; and that the words are kept, where there are any."""
    kept = _("Nothing was sent; what you wrote is kept.") if draft.text.strip() else _("Nothing was sent.")
    return " ".join([*in_words(refusal), kept])


def in_words(refusal: Exception) -> list[str]:
    """The sentences of a refusal."""
    return refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]


def seen_on(request: HttpRequest) -> int | None:
    """The newest message that the screen showed, as its form says."""
    seen = request.POST.get("seen", "")
    return row_id(seen) if seen else None


def screen_of(request: HttpRequest) -> Screen:
    """What the page showed whose form this is, as the form says."""
    read, to = request.POST.get("read", ""), request.POST.get("to")
    return Screen(
        newest=seen_on(request),
        read=row_id(read) if read else None,
        to=frozenset(map(row_id, to.split("-"))) if to is not None else None,
    )


def _send_answer(request: HttpRequest, conversation: Conversation, draft: Draft) -> str:
    answers.send_answer(draft, by=user_of(request), screen=screen_of(request))
    return _("Your answer is on its way. You can take it back for a few seconds.")


def _add_note(request: HttpRequest, conversation: Conversation, draft: Draft) -> str:
    if not draft.text.strip():
        raise ValidationError(_("The note is empty."))
    with turn():  # before the draft, as whoever merges it away does
        if not drafts.discard(draft):  # another click has it
            raise AlreadySent
        services.add_note(conversation, draft.text, by=user_of(request))
    return _("The note is saved. Only colleagues see it.")


def _forward(request: HttpRequest, conversation: Conversation, draft: Draft) -> str:
    answers.forward(draft, by=user_of(request), screen=screen_of(request))
    return _("Forwarded to %(address)s.") % {"address": draft.recipient}


SENDERS: Final[dict[Draft.Kind, Callable[[HttpRequest, Conversation, Draft], str]]] = {
    Draft.Kind.ANSWER: _send_answer,
    Draft.Kind.NOTE: _add_note,
    Draft.Kind.FORWARD: _forward,
}


def _keep(request: HttpRequest, conversation: Conversation) -> Draft:
    """Save what was typed and the files that came along; only in tabs that this person has."""
    me = speaker(request)
    kind = request.POST.get("kind", "")
    if kind not in composer.kinds_for(user_of(request), conversation):
        raise NotAllowed(_("This is not yours to write here."))
    slug = request.POST.get("function", "")
    speaking = composer.speaking_for(me, conversation)
    function: Function | None = next(
        (f for f in speaking if f.slug == slug), speaking[0] if speaking else None
    )
    draft = drafts.save_draft(
        person=me,
        kind=kind,
        text=request.POST.get("text", ""),
        conversation=conversation,
        function=function,
        recipient=request.POST.get("recipient", "").strip(),
        subject=request.POST.get("subject", "").strip(),
        **windows.said_by(request),
    )
    add_files(request, draft)
    return draft


def add_files(request: HttpRequest, draft: Draft) -> None:
    """Lay the files of the form beside the draft; one that is too large is named and left out."""
    for file in request.FILES.getlist("files"):
        try:
            drafts.add_file(draft, file.name or "", file.content_type or "", file.read())
        except CannotSend as refusal:
            left_out = _("%(file)s was left out. The rest is kept.") % {"file": file.name}
            messages.error(request, f"{refusal} {left_out}")


def remove_file(draft: Draft, pk: str) -> None:
    """Take a file away from the draft. Raises Http404 for one that does not lie beside it."""
    drafts.remove_file(get_object_or_404(DraftFile, pk=row_id(pk), draft=draft))


def saved(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What the page is told after each saving: the word for it, its version, and the list of files."""
    return {
        "saved": _("Saved %(time)s") % {"time": times.brief(draft.updated_at)},
        "version": draft.version,
        "files": render_to_string("desk/draft_files.html", {"draft": draft}, request),
    }


def _back(conversation: Conversation, place: Place, kind: str) -> HttpResponse:
    url = place.url_of(conversation.number)
    return redirect(f"{url}{'&' if '?' in url else '?'}write={kind}#desk-composer")


def _changed(response: HttpResponse) -> HttpResponse:
    response["HX-Trigger"] = "desk:changed"
    return response


@require_POST
@needs(May.ANSWER, May.FORWARD, May.WRITE_FIRST)
def take_back(request: HttpRequest, number: str, message_id: int) -> HttpResponseBase:
    """Undo a sending while it waits; the words are a draft again."""
    conversation, message = _own_word(request, number, message_id)
    place = Place.read(request.GET)
    try:
        draft = answers.take_back(message, by=user_of(request))
    except REFUSALS as refusal:
        messages.error(request, " ".join(in_words(refusal)))
        return redirect(place.url_of(conversation.number))
    messages.success(request, _("Taken back. Nothing was sent; your words are a draft again."))
    return _back(conversation, place, draft.kind)


@require_POST
@needs(May.ANSWER, May.FORWARD, May.WRITE_FIRST)
def try_again(request: HttpRequest, number: str, delivery_id: int) -> HttpResponseBase:
    """Send a delayed or failed delivery once more."""
    conversation = queries.get_visible(user_of(request), number)
    delivery = get_object_or_404(Delivery, pk=delivery_id, conversation=conversation)
    try:
        answers.retry_delivery(delivery, by=user_of(request))
        messages.success(request, _("We try again now."))
    except REFUSALS as refusal:
        messages.error(request, " ".join(in_words(refusal)))
    return redirect(Place.read(request.GET).url_of(conversation.number))


@require_POST
@needs(May.ANSWER)
def by_hand(request: HttpRequest, number: str, delivery_id: int) -> HttpResponseBase:
    """Say that an answer has been phoned or posted."""
    conversation = queries.get_visible(user_of(request), number)
    delivery = get_object_or_404(Delivery, pk=delivery_id, conversation=conversation)
    try:
        answers.done_by_hand(delivery, by=user_of(request))
        messages.success(request, _("Noted."))
    except REFUSALS as refusal:
        messages.error(request, " ".join(in_words(refusal)))
    return redirect(Place.read(request.GET).url_of(conversation.number))


@needs(May.READ_OWN, May.READ_ALL)
def deliveries(request: HttpRequest, number: str, message_id: int) -> HttpResponseBase:
    """Where one answer stands; asked again by the page while it moves. Nothing for one that was taken back meanwhile."""
    user = user_of(request)
    conversation = queries.get_visible(user, number)
    message = _ours(conversation).filter(pk=message_id).first()
    if message is None:
        return HttpResponse()
    word = pane.word_of(message, conversation, person_of(user), contacts=user.may(May.SEE_CONTACTS))
    context = {"word": word, "conversation": conversation, "place": Place.read(request.GET)}
    return render(request, "desk/deliveries.html", context)


def _ours(conversation: Conversation) -> QuerySet[Message]:
    return Message.objects.filter(conversation=conversation).exclude(direction=Message.Direction.IN)


def _own_word(request: HttpRequest, number: str, message_id: int) -> tuple[Conversation, Message]:
    conversation = queries.get_visible(user_of(request), number)
    return conversation, get_object_or_404(_ours(conversation), pk=message_id)
