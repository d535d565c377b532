"""Raises and ends alarms by what the database says now; raised once, told once, and again when it falls again.

Neighbours: people says who is there, answers mails what was raised, sentences says it in words.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.turns import take_turn
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.core.recurring import TimeCame, recurring
from gensvar.core.roles import May
from gensvar.people import queries as people
from gensvar.people.access import who_may
from gensvar.people.events import PresenceChanged
from gensvar.people.handover.queries import handovers_due
from gensvar.people.models import Person, Tenure
from gensvar.routing.events import AlarmsRaised
from gensvar.routing.models import Alarm


@recurring
def keep_alarms(fact: TimeCame) -> dt.datetime:
    """Recurring: raises what is wrong, ends what is mended."""
    keep()
    return fact.next_time()


def look_again(fact: PresenceChanged) -> None:
    """Handler: the same at once, when somebody is away, has left or may not answer."""
    keep()


@transaction.atomic
def keep() -> list[Alarm]:
    """Bring the alarms up to date; gives those that were raised now, all of which one fact tells of."""
    take_turn()
    wanted = places_in_need()
    leaving = set(leaving_soon().values_list("pk", flat=True))
    now = clock.now()
    for alarm in Alarm.objects.filter(ended_at__isnull=True):
        if alarm.point_id is not None and (why := wanted.pop(alarm.point_id, None)) is not None:
            if alarm.why != why:
                alarm.why = why
                alarm.save(update_fields=["why"])
        elif alarm.tenure_id in leaving:
            leaving.remove(alarm.tenure_id)
        else:
            alarm.ended_at = now
            alarm.save(update_fields=["ended_at"])
    raised = [Alarm.objects.create(why=why, point_id=pk, since=now) for pk, why in sorted(wanted.items())]
    raised += [Alarm.objects.create(why=Alarm.Why.LEAVING, tenure_id=pk, since=now) for pk in sorted(leaving)]
    if raised:
        emit(AlarmsRaised([alarm.pk for alarm in raised]))
    return raised


def places_in_need() -> dict[int, Alarm.Why]:
    """The open places, by id, of which neither owner nor deputy could answer today, and why; one query.

    Somebody of them holds the place's function and may answer and is away; or holds it without a log-in or role for it; or
    holds another or a closed one, and so gets nothing; or there is nobody at all.
    """
    appointed = people.appointed()
    able = appointed.filter(user__in=who_may(May.ANSWER))
    in_need = ContactPoint.objects.filter(
        ~_one_of(people.on_duty_who_may(May.ANSWER)), state=ContactPoint.State.LIVE
    )
    why = Case(
        When(_one_of(able), then=Value(Alarm.Why.AWAY.value)),
        When(_one_of(Person.objects.filter(active=True)), then=Value(Alarm.Why.UNABLE.value)),
        When(Q(owner__in=appointed) | Q(deputy__in=appointed), then=Value(Alarm.Why.MOVED.value)),
        default=Value(Alarm.Why.VACANT.value),
    )
    return {pk: Alarm.Why(found) for pk, found in in_need.values_list("pk", why)}


def _one_of(persons: QuerySet[Person]) -> Q:
    """Whether owner or deputy is one of them and holds the place's function, which is not closed: routing asks all three."""
    holding = people.tenures_on().filter(
        function=OuterRef("function"), function__active=True, person__in=persons
    )
    named = Q(person=OuterRef("owner")) | Q(person=OuterRef("deputy"))
    return Q(Exists(holding.filter(named)))


def leaving_soon() -> QuerySet[Tenure]:
    """The last tenures of external people whose handover is due, from `GENSVAR_HANDOVER_DAYS` days before they end."""
    due = handovers_due(ahead=dt.timedelta(days=settings.GENSVAR_HANDOVER_DAYS))
    last = Tenure.objects.filter(person=OuterRef("person")).order_by("-ends").values("ends")[:1]
    return Tenure.objects.filter(person__in=[one.person for one in due], ends=Subquery(last))


def raised() -> QuerySet[Alarm]:
    """The alarms that stand, the most pressing first."""
    return (
        Alarm.objects.filter(ended_at__isnull=True)
        .select_related("point__function", "tenure__person", "tenure__function")
        .order_by("-why", "since", "pk")
    )
