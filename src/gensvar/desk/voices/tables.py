"""The tables of the voices page: who speaks, always beside how much is left unanswered and how long an answer takes.

A line stands also where only residents spoke: what nobody answers is what one must see first. Neighbour: shares.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gensvar.core.models import Topic
from gensvar.desk.voices import choosing, sentences
from gensvar.desk.voices.choosing import Choice
from gensvar.people.models import Function
from gensvar.voices import shares
from gensvar.voices.cells import WITHOUT
from gensvar.voices.heard import NOTHING, Apart, Heard
from gensvar.voices.measures import Concentration, concentration
from gensvar.voices.report import Said
from gensvar.voices.shares import Unit

Amounts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a month, a channel or a topic. `unknown`: something was said, and no recipient of it is known."""

    name: str
    said: Concentration
    heard: Heard
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """How much one person said, and between 0 and 1 of all; or, of recipients, that none is known."""

    name: str
    amount: int
    share: float
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function: how much was said for it, as a number and between 0 and 1 of all, and what lies with it."""

    name: str
    amount: int
    share: float
    heard: Heard
    unknown: bool = False


def by_person(said: Said) -> list[PersonRow]:
    """In the order of names, those of whom no recipient is known among the others."""
    rows = [(one.voice, PersonRow(one.voice.name, one.amount, one.share)) for one in said.persons]
    rows += [(person, PersonRow(person.name, 0, 0.0, unknown=True)) for person in said.unknown]
    return [row for person, row in sorted(rows, key=lambda pair: (pair[0].name, pair[0].pk))]


def by_month(choice: Choice, asked: Apart) -> list[Row]:
    """Every month that the days lie in."""
    return [
        _row(sentences.month(month), amounts, asked.months.get(month), choice)
        for month, amounts in shares.by_month(choice.selection, choice.unit).items()
    ]


def by_channel(choice: Choice, asked: Apart) -> list[Row]:
    """By name; what was asked of a channel is what began in it."""
    said, of_channel = shares.by_channel(choice.selection, choice.unit), asked.channels
    rows = [
        _row(choosing.called(channel), said.get(channel, {}), of_channel.get(channel), choice)
        for channel in sorted(said.keys() | of_channel.keys())
    ]
    return sorted(rows, key=lambda row: row.name.casefold())


def by_topic(choice: Choice, asked: Apart) -> list[Row]:
    """By name, what has no topic last. Three queries."""
    said = shares.by_topic(choice.selection, choice.unit)
    of_topic = asked.topics
    topics = Topic.objects.filter(pk__in=(said.keys() | of_topic.keys()) - {WITHOUT})
    names = sorted(((one.pk, one.name) for one in topics), key=lambda one: one[1].casefold())
    if WITHOUT in said or WITHOUT in of_topic:
        names.append((WITHOUT, _("no topic")))
    return [_row(name, said.get(pk, {}), of_topic.get(pk), choice) for pk, name in names]


def by_function(said: Said, asked: Apart) -> list[FunctionRow]:
    """By name, what lies with none last. One query."""
    spoke, of_function = {one.voice.pk: one for one in said.functions}, asked.functions
    those = spoke.keys() | said.unknown_functions | of_function.keys() - {None}
    functions = Function.objects.filter(pk__in=those)
    rows = [
        FunctionRow(
            str(one),
            spoke[one.pk].amount if one.pk in spoke else 0,
            spoke[one.pk].share if one.pk in spoke else 0.0,
            of_function.get(one.pk, NOTHING),
            unknown=one.pk in said.unknown_functions,
        )
        for one in functions
    ]
    rows.sort(key=lambda row: row.name.casefold())
    if None in of_function:
        rows.append(FunctionRow(_("no function"), 0, 0.0, of_function[None]))
    return rows


def _row(name: str, amounts: Amounts, asked: Heard | None, choice: Choice) -> Row:
    said = concentration(amounts.values())
    unknown = choice.unit is Unit.RECIPIENTS and bool(amounts) and not said.total
    return Row(name, said, asked or NOTHING, unknown)
