"""Gives a journey's town a consultant whose date comes, and lets it pass: `python -m tests.journeys.consultant come|pass`.

The processes of the town read the real clock, so the rows go back in time instead: what ended today ended yesterday, and the
hour until the next look is over.
"""

from __future__ import annotations

import datetime as dt
import sys

CONSULTANT = "axel@byran.example"
MAILBOX = "projekt@norrvik.example"


def come() -> None:
    """Axel answers for the project until today; Samira is his deputy there."""
    from django.contrib.auth.models import Group

    from gensvar.contactpoints.models import ContactPoint
    from gensvar.core import clock
    from gensvar.core.models import Event, User
    from gensvar.people.models import Function, Person, Tenure
    from tests.journeys.cast import PASSWORD

    streets = Function.objects.get(slug="gata-park")
    user = User.objects.create_user(CONSULTANT, PASSWORD, first_name="Axel", last_name="Brodin")
    user.groups.set(Group.objects.filter(name="external"))
    axel = Person.objects.create(user=user, name="Axel Brodin", email=CONSULTANT, shown=True)
    Tenure.objects.create(
        person=axel,
        function=streets,
        kind=Tenure.Kind.EXTERNAL,
        starts=clock.today() - dt.timedelta(days=90),
        ends=clock.today(),
    )
    Event.objects.filter(key="routing.keep_alarms").update(run_at=clock.now())  # else within five minutes
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


def let_pass() -> None:
    """The date is over, and so is the hour until somebody looks for what lies where nobody is."""
    from gensvar.core import clock
    from gensvar.core.models import Event
    from gensvar.people.models import Tenure

    yesterday = clock.today() - dt.timedelta(days=1)
    assert Tenure.objects.filter(person__name="Axel Brodin").update(ends=yesterday) == 1
    assert Event.objects.filter(key="routing.reroute_unattended").update(run_at=clock.now()) == 1


if __name__ == "__main__":
    import django

    django.setup()
    {"come": come, "pass": let_pass}[sys.argv[1]]()
