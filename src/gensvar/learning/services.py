"""What is done with outcomes: proposed by those who answer, tied to what led to them, shown and withdrawn by editors.

What is public is never rewritten: a further step tells what came after. Neighbours: checks says what may be shown, telling
tells those who took part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, freshness, topics
from gensvar.core.access import NotAllowed, require
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.learning import checks, gate
from gensvar.learning.events import StepPublished
from gensvar.learning.models import Outcome, Step
from gensvar.people.models import Function, Person
from gensvar.people.queries import held_by
from gensvar.publishing import short_links
from gensvar.publishing.events import EntryChanged
from gensvar.publishing.models import ShortLink
from gensvar.publishing.services import NotPublishable


@transaction.atomic
@freshness.unseen()  # only what has been published is seen
def propose(*, title: str, said: str, function: Function, language: str, by: User) -> Outcome:
    """Begin an outcome; nothing of it is public. Raises NotAllowed, NotPublishable without a headline."""
    require(by, May.PROPOSE_OUTCOMES)
    outcome = Outcome(proposed_at=clock.now(), proposed_by=by)
    _fill(outcome, title, said, function, language)
    outcome.save()
    audit.note(by, "outcomes.proposed", outcome)
    return outcome


@transaction.atomic
@freshness.unseen()
def save(outcome: Outcome, *, title: str, said: str, function: Function, language: str, by: User) -> None:
    """Change what is proposed. Raises NotAllowed, NotPublishable for what was public once: steps tell what follows."""
    outcome = _locked(outcome, by)
    if outcome.published_at is not None:
        raise NotPublishable([_("This has been public. Its words stay as they are: write a further step.")])
    _fill(outcome, title, said, function, language)
    outcome.save()
    audit.note(by, "outcomes.saved", outcome)


@transaction.atomic
def save_topics(outcome: Outcome, slugs: Sequence[str], *, by: User) -> None:
    """Say what it is about, also while it is public. Unknown words are left aside."""
    outcome = _locked(outcome, by)
    if outcome.published_at is not None:
        require(by, May.PUBLISH)
    before = set(outcome.topics.values_list("slug", flat=True))
    chosen = list(topics.in_use().filter(slug__in=list(slugs)))
    outcome.topics.set(chosen)
    _tell_readers(outcome, also=before)
    audit.note(by, "outcomes.topics", outcome, topics=[one.slug for one in chosen])


@transaction.atomic
@freshness.unseen()
def save_step(
    outcome: Outcome, *, status: str, words: str, day: dt.date, person: Person, function: Function, by: User
) -> Step:
    """Write the step that is not public yet, in the name of a person who speaks for that function.

    That is who writes, or who wrote it before. Raises NotAllowed, NotPublishable.
    """
    outcome = _locked(outcome, by)
    draft = outcome.steps.filter(published_at=None).first()
    step = draft or Step(outcome=outcome)
    behind = draft is not None and person.pk == draft.person_id
    if person.user_id != by.pk and not behind:
        raise NotAllowed("A step is written in one's own name.")
    if reasons := checks.does_not_speak(person, function):
        raise NotPublishable(reasons)
    if status not in Step.Status.values:
        raise NotPublishable([_("Choose where the matter stands.")])
    if day > clock.today():
        raise NotPublishable([_("A step has happened: choose today or an earlier day.")])
    words = words.replace("\r\n", "\n").strip()[:3000]
    if not words:
        raise NotPublishable([_("Write what was done, or why not.")])
    step.status, step.words, step.day = status, words, day
    step.person, step.function, step.written_at = person, function, clock.now()
    step.save()
    audit.note(by, "outcomes.step_saved", outcome, step=step.pk)
    return step


@transaction.atomic
@freshness.adding()
def publish(outcome: Outcome, *, tell: bool, by: User) -> Step:
    """Let the public see it, with the step that waits; `tell`: those who took part get a word of that step.

    Gives the newest step. Raises NotAllowed, NotPublishable with every reason why not.
    """
    require(by, May.PUBLISH)
    outcome = _locked(outcome, by)
    draft = outcome.steps.filter(published_at=None).select_related("person", "function").first()
    if reasons := checks.reasons(outcome, draft):
        raise NotPublishable(reasons)
    now = clock.now()
    if draft is not None:
        draft.published_at, draft.published_by, draft.told = now, by, tell
        draft.save()
        outcome.newest, outcome.changed_at = draft, now
    outcome.state, outcome.published_at = Outcome.State.PUBLISHED, outcome.published_at or now
    outcome.withdrawn_at, outcome.withdrawn_reason = None, ""
    outcome.save()
    gate.refresh(outcome.pk)
    newest = outcome.newest
    assert newest is not None, "the checks let nothing through without a step"
    short_links.make(ShortLink.Kind.OUTCOME, str(outcome.pk), by=by)
    _tell_readers(outcome)
    if draft is not None and tell:
        emit(StepPublished(draft.pk))
    audit.note(by, "outcomes.published", outcome, step=newest.pk, told=tell)
    return newest


@transaction.atomic
def withdraw(outcome: Outcome, reason: str, *, by: User) -> None:
    """Show it no longer; what stood there and why it went are kept. Raises NotAllowed, NotPublishable without a reason."""
    require(by, May.PUBLISH)
    if not reason.strip():
        raise NotPublishable([_("Say why it is withdrawn; the reason is kept.")])
    outcome = _locked(outcome, by)
    if outcome.state != Outcome.State.PUBLISHED:
        raise NotPublishable([_("It is not public now. Nothing was changed.")])
    _tell_readers(outcome)
    outcome.state, outcome.withdrawn_at = Outcome.State.WITHDRAWN, clock.now()
    outcome.withdrawn_reason = reason.strip()
    outcome.save()
    gate.refresh(outcome.pk)
    audit.note(by, "outcomes.withdrawn", outcome, reason=reason.strip()[:200])


def signers(outcome: Outcome | None, by: User) -> list[tuple[Person, Function]]:
    """In whose names the next step may be written: one's own, for each function that one holds; or as it stands."""
    person = Person.objects.filter(user=by).first()
    found = [(person, function) for function in held_by(person)] if person is not None else []
    draft = (
        outcome.steps.filter(published_at=None).select_related("person", "function").first()
        if outcome
        else None
    )
    if draft is not None and (draft.person, draft.function) not in found:
        found.append((draft.person, draft.function))
    return found


def _locked(outcome: Outcome, by: User) -> Outcome:
    """The outcome as it is now, kept so until the transaction ends."""
    require(by, May.PROPOSE_OUTCOMES)
    return Outcome.objects.select_for_update(of=("self",)).select_related("function").get(pk=outcome.pk)


def _fill(outcome: Outcome, title: str, said: str, function: Function, language: str) -> None:
    title = " ".join(title.split())[:200]
    said = said.replace("\r\n", "\n").strip()[:1500]
    missing = [] if title else [_("Write a headline.")]
    missing += [] if said else [_("Write what people said, in your own words.")]
    if missing:
        raise NotPublishable(missing)
    outcome.title, outcome.said, outcome.function = title, said, function
    outcome.slug = slugify(title)[:80].strip("-") or "gjort"
    outcome.language = language


def _tell_readers(outcome: Outcome, also: set[str] | None = None) -> None:
    """Feeds and hubs learn of it, where it is public."""
    if outcome.state != Outcome.State.PUBLISHED:
        return
    behind = outcome.steps.filter(published_at__isnull=False).values_list("person_id", flat=True)
    emit(
        EntryChanged(
            functions=[outcome.function.slug],
            topics=sorted((also or set()) | set(outcome.topics.values_list("slug", flat=True))),
            persons=sorted(set(behind)),
        )
    )
