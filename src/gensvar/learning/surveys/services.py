"""What the coordinator does with a round: prepared, opened, reminded of, prolonged, closed, ended, published, withdrawn.

Neighbours: inviting writes the mails, opening opens the answers, checking decides about texts, gate shows what is public.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gensvar.answers.notices import mailbox_of
from gensvar.core import audit, clock
from gensvar.core.access import NotAllowed, require
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.learning.surveys import inviting, kind, opening, sealing
from gensvar.learning.surveys.locking import locked
from gensvar.learning.surveys.models import FreeText, Invitation, SealedAnswer, Survey, SurveyForm
from gensvar.learning.surveys.scale import ENOUGH
from gensvar.people.models import Function, Person
from gensvar.people.queries import held_by, in_service, person_of, tenures_on
from gensvar.publishing import short_links
from gensvar.publishing.events import EntryChanged
from gensvar.publishing.models import ShortLink
from gensvar.publishing.services import NotPublishable

LONGEST: Final = 500  # characters of a reason


def led_by(leader: Person, function: Function) -> QuerySet[Person]:
    """Whom we think of first: those who hold that function, or another that the leader holds, and work here today."""
    functions = [function.pk, *held_by(leader).values_list("pk", flat=True)]
    holders = tenures_on().filter(function__in=functions).values("person")
    return in_service().filter(pk__in=holders).exclude(pk=leader.pk)


@transaction.atomic
def prepare(leader: Person, function: Function, form: SurveyForm, last_day: dt.date, *, by: User) -> Survey:
    """Begin a round; nobody is asked yet. Raises NotAllowed, NotPublishable where one of the same goes on."""
    require(by, May.RUN_SURVEYS)
    runs = person_of(by)
    if leader.user_id == by.pk or runs is None:
        raise NotAllowed(_("Somebody else must hold this survey together."))
    survey = Survey(
        leader=leader, function=function, form=form, last_day=last_day, run_by=runs, made_at=clock.now()
    )
    _refuse(_wrong_day(last_day) + _not_held(survey))
    try:
        with transaction.atomic():
            survey.save()
    except IntegrityError:
        raise NotPublishable([_("A survey of that leader and function goes on. Finish it first.")]) from None
    _ask(survey, [one for one in led_by(leader, function) if mailbox_of(one)])
    audit.note(by, "surveys.prepared", survey, leader=leader.pk, function=function.pk)
    return survey


@transaction.atomic
def save_plan(survey: Survey, form: SurveyForm, last_day: dt.date, *, by: User) -> None:
    """Change the questions and the last day before anybody is asked. Raises NotAllowed, NotPublishable."""
    survey = _prepared(survey, by)
    _refuse(_wrong_day(last_day))
    survey.form, survey.last_day = form, last_day
    survey.save(update_fields=["form", "last_day"])
    audit.note(by, "surveys.saved", survey, form=form.pk, last_day=str(last_day))


@transaction.atomic
def save_asked(survey: Survey, persons: Collection[Person], *, by: User) -> None:
    """Say who is asked, before anybody is. The leader is never. Raises NotAllowed, NotPublishable."""
    survey = _prepared(survey, by)
    wanted = [one for one in persons if one.pk != survey.leader_id]
    survey.invitations.exclude(person__in=wanted).delete()
    _ask(survey, wanted)
    audit.note(by, "surveys.asked", survey, persons=len(wanted))


@transaction.atomic
def open_(survey: Survey, *, by: User) -> None:
    """Ask them all by mail; from now on it can be answered. Raises NotAllowed, NotPublishable with every reason why not."""
    survey = _prepared(survey, by)
    # wording.save waits for this, and then finds that it was asked
    SurveyForm.objects.select_for_update(of=("self",)).get(pk=survey.form_id)
    asked = list(survey.invitations.select_related("person__user").order_by("person__name", "pk"))
    reasons = _wrong_day(survey.last_day) + _not_held(survey)
    if len(asked) < ENOUGH:
        reasons.append(
            _("At least %(enough)s must be asked: of fewer answers nothing is ever opened.")
            % {"enough": ENOUGH}
        )
    if without := [one.person.name for one in asked if not mailbox_of(one.person)]:
        reasons.append(
            _("Without a mailbox that we can write to: %(names)s.") % {"names": ", ".join(without)}
        )
    reasons += _shared_mailboxes(survey, asked)
    if inviting.place() is None:
        reasons.append(_("No place of ours writes by mail."))
    _refuse(reasons)
    survey.state, survey.first_day = Survey.State.OPEN, clock.today()
    survey.asked = len(asked)
    survey.save(update_fields=["state", "first_day", "asked"])
    for invitation in asked:
        invitation.delivery = inviting.put(invitation, survey)
        invitation.save(update_fields=["delivery"])
    audit.note(by, "surveys.opened_for_answers", survey, asked=len(asked), last_day=str(survey.last_day))


@transaction.atomic
def remind(survey: Survey, *, by: User) -> int:
    """Ask those once more who have not answered, once; gives how many mails go. Raises NotAllowed, NotPublishable."""
    survey = locked(survey, by)
    if not inviting.is_open(survey) or survey.reminded_on is not None:
        raise NotPublishable([_("A reminder goes once, while it is open. Nothing was sent.")])
    waiting = survey.invitations.filter(answered=False).select_related("person__user").order_by("pk")
    mails = [one for one in waiting if mailbox_of(one.person)]
    for invitation in mails:
        invitation.reminder = inviting.put(invitation, survey, again=True)
        invitation.save(update_fields=["reminder"])
    survey.reminded_on = clock.today()
    survey.save(update_fields=["reminded_on"])
    audit.note(by, "surveys.reminded", survey, mails=len(mails))
    return len(mails)


@transaction.atomic
def prolong(survey: Survey, last_day: dt.date, *, by: User) -> None:
    """Give more time, also after it was closed with too few answers. Raises NotAllowed, NotPublishable."""
    survey = locked(survey, by)
    if survey.state not in (Survey.State.OPEN, Survey.State.CLOSED):
        raise NotPublishable(
            [_("Only what is open, or has too few answers, can go on. Nothing was changed.")]
        )
    if survey.state == Survey.State.CLOSED and survey.sealed.count() >= ENOUGH:
        raise NotPublishable([_("There are enough answers. Open them instead.")])
    _refuse(_wrong_day(last_day))
    survey.state, survey.last_day, survey.reminded_on = Survey.State.OPEN, last_day, None
    survey.save(update_fields=["state", "last_day", "reminded_on"])
    audit.note(by, "surveys.prolonged", survey, last_day=str(last_day))


@transaction.atomic
def close(survey: Survey, *, by: User) -> bool:
    """Take no more answers, and open those that came; False where they are too few, or cannot be opened.

    Raises NotAllowed, NotPublishable.
    """
    survey = locked(survey, by)
    if survey.state != Survey.State.OPEN:
        raise NotPublishable([_("It is not open. Nothing was changed.")])
    opening.close(survey, by=by)
    return survey.state == Survey.State.OPENED


@transaction.atomic
def open_answers(survey: Survey, *, by: User) -> None:
    """Try once more to open what was closed with enough answers. Raises NotAllowed, NotPublishable."""
    survey = locked(survey, by)
    try:
        opened = survey.state == Survey.State.CLOSED and opening.open_all(survey, by=by)
    except sealing.Unopenable:
        raise NotPublishable(
            [
                _(
                    "The answers are sealed with a secret key that the server no longer knows. They are kept. Give the"
                    " former key in GENSVAR_SECRET_KEY_FALLBACKS, and try again."
                )
            ]
        ) from None
    if not opened:
        raise NotPublishable([_("There are too few answers to open. Nothing was changed.")])


@transaction.atomic
def end(survey: Survey, reason: str, *, by: User) -> None:
    """End a closed round without a result: its sealed answers are destroyed unread, by this decision, which is kept.

    Raises NotAllowed, NotPublishable.
    """
    survey = locked(survey, by)
    if survey.state not in (Survey.State.CLOSED, Survey.State.DRAFT):
        raise NotPublishable([_("Close it first. Nothing was changed.")])
    if not reason.strip():
        raise NotPublishable([_("Say why it ends without a result; the reason is kept.")])
    sealed = SealedAnswer.objects.filter(survey=survey)
    opening.forget_who(survey, answered=sealed.count())
    sealed.delete()
    survey.state, survey.end_reason = Survey.State.ENDED, reason.strip()[:LONGEST]
    survey.save(update_fields=["state", "end_reason"])
    audit.note(by, "surveys.ended", survey, answered=survey.answered, reason=survey.end_reason[:200])


@transaction.atomic
def publish(survey: Survey, *, by: User) -> None:
    """Let everybody read the result. Raises NotAllowed, NotPublishable with every reason why not."""
    survey = locked(survey, by)
    if survey.state not in (Survey.State.OPENED, Survey.State.WITHDRAWN):
        raise NotPublishable([_("There is no result to publish. Nothing was changed.")])
    if survey.texts.filter(state=FreeText.State.WAITING).exists():
        raise NotPublishable([_("Decide about every text first.")])
    survey.state, survey.slug = Survey.State.PUBLISHED, survey.slug or _free_slug(survey)
    survey.changed_at = clock.now()
    survey.published_at = survey.published_at or survey.changed_at
    survey.withdrawn_at, survey.withdrawn_reason = None, ""
    survey.save(
        update_fields=[
            *("state", "slug", "changed_at", "published_at", "withdrawn_at", "withdrawn_reason"),
        ]
    )
    short_links.make(ShortLink.Kind.SURVEY, str(survey.pk), by=by)
    kind.refresh(survey.pk)
    _tell_readers(survey)
    audit.note(by, "surveys.published", survey)


@transaction.atomic
def withdraw(survey: Survey, reason: str, *, by: User) -> None:
    """Show it no longer; it and the reason are kept. Raises NotAllowed, NotPublishable."""
    survey = locked(survey, by)
    if survey.state != Survey.State.PUBLISHED:
        raise NotPublishable([_("It is not public now. Nothing was changed.")])
    if not reason.strip():
        raise NotPublishable([_("Say why it is withdrawn; the reason is kept.")])
    survey.state, survey.withdrawn_reason = Survey.State.WITHDRAWN, reason.strip()[:LONGEST]
    survey.withdrawn_at = survey.changed_at = clock.now()
    survey.save(update_fields=["state", "withdrawn_reason", "withdrawn_at", "changed_at"])
    kind.refresh(survey.pk)
    _tell_readers(survey)
    audit.note(by, "surveys.withdrawn", survey, reason=survey.withdrawn_reason[:200])


def _tell_readers(survey: Survey) -> None:
    """Feeds and hubs learn that a result is public, or is so no longer."""
    emit(EntryChanged(functions=[survey.function.slug], topics=[], persons=[]))


def _prepared(survey: Survey, by: User) -> Survey:
    found = locked(survey, by)
    if found.state != Survey.State.DRAFT:
        raise NotPublishable([_("People have been asked. Whom and what stays as it is.")])
    return found


def _ask(survey: Survey, persons: Collection[Person]) -> None:
    there = set(survey.invitations.values_list("person", flat=True))
    Invitation.objects.bulk_create(
        Invitation(survey=survey, person=one) for one in persons if one.pk not in there
    )


def _wrong_day(last_day: dt.date) -> list[str]:
    return [] if last_day >= clock.today() else [_("The last day has passed. Choose another.")]


def _not_held(survey: Survey) -> list[str]:
    if held_by(survey.leader).filter(pk=survey.function_id).exists():
        return []
    values = {"person": survey.leader, "function": survey.function}
    return [_("%(person)s does not hold %(function)s today.") % values]


def _shared_mailboxes(survey: Survey, asked: Collection[Invitation]) -> list[str]:
    """Whose mailbox is also another's: whoever reads it would answer more than once, or the leader in somebody's place."""
    readers: dict[str, list[str]] = defaultdict(list)
    for one in asked:
        if address := mailbox_of(one.person):
            readers[address].append(one.person.name)
    reasons = []
    if shared := [name for names in readers.values() if len(names) > 1 for name in names]:
        reasons.append(
            _("They share a mailbox, so one reader could answer more than once: %(names)s.")
            % {"names": ", ".join(shared)}
        )
    if by_leader := readers.get(mailbox_of(survey.leader)):
        reasons.append(
            _("Their mail goes to the mailbox of the leader: %(names)s.") % {"names": ", ".join(by_leader)}
        )
    return reasons


def _free_slug(survey: Survey) -> str:
    """The year of its last day and the function; never a name, which may not be public."""
    begin = f"{survey.last_day:%Y}-{slugify(survey.function.name)[:60].strip('-') or 'funktion'}"
    taken = set(Survey.objects.filter(slug__startswith=begin).values_list("slug", flat=True))
    tries = [begin, *(f"{begin}-{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in tries if one not in taken)


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise NotPublishable(reasons)
