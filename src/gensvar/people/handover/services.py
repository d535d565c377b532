"""Prepares, confirms and undoes a handover; ticks off log-ins that were changed. Each is one transaction.

Locks, always in this order: the handover's row, the persons in it by id, then the kinds in the order of `config.holdings`.
Neighbours: plan says what would happen, document tells what did.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from gensvar.core import audit, clock
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.access import who_may
from gensvar.people.handover.holding import Before, Giving, Occasion, holdings, remarks
from gensvar.people.handover.models import Handover, HandoverItem
from gensvar.people.handover.plan import Plan, plan_of
from gensvar.people.handover.states import ImpossibleMove, Move, State, after
from gensvar.people.models import Person

Choices = Mapping[str, Mapping[str, int]]


class NotReady(Exception):
    """The handover cannot be done as it stands; nothing was changed. The message says why."""


def prepare(person: Person, last_day: dt.date, *, by: User, reason: str = "") -> Handover:
    """Begin one, or give the one that is being prepared for that person. Raises NotAllowed."""
    require(by, May.HAND_OVER)
    _refuse_own(person, by)
    open_ones = Handover.objects.filter(person=person, state=State.PREPARED)
    if found := open_ones.first():
        return found
    try:
        with transaction.atomic():
            made = Handover.objects.create(
                person=person, last_day=last_day, reason=reason[:300], prepared_at=clock.now(), prepared_by=by
            )
            audit.note(by, "handover.prepare", made, person=person.pk)
            return made
    except IntegrityError:  # two began at the same moment
        return open_ones.get()


@transaction.atomic
def choose(
    handover: Handover, choices: Choices, *, last_day: dt.date, reason: str, by: User, seen: str = ""
) -> Handover:
    """Keep who takes over what. Who chose last is who prepared it. `seen` is the mark of the choices that were shown.

    Raises NotAllowed, ImpossibleMove, and NotReady where somebody else has chosen since.
    """
    require(by, May.HAND_OVER)
    fresh = _locked(handover)
    _refuse_own(fresh.person, by)
    if fresh.state != State.PREPARED:
        raise ImpossibleMove(_("This handover is no longer being prepared. Nothing was changed."))
    if seen and seen != fresh.chosen_mark:
        raise NotReady(
            _(
                "Somebody else has chosen since you looked. What they chose stands here now. Nothing was changed."
            )
        )
    fresh.choices = {kind: dict(chosen) for kind, chosen in choices.items() if chosen}
    fresh.last_day, fresh.reason, fresh.prepared_by = last_day, reason[:300], by
    fresh.save(update_fields=["choices", "last_day", "reason", "prepared_by"])
    audit.note(by, "handover.choose", fresh, choices=fresh.choices)
    return fresh


@transaction.atomic
def drop(handover: Handover, *, by: User) -> None:
    """Give it up before anything moved. Raises NotAllowed, ImpossibleMove."""
    require(by, May.HAND_OVER)
    fresh = _locked(handover)
    _refuse_own(fresh.person, by)
    fresh.state = after(fresh.state, Move.DROP)
    fresh.save(update_fields=["state"])
    audit.note(by, "handover.drop", fresh)


def others_who_could_review(handover: Handover, by: User) -> bool:
    """Whether somebody else than who prepared it, and than who leaves, could look at it today."""
    others = who_may(May.HAND_OVER)
    return others.exclude(pk__in=[handover.prepared_by_id, by.pk, handover.person.user_id or 0]).exists()


@transaction.atomic
def confirm(handover: Handover, mark: str, *, by: User, alone_because: str = "") -> Handover:
    """Move everything, in one transaction; the document is made afterwards.

    `mark` is that of the plan that was reviewed. Who prepared it confirms it only where nobody else could, or with a
    written reason. Raises NotAllowed, ImpossibleMove where it is done already, NotReady.
    """
    require(by, May.HAND_OVER)
    fresh = _locked(handover)
    _refuse_own(fresh.person, by)
    state = after(fresh.state, Move.CONFIRM)
    alone = fresh.prepared_by_id == by.pk
    if alone and not alone_because.strip() and others_who_could_review(fresh, by):
        raise NotReady(_("Somebody else looks at it too, or you write why nobody can. Nothing was changed."))
    plan = _settled_plan(fresh, mark)
    occasion = Occasion(fresh.person, fresh.last_day, by)
    fresh.remarks = _remarks(fresh.person, fresh.last_day)
    moved = _give_all(occasion, plan)
    witnessed = {holding.kind: holding.witnessed for holding in holdings()}
    HandoverItem.objects.bulk_create(
        HandoverItem(
            handover=fresh,
            kind=holding.kind,
            key=line.held.key,
            label=line.held.label[:300],
            to=line.to,
            before=moved[holding.kind, line.held.key],
            open=witnessed[holding.kind],
        )
        for holding, line in plan.lines
        if (holding.kind, line.held.key) in moved
    )
    fresh.state, fresh.done_at, fresh.reviewed_by = state, clock.now(), by
    fresh.alone_because = alone_because.strip()[:300] if alone else ""
    _finish_if_nothing_is_open(fresh)
    fresh.save()
    audit.note(by, "handover.confirm", fresh, person=fresh.person_id, items=len(moved))
    return fresh


def _settled_plan(handover: Handover, mark: str) -> Plan:
    """The plan with everybody in it locked, if it is the one that was reviewed. Raises NotReady."""
    seen = plan_of(handover)
    _lock_persons({handover.person_id, *(line.to.pk for _holding, line in seen.lines if line.to)})
    plan = plan_of(handover)
    if plan.mark != mark:
        raise NotReady(_("Something has changed since you looked. Look once more. Nothing was changed."))
    if not plan.ready:
        raise NotReady(_("Something still has nobody who takes it over. Nothing was changed."))
    return plan


def _remarks(person: Person, last_day: dt.date) -> dict[str, list[str]]:
    """What stays as it is and should be known, in each language in which the document may be asked for."""
    found = {}
    for language, _name in settings.GENSVAR_STAFF_LANGUAGES:
        with translation.override(language):
            found[language] = list(remarks(person, last_day))
    return found


def _give_all(occasion: Occasion, plan: Plan) -> dict[tuple[str, str], Before]:
    moved: dict[tuple[str, str], Before] = {}
    for part in plan.parts:
        givings = [Giving(line.held.key, line.to) for line in part.lines]
        for key, before in part.holding.give(occasion, givings).items():
            moved[part.holding.kind, key] = before
    return moved


@transaction.atomic
def undo(handover: Handover, *, by: User) -> dict[str, int]:
    """Take back, within a week, what still stands as the handover left it; gives how many went back and how many stayed.

    Raises NotAllowed, ImpossibleMove.
    """
    require(by, May.HAND_OVER)
    fresh = _locked(handover)
    _refuse_own(fresh.person, by)
    state = after(fresh.state, Move.UNDO)
    if not fresh.undoable:
        raise ImpossibleMove(_("More than a week has passed. Nothing was changed."))
    items = list(fresh.items.all())
    _lock_persons({fresh.person_id, *(item.to_id for item in items if item.to_id)})
    occasion, by_kind = Occasion(fresh.person, fresh.last_day, by), defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item)
    counted = {"back": 0, "stayed": 0}
    for holding in holdings():
        for item in by_kind.get(holding.kind, ()):
            back = item.changed_on is None and holding.take_back(occasion, item.key, item.before)
            item.state = HandoverItem.State.BACK if back else HandoverItem.State.STAYED
            item.open = False
            counted["back" if back else "stayed"] += 1
            item.save(update_fields=["state", "open"])
    fresh.state, fresh.undone_at, fresh.undone_by = state, clock.now(), by
    fresh.save(update_fields=["state", "undone_at", "undone_by"])
    audit.note(by, "handover.undo", fresh, **counted)
    return counted


@transaction.atomic
def witness(item: HandoverItem, changed_on: dt.date, seen_by: Person, *, by: User) -> Handover:
    """Note that a log-in of an outside place was changed, and who saw it; the last one finishes the handover.

    Raises NotAllowed, NotReady for a day to come or a witness who is the leaver, ImpossibleMove where it is noted already.
    """
    require(by, May.HAND_OVER)
    fresh = _locked(item.handover)
    _refuse_own(fresh.person, by)
    if changed_on > clock.today():
        raise NotReady(_("That day has not come yet. Nothing was changed."))
    if seen_by.pk == fresh.person_id:
        raise NotReady(_("Who leaves cannot be the witness. Nothing was changed."))
    if (
        fresh.state not in {State.DONE, State.FINISHED}
        or not fresh.items.filter(pk=item.pk, open=True).exists()
    ):
        raise ImpossibleMove(_("That is noted already. Nothing was changed."))
    holding = next(one for one in holdings() if one.kind == item.kind)
    holding.settled(Occasion(fresh.person, fresh.last_day, by), item.key, changed_on, seen_by)
    fresh.items.filter(pk=item.pk).update(open=False, changed_on=changed_on, witness=seen_by)
    _finish_if_nothing_is_open(fresh)
    fresh.save(update_fields=["state", "finished_at"])
    audit.note(by, "handover.witness", fresh, kind=item.kind, key=item.key, witness=seen_by.pk)
    return fresh


def _finish_if_nothing_is_open(handover: Handover) -> None:
    if handover.state == State.DONE and not handover.items.filter(open=True).exists():
        handover.state, handover.finished_at = after(handover.state, Move.FINISH), clock.now()


def _locked(handover: Handover) -> Handover:
    return Handover.objects.select_related("person__user").select_for_update(of=("self",)).get(pk=handover.pk)


def _lock_persons(ids: Iterable[int]) -> None:
    """One after the other by id, so that two handovers with the same people never wait in a circle."""
    list(Person.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update(no_key=True).values("pk"))


def _refuse_own(person: Person, by: User) -> None:
    if person.user_id == by.pk:
        raise NotAllowed(_("Somebody else hands over what you hold."))
