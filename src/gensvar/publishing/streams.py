"""Which streams of public entries one can follow: everything, a function, a topic, a person who agreed to be named, a question.

Neighbours: the feeds of the square and the newsletters go by the same names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gensvar.core import topics as vocabulary
from gensvar.people.models import Function, Person
from gensvar.publishing import entries, gate
from gensvar.publishing.entries import Narrowing

FORMS: Final = ("atom", "rss", "json")
ALL, FUNCTION, TOPIC, PERSON, QUESTION = "alla", "funktion", "amne", "person", "fraga"
_EXCHANGE: Final = re.compile(r"[0-9]{4}-[0-9]{1,12}")
_NUMBER: Final = re.compile(r"([0-9]{1,18})(?:-.*)?")


@dataclass(frozen=True, slots=True)
class Stream:
    """What can be followed: `scope` is one of the five words above, `title` in the language of the page."""

    scope: str
    slug: str
    title: str

    @property
    def which(self) -> Narrowing:
        """The entries that belong to it."""
        return narrowing(self.scope, self.slug)

    @property
    def name(self) -> str:
        """One word for forms and anchors."""
        return f"{self.scope}-{self.slug}" if self.slug else self.scope

    def address(self, form: str) -> str:
        """Its path in that form ("atom", "rss", "json")."""
        if self.slug:
            return reverse("square:feed_of", args=[self.scope, self.slug, form])
        return reverse("square:feed", args=[form])

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Each form's name and absolute address."""
        names = {"atom": "Atom", "rss": "RSS", "json": "JSON"}
        return [(names[form], settings.GENSVAR_URL + self.address(form)) for form in FORMS]


def everything() -> Stream:
    """The stream of all entries."""
    return Stream(ALL, "", _("Questions, answers and news"))


def of_function(function: Function) -> Stream:
    """What one function answers and tells."""
    return Stream(FUNCTION, function.slug, str(function))


def of_person(person: Person) -> Stream:
    """What one person answers and writes; the number in the name stays when the name changes."""
    return Stream(PERSON, f"{person.pk}-{slugify(person.name)}"[:60].strip("-"), person.name)


def functions() -> list[Stream]:
    """One for each function in use; one query."""
    return [of_function(one) for one in Function.objects.filter(active=True)]


def topics() -> list[Stream]:
    """One for each topic that something public is about."""
    return [Stream(TOPIC, one.slug, str(one)) for one in entries.topics()]


def persons() -> list[Stream]:
    """One for each person who answered or wrote something public and agreed to be named."""
    return [of_person(one) for one in entries.authors()]


def questions(numbers: Iterable[str]) -> list[Stream]:
    """One for each of these public questions that may be seen, newest first; as many queries for one as for many."""
    asked = [one for one in numbers if _EXCHANGE.fullmatch(one)]
    return [Stream(QUESTION, one.number, one.title) for one in gate.find_all(asked).values()]


def find(scope: str, slug: str) -> Stream | None:
    """The stream of that name, or None; a topic that was merged gives the one that lives on."""
    if scope == FUNCTION:
        function = Function.objects.filter(slug=slug).first()
        return of_function(function) if function is not None else None
    if scope == TOPIC:
        topic = vocabulary.find(slug)
        return Stream(TOPIC, topic.slug, str(topic)) if topic is not None else None
    if scope == PERSON:
        person = Person.objects.filter(pk=number_of(slug), shown=True).first()
        return of_person(person) if person is not None else None
    if scope == QUESTION:
        return next(iter(questions([slug])), None)
    return everything() if scope == ALL and not slug else None


def narrowing(scope: str, slug: str) -> Narrowing:
    """The entries of a stream by its name."""
    return Narrowing(
        function=slug if scope == FUNCTION else "",
        topic=slug if scope == TOPIC else "",
        person=number_of(slug) if scope == PERSON else 0,
        exchange=slug if scope == QUESTION else "",
    )


def number_of(slug: str) -> int:
    """The person's number in front of the name; 0 for none."""
    found = _NUMBER.fullmatch(slug)
    return int(found[1]) if found else 0
