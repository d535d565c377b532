"""The page in place of what was public and is so no longer; neighbours: exchanges, posts and sharing answer with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.learning.models import Outcome
from gensvar.learning.surveys.models import Survey
from gensvar.publishing.models import PublicExchange, ShortLink
from gensvar.publishing.posts.models import PostDecision

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Gone:
    """What stood there, in the heading; why it is away; and the view that shows others of its kind."""

    heading: StrOrPromise
    lead: StrOrPromise
    elsewhere: StrOrPromise
    view: str

    @property
    def address(self) -> str:
        """Where the reader may go on."""
        return reverse(self.view)


EXCHANGE = Gone(
    gettext_lazy("This question is no longer shown"),
    gettext_lazy(
        "A question with its answer stood here. It has been taken down, by wish of its writer or because something in it"
        " should not be public. The words themselves are kept."
    ),
    gettext_lazy("Other questions and answers"),
    "square:exchanges",
)
POST = Gone(
    gettext_lazy("This text is no longer shown"),
    gettext_lazy("A text of ours stood here. It has been taken down; it and the reason are kept."),
    gettext_lazy("Other news"),
    "square:posts",
)
PLACE = Gone(
    gettext_lazy("This place is not open now"),
    gettext_lazy("A place of ours stood here. It is not open now."),
    gettext_lazy("Every place where we are"),
    "square:places",
)
OUTCOME = Gone(
    gettext_lazy("This outcome is no longer shown"),
    gettext_lazy(
        "What came of something that people said stood here. It has been taken down; it and the reason are kept."
    ),
    gettext_lazy("Other outcomes"),
    "square:outcomes",
)
POSITION = Gone(
    gettext_lazy("This position is no longer shown"),
    gettext_lazy("What the municipality stood for stood here. It is not shown now."),
    gettext_lazy("What we stand for"),
    "square:positions",
)
EXPERIMENT = Gone(
    gettext_lazy("This experiment is no longer shown"),
    gettext_lazy("Something that we tried stood here. It has been taken down; it and the reason are kept."),
    gettext_lazy("The workshop"),
    "square:workshop",
)
SURVEY = Gone(
    gettext_lazy("This survey is no longer shown"),
    gettext_lazy(
        "What people said of how somebody leads stood here. It has been taken down; it and the reason are kept."
    ),
    gettext_lazy("How we lead"),
    "square:surveys",
)
_OURS = gettext_lazy("The short link is ours and it is right. It is never given to another page.")


def of_short_link(link: ShortLink) -> Gone:
    """What happened to the page that a short link led to, since when where that is known, and where to go on."""
    if link.kind == ShortLink.Kind.EXCHANGE:
        found = PublicExchange.objects.filter(number=link.key).first()
        since, story, elsewhere = found.withdrawn_at if found else None, EXCHANGE.lead, EXCHANGE
    elif link.kind == ShortLink.Kind.PAGE:
        last = PostDecision.objects.filter(post=int(link.key)).order_by("-pk").first()
        away = last is not None and last.kind == PostDecision.Kind.WITHDRAWN
        since, story, elsewhere = last.at if last is not None and away else None, POST.lead, POST
    elif link.kind == ShortLink.Kind.OUTCOME:
        outcome = Outcome.objects.filter(pk=int(link.key)).first()
        since, story, elsewhere = outcome.withdrawn_at if outcome else None, OUTCOME.lead, OUTCOME
    elif link.kind == ShortLink.Kind.SURVEY:
        survey = Survey.objects.filter(pk=int(link.key)).first()
        since, story, elsewhere = survey.withdrawn_at if survey else None, SURVEY.lead, SURVEY
    elif link.kind == ShortLink.Kind.POSITION:
        since, story, elsewhere = None, POSITION.lead, POSITION
    else:
        since, story, elsewhere = None, PLACE.lead, PLACE
    lead = f"{story} {_OURS}"
    if since is not None:
        lead = (
            _("Taken down on %(day)s.") % {"day": date_format(timezone.localtime(since), "j F Y")}
            + f" {lead}"
        )
    return replace(elsewhere, lead=lead)


def gone(request: HttpRequest, what: Gone) -> HttpResponse:
    """The page, as 410 (RFC 9110, 15.5.11). What has a number is told by it, so that no two windows have one title."""
    number = request.resolver_match.kwargs.get("number", "") if request.resolver_match else ""
    return render(request, "square/gone.html", {"gone": what, "number": number}, status=410)
