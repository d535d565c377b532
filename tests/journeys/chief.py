"""Gives a journey's town a chief executive who alone holds much."""

from __future__ import annotations

import datetime as dt

CHIEF = "ulla@norrvik.example"
MAILBOX = "ledning@norrvik.example"


def comes() -> None:
    """A function that nobody else holds, its mailbox, a page outside with a log-in that nobody else knows."""
    from django.contrib.auth.models import Group
    from django.db import transaction

    from gensvar.contactpoints.models import ContactPoint
    from gensvar.contactpoints.outside_logins.models import OutsideLogin
    from gensvar.core.models import User
    from gensvar.people.models import Function, Person, Tenure

    with transaction.atomic():
        lead = Function.objects.create(slug="ledning", name="Kommunledningen")
        user = User.objects.create_user(CHIEF, first_name="Ulla", last_name="Norr")
        user.groups.set(Group.objects.filter(name="answerer"))
        ulla = Person.objects.create(user=user, name="Ulla Norr", title="kommundirektör", shown=True)
        Tenure.objects.create(person=ulla, function=lead, starts=dt.date(2014, 1, 1))
        ContactPoint.objects.create(
            channel="email", address=MAILBOX, name="Ledningen", function=lead, owner=ulla, state="live"
        )
        page = ContactPoint.objects.create(
            channel="elsewhere",
            address="https://social.example/@ulla",
            name="Ullas sida",
            function=lead,
            owner=ulla,
            state="live",
        )
        OutsideLogin.objects.create(name="Ullas sida på social.example", point=page).known_by.add(ulla)
