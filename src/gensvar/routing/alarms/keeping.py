"""Raises and ends alarms by what the database says now; raised once, told once, and again when it falls again.

Neighbours: people says who is there, answers mails what was raised, sentences says it in words.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.turns import take_turn
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.core.recurring import TimeCame, recurring
from gensvar.people import queries as people
from gensvar.people.events import PresenceChanged
from gensvar.people.handover.queries import handovers_due
from gensvar.people.models import Tenure
from gensvar.routing.events import AlarmsRaised
from gensvar.routing.models import Alarm


@recurring
def keep_alarms(fact: TimeCame) -> dt.datetime:
    """Recurring: raises what is wrong, ends what is mended."""
    keep()
    return fact.next_time()


def look_again(fact: PresenceChanged) -> None:
    """Handler: the same at once, when somebody is away or has left."""
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
    """The open places, by id, of which neither owner nor deputy is there today: appointed and away, or nobody at all."""
    here, appointed = people.on_duty(), people.appointed()
    in_need = ContactPoint.objects.filter(state=ContactPoint.State.LIVE).exclude(
        Q(owner__in=here) | Q(deputy__in=here)
    )
    away = set(in_need.filter(Q(owner__in=appointed) | Q(deputy__in=appointed)).values_list("pk", flat=True))
    return {
        pk: Alarm.Why.AWAY if pk in away else Alarm.Why.VACANT for pk in in_need.values_list("pk", flat=True)
    }


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
