"""Forms of questions: a form that was asked stays as it is, and another one continues from it.

A question keeps its key as long as it asks the same, so that years can be compared; asked otherwise it is another question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, tokens
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.learning.surveys.models import Question, Survey, SurveyForm
from gensvar.publishing.services import NotPublishable

MOST: Final = 20  # questions


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as somebody wants it. `key`: the one that it continues, where it asks the same as that; else empty."""

    words: str
    words_en: str
    kind: str
    key: str = ""


def begin(*, by: User) -> SurveyForm:
    """A form that asks nothing yet, to be saved by whoever begins it, in their transaction. Raises NotAllowed."""
    require(by, May.RUN_SURVEYS)
    return SurveyForm.objects.create(made_at=clock.now(), made_by=by)


@transaction.atomic
def continue_from(form: SurveyForm, *, by: User) -> SurveyForm:
    """A form like this one, to be changed. Raises NotAllowed."""
    require(by, May.RUN_SURVEYS)
    made = SurveyForm.objects.create(
        title=form.title, title_en=form.title_en, continues=form, made_at=clock.now(), made_by=by
    )
    for one in form.questions.all():
        _add(made, one.place, Asked(one.words, one.words_en, one.kind, one.key))
    audit.note(by, "surveys.form_continued", made, form=form.pk)
    return made


@transaction.atomic
def save(form: SurveyForm, title: str, title_en: str, questions: Sequence[Asked], *, by: User) -> None:
    """Write what it asks. Raises NotAllowed, NotPublishable for one that was asked, or that asks nothing.

    Whom a round in preparation is about does not word its questions.
    """
    require(by, May.RUN_SURVEYS)
    form = SurveyForm.objects.select_for_update(of=("self",)).get(pk=form.pk)
    if form.surveys.filter(state=Survey.State.DRAFT, leader__user=by).exists():
        raise NotAllowed(_("A survey about you is being prepared with these questions. Continue from them."))
    wanted = [one for one in questions if one.words.strip()][:MOST]
    if form.was_asked:
        raise NotPublishable([_("Somebody has been asked by this form. Continue from it in another one.")])
    keys = [one.key for one in wanted if one.key]
    if len(keys) != len(set(keys)):
        raise NotPublishable([_("Two questions cannot ask the same as one before.")])
    if not title.strip() or not wanted:
        raise NotPublishable([_("Write a headline and at least one question.")])
    form.title, form.title_en = title.strip(), title_en.strip()
    form.save(update_fields=["title", "title_en"])
    form.questions.all().delete()
    for place, one in enumerate(wanted):
        _add(form, place, one)
    audit.note(by, "surveys.form_saved", form, questions=len(wanted))


def _add(form: SurveyForm, place: int, one: Asked) -> None:
    Question.objects.create(
        form=form,
        place=place,
        key=one.key or tokens.new_key(),
        kind=one.kind,
        words=" ".join(one.words.split()),
        words_en=" ".join(one.words_en.split()),
    )
