"""What is done with experiments: proposed by those who answer, shown, told of, handed on and decided by editors.

What is public is never rewritten: a further line tells what came after, also that it failed. Neighbours: gate shows it, the
readers of feeds hear of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, topics
from gensvar.core.access import require
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.learning.checks import does_not_speak
from gensvar.learning.workshop import kind as kinds
from gensvar.learning.workshop.models import Experiment, Line
from gensvar.people.models import Function, Person
from gensvar.publishing.events import EntryChanged
from gensvar.publishing.services import NotPublishable, left_in

LONGEST: Final = 1500  # characters of each of its texts
LONGEST_LINE: Final = 3000
_WORDS: Final = (
    "title",
    "slug",
    "tries",
    "why",
    "known_by",
    "language",
    "function",
    "holder",
    "starts",
    "decides",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants to try. Days are the municipality's; `decides` is the last day for a decision."""

    title: str
    tries: str
    why: str
    known_by: str
    language: str
    function: Function
    holder: Person
    starts: dt.date
    decides: dt.date


@transaction.atomic
def propose(plan: Plan, *, by: User) -> Experiment:
    """Begin an experiment; nothing of it is public. Raises NotAllowed, NotPublishable with what is missing."""
    require(by, May.PROPOSE_OUTCOMES)
    experiment = Experiment(proposed_at=clock.now(), proposed_by=by)
    _fill(experiment, plan)
    experiment.save()
    audit.note(by, "experiments.proposed", experiment)
    return experiment


@transaction.atomic
def save(experiment: Experiment, plan: Plan, *, by: User) -> None:
    """Change what is proposed. Raises NotAllowed, NotPublishable for what was public once: lines tell what follows."""
    experiment = _locked(experiment, by)
    if experiment.published_at is not None:
        raise NotPublishable(
            [_("This has been public. Its words stay as they are: write a line of what you learnt.")]
        )
    _fill(experiment, plan)
    experiment.save(update_fields=_WORDS)
    audit.note(by, "experiments.saved", experiment)


@transaction.atomic
def save_topics(experiment: Experiment, slugs: Sequence[str], *, by: User) -> None:
    """Say what it is about, also while it is public. Unknown words are left aside."""
    experiment = _locked(experiment, by, public=May.PUBLISH)
    before = set(experiment.topics.values_list("slug", flat=True))
    chosen = list(topics.in_use().filter(slug__in=list(slugs)))
    experiment.topics.set(chosen)
    _tell_readers(experiment, also=before)
    audit.note(by, "experiments.topics", experiment, topics=[one.slug for one in chosen])


@transaction.atomic
def save_successors(experiment: Experiment, persons: Collection[Person], *, by: User) -> None:
    """Say who could take over, also while it is public. Raises NotAllowed."""
    experiment = _locked(experiment, by, public=May.PUBLISH)
    experiment.successors.set([one for one in persons if one.pk != experiment.holder_id])
    audit.note(by, "experiments.successors", experiment, persons=sorted(one.pk for one in persons))


@transaction.atomic
def publish(experiment: Experiment, *, by: User) -> None:
    """Let the public see it. Raises NotAllowed, NotPublishable with every reason why not."""
    require(by, May.PUBLISH)
    experiment = _locked(experiment, by)
    if experiment.state == Experiment.State.PUBLISHED:
        raise NotPublishable([_("It is public already. Nothing was changed.")])
    texts = (experiment.title, experiment.tries, experiment.why, experiment.known_by)
    reasons = left_in(*texts)
    if experiment.verdict == "":
        reasons += does_not_speak(experiment.holder, experiment.function)
    _refuse(reasons)
    now, first = clock.now(), experiment.published_at is None
    _change(
        experiment,
        state=Experiment.State.PUBLISHED,
        published_at=experiment.published_at or now,
        withdrawn_at=None,
        withdrawn_reason="",
    )
    if first:
        _write(experiment, Line.Kind.BEGUN, "", by)
    else:
        _tell_readers(experiment)
    audit.note(by, "experiments.published", experiment)


@transaction.atomic
def tell(experiment: Experiment, words: str, *, by: User) -> None:
    """Write what was learnt meanwhile; everybody reads it at once. Raises NotAllowed, NotPublishable."""
    experiment = _public(experiment, by)
    words = _clean(words, LONGEST_LINE)
    if not words:
        raise NotPublishable([_("Write what you learnt.")])
    _refuse(left_in(words))
    _change(experiment)
    _write(experiment, Line.Kind.LEARNT, words, by)
    audit.note(by, "experiments.told", experiment)


@transaction.atomic
def move(experiment: Experiment, decides: dt.date, reason: str, *, by: User) -> None:
    """Decide on another day, and say why; both days stay readable. Raises NotAllowed, NotPublishable."""
    experiment = _open(experiment, by)
    reason = _clean(reason, LONGEST_LINE)
    if not reason:
        raise NotPublishable([_("Say why it is decided on another day; everybody reads the reason.")])
    if decides < clock.today() or decides == experiment.decides:
        raise NotPublishable([_("Choose another day, today or later.")])
    _refuse(left_in(reason))
    _change(experiment, decides=max(decides, experiment.starts))
    _write(experiment, Line.Kind.MOVED, reason, by, until=experiment.decides)
    audit.note(by, "experiments.moved", experiment, decides=str(decides))


@transaction.atomic
def hand_over(experiment: Experiment, holder: Person, *, by: User) -> None:
    """Let somebody else hold it; who held it before stays readable. Raises NotAllowed, NotPublishable."""
    experiment = _open(experiment, by)
    if holder.pk == experiment.holder_id:
        raise NotPublishable([_("%(person)s holds it already.") % {"person": holder}])
    _refuse(does_not_speak(holder, experiment.function))
    _change(experiment, holder=holder)
    was_handed(experiment, by=by)
    audit.note(by, "experiments.handed", experiment, person=holder.pk)


def was_handed(experiment: Experiment, *, by: User) -> None:
    """Tell readers, in the caller's transaction, that somebody else holds it; the caller has stored who."""
    experiment.successors.remove(experiment.holder)
    if experiment.state == Experiment.State.PUBLISHED:
        _change(experiment)
        _write(experiment, Line.Kind.HANDED, "", by)


@transaction.atomic
def decide(experiment: Experiment, verdict: str, result: str, *, by: User) -> None:
    """Bring it to its end with what came of it, also when it failed; it stays. Raises NotAllowed, NotPublishable."""
    experiment = _open(experiment, by)
    result = _clean(result, LONGEST_LINE)
    if verdict not in Experiment.Verdict.values or not result:
        raise NotPublishable([_("Say what you decided and what came of it, also when it did not work.")])
    _refuse(left_in(result))
    _change(experiment, verdict=verdict, result=result, decided_on=clock.today())
    _write(experiment, Line.Kind.DECIDED, result, by)
    audit.note(by, "experiments.decided", experiment, verdict=verdict)


@transaction.atomic
def withdraw(experiment: Experiment, reason: str, *, by: User) -> None:
    """Show it no longer; what stood there and why it went are kept. Raises NotAllowed, NotPublishable without a reason."""
    if not reason.strip():
        raise NotPublishable([_("Say why it is withdrawn; the reason is kept.")])
    experiment = _public(experiment, by)
    _tell_readers(experiment)
    _change(
        experiment,
        state=Experiment.State.WITHDRAWN,
        withdrawn_at=clock.now(),
        withdrawn_reason=reason.strip()[:LONGEST],
    )
    audit.note(by, "experiments.withdrawn", experiment, reason=reason.strip()[:200])


def _locked(experiment: Experiment, by: User, *, public: May | None = None) -> Experiment:
    """The experiment as it is now, kept so until the transaction ends; `public`: what it takes once it has been seen."""
    require(by, May.PROPOSE_OUTCOMES)
    rows = Experiment.objects.select_for_update(of=("self",)).select_related("function", "holder")
    found = rows.get(pk=experiment.pk)
    if public is not None and found.published_at is not None:
        require(by, public)
    return found


def _public(experiment: Experiment, by: User) -> Experiment:
    require(by, May.PUBLISH)
    found = _locked(experiment, by)
    if found.state != Experiment.State.PUBLISHED:
        raise NotPublishable([_("It is not public now. Nothing was changed.")])
    return found


def _open(experiment: Experiment, by: User) -> Experiment:
    found = _public(experiment, by)
    if found.decided_on is not None:
        raise NotPublishable([_("It has been decided. Write a line of what you learnt since.")])
    return found


def _change(experiment: Experiment, **fields: Any) -> None:
    """Change what everybody sees: `changed_at` is the column that tells readers (config.pages.shown)."""
    for name, value in fields.items():
        setattr(experiment, name, value)
    experiment.changed_at = clock.now()
    experiment.save(update_fields=[*fields, "changed_at"])
    kinds.refresh(experiment.pk)


def _write(
    experiment: Experiment, kind: Line.Kind, words: str, by: User, *, until: dt.date | None = None
) -> None:
    Line.objects.create(
        experiment=experiment,
        kind=kind,
        words=words,
        until=until,
        at=clock.now(),
        person=experiment.holder,
        function=experiment.function,
        by=by,
    )
    kinds.refresh(experiment.pk)
    _tell_readers(experiment)


def _tell_readers(experiment: Experiment, also: Collection[str] = ()) -> None:
    """Feeds and hubs learn of it, where it is public; `also`: topics that it was about before."""
    if experiment.state != Experiment.State.PUBLISHED:
        return
    about = experiment.topics.values_list("slug", flat=True)
    emit(
        EntryChanged(
            functions=[experiment.function.slug],
            topics=sorted({*also, *about}),
            persons=sorted(set(experiment.lines.values_list("person_id", flat=True))),
        )
    )


def _fill(experiment: Experiment, plan: Plan) -> None:
    title = " ".join(plan.title.split())[:200]
    tries, why, known_by = (_clean(text, LONGEST) for text in (plan.tries, plan.why, plan.known_by))
    missing = [] if title else [_("Write a headline.")]
    missing += [] if tries and why and known_by else [_("Say what you try, why, and how you will know.")]
    missing += (
        [] if plan.decides >= plan.starts else [_("The day of the decision cannot lie before the first day.")]
    )
    _refuse(missing + does_not_speak(plan.holder, plan.function))
    experiment.title, experiment.slug = title, slugify(title)[:80].strip("-") or "forsok"
    experiment.tries, experiment.why, experiment.known_by = tries, why, known_by
    experiment.language, experiment.function, experiment.holder = plan.language, plan.function, plan.holder
    experiment.starts, experiment.decides = plan.starts, plan.decides


def _clean(text: str, longest: int) -> str:
    return text.replace("\r\n", "\n").strip()[:longest]


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise NotPublishable(reasons)
