"""Making a playbook: what stands here, looked through for personal data. What was found goes along only when somebody says so.

Neighbours: part says what there is, file writes it, core.personal_data finds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gensvar.core import audit, personal_data
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.playbooks import file
from gensvar.core.playbooks.part import Key, Part, known_names, parts
from gensvar.core.playbooks.shape import Record
from gensvar.core.roles import May


class NotGiven(Exception):
    """Nothing was written; the message says why."""


class Changed(NotGiven):
    """What stands here changed since it was looked through."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something in one field that looks like it is about a person."""

    id: str
    part: Part
    row: str  # what people call it
    label: str | Promise  # of the field
    text: str  # the whole field
    pieces: tuple[str, ...]  # what was found


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a file would hold, and what in it somebody must look at."""

    rows: dict[str, list[Record]]
    found: tuple[Found, ...]

    @property
    def counts(self) -> list[tuple[Part, int]]:
        """How many rows each part has."""
        return [(part, len(self.rows[part.name])) for part in parts()]

    @property
    def mark(self) -> str:
        """Changes with anything that the file would say."""
        return hashlib.sha256(json.dumps(self.rows, sort_keys=True).encode()).hexdigest()


def draft() -> Draft:
    """What stands here now. As many queries as there are parts, and a few."""
    rows = {part.name: part.export() for part in parts()}
    return Draft(rows, tuple(_found(rows)))


@transaction.atomic
def give(made: Draft, kept: Collection[str], *, by: User | None) -> bytes:
    """The file. What was found in a field whose id is not in `kept` is left out with its field.

    A row whose name was left out stays out whole, and so does a row that names it. `by` None is the command line.
    Raises NotAllowed, and NotGiven where nobody could take the file in.
    """
    if by is not None:
        require(by, May.MANAGE_PLAYBOOKS)
    out = {one.id for one in made.found} - set(kept)
    rows = _whole({part.name: _without(part, made.rows[part.name], out) for part in parts()}, made.rows)
    data = file.write(settings.GENSVAR_NAME, rows)
    try:
        file.read(data)
    except file.NotAPlaybook as error:
        said = _("Nobody could take this file in: %(why)s Nothing was written.")
        raise NotGiven(said % {"why": error}) from error
    audit.note(
        by,
        "playbooks.given",
        sha256=hashlib.sha256(data).hexdigest(),
        rows={name: len(found) for name, found in rows.items()},
        found=len(made.found),
        left_out=len(out),
    )
    return data


def check(made: Draft, mark: str) -> None:
    """Raises Changed where `made` is not what somebody looked through."""
    if made.mark != mark:
        raise Changed(_("The set-up was changed since you looked. Look once more. Nothing was written."))


def _found(rows: dict[str, list[Record]]) -> list[Found]:
    found, names = [], known_names()
    for part in parts():
        for record in rows[part.name]:
            for one in part.shape:
                texts = one.texts(record.get(one.name, ""))
                pieces = [
                    piece.text for text in texts for piece in personal_data.find(text, known_names=names)
                ]
                if one.suspect and not pieces:
                    pieces = texts
                if pieces:
                    found.append(
                        Found(
                            _id(part, record, one.name),
                            part,
                            part.label_of(record),
                            part.field_label(one),
                            "\n".join(texts),
                            tuple(dict.fromkeys(pieces)),
                        )
                    )
    return found


def _without(part: Part, rows: Sequence[Record], out: Collection[str]) -> list[Record]:
    kept: list[Record] = []
    for record in rows:
        gone = {one.name for one in part.shape if _id(part, record, one.name) in out}
        if not any(one.name in gone and (one.key or one.needed) for one in part.shape):
            kept.append({name: value for name, value in record.items() if name not in gone})
    return kept


def _whole(kept: dict[str, list[Record]], all_: dict[str, list[Record]]) -> dict[str, list[Record]]:
    """The rows that name no row which was left out; each that goes may take others with it."""
    gone = {
        (part.name, str(key[0]))
        for part in parts()
        for key in _keys(part, all_[part.name]) - _keys(part, kept[part.name])
        if len(key) == 1
    }
    left = {
        part.name: [
            record
            for record in kept[part.name]
            if not any(
                gone & set(one.points_at(record[one.name])) for one in part.shape if one.name in record
            )
        ]
        for part in parts()
    }
    return left if left == kept else _whole(left, all_)


def _keys(part: Part, rows: Sequence[Record]) -> set[Key]:
    return {part.key_of(record) for record in rows}


def _id(part: Part, record: Record, field: str) -> str:
    return "/".join([part.name, *(str(one) for one in part.key_of(record)), field])
