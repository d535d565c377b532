"""Following by mail: the form, the link that confirms, one's own page, and the one click that ends it (RFC 8058).

Neighbour: publishing.newsletters keeps and sends. Nobody learns here whether an address follows us.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gensvar.core import languages
from gensvar.publishing import streams
from gensvar.publishing.newsletters import letters, services
from gensvar.publishing.newsletters.models import Subscriber
from gensvar.publishing.streams import Stream
from gensvar.square import guards, limits
from gensvar.square.headers import for_one, secret

MOST_QUESTIONS: Final = 20  # in one asking
OFTEN: Final = 10  # one network may ask so many times in ten minutes
CHANGED: Final = 60  # and so many times change what is followed


@csrf_exempt  # guarded without a cookie: see guards
@require_http_methods(["GET", "HEAD", "POST"])
@for_one
def ask(request: HttpRequest) -> HttpResponse:
    """The form; `?om=amne-sno` chooses a stream. A post mails the link that confirms, and shows the same page to all."""
    if not services.offered():
        raise Http404
    chosen = set(request.POST.getlist("stream")) or {request.GET.get("om", "") or streams.ALL}
    if request.method != "POST":
        return _form(request, chosen)
    address = request.POST.get("address", "").strip()
    error = _refusal(request, address)
    found = [one for group in _offer(_questions(chosen)).values() for one in group if one.name in chosen]
    if not error and not found:
        error = _("Choose at least one thing to follow.")
    if not error:
        try:
            services.ask(address, found, pace=_pace(request), language=_language(request))
        except ValueError:
            error = _("Write an e-mail address, such as name@example.com.")
    if error:
        return _form(request, chosen, address, error, 422)
    return _to("square:letters_asked")


@require_safe
@for_one
def asked(request: HttpRequest) -> HttpResponse:
    """What comes next, whatever the address was."""
    return render(request, "square/letters_asked.html")


@csrf_exempt  # the address is the key
@require_http_methods(["GET", "HEAD", "POST"])
@secret
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: a button, since machines that look at mail open links too."""
    subscriber = services.find(letters.CONFIRM, token)
    if subscriber is None:
        raise Http404
    if request.method == "POST":
        guards.require_own_page(request)
        services.confirm(subscriber)
        return HttpResponseRedirect(f"{letters.own_page(subscriber)}?ny=brev", status=303)
    if subscriber.ended_at is not None:
        return render(request, "square/letters_ended.html", status=410)
    wanted = services.streams_of(services.waiting(subscriber))
    context = {"wanted": wanted, "own": letters.own_page(subscriber), "confirmed": subscriber.confirmed_at}
    return render(request, "square/confirm_letters.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@secret
def own(request: HttpRequest, token: str) -> HttpResponse:
    """One's own page: what one follows, how often, in which language; changed or ended."""
    subscriber = _opened_by(token)
    if subscriber.ended_at is not None or subscriber.confirmed_at is None:
        return render(request, "square/letters_ended.html", status=410)
    offer = _offer(services.followed(subscriber))
    if request.method == "POST":
        guards.require_own_page(request)
        chosen = set(request.POST.getlist("stream"))
        found = [one for group in offer.values() for one in group if one.name in chosen]
        if found and limits.too_many(request, "own letters", CHANGED):
            return _only_ended(request, subscriber, found)
        services.change(subscriber, found, pace=_pace(request), language=_language(request))
        return HttpResponseRedirect(f"{request.path}?ny=1", status=303)
    context = {
        "offer": offer,
        "chosen": {one.name for one in services.followed(subscriber)},
        "paces": Subscriber.Pace.choices,
        "pace": subscriber.pace,
        "languages": settings.LANGUAGES,
        "language": subscriber.language,
        "end": letters.ending(subscriber),
        "saved": request.GET.get("ny") == "1",
        "begun": request.GET.get("ny") == "brev",
        "often": request.GET.get("ny") == "ofta",
    }
    return render(request, "square/own_letters.html", context)


def _only_ended(request: HttpRequest, subscriber: Subscriber, found: Sequence[Stream]) -> HttpResponse:
    """What they follow no more is ended, however often they ask; nothing else of their wishes is saved.

    Who wants another thing instead of all that they followed wants no end of the letters.
    """
    followed = services.followed(subscriber)
    wanted = {one.name for one in found}
    kept = [one for one in followed if one.name in wanted]
    if len(kept) < len(followed):
        services.keep_only(subscriber, kept)
    return HttpResponseRedirect(f"{request.path}?ny=ofta", status=303)


@csrf_exempt  # a mail program posts here, with nothing of ours (RFC 8058 § 3.2)
@require_http_methods(["GET", "HEAD", "POST"])
@secret
def end(request: HttpRequest, token: str) -> HttpResponse:
    """A post ends it at once, from wherever it comes; a reader of the link gets a button."""
    subscriber = _opened_by(token)
    if request.method == "POST":
        services.end(subscriber, Subscriber.Ending.WISH)
        return render(request, "square/letters_ended.html")
    if subscriber.ended_at is not None:
        return render(request, "square/letters_ended.html")
    return render(request, "square/end_letters.html", {"own": letters.own_page(subscriber)})


def _refusal(request: HttpRequest, address: str) -> str:
    """Why the form is shown again, in words; empty where it may go on."""
    try:
        guards.check(request, request.POST.dict())
    except guards.Refused as refusal:
        return str(refusal.message)
    try:
        validate_email(address)
    except ValidationError:
        return _("Write an e-mail address, such as name@example.com.")
    if limits.too_many(request, "letters", OFTEN):
        return _("Many have asked from your network in a short while. Wait ten minutes and send again.")
    return ""


def _offer(more: Sequence[Stream] = ()) -> dict[str, list[Stream]]:
    """What can be followed, by heading; `more` is what somebody follows already, whatever became of it."""
    offer = {
        "": [streams.everything()],
        _("One topic"): streams.topics(),
        _("What one function answers"): streams.functions(),
        _("One of those who answer"): streams.persons(),
    }
    there = {one.name for group in offer.values() for one in group}
    offer[""] += [one for one in more if one.name not in there and one.scope != streams.QUESTION]
    offer = {_("One question"): [one for one in more if one.scope == streams.QUESTION]} | offer
    return {heading: group for heading, group in offer.items() if group}


def _questions(chosen: Iterable[str]) -> list[Stream]:
    """The questions among these names of streams: too many to be offered all, each is chosen on its own page."""
    named = (one.removeprefix(f"{streams.QUESTION}-") for one in sorted(chosen))
    return streams.questions(itertools.islice(named, MOST_QUESTIONS))


def _form(
    request: HttpRequest, chosen: set[str], address: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "offer": _offer(_questions(chosen)),
        "chosen": chosen,
        "address": address,
        "error": error,
        "paces": Subscriber.Pace.choices,
        "pace": _pace(request),
        "languages": settings.LANGUAGES,
        "language": _language(request),
        "form_id": guards.new_form_id(),
    }
    return render(request, "square/letters.html", context, status=status)


def _pace(request: HttpRequest) -> str:
    given = request.POST.get("pace", "")
    return given if given in Subscriber.Pace.values else str(Subscriber.Pace.WEEKLY)


def _language(request: HttpRequest) -> str:
    given = request.POST.get("language", "")
    return given if given in dict(settings.LANGUAGES) else languages.here()


def _opened_by(token: str) -> Subscriber:
    found = services.find(letters.OWN, token)
    if found is None:
        raise Http404
    return found


def _to(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name), status=303)
