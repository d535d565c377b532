"""A leader, those whom she leads, and a coordinator who asks them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock, tokens
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.learning.surveys import answering, checking, services
from gensvar.learning.surveys.inviting import PURPOSE
from gensvar.learning.surveys.models import Invitation, Survey, SurveyForm
from gensvar.learning.surveys.sealing import Given
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person, user_of

LONG_AGO = dt.date(2020, 1, 1)
NAMES = ("Ali Berg", "Bea Dahl", "Cia Falk", "Dan Holm", "Eva Lund", "Fia Norén")
ANSWERS: tuple[Given, ...] = (
    {"direction": 5, "listens": 4, "keep": "Fortsätt med måndagsmötena."},
    {"direction": 4, "listens": 2, "change": "Mer tid för samtal."},
    {"direction": 2, "listens": 0, "helps": 1},
    {"direction": 4, "listens": 5, "keep": "Öppenheten."},
    {"direction": 1, "listens": 4, "change": "Färre möten, tycker Ali Berg och jag."},
)


@dataclass
class House:
    """Six who are led by Ulla, and Rut who holds the survey together."""

    function: Function = field(default_factory=lambda: make_function("Gata & park"))
    office: Function = field(default_factory=lambda: make_function("Information", coordinates=True))

    def __post_init__(self) -> None:
        self.ulla: Person = make_person("Ulla Norr", self.function, roles=(Role.COORDINATOR,), since=LONG_AGO)
        self.rut: Person = make_person("Rut Östlund", self.office, roles=(Role.COORDINATOR,))
        self.led: list[Person] = [make_person(name, self.function, since=LONG_AGO) for name in NAMES]
        make_contact_point(self.office, owner=self.rut)

    @property
    def by(self) -> User:
        """Rut's log-in."""
        return user_of(self.rut)

    def prepared(self, days: int = 7, form: SurveyForm | None = None) -> Survey:
        """A round that nobody is asked in yet."""
        form = form or SurveyForm.objects.order_by("pk")[0]
        last_day = clock.today() + dt.timedelta(days=days)
        return services.prepare(self.ulla, self.function, form, last_day, by=self.by)

    def opened(self, days: int = 7) -> Survey:
        """A round that can be answered."""
        survey = self.prepared(days)
        services.open_(survey, by=self.by)
        survey.refresh_from_db()
        return survey

    def closed(self, *given: Given) -> Survey:
        """A round that these answered, closed."""
        survey = self.opened()
        for person, one in zip(self.led, given, strict=False):
            answer(survey, person, one)
        services.close(survey, by=self.by)
        survey.refresh_from_db()
        return survey

    def published(self, *given: Given) -> Survey:
        """A round that everybody can read, with every text released as it is proposed."""
        survey = self.closed(*(given or ANSWERS))
        names = checking.names_in(survey)
        for text in survey.texts.all():
            checking.release(text, checking.proposed(text, names), by=self.by)
        services.publish(survey, by=self.by)
        survey.refresh_from_db()
        return survey


def invitation(survey: Survey, person: Person) -> Invitation:
    """That of this person."""
    return Invitation.objects.select_related("survey").get(survey=survey, person=person)


def path(survey: Survey, person: Person) -> str:
    """Of the person's own page."""
    return f"/ledarskap/{tokens.make(PURPOSE, invitation(survey, person).key)}"


def answer(survey: Survey, person: Person, given: Given) -> None:
    """The person answers."""
    answering.answer(invitation(survey, person), given)


def pages() -> list[str]:
    """The paths of a town's pages of it: the list, a result with an earlier year, and links that are open, used and over."""
    house = House(make_function("Lokalvård"), make_function("Kansliet"))
    with clock.moved(-dt.timedelta(days=400)):
        house.published()
    result = house.published()
    over = path(result, house.led[0])
    survey = house.opened()
    answer(survey, house.led[1], ANSWERS[0])
    open_, used = (path(survey, person) for person in house.led[:2])
    found = ["hur-vi-leder", f"hur-vi-leder/{result.slug}"]
    return [*found, *(one.removeprefix("/") for one in (over, open_, used))]
