"""Tells the coordinators by mail what needs them today: one mail each for all that was found in one look.

Neighbours: routing.alarms raises, queueing puts the notice into the one outbox.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from gensvar.answers.notices import address_of, put
from gensvar.answers.ways import mail
from gensvar.contactpoints.queries import speaking
from gensvar.core.roles import Role
from gensvar.people.access import with_access
from gensvar.people.models import Person
from gensvar.routing.alarms.keeping import raised
from gensvar.routing.alarms.sentences import sentence
from gensvar.routing.events import AlarmsRaised
from gensvar.routing.models import Alarm


def tell_coordinators(fact: AlarmsRaised) -> None:
    """Handler: queue one notice for each coordinator who may log in, away or not; what was mended meanwhile is left out."""
    alarms = list(raised().filter(pk__in=fact.alarm_ids))
    place = speaking(mail(), None)
    if not alarms or place is None:
        return
    users = with_access().filter(groups__name=Role.COORDINATOR.value)
    for person in Person.objects.filter(user__in=users).select_related("user").order_by("pk"):
        if address_of(person) and person.user is not None:
            put(person, place, *words(alarms, person.user.language))


def words(alarms: list[Alarm], language: str) -> tuple[str, str]:
    """Subject and text of the notice. Names of places and persons, and nothing that a resident wrote."""
    with override(language):
        subject = ngettext(
            "%(number)s thing needs you today", "%(number)s things need you today", len(alarms)
        ) % {"number": len(alarms)}
        said = "\n".join(f"- {sentence(alarm)}" for alarm in alarms)
        link = settings.GENSVAR_URL + reverse("desk:absences")
        closing = _("It stands in the desk until it is mended:")
    return subject, f"{said}\n\n{closing}\n{link}"
