"""A guest's own page behind the mailed link: write, read what we say of it, hand in, say yes to every word, ask to leave.

One form, whose button says what is done; what was typed is there again whatever becomes of it. Neighbour: publishing.guests
keeps and decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gensvar.core.sandboxed import sandboxed
from gensvar.publishing.guests import agreeing, pictures, services
from gensvar.publishing.guests.models import GuestVersion, GuestVoice
from gensvar.publishing.guests.writing import LONGEST_LEAD, LONGEST_TEXT, LONGEST_TITLE, Written
from gensvar.publishing.posts import gate
from gensvar.publishing.services import NotPublishable
from gensvar.square import guards, limits, writing
from gensvar.square.forms import OneLine
from gensvar.square.headers import secret

OFTEN: Final = 60  # times in ten minutes that one network may save
LEAVE: Final = "leave"  # is never refused for that: it takes a yes back, and asked twice it is asked once
LONGEST_WORDS: Final = 5_000
ACCEPT: Final = "image/jpeg,image/png,image/webp,image/gif,image/avif"
_MUCH: Final = _(
    "You have saved very often in a short while. Wait ten minutes; what you wrote is still here."
)


class TextForm(forms.Form):
    """The text as it is being written; anything may be saved, also half of it."""

    title = OneLine(
        label=_("Headline"),
        max_length=LONGEST_TITLE,
        required=False,
        widget=forms.TextInput({"class": "ds-input", "dir": "auto", "autocomplete": "off"}),
    )
    lead = forms.CharField(
        label=_("What is it about, in two or three sentences?"),
        max_length=LONGEST_LEAD,
        required=False,
        widget=forms.Textarea({"class": "ds-input", "rows": 3, "dir": "auto"}),
    )
    text = forms.CharField(
        label=_("The text"),
        help_text=_(
            "An empty line begins a new paragraph. A line that begins with ## is a heading, one with - an item of a list."
        ),
        max_length=LONGEST_TEXT,
        required=False,
        strip=False,
        widget=forms.Textarea({"class": "ds-input", "rows": 10, "dir": "auto"}),
    )
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    picture = forms.FileField(label=_("Choose a picture"), required=False, allow_empty_file=True)
    alternative = OneLine(
        label=_("What does it show, in words?"),
        help_text=_("For those who cannot see it."),
        max_length=300,
        required=False,
        widget=forms.TextInput({"class": "ds-input", "dir": "auto", "autocomplete": "off"}),
    )
    taken_by = OneLine(
        label=_("Who took it?"),
        help_text=_("The name stands below the picture. Give only pictures that you may give."),
        max_length=120,
        required=False,
        widget=forms.TextInput({"class": "ds-input", "dir": "auto", "autocomplete": "off"}),
    )

    @property
    def given(self) -> pictures.Given | None:
        """The picture that came, with pixels only. Raises NotPublishable for what cannot be shown or lacks its words."""
        words, came = self.cleaned_data, self.cleaned_data["picture"]
        if not came and (words["alternative"] or words["taken_by"]):
            said = _("The words came without their picture. Choose it again, or empty its fields.")
            raise NotPublishable([str(said)])
        if not came:
            return None
        return pictures.cleaned(pictures.Given(came.read(), words["alternative"], words["taken_by"]))

    @property
    def written(self) -> Written:
        """What was typed, in a form that is valid."""
        given = self.cleaned_data
        return Written.tidied(given["title"], given["lead"], given["text"])


class RemarkForm(forms.Form):
    """Words to those who look after the guest."""

    words = forms.CharField(
        label=_("Your words to us"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"class": "ds-input", "rows": 4, "dir": "auto"}),
    )


@csrf_exempt  # the address is the key; guards looks at where the post came from
@require_http_methods(["GET", "HEAD", "POST"])
@secret
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """The page; a post to it is one act, which its button names."""
    found = services.find(token)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, token, found)
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.GENSVAR_LARGEST_WORD:
        writing.read(
            request
        )  # past its files, so that the browser listens; what was typed is in request.POST then
        return _typed(request, token, found, writing.too_large_sentence(), 413)
    action = request.POST.get("action", "")
    act = ACTS.get(action)
    if act is None:
        raise Http404
    try:
        guards.check(request, request.POST.dict(), key_in_address=True)
    except guards.Refused as refused:
        return _typed(request, token, found, str(refused.message), 422, fresh=True)
    try:
        if action != LEAVE and limits.too_many(request, "guest", OFTEN):
            return _typed(request, token, found, str(_MUCH), 429)
        said = act(request, found)
    except NotPublishable as refusal:
        return _typed(request, token, services.find(token) or found, str(refusal), 422)
    if not isinstance(said, str):
        return _page(request, token, found, text=said[0], newer=said[1], status=422)
    if (
        said in {"sparat", "inlamnat"} and request.POST.get("words", "").strip()
    ):  # not sent, and not lost either
        return _page(request, token, services.find(token) or found, said=said, fresh=True)
    response = redirect(f"{request.path}?ny={said}")
    response.status_code = 303
    return response


@require_safe
@secret
def picture(request: HttpRequest, token: str, pk: str) -> HttpResponse:
    """A picture that this guest gave, to them alone: pixels only, made anew when it came."""
    found = services.find(token)
    data = pictures.read(found, int(pk)) if found is not None else None
    if data is None:
        raise Http404
    return sandboxed(HttpResponse(data, content_type="image/webp"))


Done = str | tuple[TextForm, GuestVersion | None]
"""What the page says next, or the form to show again with the newer version that somebody else saved."""


def _save(request: HttpRequest, found: GuestVoice) -> Done:
    form = TextForm(request.POST, request.FILES)
    return _kept(request, found, form, form.given) if form.is_valid() else (form, None)


def _kept(request: HttpRequest, found: GuestVoice, form: TextForm, given: pictures.Given | None) -> Done:
    saved = services.write(
        found,
        form.written,
        seen=form.cleaned_data["seen"] or 0,
        picture=given,
        gone=request.POST.getlist("gone"),
    )
    if saved.newer is None:
        return "sparat"
    typed = request.POST.copy()  # the picture is kept, so its words are not asked for again
    typed["alternative"] = typed["taken_by"] = ""
    return TextForm(typed), saved.newer


def _hand_in(request: HttpRequest, found: GuestVoice) -> Done:
    """Save and hand in. What is refused stays saved; where the database fails nothing was done, as its page will say."""
    refusal: NotPublishable | None = None
    form = TextForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, None
    given = form.given  # a picture is unpacked while nothing waits for the database
    with transaction.atomic():
        saved = _kept(request, found, form, given)
        if not isinstance(saved, str):
            return saved
        try:
            services.hand_in(found)
        except NotPublishable as refused:
            refusal = refused
    if refusal is not None:
        raise refusal
    return "inlamnat"


def _remark(request: HttpRequest, found: GuestVoice) -> Done:
    """Tell us something; of a text that is being written, what stands in its fields is saved with it."""
    form, words = TextForm(request.POST, request.FILES), RemarkForm(request.POST)
    if not form.is_valid():
        return form, None
    given, writes = form.given, "text" in request.POST
    with transaction.atomic():
        if writes and (given or form.written != Written() or services.newest(found) is not None):
            saved = _kept(request, found, form, given)
            if not isinstance(saved, str):
                return saved
        services.remark(found, words.cleaned_data["words"] if words.is_valid() else "")
    return "ord"


def _yes(request: HttpRequest, found: GuestVoice) -> Done:
    agreeing.say_yes(found, request.POST.get("wording", ""))
    return "ja"


def _leave(request: HttpRequest, found: GuestVoice) -> Done:
    form = RemarkForm(request.POST)
    agreeing.ask_to_leave(found, form.cleaned_data["words"] if form.is_valid() else "")
    return "bort"


ACTS: Final[Mapping[str, Callable[[HttpRequest, GuestVoice], Done]]] = {
    "save": _save,
    "hand_in": _hand_in,
    "remark": _remark,
    "yes": _yes,
    LEAVE: _leave,
}


def _typed(
    request: HttpRequest, token: str, found: GuestVoice, said: str, status: int, *, fresh: bool = False
) -> HttpResponse:
    """The page again with a sentence that says why, and with all that was typed."""
    form = TextForm(request.POST) if "text" in request.POST else None
    return _page(request, token, found, text=form, refused=said, status=status, fresh=fresh)


def _page(
    request: HttpRequest,
    token: str,
    found: GuestVoice,
    *,
    text: TextForm | None = None,
    newer: GuestVersion | None = None,
    refused: str = "",
    said: str = "",
    status: int = 200,
    fresh: bool = False,
) -> HttpResponse:
    newest = services.newest(found)
    seen: Any = newest.number if newest is not None else 0
    if text is not None and newer is None:
        seen = request.POST.get("seen", "")  # what was typed is still made from that version
    if text is None:
        begun = Written.of(newest) if newest is not None else Written()
        first = {"title": begun.title, "lead": begun.lead, "text": begun.text, "seen": seen}
        text = TextForm(initial=first)
    wording = agreeing.wording(found)
    typed_id = request.POST.get(guards.FORM, "") if not fresh else ""
    context: dict[str, Any] = {
        "guest": found,
        "token": token,
        "form": text,
        "seen": seen,
        "newer": newer,
        "refused": refused,
        "pictures": pictures.standing(found),
        "most_pictures": pictures.MOST,
        "accept": ACCEPT,
        "versions": found.versions.select_related("person"),
        "newest": newest,
        "remarks": found.remarks.select_related("person"),
        "words": request.POST.get("words", "") if said or status != 200 else "",
        "wording": wording,
        "post": gate.as_it_would_be(wording.draft) if wording is not None else None,
        "states": GuestVoice.State,
        "new": said or request.GET.get("ny", ""),
        "form_id": typed_id or guards.new_form_id(),
        "longest_words": LONGEST_WORDS,
    }
    return render(request, "square/guest.html", context, status=status)
