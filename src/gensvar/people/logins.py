"""Changes log-ins: who may log in, with which roles, until when. A place without any administrator is refused.

Neighbours: people.services changes persons and tenures; core.roles says what a role may do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gensvar.core import audit, clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.days import day_after
from gensvar.people.models import Person
from gensvar.people.services import end_with_tenures, require_people, tell_presence


@transaction.atomic
def give_login(
    person: Person,
    email: str,
    roles: Iterable[Role],
    *,
    by: User | None,
    language: str = "sv",
) -> User:
    """Let a person log in. The log-in waits until its owner sets a password by the reset mail.

    Raises NotAllowed, and ValidationError where the person has a log-in, the address is taken, or External stands beside another
    role.
    """
    require_people(by)
    if person.user is not None:
        raise ValidationError(_("%(person)s has a log-in already.") % {"person": person.name})
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise ValidationError(_("Somebody else logs in with %(email)s.") % {"email": email})
    first, _space, last = person.name.partition(" ")
    user = User.objects.create_user(
        email.strip(), first_name=first[:150], last_name=last[:150], language=language
    )
    person.user = user
    person.email = person.email or user.email
    person.save()
    user.hold(roles)
    end_with_tenures(person)
    tell_presence(person)
    audit.note(by, "people.give_login", user, person=person.pk, roles=sorted(roles))
    return user


@transaction.atomic
def set_roles(user: User, roles: Iterable[Role], *, by: User | None) -> None:
    """Let a log-in hold exactly these roles.

    Raises NotAllowed, and ValidationError for the last administrator and for External beside another role.
    """
    require_people(by)
    wanted = frozenset(roles)
    if Role.ADMINISTRATOR not in wanted:
        _keep_an_administrator(user)
    user.hold(wanted)
    _tell_of(user)
    audit.note(by, "people.set_roles", user, roles=sorted(wanted))


@transaction.atomic
def end_access(user: User, last_day: dt.date | None, *, by: User | None) -> None:
    """Let a log-in end after that day, or have no end (None). Raises NotAllowed, ValidationError for the last administrator."""
    require_people(by)
    if last_day is not None:
        _keep_an_administrator(user)
    user.access_until = last_day
    user.save(update_fields=["access_until"])
    _tell_of(user, day_after(last_day))
    audit.note(by, "people.end_access", user, until=last_day.isoformat() if last_day else None)


@transaction.atomic
def set_active(user: User, active: bool, *, by: User | None) -> None:
    """Close a log-in at once, or open it again. Raises NotAllowed, ValidationError for the last administrator."""
    require_people(by)
    if not active:
        _keep_an_administrator(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    _tell_of(user)
    audit.note(by, "people.set_active", user, active=active)


@transaction.atomic
def begin_anew(user: User, *, by: User | None) -> None:
    """Take away password and second factor of a log-in whose owner has lost one of them: no session of it goes on, and it
    waits until a password is set by a link. By None it is whoever may run commands on the machine.

    Raises NotAllowed, ValidationError for one's own log-in: whoever sits at another's screen must not get rid of its second factor.
    """
    from allauth.mfa.models import Authenticator

    require_people(by)
    if by is not None and by.pk == user.pk:
        raise ValidationError(
            _("Ask another administrator to do this for your own log-in. Nothing was changed.")
        )
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    audit.note(by, "people.begin_anew", user)


def _tell_of(user: User, *days: dt.date | None) -> None:
    """What waits at whoever can answer no longer moves on at once, and the places of theirs raise their alarm."""
    person = Person.objects.filter(user=user).first()
    if person is not None:
        tell_presence(person, *days)


def _keep_an_administrator(user: User) -> None:
    """Raise ValidationError if nobody else could manage people; the rows are locked, so that two cannot leave at once."""
    administrators = (
        User.objects.filter(groups__name=Role.ADMINISTRATOR.value, is_active=True)
        .filter(Q(access_until__isnull=True) | Q(access_until__gte=clock.today()))
        .exclude(groups__name=Role.EXTERNAL.value)
    )
    ids = set(
        User.objects.select_for_update()
        .filter(pk__in=administrators.values("pk"))
        .values_list("pk", flat=True)
    )
    if ids == {user.pk}:
        raise ValidationError(
            _("%(user)s is the only administrator. Give somebody else that role first. Nothing was changed.")
            % {"user": user}
        )
