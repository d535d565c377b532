"""What each log-in outside lacks, in words and in the order in which it presses; neighbour: outside_logins shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from gensvar.contactpoints.outside_logins.models import KnownBy, OutsideLogin
from gensvar.desk.rows import Mark
from gensvar.people.models import Person
from gensvar.people.queries import appointed
from gensvar.voices.cells import external_today

_WELL: Final = 8
_CLOSED: Final = 9


@dataclass(frozen=True, slots=True)
class Knower:
    """Somebody who knows it, and in what way that counts less than a colleague who stays."""

    person: Person
    left: bool
    external: bool
    words: str  # since when, and who told them


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A log-in as the list says it. `marks` are what it lacks, the most pressing first; 0 presses most."""

    login: OutsideLogin
    knowers: tuple[Knower, ...]
    marks: tuple[Mark, ...]
    press: int


def all_logins() -> list[LoginRow]:
    """Every log-in outside, what presses most first and what is closed last; a few queries, however many there are."""
    found = OutsideLogin.objects.select_related("point", "witness").prefetch_related(
        Prefetch(
            "knowings", KnownBy.objects.select_related("person", "told_by").order_by("person__name", "pk")
        )
    )
    here = set(appointed().values_list("pk", flat=True))
    external = external_today()
    rows = [_row(login, here, external) for login in found.order_by("name", "pk")]
    return sorted(rows, key=lambda row: row.press)


def _row(login: OutsideLogin, here: Collection[int], external: Collection[int]) -> LoginRow:
    knowers = tuple(
        Knower(
            one.person,
            left=one.person_id not in here,
            external=one.person_id in here and one.person_id in external,
            words=one.words,
        )
        for one in login.knowings.all()
    )
    lacks = list(_lacks(knowers)) if login.ended_on is None else []
    return LoginRow(
        login=login,
        knowers=knowers,
        marks=tuple(Mark("late", "warning", said) for _press, said in lacks),
        press=min((press for press, _said in lacks), default=_CLOSED if login.ended_on else _WELL),
    )


def _lacks(knowers: Collection[Knower]) -> Iterable[tuple[int, str]]:
    staying = [one for one in knowers if not one.left]
    if not knowers:
        yield 0, _("nobody knows it")
    elif not staying:
        yield 0, _("all who know it have left")
    if staying and all(one.external for one in staying):
        yield 1, _("only externals know it")
    if len(staying) == 1:
        yield 2, _("only one person knows it")
    if staying and len(staying) < len(knowers):
        yield 3, _("one who has left still knows it")
