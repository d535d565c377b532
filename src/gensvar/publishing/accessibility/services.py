"""Works on the statement and its failures, and publishes versions; `by` is the member of staff who acts. Neighbour: the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Function
from gensvar.people.queries import coordinating_function
from gensvar.publishing.accessibility.models import Conformity, Failure, Statement, StatementVersion

SHOWN_MENDED: Final = dt.timedelta(days=365)  # what was mended longer ago leaves new versions
_OF_STATEMENT: Final = (
    *("body", "covers", "covers_en", "aims", "conformity", "method", "method_en", "assessed_on"),
    *("review_on", "authority", "authority_en", "authority_url"),
)
_OF_FAILURE: Final = (
    *("criterion", "what", "what_en", "reason", "why", "why_en", "meanwhile", "meanwhile_en"),
    *("found_on", "planned_on", "mended_on"),
)


def statement() -> Statement:
    """The statement that is worked on; a migration has made it."""
    return Statement.objects.select_related("contact").get(pk=1)


def contact() -> Function | None:
    """The function that gets what people tell about accessibility."""
    chosen = Function.objects.filter(pk__in=Statement.objects.values("contact"), active=True).first()
    return chosen or coordinating_function()


@transaction.atomic
def save_statement(found: Statement, *, by: User) -> Statement:
    """Store what the next version will say. Raises NotAllowed, ValidationError."""
    require(by, May.MANAGE_STATEMENTS)
    found.pk = 1
    found.full_clean()
    found.save()
    audit.note(by, "accessibility.saved", found, conformity=found.conformity)
    return found


@transaction.atomic
def save_failure(found: Failure, *, by: User) -> Failure:
    """Store a known failure, or that it is mended. Raises NotAllowed, ValidationError."""
    require(by, May.MANAGE_STATEMENTS)
    found.full_clean()
    if found.reason != Failure.Reason.MENDING and not found.why.strip():
        raise ValidationError({"why": _("Explain why it cannot be asked for, or why the law does not.")})
    if found.mended_on is not None and found.mended_on < found.found_on:
        raise ValidationError({"mended_on": _("It cannot be mended before it was found.")})
    found.save()
    audit.note(by, "accessibility.failure", found, reason=found.reason, mended=str(found.mended_on or ""))
    return found


@transaction.atomic
def publish(note: str, *, by: User) -> StatementVersion:
    """Show what stands there now as a version of its own; those before it stay. Raises NotAllowed, ValidationError."""
    require(by, May.MANAGE_STATEMENTS)
    found = Statement.objects.select_for_update().get(pk=1)
    _check(found)
    highest = StatementVersion.objects.aggregate(highest=Max("number"))["highest"] or 0
    made = StatementVersion(
        number=highest + 1,
        published_at=clock.now(),
        published_by=by,
        note=" ".join(note.split()),
        content=content_of(found),
    )
    made.full_clean()
    made.save()
    audit.note(by, "accessibility.published", made, number=made.number)
    return made


def content_of(found: Statement) -> dict[str, Any]:
    """All that a version says, as JSON: days in ISO 8601."""
    since = clock.today() - SHOWN_MENDED
    failures = [one for one in Failure.objects.all() if one.mended_on is None or one.mended_on >= since]
    return {
        **{name: _plain(getattr(found, name)) for name in _OF_STATEMENT},
        "failures": [{name: _plain(getattr(one, name)) for name in _OF_FAILURE} for one in failures],
    }


def unpublished() -> bool:
    """Whether the public sees something else than what stands here now."""
    newest = StatementVersion.objects.first()
    return newest is None or newest.content != content_of(statement())


def _check(found: Statement) -> None:
    open_ones = Failure.objects.filter(mended_on__isnull=True).exclude(reason=Failure.Reason.EXEMPT).exists()
    if found.conformity == Conformity.FULL and open_ones:
        raise ValidationError(_("It does not fulfil all requirements as long as a known failure is open."))
    if found.conformity != Conformity.FULL and not open_ones:
        raise ValidationError(_("Name what does not work, or say that it fulfils all requirements."))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
