"""The screen of a form of questions: read once it was asked, changed before, continued from at any time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.surveys.forms import QuestionForms, TitleForm
from gensvar.learning.surveys import wording
from gensvar.learning.surveys.models import SurveyForm
from gensvar.learning.surveys.wording import Asked
from gensvar.publishing.services import NotPublishable


@needs(May.RUN_SURVEYS)
def form(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One form; a post saves its questions, or begins another form that continues from it."""
    found = SurveyForm.objects.select_related("continues").filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "POST" and request.POST.get("action") == "continue":
        made = wording.continue_from(found, by=user_of(request))
        messages.success(request, _("This is a form of its own now. Change it as you like."))
        return redirect("desk:survey_form", made.pk)
    title, questions = _bound(request, found)
    if request.method == "POST" and title.is_valid() and questions.is_valid():
        try:
            wording.save(found, **title.cleaned_data, questions=_asked(questions), by=user_of(request))
        except NotPublishable as error:
            for reason in error.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, _("The questions are saved."))
            return redirect("desk:survey_form", pk)
    context = {
        "form": found,
        "fixed": found.was_asked,
        "questions": found.questions.all(),
        "title_form": title,
        "question_forms": questions,
    }
    return render(request, "desk/surveys/form.html", context)


def _bound(request: HttpRequest, found: SurveyForm) -> tuple[TitleForm, Any]:
    if request.method == "POST":
        return TitleForm(request.POST), QuestionForms(request.POST, prefix="q")
    rows = [
        {"key": one.key, "words": one.words, "words_en": one.words_en, "kind": one.kind, "same": True}
        for one in found.questions.all()
    ]
    title = TitleForm(initial={"title": found.title, "title_en": found.title_en})
    return title, QuestionForms(initial=rows, prefix="q")


def _asked(questions: Any) -> list[Asked]:
    rows = (one.cleaned_data for one in questions if one.cleaned_data.get("words", "").strip())
    return [
        Asked(row["words"], row["words_en"], row["kind"], row["key"] if row["same"] else "") for row in rows
    ]
