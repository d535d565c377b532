"""What a playbook would do here, looked up anew at each showing: new rows, changed ones field by field, and what cannot be.

It never takes anything away: what the file does not name is not in the plan. Neighbours: file reads, services does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gensvar.core.models import User
from gensvar.core.playbooks.file import Book
from gensvar.core.playbooks.part import Change, Difference, Fit, Kind, Part, parts
from gensvar.core.playbooks.shape import Record


@dataclass(frozen=True, slots=True)
class PartPlan:
    """All of one part."""

    part: Part
    changes: tuple[Change, ...]

    def of(self, kind: Kind) -> list[Change]:
        """Those of one kind."""
        return [one for one in self.changes if one.kind == kind]

    @property
    def same(self) -> int:
        """How many rows stand here already as the file says."""
        return len(self.of(Kind.SAME))

    @property
    def shown(self) -> list[Change]:
        """What somebody must look at: all but what stands already."""
        return [one for one in self.changes if one.kind != Kind.SAME]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of it."""

    book: Book
    parts: tuple[PartPlan, ...]

    @property
    def changes(self) -> Iterator[tuple[Part, Change]]:
        """Every row of the file with its part, in the order in which they are taken."""
        return ((one.part, change) for one in self.parts for change in one.changes)

    @property
    def proposed(self) -> frozenset[str]:
        """What is ticked before anybody chose: what is new, and what only fills what is empty here."""
        return frozenset(
            change.id
            for _part, change in self.changes
            if change.kind == Kind.NEW or (change.kind == Kind.CHANGED and change.fills)
        )

    @property
    def offered(self) -> frozenset[str]:
        """All that can be ticked."""
        return frozenset(change.id for _part, change in self.changes if change.does_something)

    @property
    def mark(self) -> str:
        """Changes with anything that the plan says: what was looked at is what is done."""
        said = [
            [
                change.id,
                change.kind,
                [[one.field.name, one.before, one.after] for one in change.differences],
                change.notes,
                change.reason,
            ]
            for _part, change in self.changes
        ]
        return hashlib.sha256(json.dumps([self.book.digest, said]).encode()).hexdigest()


def plan_of(book: Book, by: User | None) -> Plan:
    """As it stands now; `by` is who would take it in, None where that is not said yet. A few queries a part."""
    known: dict[str, set[str]] = {}
    coming: dict[str, str] = {}  # (part/key of a new row) and its id
    planned = []
    for part in parts():
        known[part.name] = set(part.targets())
        standing = {part.key_of(one): one for one in part.standing()}
        fitting, changes = part.fitting(by), []
        for record in book.rows.get(part.name, ()):
            here = standing.get(part.key_of(record))
            change = _change(part, fitting(record, here), here, known, coming)
            if change.kind == Kind.NEW:
                coming[_id(part.name, *part.key_of(record))] = change.id
            changes.append(change)
        planned.append(PartPlan(part, tuple(changes)))
    return Plan(book, tuple(planned))


def _change(
    part: Part,
    fit: Fit,
    here: Record | None,
    known: dict[str, set[str]],
    coming: dict[str, str],
) -> Change:
    differences = tuple(
        Difference(
            one, part.field_label(one), here[one.name] if here is not None else None, fit.record[one.name]
        )
        for one in part.shape
        if one.name in fit.record and (here is None or here[one.name] != fit.record[one.name])
    )
    missing, needs = _named(part, {one.field.name for one in differences}, fit.record, known, coming)
    kind, reason = (Kind.NEW if here is None else Kind.CHANGED), ""
    if not differences:
        kind = Kind.SAME
    elif reason := fit.refusal or missing:
        kind = Kind.CANNOT
    return Change(
        id=_id(part.name, *part.key_of(fit.record)),
        label=part.label_of(fit.record),
        kind=kind,
        record=fit.record,
        differences=differences,
        notes=fit.notes,
        reason=reason,
        needs=needs,
    )


def _named(
    part: Part, written: set[str], record: Record, known: dict[str, set[str]], coming: dict[str, str]
) -> tuple[str, frozenset[str]]:
    """Why a row that it names is neither here nor coming, and the ids of those that are still to come."""
    needs = set()
    for one in part.shape:
        if one.name not in written:
            continue
        for to, key in one.points_at(record[one.name]):
            if key in known.get(to, ()):
                continue
            if (new := coming.get(_id(to, key))) is None:
                said = _(
                    "It names “%(key)s” in “%(part)s”, which is not here and does not come with the file."
                )
                title = next(other.title for other in parts() if other.name == to)
                return said % {"key": key, "part": title}, frozenset()
            needs.add(new)
    return "", frozenset(needs)


def _id(*names: object) -> str:
    return "/".join(str(one) for one in names)
