"""Peoples an empty town for a journey: this process's own, or that of others by `python -m tests.journeys.cast`."""

from __future__ import annotations

import datetime as dt

PASSWORD = "ett lösenord för prov"
STREETS = "gata@norrvik.example"
ADMINISTRATOR = "ada@norrvik.example"


def main() -> None:
    """In a process of its own."""
    import django

    django.setup()
    move_in()


def move_in() -> None:
    """A function with two colleagues, two coordinators, an administrator, the form and two mail addresses."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group
    from django.db import transaction

    from gensvar.contactpoints.models import ContactPoint
    from gensvar.core.models import User
    from gensvar.people.models import Function, Person, Tenure

    password = make_password(PASSWORD)  # slow by design: once for all of them

    def person(name: str, email: str, role: str, *functions: Function) -> Person:
        first, _, last = name.partition(" ")
        user = User.objects.create(email=email, password=password, first_name=first, last_name=last)
        user.groups.set(Group.objects.filter(name=role))
        found = Person.objects.create(user=user, name=name, email=email, shown=True)
        for function in functions:
            Tenure.objects.create(person=found, function=function, starts=dt.date(2020, 1, 1))
        return found

    with transaction.atomic():
        office = Function.objects.create(slug="information", name="Informationsenheten", coordinates=True)
        streets = Function.objects.create(slug="gata-park", name="Gata & park")
        rut = person("Rut Östlund", "rut@norrvik.example", "coordinator", office)
        person("Siv Berg", "siv@norrvik.example", "coordinator", office)
        kim = person("Kim Ek", "kim@norrvik.example", "answerer", streets)
        person("Samira Holm", "samira@norrvik.example", "answerer", streets)
        person("Ada Lind", ADMINISTRATOR, "administrator")
        for channel, address, function, owner in (
            ("web", "skriv", office, rut),
            ("email", "kommun@norrvik.example", office, rut),
            ("email", STREETS, streets, kim),
        ):
            ContactPoint.objects.create(
                channel=channel, address=address, name=address, function=function, owner=owner, state="live"
            )


if __name__ == "__main__":
    main()
