"""Corrects days of a tenure that have passed and were noted wrongly; what they said before is kept beside, with who and why.

Neighbours: services changes the days that are still to come, queries tells what was believed and what was corrected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, handed
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.days import Days, day_after
from gensvar.people.models import Function, Person, Tenure, TenureCorrection
from gensvar.people.services import check_tenure, end_with_tenures, let_go_on, tell_presence

Spoke = Callable[[Person, Function, dt.date, dt.date], bool]
"""Whether that person said anything for that function from one day until and with another. Rooms declare it."""


@transaction.atomic
def correct_tenure(tenure: Tenure, days: Days, *, seen: Days, reason: str, by: User) -> TenureCorrection:
    """Say what days a tenure had in truth. `seen` are those that were shown to whoever corrects.

    Raises NotAllowed, and ValidationError: without a reason, for one's own, where nothing that has passed changes, where
    a day of today or later changes and `by` may not manage people, and where words said without a tenure would get one.
    """
    require(by, May.CORRECT_TENURES)
    fresh = Tenure.objects.select_for_update(of=("self",), no_key=True).select_related("person", "function")
    kept = fresh.get(pk=tenure.pk)
    before = Days.of(kept)
    _check(kept, before, days, seen=seen, reason=reason.strip(), by=by)
    kept.starts, kept.ends = days.starts, days.ends
    check_tenure(kept)
    _refuse_hiding(kept, before, days)
    kept.save()
    made = TenureCorrection.objects.create(
        tenure=kept,
        starts_before=before.starts,
        ends_before=before.ends,
        starts_after=days.starts,
        ends_after=days.ends,
        reason=reason.strip()[:300],
        by=by,
        at=clock.now(),
    )
    if before.since(clock.today()) != days.since(clock.today()):
        end_with_tenures(kept.person)
        let_go_on(kept)
        tell_presence(kept.person, day_after(days.ends))
    audit.note(by, "people.correct_tenure", kept, correction=made.pk)
    return made


def _check(kept: Tenure, before: Days, days: Days, *, seen: Days, reason: str, by: User) -> None:
    today = clock.today()
    refusal = ""
    if kept.person.user_id == by.pk:
        refusal = _("Somebody else corrects your own days. Nothing was changed.")
    elif before != seen:
        refusal = _("Somebody has changed these days since you looked. Look once more. Nothing was changed.")
    elif not reason:
        raise ValidationError({"reason": _("Say why: the reason stands beside what was noted before.")})
    elif before.before(today) == days.before(today):
        refusal = _(
            "No day that has passed is corrected by this. Days from today on are changed on the person's page. "
            "Nothing was changed."
        )
    elif before.since(today) != days.since(today) and not by.may(May.MANAGE_PEOPLE):
        refusal = _("Days from today on are changed by an administrator. Nothing was changed.")
    if refusal:
        raise ValidationError(refusal)


def _refuse_hiding(kept: Tenure, before: Days, days: Days) -> None:
    """Who spoke without a tenure did so: no correction lays one under it. What was noted once may be noted again.

    Noted were the days that had passed when they were corrected: of what was then to come nothing was known.
    """
    said = [
        Days(one.starts_before, one.ends_before).before(timezone.localtime(one.at).date())
        for one in kept.corrections.all()
    ]
    noted = [days for days in said if days is not None]
    added = [piece for piece in days.without(before) if piece.starts < clock.today()]
    for one in noted:
        added = [left for piece in added for left in piece.without(one)]
    for piece in added:
        last = clock.today() if piece.ends is None else piece.ends
        if any(spoke(kept.person, kept.function, piece.starts, last) for spoke in _spoken()):
            raise ValidationError(
                _(
                    "On days that this would add, %(person)s spoke for %(function)s without holding it. That stays to be "
                    "seen, so no correction can cover it. Nothing was changed."
                )
                % {"person": kept.person, "function": kept.function}
            )


def _spoken() -> Sequence[Spoke]:
    found: Sequence[Spoke] = handed.table("GENSVAR_HOLDINGS", "SPOKEN")
    return found
