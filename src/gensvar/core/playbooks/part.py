"""What a room declares of its set-up, so that it stands in a playbook. Neighbours: `config.playbooks` lists all, plan compares.

A room that adds tables of its set-up writes one class: which fields a row has, what stands here now, and how one row is
written. Reading, comparing, warning of personal data and the screens follow from that.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.functional import Promise

from gensvar.core import handed
from gensvar.core.models import User
from gensvar.core.playbooks import shape
from gensvar.core.playbooks.shape import Field, Heard, Record

Key = tuple[Any, ...]
Model = TypeVar("Model", bound=models.Model)


class Kind(enum.StrEnum):
    """What a row of the file would do here."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one row, before (None for a new row) and after, as plain data."""

    field: Field
    label: str | Promise
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the file and what it would do. `id` names it for good; `needs` are ids of new rows that come before it."""

    id: str
    label: str
    kind: Kind
    record: Record  # the whole row, as it fits here
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()  # what is otherwise than the file says, and why
    reason: str = ""  # why it cannot be
    needs: frozenset[str] = frozenset()

    @property
    def values(self) -> dict[str, Any]:
        """The fields to write: all that a new row says, else those that differ."""
        return {one.field.name: one.after for one in self.differences}

    @property
    def fills(self) -> bool:
        """Whether it says something only where nothing is said here."""
        return all(one.before in ("", []) for one in self.differences)

    @property
    def does_something(self) -> bool:
        """Whether there is something to take."""
        return self.kind in {Kind.NEW, Kind.CHANGED}


@dataclass(frozen=True, slots=True)
class Fit:
    """A row as it can be here: what had to give way is said in notes; `refusal` says why it cannot be at all."""

    record: Record
    notes: tuple[str, ...] = ()
    refusal: str = ""


Fitting = Callable[[Record, Record | None], Fit]
"""Gives the row as it can be here, beside the one of its key that stands here (None: none does)."""


class Part(ABC):
    """One kind of rows. A part without a key field has one row."""

    name: ClassVar[str]  # in files; never changed
    version: ClassVar[int] = 1  # grows when a file that was written today could not be read as it was meant
    title: ClassVar[str | Promise]
    shape: ClassVar[tuple[Field, ...]]
    covers: ClassVar[frozenset[str]] = frozenset()  # the models that it answers for, as `people.Function`
    left_out: ClassVar[Mapping[str, str]] = {}  # their columns that no file holds, each with the reason
    screen: ClassVar[str] = ""  # the name of the address where one row is seen, with its id; else of them all
    model: ClassVar[type[models.Model] | None] = None  # whose words the fields have for people

    @abstractmethod
    def standing(self) -> Iterable[Record]:
        """Every row here with every field of the shape, also what rests and what no file would hold."""

    def given(self) -> Iterable[Record]:
        """Those that a file holds."""
        return self.standing()

    def targets(self) -> Iterable[str]:
        """The keys that rows of other parts may name here; only of parts with one key field."""
        keys = (self.key_of(one) for one in self.standing())
        return (str(key[0]) for key in keys if len(key) == 1)

    def fitting(self, by: User | None) -> Fitting:
        """What says how a row can be here, asked for each row of a file: it looks up beforehand what it needs for all.

        `by` is who would take it in, None where that is not said yet.
        """
        return lambda record, here: Fit(record)

    @abstractmethod
    def write(self, change: Change, by: User) -> models.Model:
        """Store one row by the room's own service, in the caller's transaction. Raises ValidationError, NotAllowed."""

    def key_of(self, record: Record) -> Key:
        """What names it, here and everywhere."""
        return tuple(record[one.name] for one in self.shape if one.key)

    def label_of(self, record: Record) -> str:
        """What people call it."""
        said = (
            record.get("name") or record.get("title") or " · ".join(str(one) for one in self.key_of(record))
        )
        return str(said or self.title)

    def field_label(self, one: Field) -> str | Promise:
        """What people call a field."""
        if one.label:
            return one.label
        if self.model is None:
            return one.name
        named: Any = self.model._meta.get_field(one.name)
        return named.verbose_name  # type: ignore[no-any-return]

    def export(self) -> list[Record]:
        """The rows for a file, in the order of their keys: the same rows make the same file."""
        return sorted(self.given(), key=self.key_of)

    def read(self, data: object, where: str, heard: Heard) -> tuple[Record, ...]:
        """The rows of a file; `heard` is told of each that cannot be read, and of a key that comes twice."""
        if not isinstance(data, list):
            heard.wrong(where, shape.no_list())
            return ()
        found: dict[Key, Record] = {}
        for place, one in enumerate(data):
            here = f"{where}[{place}]"
            record = shape.row(self.shape, one, here, heard)
            if record is None:
                continue
            if (key := self.key_of(record)) in found:
                heard.wrong(here, shape.twice())
            found[key] = record
        return tuple(found.values())


def filled(row: Model, values: Mapping[str, Any]) -> Model:
    """The row with these values on it."""
    for name, value in values.items():
        setattr(row, name, value)
    return row


def fields_of(row: models.Model, shape: Sequence[Field]) -> dict[str, Any]:
    """The fields of a row whose columns have the same names and hold plain data."""
    return {one.name: getattr(row, one.name) for one in shape}


def parts() -> Sequence[Part]:
    """All parts, in the one order in which they are taken: what others name comes first."""
    found: Sequence[Part] = handed.table("GENSVAR_PLAYBOOKS", "PARTS")
    return found


def known_names() -> Sequence[str]:
    """The names of all who work or worked here: they are looked for in what a file would hold."""
    found: Sequence[str] = handed.table("GENSVAR_PLAYBOOKS", "known_names")()
    return found
