"""Gives a journey's town a consultant whose date comes, and lets it pass.

The processes of the town read the real clock, so the rows go back in time instead: what ended today ended yesterday, and the
hour until the next look is over.
"""

from __future__ import annotations

import datetime as dt

from tests.faults.town import wait_until

CONSULTANT = "axel@byran.example"
MAILBOX = "projekt@norrvik.example"


def comes() -> None:
    """Axel answers for the project until today; Samira is his deputy there."""
    from django.contrib.auth.models import Group

    from gensvar.contactpoints.models import ContactPoint
    from gensvar.core import clock
    from gensvar.core.models import Event, User
    from gensvar.people.models import Function, Person, Tenure

    streets = Function.objects.get(slug="gata-park")
    password = User.objects.get(
        email="samira@norrvik.example"
    ).password  # the same as that of all of the cast
    user = User.objects.create(email=CONSULTANT, password=password, first_name="Axel", last_name="Brodin")
    user.groups.set(Group.objects.filter(name="external"))
    axel = Person.objects.create(user=user, name="Axel Brodin", email=CONSULTANT, shown=True)
    Tenure.objects.create(
        person=axel,
        function=streets,
        kind=Tenure.Kind.EXTERNAL,
        starts=clock.today() - dt.timedelta(days=90),
        ends=clock.today(),
    )
    look = Event.objects.filter(
        key="routing.keep_alarms"
    )  # else within five minutes; a new worker writes it first
    wait_until(lambda: look.update(run_at=clock.now()), "the worker has begun")
    samira = Person.objects.get(name="Samira Holm")
    ContactPoint.objects.create(
        channel="email",
        address=MAILBOX,
        name="Projektet",
        function=streets,
        owner=axel,
        deputy=samira,
        state="live",
    )


def date_passes() -> None:
    """The date is over, and so is the hour until somebody looks for what lies where nobody is."""
    from gensvar.core import clock
    from gensvar.core.models import Event
    from gensvar.people.models import Tenure

    yesterday = clock.today() - dt.timedelta(days=1)
    assert Tenure.objects.filter(person__name="Axel Brodin").update(ends=yesterday) == 1
    assert Event.objects.filter(key="routing.reroute_unattended").update(run_at=clock.now()) == 1
