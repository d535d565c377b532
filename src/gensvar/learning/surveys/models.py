"""Forms and their questions, rounds of asking, who was asked; answers sealed until they are opened together, then sums and texts.

Nothing here joins an answer to who gave it: a sealed answer has no time, no order and one size, what is opened has no answer's
row left (docs/why/anonymity.md). Readers go through `gate.py`, never to these tables.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gensvar.answers.models import Delivery
from gensvar.core import languages, tokens
from gensvar.learning.surveys.scale import ENOUGH
from gensvar.people.models import Function, Person


class SurveyForm(models.Model):
    """What is asked. Once it was asked it is never changed: another one continues from it."""

    title = models.CharField(_("headline"), max_length=120)
    title_en = models.CharField(_("headline in English"), max_length=120, blank=True)
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="continued_by")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # nobody: it came with Gensvar

    class Meta:
        verbose_name = _("form of questions")
        verbose_name_plural = _("forms of questions")

    def __str__(self) -> str:
        here = languages.named(self.title, self.title_en)
        return f"{here} ({self.made_at:%Y-%m-%d})"

    @property
    def was_asked(self) -> bool:
        """Whether somebody has been asked by it."""
        return self.surveys.exclude(state=Survey.State.DRAFT).exists()


class Question(models.Model):
    """One question of a form. Where two forms have one of the same key, their answers are compared over the years."""

    class Kind(models.TextChoices):
        """How it is answered."""

        SCALE = "scale", _("a statement, in five steps")
        TEXT = "text", _("a question, in one's own words")

    form = models.ForeignKey(SurveyForm, on_delete=models.PROTECT, related_name="questions")
    place = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20)
    kind = models.CharField(_("answered by"), max_length=10, choices=Kind)
    words = models.CharField(_("words"), max_length=300)
    words_en = models.CharField(_("words in English"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "key"], name="one_question_of_a_key"),
            models.UniqueConstraint(fields=["form", "place"], name="one_question_at_a_place"),
        ]

    def __str__(self) -> str:
        return self.words

    def save(self, *args: Any, **options: Any) -> None:
        """Store it. Raises ValueError for a form that was asked: what people have answered is not rewritten."""
        if self.form.was_asked:
            raise ValueError("A form that was asked is never changed; continue from it.")
        super().save(*args, **options)


class Survey(models.Model):
    """One round: whom it is about, who is asked, until when. Days are the municipality's."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("being prepared")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed, and not opened")
        OPENED = "opened", _("to be checked and published")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ENDED = "ended", _("ended without a result")

    leader = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="surveys", verbose_name=_("who leads")
    )
    function = models.ForeignKey(
        Function, on_delete=models.PROTECT, related_name="surveys", verbose_name=_("function")
    )
    form = models.ForeignKey(
        SurveyForm, on_delete=models.PROTECT, related_name="surveys", verbose_name=_("questions")
    )
    run_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="runs_surveys")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    first_day = models.DateField(null=True)  # on which it was opened
    last_day = models.DateField(_("last day to answer"))
    slug = models.CharField(max_length=100, blank=True)  # with its year; given when it is first published
    asked = models.PositiveIntegerField(null=True)  # how many; known when it was opened or ended
    answered = models.PositiveIntegerField(null=True)
    reminded_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)  # when what the public sees of it last changed
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("survey of how we lead")
        verbose_name_plural = _("surveys of how we lead")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["leader", "function"],
                condition=Q(state__in=["draft", "open", "closed", "opened"]),
                name="one_survey_of_a_leader_at_a_time",
            ),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="one_survey_at_an_address"),
            models.CheckConstraint(
                name="survey_opened_with_enough",
                condition=~Q(state__in=["opened", "published", "withdrawn"]) | Q(answered__gte=ENOUGH),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-published_at", "-id"], name="survey_public", condition=Q(state="published")
            )
        ]

    def __str__(self) -> str:
        return f"{self.leader}, {self.function}"


class Invitation(models.Model):
    """That somebody is asked in a round, and whether they have answered; never what."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=20, unique=True, default=tokens.new_key)  # opens nothing by itself
    answered = models.BooleanField(default=False)  # until the answers are opened; then it is forgotten
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, null=True, related_name="+")
    reminder = models.OneToOneField(Delivery, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "person"], name="one_invitation_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.person_id}"


class SealedAnswer(models.Model):
    """One answer as it lies until all are opened together. Rows are written anew, in another order, when one more comes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="sealed")
    sealed = models.BinaryField()  # learning.surveys.sealing; all of a round are as long

    def __str__(self) -> str:
        return f"{self.survey_id}: sealed"


class Tally(models.Model):
    """How often each step of one statement was chosen; there is none where fewer than five chose a step."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="tallies")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="tallies")
    step_1 = models.PositiveIntegerField()
    step_2 = models.PositiveIntegerField()
    step_3 = models.PositiveIntegerField()
    step_4 = models.PositiveIntegerField()
    step_5 = models.PositiveIntegerField()
    cannot_say = models.PositiveIntegerField()
    chose = models.PositiveIntegerField()  # a step

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "question"], name="one_tally_a_question"),
            models.CheckConstraint(name="tally_of_enough", condition=Q(chose__gte=ENOUGH)),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.question_id}"

    @property
    def steps(self) -> tuple[int, int, int, int, int]:
        """How often 1, 2, 3, 4 and 5 were chosen."""
        return self.step_1, self.step_2, self.step_3, self.step_4, self.step_5


class FreeText(models.Model):
    """What somebody wrote in their own words: a row of its own that no other row of the same person can be joined to."""

    class State(models.TextChoices):
        """Whether it may be read."""

        WAITING = "waiting", _("waits for a check")
        RELEASED = "released", _("released")
        KEPT = "kept", _("kept back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="texts")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="texts")
    words = models.TextField()
    shown = models.TextField(blank=True)  # its words, or those with parts masked; what everybody reads
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField(blank=True)  # why it is kept back
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["id"]  # by chance: the id is one

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.state}"
