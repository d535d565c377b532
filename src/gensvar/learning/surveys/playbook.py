"""The forms of questions in a playbook, without any answer. Neighbour: wording keeps a form that was asked as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Fit, Fitting, Part
from gensvar.core.playbooks.shape import Field, Items, OneOf, Record, Slug, Text
from gensvar.learning.surveys import wording
from gensvar.learning.surveys.models import Question, SurveyForm
from gensvar.learning.surveys.wording import Asked
from gensvar.publishing.services import NotPublishable

_LIFE = "when and by whom it was made there"


class Forms(Part):
    """The newest form of each headline. A question keeps its key, so that two municipalities' years can be compared."""

    name: ClassVar[str] = "survey_forms"
    title: ClassVar[str | Promise] = _("forms of questions")
    shape: ClassVar[tuple[Field, ...]] = (
        Text(name="title", longest=120, key=True, label=_("headline")),
        Text(name="title_en", longest=120, label=_("headline in English")),
        Items(
            name="questions",
            needed=True,
            label=_("questions"),
            most=wording.MOST,
            of=(
                Slug(name="key", longest=20, needed=True),
                OneOf(name="kind", needed=True, choices=Question.Kind.values),
                Text(name="words", longest=300, needed=True),
                Text(name="words_en", longest=300),
            ),
        ),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"learning.SurveyForm", "learning.Question"})
    left_out: ClassVar[dict[str, str]] = {
        "learning.SurveyForm.continues": "which form came before it there",
        "learning.SurveyForm.made_at": _LIFE,
        "learning.SurveyForm.made_by": _LIFE,
        **dict.fromkeys(
            (f"learning.Question.{name}" for name in ("key", "kind", "words", "words_en")), "in questions"
        ),
        "learning.Question.form": "the row that it stands in",
        "learning.Question.place": "its place in questions",
    }
    screen: ClassVar[str] = "desk:survey_form"

    def standing(self) -> Iterable[Record]:
        """The newest of each headline."""
        return [_record(one) for one in _newest().values()]

    def fitting(self, by: User | None) -> Fitting:
        """A question of which no English is said has none."""

        def fit(record: Record, here: Record | None) -> Fit:
            if "questions" not in record:
                return Fit(record)
            return Fit({**record, "questions": [{"words_en": "", **one} for one in record["questions"]]})

        return fit

    def write(self, change: Change, by: User) -> models.Model:
        """A new form, or one that continues from ours where ours was asked. Raises NotAllowed, ValidationError."""
        record = change.record
        form = _newest().get(record["title"])
        if form is None:
            form = wording.begin(by=by)
        elif form.was_asked:
            form = wording.continue_from(form, by=by)
        asked = [Asked(one["words"], one["words_en"], one["kind"], one["key"]) for one in record["questions"]]
        try:
            wording.save(form, record["title"], record.get("title_en", ""), asked, by=by)
        except NotPublishable as refusal:
            raise ValidationError(refusal.reasons) from None
        form.refresh_from_db()
        return form


def _newest() -> dict[str, SurveyForm]:
    rows = SurveyForm.objects.order_by("made_at", "pk").prefetch_related("questions")
    return {one.title: one for one in rows if one.title}


def _record(form: SurveyForm) -> Record:
    return {
        "title": form.title,
        "title_en": form.title_en,
        "questions": [
            {"key": one.key, "kind": one.kind, "words": one.words, "words_en": one.words_en}
            for one in form.questions.all()
        ],
    }
