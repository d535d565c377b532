"""Tells a colleague by mail that somebody else has noted them as away, so that nobody is away without knowing it.

Neighbours: people writes the absence, queueing puts the notice into the one outbox.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers.notices import address_of, put
from gensvar.answers.ways import mail
from gensvar.contactpoints.queries import speaking
from gensvar.core import times
from gensvar.core.models import User
from gensvar.people.events import AbsenceSaidByAnother
from gensvar.people.models import Person
from gensvar.people.queries import person_of


def tell_absent(fact: AbsenceSaidByAnother) -> None:
    """Handler: queue the notice, unless the person has no address or may not log in, or nobody speaks by mail here."""
    person = Person.objects.select_related("user").get(pk=fact.person_id)
    place = speaking(mail(), None)
    if place is not None and address_of(person) and person.user is not None:
        put(person, place, *words(fact, person.user.language))


def words(fact: AbsenceSaidByAnother, language: str) -> tuple[str, str]:
    """Subject and text of the notice; why somebody is away is nowhere."""
    user = User.objects.get(pk=fact.user_id)
    with override(language):
        values = {
            "by": who.name if (who := person_of(user)) else str(user),
            "days": times.days(dt.date.fromisoformat(fact.starts), dt.date.fromisoformat(fact.ends)),
            "link": settings.GENSVAR_URL + reverse("desk:own_absences"),
        }
        if fact.away:
            subject = _("%(by)s has noted that you are away")
            text = _(
                "%(by)s has noted that you are away %(days)s. Meanwhile your deputies answer what waits for you.\n\n"
                "If that is wrong, take it back here:\n%(link)s"
            )
        else:
            subject = _("%(by)s has noted that you are not away")
            text = _(
                "%(by)s has taken back that you are away %(days)s. What comes to you is yours again.\n\n"
                "If that is wrong, say so here:\n%(link)s"
            )
    return subject % values, text % values
