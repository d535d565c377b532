"""The buttons over a conversation: take it, give it, pass it on, close, reopen, let it sleep, spam, link, merge. One form each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gensvar.answers import cosigning
from gensvar.answers.errors import ChangedElsewhere
from gensvar.answers.models import CoSigner
from gensvar.conversations import queries, services
from gensvar.conversations.models import Conversation
from gensvar.conversations.numbering import number_in
from gensvar.conversations.pen import pass_pen
from gensvar.conversations.states import ImpossibleMove
from gensvar.core import clock, times
from gensvar.core.ids import row_id
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk import refused
from gensvar.desk.access import needs, speaker, user_of
from gensvar.desk.fields import day_in
from gensvar.desk.numbers import together
from gensvar.desk.place import Place
from gensvar.learning import ties
from gensvar.learning.models import Outcome
from gensvar.people.models import Function, Person
from gensvar.people.queries import on_duty, on_duty_who_may
from gensvar.publishing.services import NotPublishable

MORNING: Final = dt.time(7, 0)  # when what slept is awake again, in the municipality's time zone


@dataclass(frozen=True, slots=True)
class Act:
    """One button: the permission it needs and what it does; gives the sentence that says what happened."""

    permission: May
    do: Callable[[HttpRequest, Conversation], str]
    typed: tuple[str, ...] = ()  # fields whose words are given back where they were refused


def act_view(name: str) -> Callable[..., HttpResponseBase]:
    """The view of one button; its address carries the button's name."""
    chosen = ACTS[name]

    @require_POST
    @needs(chosen.permission)
    def act(request: HttpRequest, number: str) -> HttpResponseBase:
        """Do it, and show the conversation again with a sentence of what was done."""
        user = user_of(request)
        conversation = queries.get_visible(user, number)
        place = Place.read(request.GET)
        try:
            messages.success(request, together(chosen.do(request, conversation)))
        except (ImpossibleMove, ValidationError, ValueError) as refusal:
            words = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
            messages.error(request, together(" ".join([*words, _("Nothing was changed.")])))
            refused.keep(request, name, number, chosen.typed)
        try:
            queries.get_visible(user, number)
        except ObjectDoesNotExist:  # passed on to where one does not see it
            return _to(request, place.url)
        return _to(request, place.url_of(number))

    return act


def _read_on(request: HttpRequest) -> int | None:
    """How many words of persons there were for the screen, as its form says."""
    read = request.POST.get("read", "")
    return row_id(read) if read else None


def _to(request: HttpRequest, url: str) -> HttpResponseBase:
    response = redirect(url)
    if request.headers.get("HX-Request"):
        response["HX-Trigger"] = "desk:changed"
    return response


def _take(request: HttpRequest, conversation: Conversation) -> str:
    """Not from a colleague who took it after the page was shown, nor by whom it would not stay at."""
    me = speaker(request)
    if not on_duty().filter(pk=me.pk).exists():
        raise ValidationError(_("You are noted as away, or hold no function, so it would not stay with you."))
    services.take(conversation, me, had=row_id(request.POST.get("had", "")), by=user_of(request))
    return _("It is yours now.")


def _assign(request: HttpRequest, conversation: Conversation) -> str:
    chosen = request.POST.get("person", "")
    if not chosen:
        services.assign(conversation, None, by=user_of(request))
        return _("It is nobody's now; everyone in the function sees it.")
    person = _who_could_answer(chosen)
    services.assign(conversation, person, by=user_of(request))
    return _("%(person)s takes care of it now.") % {"person": person.name}


def _who_could_answer(chosen: str) -> Person:
    """At anybody else it would not stay (who is away or holds no function), or would lie unanswered (who lacks role or log-in)."""
    person = on_duty_who_may(May.ANSWER).filter(pk=row_id(chosen)).first()
    if person is not None:
        return person
    named = Person.objects.filter(pk=row_id(chosen), active=True).first()
    if named is None or not on_duty().filter(pk=named.pk).exists():
        raise ValidationError(
            _("Whom you chose is away now, or holds no function any more. Choose somebody else.")
        )
    raise ValidationError(
        _(
            "%(person)s cannot answer here: without a log-in that may be used, or without the role for it."
            " Choose somebody else."
        )
        % {"person": named.name}
    )


def _pass_pen(request: HttpRequest, conversation: Conversation) -> str:
    person = _who_could_answer(request.POST.get("person", ""))
    pass_pen(conversation, person, request.POST.get("thanks", ""), by=user_of(request))
    return _("%(person)s has the pen now, and your thanks.") % {"person": person.name}


def _sign(request: HttpRequest, conversation: Conversation) -> str:
    asked = _asked(request, conversation)
    try:
        cosigning.sign(asked, request.POST.get("words", ""), by=user_of(request))
    except ChangedElsewhere:
        raise ValidationError(_("The words were changed after you saw them. Read them again.")) from None
    return _("You have signed. %(person)s sends it in both your names.") % {"person": asked.draft.person.name}


def _sign_not(request: HttpRequest, conversation: Conversation) -> str:
    asked = _asked(request, conversation)
    if not cosigning.let_be(asked.draft, by=user_of(request)):
        raise ValidationError(_("It has been sent already, in both your names."))
    return _("%(person)s answers without your name.") % {"person": asked.draft.person.name}


def _asked(request: HttpRequest, conversation: Conversation) -> CoSigner:
    me = speaker(request)
    wanted = row_id(request.POST.get("asked", ""))
    found = [one for one in cosigning.asked_of(me, conversation.pk) if one.pk == wanted]
    if not found:
        raise ValidationError(_("Nobody waits for your name here any more."))
    return found[0]


def _pass_on(request: HttpRequest, conversation: Conversation) -> str:
    function = get_object_or_404(Function, slug=request.POST.get("function", ""), active=True)
    services.pass_to(conversation, function, by=user_of(request))
    return _("%(number)s now belongs to %(function)s.") % {
        "number": conversation.number,
        "function": function,
    }


def _close(request: HttpRequest, conversation: Conversation) -> str:
    services.close(conversation, by=user_of(request), seen=_read_on(request))
    return _("Closed. It opens by itself if they write again.")


def _reopen(request: HttpRequest, conversation: Conversation) -> str:
    services.reopen(conversation, by=user_of(request))
    return _("Open again.")


def _spam(request: HttpRequest, conversation: Conversation) -> str:
    services.mark_spam(conversation, by=user_of(request), seen=_read_on(request))
    return _("Marked as spam. It is kept, out of the queues, and gets no receipt.")


def _not_spam(request: HttpRequest, conversation: Conversation) -> str:
    services.not_spam(conversation, by=user_of(request))
    return _("Not spam: it waits for us again.")


def _see_to(request: HttpRequest, conversation: Conversation) -> str:
    services.see_to(conversation, by=user_of(request))
    return _("Seen to: it is no longer among your questions.")


def _snooze(request: HttpRequest, conversation: Conversation) -> str:
    day = day_in(request.POST.get("until") or request.POST.get("until_day", ""))
    if day is None or day <= clock.today():
        raise ValidationError(_("Choose a day after today."))
    until = timezone.make_aware(dt.datetime.combine(day, MORNING))
    services.snooze(conversation, until, by=user_of(request), seen=_read_on(request))
    return _("It sleeps until %(time)s, or until they write.") % {"time": times.said(until)}


def _wake(request: HttpRequest, conversation: Conversation) -> str:
    services.snooze(conversation, None, by=user_of(request))
    return _("It is awake again.")


def _link(request: HttpRequest, conversation: Conversation) -> str:
    other = _other(user_of(request), conversation, request.POST.get("other", ""))
    services.link(conversation, other, by=user_of(request))
    return _("Linked with %(number)s.") % {"number": other.number}


def _merge(request: HttpRequest, conversation: Conversation) -> str:
    other = _other(user_of(request), conversation, request.POST.get("other", ""))
    services.merge(conversation, other, by=user_of(request), seen=_read_on(request))
    return _("Merged into %(number)s.") % {"number": other.number}


def _topics(request: HttpRequest, conversation: Conversation) -> str:
    if more := request.POST.get("add", ""):
        slugs = [*conversation.topics.values_list("slug", flat=True), more]
    else:
        slugs = request.POST.getlist("topic")
    chosen = services.set_topics(conversation, slugs, by=user_of(request))
    if not chosen:
        return _("It has no topic now.")
    return _("It is about %(topics)s.") % {"topics": ", ".join(map(str, chosen))}


def _led_to(request: HttpRequest, conversation: Conversation) -> str:
    outcome = get_object_or_404(Outcome, pk=row_id(request.POST.get("outcome")))
    try:
        ties.tie(outcome, conversation, by=user_of(request))
    except NotPublishable as refusal:
        raise ValidationError(refusal.reasons) from None
    return _("It led to “%(outcome)s”.") % {"outcome": outcome}


def _also_writes_from(request: HttpRequest, conversation: Conversation) -> str:
    address, reason = request.POST.get("address", ""), request.POST.get("reason", "")
    said = services.also_writes_from(conversation, address, reason, by=user_of(request))
    return _("Noted: %(address)s is the same person's. Their private links show what they showed before.") % {
        "address": said.address.address
    }


def _not_also_writes_from(request: HttpRequest, conversation: Conversation) -> str:
    said = row_id(request.POST.get("said", ""))
    services.not_also_writes_from(conversation, said, by=user_of(request))
    return _("Taken back: the addresses are two persons' again.")


def _protect(request: HttpRequest, conversation: Conversation) -> str:
    services.protect(conversation, _whom(request), by=user_of(request))
    return _("Protected: name and address are no longer shown. What they wrote themselves stays as it is.")


def _protect_no_more(request: HttpRequest, conversation: Conversation) -> str:
    services.protect_no_more(conversation, _whom(request), by=user_of(request))
    return _("No longer protected: name and address are shown again.")


def _whom(request: HttpRequest) -> int | None:
    """The contact that the button names; None where it names none."""
    named = request.POST.get("contact", "")
    return row_id(named) if named else None


def _other(user: User, conversation: Conversation, number: str) -> Conversation:
    try:
        other = queries.get_visible(user, number_in(number) or number.strip())
    except ObjectDoesNotExist:
        raise ValidationError(_("You see no conversation with that number.")) from None
    if other.pk == conversation.pk:
        raise ValidationError(_("That is this conversation itself."))
    return other


ACTS: Final[dict[str, Act]] = {
    "ta": Act(May.ASSIGN, _take),
    "tilldela": Act(May.ASSIGN, _assign),
    "penna": Act(May.ASSIGN, _pass_pen, typed=("person", "thanks")),
    "klar-med": Act(May.NOTE, _see_to),
    "skriv-under": Act(May.NOTE, _sign),
    "skriv-inte-under": Act(May.NOTE, _sign_not),
    "lamna-over": Act(May.PASS_ON, _pass_on),
    "stang": Act(May.CLOSE, _close),
    "oppna": Act(May.CLOSE, _reopen),
    "sov": Act(May.CLOSE, _snooze),
    "vakna": Act(May.CLOSE, _wake),
    "skrap": Act(May.MARK_SPAM, _spam),
    "inte-skrap": Act(May.MARK_SPAM, _not_spam),
    "lanka": Act(May.ASSIGN, _link),
    "sla-ihop": Act(May.ASSIGN, _merge),
    "amnen": Act(May.ASSIGN, _topics),
    "skriver-ocksa-fran": Act(May.ANSWER, _also_writes_from, typed=("address", "reason")),
    "skriver-inte-fran": Act(May.ANSWER, _not_also_writes_from),
    "skydda": Act(May.ANSWER, _protect),
    "skydda-inte": Act(May.ANSWER, _protect_no_more),
    "ledde-till": Act(May.PROPOSE_OUTCOMES, _led_to),
}
