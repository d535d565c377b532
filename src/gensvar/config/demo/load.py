"""Plays the script of the demo: every word is received as bytes, read, routed and answered by the very services of real use."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from gensvar.config.demo import (
    appearances,
    comments,
    followed,
    guests,
    outcomes,
    positions,
    posts,
    surveys,
    words,
    workshop,
)
from gensvar.config.demo.acts import Town, act
from gensvar.config.demo.script import Scene, Step, scenes, town
from gensvar.config.language import gettext as _
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.municipality.models import Office, OfficeDay, Provider
from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.contactpoints.watching import look
from gensvar.contract.values import Arrival
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock, runner
from gensvar.core.models import Topic, User
from gensvar.core.roles import Role
from gensvar.intake import services as intake
from gensvar.intake.models import Envelope
from gensvar.people.models import Absence, Function, Person, Tenure

PASSWORD = "norrvik-demo-2026"  # of a made-up town; loaded only into an empty database
Progress = Callable[[int, int], None]


class NotEmpty(Exception):
    """The database holds words already; a demo goes only into an empty one. Nothing was changed."""


def log_ins() -> list[tuple[str, str, str]]:
    """(what one can do, address, password) for the log-ins worth trying."""
    chosen = {
        "rut": _("coordinator"),
        "kim": _("answers for Gata & park"),
        "admin": _("administrator"),
        "axel": _("consultant"),
    }
    return [
        (chosen[person["key"]], person["email"], PASSWORD)
        for person in town()["person"]
        if person["key"] in chosen
    ]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens at one time; of several at the same time the lower `place` comes first."""

    at: dt.datetime
    place: int
    play: Callable[[], None]


def load(progress: Progress = lambda done, total: None) -> int:
    """Make the town and play its weeks; returns the number of conversations. Raises NotEmpty.

    `progress` is told (done, total) after each step. Takes a minute or so; nothing leaves the house.
    """
    if User.objects.exists() or ContactPoint.objects.exists() or Envelope.objects.exists():
        raise NotEmpty(NotEmpty.__doc__)
    present = clock.now()
    weeks = Weeks(_make_town(), present)
    moments = sorted(weeks.moments(), key=lambda moment: (moment.at, moment.place))
    for done, moment in enumerate(moments, start=1):
        with clock.moved(moment.at - present):
            moment.play()
            runner.run_waiting()
        with clock.moved(moment.at - present + dt.timedelta(seconds=settings.GENSVAR_UNDO_SECONDS + 1)):
            runner.run_waiting()
        progress(done, len(moments))
    positions.play(weeks.town)
    workshop.play(weeks.town)
    surveys.play(weeks.town)
    guests.play(weeks.town)
    appearances.play(weeks.town)
    followed.play()
    return len(weeks.started)


class Weeks:
    """All that happens in the town until the present, told by its scripts; what would be still to come is left out."""

    def __init__(self, made: Town, present: dt.datetime) -> None:
        self.town, self.present = made, present
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.scenes = scenes()
        self.started: dict[int, Conversation] = {}  # by the scene's place
        self.paper = posts.read(present.astimezone(self.zone).date())

    def moments(self) -> Iterator[Moment]:
        """Every one, in no order."""
        for place, scene in enumerate(self.scenes):
            yield from self._conversation(place, scene)
        after = len(self.scenes)
        for outcome in outcomes.read():
            for at, step in outcomes.times(outcome, self.present):
                yield Moment(at, after, partial(self._outcome, outcome, step))
        for row in self.paper.written:
            at = self._at(row["days_ago"], dt.time.fromisoformat(row["at"]))
            yield Moment(at, after, partial(posts.play, self.town, self.paper, row))
        told = comments.read()
        for one in told.values():
            yield from self._comment(after, told, one)

    def _conversation(self, place: int, scene: Scene) -> Iterator[Moment]:
        at = self._at(scene.days_ago, scene.at)
        yield Moment(at, place, partial(self._start, place, scene))
        for step in scene.steps:
            at += dt.timedelta(hours=step.hours)
            if at >= self.present:
                return
            yield Moment(at, place, partial(self._go_on, place, scene, step))

    def _comment(self, place: int, told: dict[str, comments.Told], one: comments.Told) -> Iterator[Moment]:
        at = self._at(one.days_ago, one.at)
        for stage in comments.stages(told, one):
            at += dt.timedelta(hours=stage.hours)
            if at >= self.present:
                return
            yield Moment(at, place, partial(stage.play, self.town, self.paper))

    def _at(self, days_ago: float, at: dt.time) -> dt.datetime:
        """That time so many days ago by the municipality's clock, or the day before where it is still to come."""
        day = self.present.astimezone(self.zone).date() - dt.timedelta(days=days_ago)
        found = dt.datetime.combine(day, at, self.zone)
        return found - dt.timedelta(days=1) if found > self.present else found

    def _start(self, place: int, scene: Scene) -> None:
        self.started[place] = _begin(scene)

    def _go_on(self, place: int, scene: Scene, step: Step) -> None:
        if place in self.started:
            act(self.town, self.started[place], scene, step)

    def _outcome(self, told: outcomes.Told, step: outcomes.Step) -> None:
        begun = {self.scenes[place].subject: one for place, one in self.started.items()}
        outcomes.play(self.town, told, step, started=begun)


def _begin(scene: Scene) -> Conversation:
    point = ContactPoint.objects.get(channel=scene.channel, address=scene.to)
    raw = words.mail(scene) if scene.door == Arrival.MAIL else words.form(scene)
    received = intake.receive(
        raw,
        contact_point=point,
        source=Envelope.Source.SMTP if scene.door == Arrival.MAIL else Envelope.Source.FORM,
        mail_from=scene.address,
        recipient=scene.to,
    )
    runner.run_waiting(network=False)
    return Message.objects.select_related("conversation").get(envelope_id=received.envelope_id).conversation


@transaction.atomic
def _make_town() -> Town:
    content = town()
    functions = {row["slug"]: Function.objects.create(**row) for row in content["function"]}
    password = make_password(PASSWORD)  # once: it is slow on purpose
    persons = {row["key"]: _make_person(row, functions, password) for row in content["person"]}
    for row in content["point"]:
        fields: dict[str, Any] = {**row, "function": functions[row["function"]]}
        for held in ("owner", "deputy"):
            fields[held] = persons[row[held]] if held in row else None
        ContactPoint.objects.create(
            **fields,
            state=ContactPoint.State.LIVE,
            notice="Det du skriver blir en allmän handling. Skriv inget känsligt om dig själv eller andra.",
            archiving="Bevaras i Gensvar och lämnas till kommunarkivet vart femte år.",
            opened_on=clock.today() - dt.timedelta(days=400),
        )
    _know_log_ins(content["login"], persons)
    for row in content["absence"]:
        first, last = (clock.today() + dt.timedelta(days=row[name]) for name in ("begins_in", "ends_in"))
        Absence.objects.create(person=persons[row["person"]], starts=first, ends=last)
    _say_who_it_is(content, functions, persons)
    topics: dict[str, list[str]] = defaultdict(list)
    for row in content["topic"]:
        Topic.objects.create(slug=row["slug"], name=row["name"], name_en=row["name_en"])
        for subject in row["subjects"]:
            topics[subject].append(row["slug"])
    return Town(functions, persons, topics)


def _know_log_ins(rows: list[dict[str, Any]], persons: dict[str, Person]) -> None:
    """The log-ins of our pages with others, each of its place, where its owner has just looked; known for so many days."""
    for row in rows:
        point = ContactPoint.objects.select_related("owner__user").get(address=row["point"])
        if point.owner is not None and point.owner.user is not None:
            look(point, by=point.owner.user)
        login = OutsideLogin.objects.create(name=row["name"], kind=row["kind"], point=point)
        told_by = persons[row["told_by"]] if "told_by" in row else None
        since = clock.today() - dt.timedelta(days=row["for_days"])
        known_by = [persons[key] for key in row["known_by"]]
        login.known_by.set(known_by, through_defaults={"since": since, "told_by": told_by})


def _say_who_it_is(
    content: dict[str, Any], functions: dict[str, Function], persons: dict[str, Person]
) -> None:
    """What the municipality says of itself, its counters, and a day on which one of them differs."""
    by = persons["rut"].user
    Provider.objects.create(**content["provider"], saved_at=clock.now(), saved_by=by)
    for row in content["office"]:
        office = Office.objects.create(**{**row, "function": functions[row["function"]]})
        day = clock.today() + dt.timedelta(days=9)
        OfficeDay.objects.create(office=office, date=day, name="Utbildningsdag", hours="13:00–15:00")


def _make_person(row: dict[str, Any], functions: dict[str, Function], password: str) -> Person:
    ends = clock.today() + dt.timedelta(days=row["ends_in_days"]) if "ends_in_days" in row else None
    first, _, last = row["name"].partition(" ")
    user = User.objects.create(
        email=row["email"], password=password, first_name=first, last_name=last, access_until=ends
    )
    user.hold(map(Role, row["roles"]))
    person = Person.objects.create(
        user=user, name=row["name"], title=row["title"], email=row["email"], shown=row.get("shown", True)
    )
    for slug in row["functions"]:
        Tenure.objects.create(
            person=person,
            function=functions[slug],
            kind=row.get("kind", "employee"),
            starts=clock.today() - dt.timedelta(days=500),
            ends=ends,
        )
    return person
