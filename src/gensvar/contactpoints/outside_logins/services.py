"""Keeps who knows which log-in outside, and when it was changed before a witness. Neighbour: the desk's screens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person
from gensvar.people.queries import appointed


@transaction.atomic
def save_login(
    login: OutsideLogin,
    known_by: Iterable[Person],
    *,
    by: User | None,
    since: dt.date | None = None,
    told_by: Person | None = None,
) -> OutsideLogin:
    """Store a new or changed one with those who know it; `since` and `told_by` are of those who did not know it before.

    Raises NotAllowed, ValidationError (by field).
    """
    if by is not None:
        require(by, May.MANAGE_PLACES)
    login.full_clean()
    if login.changed_on is not None and login.changed_on > clock.today():
        raise ValidationError({"changed_on": _("That day has not come yet.")})
    if login.ended_on is not None and login.ended_on > clock.today():
        raise ValidationError({"ended_on": _("That day has not come yet.")})
    if (login.changed_on is None) != (login.witness_id is None):
        raise ValidationError({"witness": _("A change has a day and somebody who saw it, or neither.")})
    if since is not None and since > clock.today():
        raise ValidationError({"since": _("That day has not come yet.")})
    known_by = list(known_by)
    known = set(login.known_by.values_list("pk", flat=True)) if login.pk else set()
    if told_by is not None and told_by in [one for one in known_by if one.pk not in known]:
        raise ValidationError({"told_by": _("Nobody is told by themselves.")})
    login.save()
    login.known_by.set(known_by, through_defaults={"since": since, "told_by": told_by})
    audit.note(
        by, "contactpoints.save_login", login, known_by=sorted(login.known_by.values_list("pk", flat=True))
    )
    return login


def lost_with(leavers: Collection[int]) -> list[OutsideLogin]:
    """The log-ins in use that nobody but these people knows of those who have not left, by name; two queries."""
    used = OutsideLogin.objects.filter(ended_on__isnull=True, known_by__isnull=False).distinct()
    gone = set(leavers)
    found = (
        used.select_related("point")
        .prefetch_related(Prefetch("known_by", appointed()))
        .order_by("name", "pk")
    )
    return [one for one in found if {person.pk for person in one.known_by.all()} <= gone]
