"""Corrects since when and from whom somebody knows a log-in outside; what was noted before stays beside it, with who and why.

Neighbours: services says who knows one, the desk's screens show both.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.contactpoints.outside_logins.models import KnowingCorrection, KnownBy
from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person


@dataclass(frozen=True, slots=True)
class Noted:
    """Since when and from whom, as far as that is known."""

    since: dt.date | None
    told_by: Person | None

    @classmethod
    def of(cls, knowing: KnownBy) -> Noted:
        """As it stands."""
        return cls(knowing.since, knowing.told_by)

    @property
    def known(self) -> bool:
        """Whether either is noted."""
        return self.since is not None or self.told_by is not None


@transaction.atomic
def correct_knowing(
    knowing: KnownBy, noted: Noted, *, seen: Noted, reason: str, by: User
) -> KnowingCorrection:
    """Say how somebody knows it in truth. `seen` is what was shown to whoever corrects.

    Raises NotAllowed, and ValidationError (by field): for a day to come, for somebody told by themselves, where nothing
    changes, where somebody else was faster, and without a reason unless nothing was noted before.
    """
    require(by, May.MANAGE_PLACES)
    kept = KnownBy.objects.select_for_update(of=("self",)).select_related("told_by").get(pk=knowing.pk)
    before, reason = Noted.of(kept), reason.strip()[:300]
    _check(kept, before, noted, seen=seen, reason=reason)
    kept.since, kept.told_by = noted.since, noted.told_by
    kept.save(update_fields=["since", "told_by"])
    made = KnowingCorrection.objects.create(
        login_id=kept.login_id,
        person_id=kept.person_id,
        since_before=before.since,
        since_after=noted.since,
        told_by_before=before.told_by,
        told_by_after=noted.told_by,
        reason=reason,
        by=by,
        at=clock.now(),
    )
    audit.note(by, "contactpoints.correct_knowing", kept.login, person=kept.person_id, correction=made.pk)
    return made


def _check(kept: KnownBy, before: Noted, noted: Noted, *, seen: Noted, reason: str) -> None:
    if before != seen:
        raise ValidationError(
            _("Somebody has changed this since you looked. Look once more. Nothing was changed.")
        )
    if noted == before:
        raise ValidationError(_("This is what is noted already. Nothing was changed."))
    if noted.since is not None and noted.since > clock.today():
        raise ValidationError({"since": _("That day has not come yet.")})
    if noted.told_by is not None and noted.told_by.pk == kept.person_id:
        raise ValidationError({"told_by": _("Nobody is told by themselves.")})
    if before.known and not reason:
        raise ValidationError({"reason": _("Say why: the reason stands beside what was noted before.")})
