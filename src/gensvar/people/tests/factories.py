"""Makes functions and people for tests of every room: with a tenure, a log-in and roles, as they are in life."""

from __future__ import annotations

import datetime as dt
import itertools

from django.utils.text import slugify

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.models import Absence, Function, Person, Tenure

_numbers = itertools.count(1)


def make_function(name: str = "Gata & park", *, coordinates: bool = False, active: bool = True) -> Function:
    """A function."""
    number = next(_numbers)
    return Function.objects.create(
        slug=f"{slugify(name)}-{number}", name=name, coordinates=coordinates, active=active
    )


def make_user(*roles: Role, email: str = "", language: str = "sv") -> User:
    """A log-in with these roles."""
    user = User.objects.create_user(
        email or f"person{next(_numbers)}@norrvik.example", "secret", language=language
    )
    user.hold(roles)
    return user


def make_person(
    name: str = "Kim Ek",
    *functions: Function,
    roles: tuple[Role, ...] = (Role.ANSWERER,),
    title: str = "",
    email: str = "",
    kind: str = Tenure.Kind.EMPLOYEE,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Person:
    """A person with a log-in, holding these functions."""
    user = make_user(*roles, email=email)
    person = Person.objects.create(user=user, name=name, title=title, email=user.email, shown=True)
    starts = since or clock.today() - dt.timedelta(days=100)
    for function in functions:
        Tenure.objects.create(person=person, function=function, kind=kind, starts=starts, ends=until)
    return person


def make_absence(person: Person, *, days: int = 7) -> Absence:
    """The person is away from today on."""
    today = clock.today()
    return Absence.objects.create(person=person, starts=today, ends=today + dt.timedelta(days=days))


def user_of(person: Person) -> User:
    """The person's log-in, fresh from the database: what it remembers of roles is gone."""
    assert person.user_id is not None
    return User.objects.get(pk=person.user_id)
