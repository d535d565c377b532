"""Closes a round, and opens its answers all at once where there are at least five: sums and texts stay, no answer's row does.

Neighbours: services and the clock close, answering sealed, checking looks at the texts.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction

from gensvar.core import audit, clock
from gensvar.core.models import User
from gensvar.core.recurring import TimeCame, recurring
from gensvar.learning.surveys import sealing
from gensvar.learning.surveys.models import FreeText, Invitation, Question, SealedAnswer, Survey, Tally
from gensvar.learning.surveys.scale import CANNOT_SAY, ENOUGH, STEPS
from gensvar.learning.surveys.sealing import Given

logger = logging.getLogger(__name__)


@recurring
def close_what_is_over(fact: TimeCame) -> dt.datetime:
    """Handler: close every open round whose last day has passed in the municipality."""
    over = Survey.objects.filter(state=Survey.State.OPEN, last_day__lt=clock.today())
    for survey in over.select_for_update(of=("self",)).order_by("pk"):
        close(survey, by=None)
    return fact.next_time()


def close(survey: Survey, *, by: User | None) -> None:
    """Take no more answers to a round that the caller has locked; open those that came, if they are enough.

    Closed before its last day, today is its last.
    """
    survey.state, survey.last_day = Survey.State.CLOSED, min(survey.last_day, clock.today())
    survey.save(update_fields=["state", "last_day"])
    audit.note(by, "surveys.closed", survey)
    try:
        open_all(survey, by=by)
    except sealing.Unopenable:
        logger.error("Survey %s cannot be opened: %s", survey.pk, sealing.Unopenable.__doc__)


def open_all(survey: Survey, *, by: User | None) -> bool:
    """Make results of the sealed answers of a locked, closed round; False where there are too few.

    Raises Unopenable where the secret key was changed; nothing is changed then.
    """
    rows = SealedAnswer.objects.filter(survey=survey)
    sealed = [bytes(one) for one in rows.values_list("sealed", flat=True)]
    if len(sealed) < ENOUGH:
        return False
    answers = [sealing.unseal(one, survey.pk) for one in sealed]
    with transaction.atomic():
        questions = list(survey.form.questions.all())
        Tally.objects.bulk_create(tallies(survey, questions, answers))
        FreeText.objects.bulk_create(texts(survey, questions, answers))
        rows.delete()
        forget_who(survey, answered=len(answers))
        survey.state = Survey.State.OPENED
        survey.save(update_fields=["state"])
        audit.note(by, "surveys.opened", survey, asked=survey.asked, answered=survey.answered)
    return True


def forget_who(survey: Survey, *, answered: int) -> None:
    """Keep whom we asked and how many answered, and no longer who did.

    The invitations are written anew in the order of their keys, which are random: neither their mails (whoever had answered got
    no reminder) nor where a row stands (the database moves one when it is marked) tells it any more.
    """
    rows = Invitation.objects.filter(survey=survey)
    asked = list(rows.order_by("key").values_list("person", "key"))
    survey.asked, survey.answered = len(asked), answered
    survey.save(update_fields=["asked", "answered"])
    rows.delete()
    Invitation.objects.bulk_create(
        Invitation(survey=survey, person_id=person, key=key) for person, key in asked
    )


def tallies(survey: Survey, questions: Iterable[Question], answers: Sequence[Given]) -> list[Tally]:
    """The sums of each statement in which at least five chose a step: of fewer not even a sum is kept."""
    found = []
    for question in questions:
        if question.kind != Question.Kind.SCALE:
            continue
        counts = Counter(given[question.key] for given in answers if question.key in given)
        steps = [counts[step] for step in STEPS]
        if (chose := sum(steps)) >= ENOUGH:
            named = {f"step_{step}": counts[step] for step in STEPS}
            skipped = counts[CANNOT_SAY]
            found.append(Tally(survey=survey, question=question, chose=chose, cannot_say=skipped, **named))
    return found


def texts(survey: Survey, questions: Iterable[Question], answers: Sequence[Given]) -> list[FreeText]:
    """Every text as a row of its own under a random id, stored in the order of these ids: by chance, whoever wrote it."""
    written = [
        (question, str(given[question.key]))
        for question in questions
        if question.kind == Question.Kind.TEXT
        for given in answers
        if question.key in given
    ]
    secrets.SystemRandom().shuffle(written)
    ids = sorted((uuid.uuid4() for _one in written), key=lambda one: one.bytes)
    return [
        FreeText(id=pk, survey=survey, question=question, words=words)
        for pk, (question, words) in zip(ids, written, strict=True)
    ]
