"""One answer by one link: counted as given, sealed, and laid among the others in an order of chance.

Written so that no row tells whose it is: nothing is noted of when, and with each answer that comes all sealed ones are written
anew, shuffled, so that neither the order of rows nor the transaction that wrote them (PostgreSQL's xmin) joins one to a person.
"""

from __future__ import annotations

import secrets

from django.db import transaction

from gensvar.core import tokens
from gensvar.learning.surveys import sealing
from gensvar.learning.surveys.inviting import PURPOSE, is_open
from gensvar.learning.surveys.models import Invitation, SealedAnswer, Survey
from gensvar.learning.surveys.sealing import Given


class NotTaken(Exception):
    """The answer was not kept: it is over, or this link has been answered."""


def find(token: str) -> Invitation | None:
    """The invitation of a genuine link of a round that was opened, or None."""
    key = tokens.read(PURPOSE, token)
    if key is None:
        return None
    rows = Invitation.objects.select_related("survey__leader", "survey__function", "survey__form")
    return rows.filter(key=key).exclude(survey__state=Survey.State.DRAFT).first()


@transaction.atomic
def answer(invitation: Invitation, given: Given) -> None:
    """Keep the answer of that link, once. Raises NotTaken; then nothing was changed."""
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=invitation.survey_id)
    if not is_open(survey):
        raise NotTaken
    if not Invitation.objects.filter(pk=invitation.pk, answered=False).update(answered=True):
        raise NotTaken
    size = sealing.size_of(survey.form.questions.all())
    rows = SealedAnswer.objects.filter(survey=survey)
    sealed = [bytes(one) for one in rows.values_list("sealed", flat=True)]
    sealed.append(sealing.seal(given, survey.pk, size))
    secrets.SystemRandom().shuffle(sealed)
    rows.delete()
    SealedAnswer.objects.bulk_create(SealedAnswer(survey=survey, sealed=one) for one in sealed)
