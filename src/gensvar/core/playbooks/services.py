"""Takes in a playbook: keeps the file that came, and does what was looked at, in one transaction. It cannot be undone.

Neighbours: plan says what would be done, the desk and the command line ask for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, files
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.playbooks import file
from gensvar.core.playbooks.models import Playbook
from gensvar.core.playbooks.part import Change, Part
from gensvar.core.playbooks.plan import Plan, plan_of
from gensvar.core.roles import May


class NotTaken(Exception):
    """The playbook was not taken in; nothing was changed. The message says why."""


def bring(data: bytes, *, by: User) -> Playbook:
    """Keep a file that came, so that it can be looked at. Nothing else changes. Raises NotAllowed, NotAPlaybook."""
    require(by, May.MANAGE_PLAYBOOKS)
    book = file.read(data)
    kept = files.keep_raw(data)
    with transaction.atomic():
        made = Playbook.objects.create(source=book.source, came_at=clock.now(), brought_by=by, **kept)
        audit.note(by, "playbooks.brought", made, sha256=made.raw_sha256)
    return made


def book_of(found: Playbook) -> file.Book:
    """What the kept file says to this version of Gensvar. Raises NotAPlaybook where that is nothing any more."""
    return file.read(found.read_raw())


@transaction.atomic
def take(found: Playbook, chosen: Collection[str], mark: str, *, by: User) -> Playbook:
    """Write what is chosen, all or nothing. `mark` is that of the plan that was looked at.

    Two are never taken at once: the oldest row stands for all of them. Raises NotAllowed, NotAPlaybook, NotTaken.
    """
    require(by, May.MANAGE_PLAYBOOKS)
    Playbook.objects.select_for_update().order_by("pk").first()
    fresh = Playbook.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if fresh.taken_at is not None:
        raise NotTaken(_("This file was taken in already. Bring it once more to see what is left."))
    plan = plan_of(book_of(fresh), by)
    if plan.mark != mark:
        raise NotTaken(_("Something has changed since you looked. Look once more. Nothing was taken in."))
    done = [_write(part, change, by) for part, change in _to_do(plan, frozenset(chosen))]
    fresh.taken_at, fresh.taken_by, fresh.done = clock.now(), by, done
    fresh.save(update_fields=["taken_at", "taken_by", "done"])
    audit.note(by, "playbooks.taken", fresh, sha256=fresh.raw_sha256, ids=[one["id"] for one in done])
    return fresh


def _to_do(plan: Plan, chosen: frozenset[str]) -> list[tuple[Part, Change]]:
    """What is chosen, in its order. Raises NotTaken for nothing, for what cannot be, and for what needs something else."""
    if not chosen:
        raise NotTaken(_("Nothing is chosen. Nothing was changed."))
    if chosen - plan.offered:
        raise NotTaken(_("Something is chosen that cannot be taken. Look once more. Nothing was changed."))
    labels = {change.id: change.label for _part, change in plan.changes}
    picked = [(part, change) for part, change in plan.changes if change.id in chosen]
    for _part, change in picked:
        if lacking := sorted(change.needs - chosen):
            raise NotTaken(
                _(
                    "“%(row)s” needs %(needed)s, which is not chosen. Choose both or neither. Nothing was changed."
                )
                % {"row": change.label, "needed": ", ".join(f"“{labels[one]}”" for one in lacking)}
            )
    return picked


def _write(part: Part, change: Change, by: User) -> dict[str, Any]:
    """One row by its room's own service; gives what is kept of it. Raises NotTaken where the service says no."""
    try:
        row = part.write(change, by)
    except ValidationError as refusal:
        said = _("“%(row)s” could not be written: %(why)s Nothing was changed.")
        raise NotTaken(said % {"row": change.label, "why": " ".join(refusal.messages)}) from refusal
    return {
        "part": part.name,
        "id": change.id,
        "label": change.label,
        "kind": change.kind.value,
        "row": row.pk,
    }
