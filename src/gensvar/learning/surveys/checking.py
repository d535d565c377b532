"""The check of what people wrote in their own words: released as it is, released with parts masked, or kept back with a reason.

Nobody rewrites a word: what is released is the text itself, or the text with marks such as [namn] in place of parts of it.
"""

from __future__ import annotations

import re
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, personal_data
from gensvar.core.models import User
from gensvar.learning.surveys import kind
from gensvar.learning.surveys.locking import locked
from gensvar.learning.surveys.models import FreeText, Survey
from gensvar.people.models import Person
from gensvar.publishing.services import NotPublishable, left_in

LONGEST_REASON: Final = 500
_MARK: Final = re.compile(r"\[[^\[\]\n]{1,30}\]")
CHECKED: Final = (Survey.State.OPENED, Survey.State.PUBLISHED, Survey.State.WITHDRAWN)


def names_in(survey: Survey) -> list[str]:
    """Whose names are looked for: all who were asked, and the leader where the gate does not name them."""
    named = Person.objects.filter(pk=survey.leader_id, shown=True)
    found = Person.objects.filter(Q(pk__in=survey.invitations.values("person")) | Q(pk=survey.leader_id))
    return list(found.exclude(pk__in=named).order_by("pk").values_list("name", flat=True))


def proposed(text: FreeText, names: list[str]) -> str:
    """The words with what looks like personal data masked."""
    return personal_data.proposal(text.words, known_names=names).text


@transaction.atomic
def release(text: FreeText, shown: str, *, by: User) -> None:
    """Let everybody read it so, once the round is published. Raises NotAllowed, NotPublishable with every reason why not."""
    text = _locked(text, by)
    shown = shown.replace("\r\n", "\n").strip()
    reasons = []
    if not is_masked(text.words, shown):
        reasons.append(
            _(
                "Only parts of it may be taken out, each with a mark such as [namn] in its place; the rest stays as written."
            )
        )
    reasons += left_in(shown, names=names_in(text.survey))
    if reasons:
        raise NotPublishable(reasons)
    _decide(text, FreeText.State.RELEASED, shown, "", by)


@transaction.atomic
def keep_back(text: FreeText, reason: str, *, by: User) -> None:
    """Show it to nobody, and say why; the words are kept. Raises NotAllowed, NotPublishable without a reason."""
    text = _locked(text, by)
    if not reason.strip():
        raise NotPublishable([_("Say why it is kept back; the reason is kept.")])
    _decide(text, FreeText.State.KEPT, "", reason.strip()[:LONGEST_REASON], by)


def is_masked(words: str, shown: str) -> bool:
    """Whether `shown` is `words` with marks in place of parts, and nothing else; takes time in proportion to both."""
    pieces = _MARK.split(shown)
    if len(pieces) == 1 or words == shown:
        return words == shown
    first, *between, last = pieces
    if not words.startswith(first) or not words.endswith(last):
        return False
    at, end = len(first), len(words) - len(last)
    for piece in between:
        at = words.find(piece, at + 1, end)  # a mark stands for one character or more
        if at < 0:
            return False
        at += len(piece)
    return at < end


def _locked(text: FreeText, by: User) -> FreeText:
    """The text as it is now, in a round whose answers are opened, kept so until the transaction ends."""
    survey = locked(text.survey, by)
    if survey.state not in CHECKED:
        raise NotPublishable([_("Its answers are not opened. Nothing was changed.")])
    found = FreeText.objects.select_related("question").get(pk=text.pk)
    found.survey = survey
    return found


def _decide(text: FreeText, state: FreeText.State, shown: str, reason: str, by: User) -> None:
    text.state, text.shown, text.reason = state, shown, reason
    text.decided_at, text.decided_by = clock.now(), by
    text.save(update_fields=["state", "shown", "reason", "decided_at", "decided_by"])
    if text.survey.published_at is not None:
        text.survey.changed_at = clock.now()
        text.survey.save(update_fields=["changed_at"])
        kind.refresh(text.survey_id)
    audit.note(by, "surveys.text_decided", text.survey, text=str(text.pk), state=str(state))
