"""Gives a journey's town a podium: `python -m tests.journeys.podium`, in a process of its own.

Nils speaks three times of five, as in the demo; the streets' letters come to him, who has no deputy there.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

NILS: Final = "nils@norrvik.example"
MAILBOX: Final = "torget@norrvik.example"


def last_month() -> tuple[dt.date, dt.date]:
    """The first and the last day of the last whole month."""
    from gensvar.core import clock

    last = clock.today().replace(day=1) - dt.timedelta(days=1)
    return last.replace(day=1), last


def main() -> None:
    """What was said last month, and a place that hangs on one person."""
    import django

    django.setup()
    from django.contrib.auth.models import Group
    from django.db import transaction

    from gensvar.contactpoints.models import ContactPoint
    from gensvar.core.models import User
    from gensvar.people.models import Function, Person, Tenure
    from gensvar.publishing.appearances.services import Facts, enter
    from tests.journeys.cast import PASSWORD

    first, _last = last_month()
    with transaction.atomic():
        lead = Function.objects.create(slug="ledning", name="Kommunledningen")
        streets = Function.objects.get(slug="gata-park")
        user = User.objects.create_user(NILS, PASSWORD, first_name="Nils", last_name="Berggård")
        user.groups.set(Group.objects.filter(name="answerer"))
        nils = Person.objects.create(user=user, name="Nils Berggård", title="kommundirektör", shown=True)
        for function in (lead, streets):
            Tenure.objects.create(person=nils, function=function, starts=dt.date(2014, 1, 1))
        ContactPoint.objects.create(
            channel="email", address=MAILBOX, name="Torget", function=streets, owner=nils, state="live"
        )
        rut = Person.objects.get(name="Rut Östlund")
        samira = Person.objects.get(name="Samira Holm")
        said = [(nils, lead)] * 6 + [(rut, Function.objects.get(slug="information")), (samira, streets)] * 2
        for number, (person, function) in enumerate(said):
            day = first + dt.timedelta(days=number)
            assert rut.user is not None
            enter(Facts("interview", person, function, day, f"Kuriren {number}"), (), by=rut.user)


if __name__ == "__main__":
    main()
