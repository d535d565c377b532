"""What stands there without a date, as search finds it: every place where we are, every counter, and every function that answers.

There are few of them and their pages show them all, so they are read once and remembered while nothing public changes; the
pages of places, answering and contact say the same. Neighbours: those three, searching.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.contactpoints.municipality import queries
from gensvar.conversations import stems
from gensvar.core import clock
from gensvar.core.remembering import while_unchanged
from gensvar.people.models import Function
from gensvar.square import answering, places
from gensvar.square.places import Place

MOST: Final = 6  # above the other hits of a search


@dataclass(frozen=True, slots=True)
class Standing:
    """One of them, in the language of the page."""

    sort: str
    title: str
    text: str
    path: str
    held: frozenset[str]  # its stems


@while_unchanged
def standing() -> tuple[Standing, ...]:
    """All of them: places that are open, functions, counters, places that were closed."""
    found = places.directory()
    return (
        *(_place(one) for one in (*found.dialogue, *found.feeds)),
        *_functions(),
        *_counters(),
        *(_place(one) for one in found.closed),
    )


def search(asked: Sequence[tuple[str, ...]]) -> tuple[Standing, ...]:
    """Those that hold, for each word, one of its stems; none where nothing is asked."""
    if not asked:
        return ()
    return tuple(one for one in standing() if all(not one.held.isdisjoint(either) for either in asked))


def frequencies(asked: Collection[str]) -> Counter[str]:
    """In how many of them each of these stems stands."""
    return Counter(stem for one in standing() for stem in asked if stem in one.held)


def _place(one: Place) -> Standing:
    said: tuple[str, ...] = (one.purpose, one.address, one.hours, one.languages, one.who)
    if one.closed_on is not None:
        sort, said = _("Where we are, closed"), (one.purpose, one.archiving)
    else:
        sort = _("Where we are")
    path = f"{reverse('square:places')}#plats-{one.pk}"
    return _made(sort, one.name, said, path, also=(one.kind, one.function))


def _functions() -> Iterator[Standing]:
    """By name, as their page has them."""
    persons = answering.persons_shown()
    for one in sorted(Function.objects.filter(active=True), key=lambda one: str(one).casefold()):
        named = (", ".join(part for part in (each.name, each.title) if part) for each in persons[one.pk])
        path = f"{reverse('square:answering')}#{one.slug}"
        also = (one.name, one.name_en)
        yield _made(_("The people who answer"), str(one), (one.purpose, "; ".join(named)), path, also=also)


def _counters() -> Iterator[Standing]:
    for one in (found.office for found in queries.offices(clock.today(), {})):
        said = (one.address, one.directions, one.directions_en)
        path = f"{reverse('square:contact')}#besok-{one.pk}"
        yield _made(_("Come by"), str(one), said, path, also=(str(one.function),))


def _made(sort: str, title: str, said: Sequence[str], path: str, also: Sequence[str]) -> Standing:
    text = " · ".join(" ".join(part.split()) for part in said if part.strip())
    return Standing(sort, title, text, path, frozenset(stems.indexed(title, *said, *also)))
