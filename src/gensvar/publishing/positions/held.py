"""What we stand for, decided in a leaver's name and holding first after their last day: said where a handover is reviewed.

It is a decision, made while they could speak, and holds from its day whether or not they are here. Neighbour: config.holdings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from gensvar.core import clock, times
from gensvar.people.days import DAY
from gensvar.people.models import Person
from gensvar.publishing.positions.models import Wording


def decided_in_advance(person: Person, last_day: dt.date) -> Sequence[str]:
    """A sentence for each such wording, the next one first. One query."""
    coming = Wording.objects.filter(
        person=person,
        decided_at__isnull=False,
        holds_from__gte=max(clock.begins(last_day + DAY), clock.now()),
    )
    said = _(
        "“%(title)s” is decided and holds from %(day)s, after the last day of %(person)s, who stands behind it. Take the "
        "decision back on its page for another to stand behind it."
    )
    return [
        said % {"title": one.title, "day": times.day(one.holds_from), "person": person.name}
        for one in coming.order_by("holds_from", "pk")
    ]
