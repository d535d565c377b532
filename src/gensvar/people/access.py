"""Who may be logged in at this moment, asked at log-in and again at every request, whatever made it so.

Neighbours: core.access asks the log-in itself; logins and services change what is asked here.
"""

from __future__ import annotations

import datetime as dt
import functools

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from gensvar.core import clock, prepared
from gensvar.core.access import AccessBackend
from gensvar.core.models import User
from gensvar.core.roles import PERMISSIONS, May, Role
from gensvar.people.models import Person, Tenure


def last_as_external() -> QuerySet[Tenure]:
    """The external tenures that are their person's last: nothing is held after them, and nothing but as external until then.

    Whoever was employed earlier, and came back as a consultant, leaves as a consultant.
    """
    of_same = Tenure.objects.filter(person=OuterRef("person"))
    lasting = of_same.filter(
        Q(ends__isnull=True)
        | Q(ends__gt=OuterRef("ends"))
        | Q(~Q(kind=Tenure.Kind.EXTERNAL), ends=OuterRef("ends"))
    )
    return Tenure.objects.filter(~Exists(lasting), kind=Tenure.Kind.EXTERNAL)


def with_access() -> QuerySet[User]:
    """The log-ins that may be used today.

    A log-in ends by itself, by its last day, with its person made inactive, and with the last tenure of somebody who has it
    as external: also where a form, an import or a statement in the database changed only one of these.
    """
    return _with_access(clock.today()).all()


@functools.lru_cache(maxsize=2)
def _with_access(today: dt.date) -> QuerySet[User]:
    """Drawn up once a day, and asked of each request: to draw it up took more than all else that a refusal costs."""
    over = last_as_external().filter(person__user=OuterRef("pk"), ends__lt=today)
    return User.objects.filter(
        Q(access_until__isnull=True) | Q(access_until__gte=today),
        ~Exists(Person.objects.filter(user=OuterRef("pk"), active=False)),
        ~Exists(over),
        is_active=True,
    )


@functools.lru_cache(maxsize=2)
def _statement(today: dt.date) -> prepared.Statement:
    """What asks for one log-in that may be used that day."""
    return prepared.statement(_with_access(today).filter(pk=prepared.ANYBODY))


def who_may(permission: May) -> QuerySet[User]:
    """The log-ins that may be used today and hold a role that gives that; as `User.may` says it of one."""
    return _who_may(permission, clock.today()).all()


@functools.lru_cache(maxsize=64)
def _who_may(permission: May, today: dt.date) -> QuerySet[User]:
    roles = [role.value for role, given in PERMISSIONS.items() if permission in given]
    found = _with_access(today).filter(pk__in=User.objects.filter(groups__name__in=roles).values("pk"))
    return found if Role.EXTERNAL.value in roles else found.exclude(groups__name=Role.EXTERNAL.value)


class PersonBackend(AccessBackend):
    """Lets in whom `with_access` names; one query for each request, as Django's own."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Whether this log-in may be used today."""
        return isinstance(user, User) and with_access().filter(pk=user.pk).exists()

    def get_user(self, user_id: int) -> User | None:
        """The log-in behind a session; None from the moment that its access has ended."""
        sql, given = _statement(clock.today())
        return next(iter(User.objects.raw(sql, prepared.of_one(given, user_id))), None)
