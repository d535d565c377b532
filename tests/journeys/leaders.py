"""Gives a journey's town a leader and five whom she leads: `python -m tests.journeys.leaders`, in a process of its own."""

from __future__ import annotations

import datetime as dt

LED = {
    "Ali Berg": "ali@skola.example",
    "Bea Dahl": "bea@skola.example",
    "Cia Falk": "cia@skola.example",
    "Dan Holm": "dan@skola.example",
    "Eva Lund": "eva@skola.example",
}


def main() -> None:
    """They have mailboxes and no log-ins: to be asked one needs none."""
    import django

    django.setup()
    from django.db import transaction

    from gensvar.people.models import Function, Person, Tenure

    with transaction.atomic():
        school = Function.objects.create(slug="skola", name="Skolan")
        ulla = Person.objects.create(name="Ulla Norr", email="ulla@skola.example", shown=True)
        led = [Person.objects.create(name=name, email=email) for name, email in LED.items()]
        for person in [ulla, *led]:
            Tenure.objects.create(person=person, function=school, starts=dt.date(2020, 1, 1))


if __name__ == "__main__":
    main()
