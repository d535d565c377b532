"""The screens about guests: the list, an invitation, and one guest with all that can be done. Plain forms."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.answers.models import Delivery
from gensvar.core import clock, languages
from gensvar.core.roles import May
from gensvar.core.sandboxed import sandboxed
from gensvar.desk.access import needs, speaker, user_of
from gensvar.desk.acting import Act, acted
from gensvar.desk.guests import forms
from gensvar.people.queries import functions_of
from gensvar.publishing.guests import agreeing, pictures, services
from gensvar.publishing.guests.models import GuestVoice
from gensvar.publishing.guests.services import Invitation
from gensvar.publishing.guests.writing import Written
from gensvar.publishing.services import NotPublishable

PAGE: Final = 30
State = GuestVoice.State
QUEUES: Final = {
    "ours": gettext_lazy("Our turn"),
    "theirs": gettext_lazy("The guest's turn"),
    "published": gettext_lazy("Published"),
    "over": gettext_lazy("Ended or taken back"),
}


@needs(May.PUBLISH)
def guests(request: HttpRequest) -> HttpResponseBase:
    """All of them by whose turn it is, the last invited first."""
    queue = request.GET.get("queue", "")
    queue = queue if queue in QUEUES else "ours"
    public = Q(post__live=True, leaves_at=None)
    writes = Q(state=State.WRITING, last_day__gte=clock.today())
    ended = Q(state=State.WRITING, last_day__lt=clock.today()) | Q(state=State.TAKEN_BACK)
    theirs = (writes | Q(state=State.ASKED)) & Q(leaves_at=None)
    chosen = {
        "ours": ~public & ~theirs & ~ended,
        "theirs": theirs & ~public,
        "published": public,
        "over": ended & ~public,
    }[queue]
    rows = GuestVoice.objects.select_related("function", "host", "post").filter(chosen)
    context = {
        "page": Paginator(rows.order_by("-invited_at", "-pk"), PAGE).get_page(request.GET.get("page")),
        "queue": queue,
        "queues": QUEUES.items(),
    }
    return render(request, "desk/guests/list.html", context)


@needs(May.PUBLISH)
def new(request: HttpRequest) -> HttpResponseBase:
    """Invite somebody; the mail goes at once."""
    user = user_of(request)
    first = {"language": languages.here(), "function": functions_of(user).first()}
    form = forms.InvitationForm(user, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            found = services.invite(Invitation(**form.cleaned_data, host=speaker(request)), by=user)
        except NotPublishable as error:
            for reason in error.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("The invitation is on its way to %(name)s.") % {"name": found.name})
            return redirect("desk:guest", found.pk)
    return render(request, "desk/guests/new.html", {"form": form})


@needs(May.PUBLISH)
def guest(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them; a post to it is one act. What cannot be done says why and changes nothing."""
    found = GuestVoice.objects.select_related("function", "host", "post").filter(pk=pk).first()
    if found is None:
        raise Http404
    bound: dict[str, Any] = {}
    if request.method == "POST" and acted(request, ACTS, found, bound):
        return redirect("desk:guest", pk)
    return render(request, "desk/guests/one.html", _shown(found, bound))


@needs(May.PUBLISH)
def picture(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A picture that the guest gave, as it was kept: pixels only. 404 for one that was taken away."""
    data = pictures.read(get_object_or_404(GuestVoice, pk=pk), number)
    if data is None:
        raise Http404
    return sandboxed(HttpResponse(data, content_type="image/webp"))


def _shown(found: GuestVoice, bound: dict[str, Any]) -> dict[str, Any]:
    newest = services.newest(found)
    form = None
    if found.state == State.WRITING:
        begun = Written.of(newest) if newest is not None else Written()
        first = {"title": begun.title, "lead": begun.lead, "text": begun.text}
        form = bound.get("write") or forms.TextForm(
            initial=first | {"seen": newest.number if newest is not None else 0}, prefix="text"
        )
    is_open = found.state != State.TAKEN_BACK
    return {
        "guest": found,
        "states": State,
        "is_live": found.post is not None and found.post.live,
        "form": form,
        "newer": bound.get("newer"),
        "pictures": pictures.standing(found),
        "versions": found.versions.select_related("person"),
        "remarks": found.remarks.select_related("person"),
        "wording": agreeing.wording(found),
        "mail": Delivery.objects.filter(recipient=found.email, kind=Delivery.Kind.GUEST)
        .order_by("-created_at", "-pk")
        .first(),
        "remark_form": (bound.get("remark") or forms.WordsForm(prefix="remark")) if is_open else None,
        "leaving_form": (bound.get("leaving") or forms.WordsForm(prefix="leaving"))
        if found.leaves_at
        else None,
        "day_form": (
            bound.get("day") or forms.LastDayForm(initial={"last_day": found.last_day}, prefix="day")
        )
        if found.state == State.WRITING
        else None,
    }


def _write(request: HttpRequest, found: GuestVoice, bound: dict[str, Any]) -> str:
    form = bound["write"] = forms.TextForm(request.POST, prefix="text")
    if not form.is_valid():
        return ""
    seen = form.cleaned_data["seen"]
    saved = services.write(found, form.written, seen=seen, person=speaker(request), by=user_of(request))
    if saved.newer is None:
        return _("The version is saved, and the guest is told.")
    typed = {**form.cleaned_data, "seen": saved.newer.number}
    bound["write"], bound["newer"] = forms.TextForm(initial=typed, prefix="text"), saved.newer
    return ""


def _remark(request: HttpRequest, found: GuestVoice, bound: dict[str, Any]) -> str:
    form = bound["remark"] = forms.WordsForm(request.POST, prefix="remark")
    if not form.is_valid():
        return ""
    services.remark(found, form.cleaned_data["words"], person=speaker(request), by=user_of(request))
    return _("The remark stands on the guest's page, and the guest is told.")


def _ask(request: HttpRequest, found: GuestVoice, bound: dict[str, Any]) -> str:
    agreeing.ask(found, by=user_of(request))
    return _("The guest is asked for a yes to this wording.")


def _renew(request: HttpRequest, found: GuestVoice, bound: dict[str, Any]) -> str:
    services.send_new_link(found, by=user_of(request))
    return _("A new link is on its way. The old one opens nothing any more.")


def _day(request: HttpRequest, found: GuestVoice, bound: dict[str, Any]) -> str:
    form = bound["day"] = forms.LastDayForm(request.POST, prefix="day")
    if not form.is_valid():
        return ""
    services.move_last_day(found, form.cleaned_data["last_day"], by=user_of(request))
    return _("The last day is moved.")


def _take_back(request: HttpRequest, found: GuestVoice, bound: dict[str, Any]) -> str:
    services.take_back(found, by=user_of(request))
    return _("The invitation is taken back, and the guest is told. What was written is kept.")


def _withdraw(request: HttpRequest, found: GuestVoice, bound: dict[str, Any]) -> str:
    return _leaving(request, found, bound, withdraw=True)


def _let_stand(request: HttpRequest, found: GuestVoice, bound: dict[str, Any]) -> str:
    return _leaving(request, found, bound, withdraw=False)


def _leaving(request: HttpRequest, found: GuestVoice, bound: dict[str, Any], *, withdraw: bool) -> str:
    form = bound["leaving"] = forms.WordsForm(request.POST, prefix="leaving")
    if not form.is_valid():
        return ""
    agreeing.decide(found, form.cleaned_data["words"], withdraw=withdraw, by=user_of(request))
    return _("The text is withdrawn.") if withdraw else _("The text stays. The guest is told why.")


ACTS: Final[dict[str, Act[GuestVoice]]] = {
    "write": _write,
    "remark": _remark,
    "ask": _ask,
    "renew": _renew,
    "day": _day,
    "take_back": _take_back,
    "withdraw": _withdraw,
    "let_stand": _let_stand,
}
