"""Answering without a name how a leader leads, by the link in one's mail: no log-in, no cookie, no script, nothing kept.

Neighbours: learning.surveys.answering keeps the answer so that nobody can tell whose it is; surveys shows the results.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gensvar.learning.surveys import answering, gate
from gensvar.learning.surveys.inviting import is_open
from gensvar.learning.surveys.models import Invitation, Survey
from gensvar.learning.surveys.scale import CANNOT_SAY, CANNOT_SAY_WORDS, ENOUGH, STEPS
from gensvar.learning.surveys.sealing import LONGEST, Given, clean
from gensvar.learning.surveys.values import PublishedQuestion
from gensvar.square import guards
from gensvar.square.headers import secret

FIELD: Final = "q-"  # begins the name of each question's field
CHOICES: Final[dict[str, str | Promise]] = {
    **{str(step): words for step, words in STEPS.items()},
    str(CANNOT_SAY): CANNOT_SAY_WORDS,
}


@dataclass(slots=True)
class Filled:
    """One question on the page, with what was filled in so far."""

    question: PublishedQuestion
    value: str = ""

    @property
    def name(self) -> str:
        """Of its field."""
        return f"{FIELD}{self.question.key}"

    @property
    def first_field(self) -> str:
        """The id of where one begins to answer it."""
        return f"{self.name}-{next(iter(CHOICES))}" if self.question.is_scale else self.name

    @property
    def too_long(self) -> bool:
        """Whether its words do not fit."""
        return not self.question.is_scale and len(self.value) > LONGEST


@dataclass(frozen=True, slots=True)
class Fault:
    """Why it cannot be taken; the id of the field that mends it, and the question, where it is about one."""

    sentence: str
    field: str = ""
    question: PublishedQuestion | None = None


@dataclass(slots=True)
class Sheet:
    """All questions of one survey as somebody fills them in."""

    lines: list[Filled]
    errors: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, survey: Survey, data: QueryDict) -> Sheet:
        """The questions, and what was sent."""
        lines = [Filled(one) for one in gate.asked(survey)]
        for line in lines:
            value = data.get(line.name, "").replace("\r\n", "\n").strip()
            line.value = value if not line.question.is_scale or value in CHOICES else ""
        return cls(lines)

    @property
    def given(self) -> Given:
        """What was answered; what was left out is not there."""
        found: dict[str, int | str] = {}
        for line in self.lines:
            if line.question.is_scale and line.value:
                found[line.question.key] = int(line.value)
            elif words := clean(line.value) if not line.question.is_scale else "":
                found[line.question.key] = words
        return found

    def judge(self, request: HttpRequest) -> bool:
        """Whether it can be taken; else `errors` say why not."""
        if not guards.comes_from_here(request, key_in_address=True):
            sentence = _("The form was sent from another website. Send it from here if it is yours.")
            self.errors.append(Fault(sentence))
        long = _("Write at most %(many)s characters in each field.") % {"many": LONGEST}
        self.errors += [Fault(long, line.name, line.question) for line in self.lines if line.too_long]
        if not self.given:
            sentence = _("Answer at least one question. You may leave out the others.")
            self.errors.append(Fault(sentence, self.lines[0].first_field if self.lines else ""))
        return not self.errors


def are_words(name: str, value: str) -> bool:
    """Whether that field holds somebody's own words, as far as can be told without its question."""
    return name.startswith(FIELD) and value not in CHOICES


@csrf_exempt  # the address is the key
@require_http_methods(["GET", "HEAD", "POST"])
@secret
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, and a post that answers them; once answered, or when it is over, a page that says so."""
    invitation = answering.find(token)
    if invitation is None:
        raise Http404
    if invitation.answered or not is_open(invitation.survey):
        return _over(request, invitation, 409 if request.method == "POST" else 200)
    sheet = Sheet.of(invitation.survey, request.POST)
    if request.method == "POST" and sheet.judge(request):
        try:
            answering.answer(invitation, sheet.given)
        except answering.NotTaken:  # meanwhile, in another window or by the clock
            invitation.refresh_from_db()
            return _over(request, invitation, 409)
        return HttpResponseRedirect(request.path, status=303)
    context = {
        "survey": invitation.survey,
        "leader": invitation.survey.leader.name,
        "sheet": sheet,
        "choices": CHOICES.items(),
        "longest": LONGEST,
        "enough": ENOUGH,
    }
    return render(request, "square/lead.html", context, status=422 if sheet.errors else 200)


def _over(request: HttpRequest, invitation: Invitation, status: int) -> HttpResponse:
    survey = invitation.survey
    closed = survey.state == Survey.State.CLOSED
    context = {
        "survey": survey,
        "answered": invitation.answered and is_open(survey),
        "too_few": closed and survey.sealed.count() < ENOUGH,
        "result": gate.find(survey.slug) if survey.slug else None,
    }
    return render(request, "square/lead_over.html", context, status=status)
