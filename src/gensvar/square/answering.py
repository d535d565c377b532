"""Who answers: every function with those of its persons who agreed to be shown, and what it answered lately (law 4).

Many stand here and nobody is ranked: functions and persons in the order of their names, no numbers beside them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gensvar.people.models import Function, Person
from gensvar.people.queries import tenures_on
from gensvar.publishing import gate
from gensvar.publishing.values import PublishedExchange
from gensvar.square.headers import public

NEWEST: Final = 3  # answers of each function
TOPICS: Final = 4


@dataclass(frozen=True, slots=True)
class Answering:
    """One function with its persons, topics and newest answers; any of them may be empty."""

    function: Function
    persons: tuple[Person, ...]
    topics: tuple[str, ...]
    newest: tuple[PublishedExchange, ...]


def persons_shown() -> Mapping[int, tuple[Person, ...]]:
    """Who speaks for each function today and agreed to be named, by name; one statement, and nobody for any other id."""
    persons: dict[int, dict[int, Person]] = defaultdict(dict)
    held = tenures_on().filter(person__shown=True, function__active=True).select_related("person")
    for tenure in held.order_by("person__name"):
        persons[tenure.function_id][tenure.person_id] = tenure.person
    return defaultdict(tuple, ((function, tuple(found.values())) for function, found in persons.items()))


def who_answers() -> list[Answering]:
    """Every active function, by name; as many statements for one as for a hundred."""
    persons = persons_shown()
    newest, topics = gate.newest_by_function(NEWEST), gate.topics_by_function(TOPICS)
    found = [
        Answering(
            function,
            persons[function.pk],
            tuple(str(topic) for topic in topics.get(function.pk, ())),
            newest.get(function.pk, ()),
        )
        for function in Function.objects.filter(active=True)
    ]
    return sorted(found, key=lambda one: str(one.function).casefold())


@require_safe
@public
def page(request: HttpRequest) -> HttpResponse:
    """The people behind the words."""
    return render(request, "square/answering.html", {"answering": who_answers()})
