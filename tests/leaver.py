"""Somebody who holds one thing of every kind, for the tests of handover; and every relation to a person that there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model
from wagtail.models import PageSubscription

from gensvar.answers import cosigning, drafts
from gensvar.answers.models import Draft
from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.desk import saved
from gensvar.desk.tests.scene import Town, make_town, question
from gensvar.learning import services as learning
from gensvar.learning.models import Step
from gensvar.learning.surveys.models import Invitation, Survey, SurveyForm
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.workshop import services as workshop
from gensvar.people.handover import services
from gensvar.people.handover.holding import holdings
from gensvar.people.handover.models import Handover
from gensvar.people.handover.plan import plan_of
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing.plans import services as plans
from gensvar.publishing.positions.models import Position, Wording
from gensvar.publishing.tests.guests_scene import invite
from gensvar.publishing.tests.posts_scene import Paper, draft


def relations() -> Iterator[tuple[str, type[Model], str]]:
    """Every relation to a person or a log-in, of every installed application: its name, its model, its field."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model in (Person, User):
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}", model, field.name


def pointing_at(person: Person, model: type[Model], field: str) -> Any:
    """The rows of that relation which point at the person or at their log-in."""
    target = model._meta.get_field(field).related_model
    return model._default_manager.filter(**{field: person.user_id if target is User else person.pk})


def town_with_a_leaver() -> Town:
    """Kim holds something of every kind; Robin could take it all over, and there are two coordinators."""
    town = make_town()
    kim, robin = town.kim, town.robin
    make_person("Siv Berg", town.office, roles=(Role.COORDINATOR,))
    asked = question(town.mailbox)
    conversations.assign(asked, kim, by=user_of(kim))
    other = question(town.mailbox, "Lampan", sender="Bo <bo@example.org>")
    conversations.add_note(other, "@Kim Ek, vet du?", by=user_of(robin))
    for kind, where in (("answer", asked), ("first", None)):
        drafts.save_draft(person=kim, kind=kind, text="Hej!", conversation=where, function=town.streets)
    asks_for_a_signature(town, other)
    owned = make_contact_point(town.streets, owner=kim, deputy=robin)
    make_contact_point(town.streets, owner=robin, deputy=kim)
    page = draft(Paper(user_of(kim), kim, town.streets), owner=user_of(kim))
    page.locked, page.locked_by, page.locked_at = True, user_of(kim), clock.now()
    page.save()
    plans.plan(page, clock.today(), kim, seen=0, by=user_of(robin))
    live_without_a_holding(town)
    PageSubscription.objects.create(page=page, user=user_of(kim), comment_notifications=True)
    invite(Paper(user_of(robin), kim, town.streets))
    position = Position.objects.create(function=town.streets, begun_at=clock.now(), begun_by=user_of(robin))
    Wording.objects.create(
        position=position,
        title="Först skolvägarna",
        text="Vi plogar skolvägar först.",
        person=kim,
        function=town.streets,
        written_at=clock.now(),
        written_by=user_of(kim),
    )
    outcome = learning.propose(
        title="Sand", said="Det är halt.", function=town.streets, language="sv", by=user_of(kim)
    )
    Step.objects.create(
        outcome=outcome,
        status=Step.Status.PLANNED,
        words="Vi sandar mer.",
        day=clock.today(),
        person=kim,
        function=town.streets,
        written_at=clock.now(),
    )
    trying = experiment(kim, town.streets)
    trying.successors.add(town.robin)
    workshop.publish(trying, by=user_of(town.robin))
    runs_a_survey(kim, about=robin, function=town.streets)
    saved.keep(kim, "Snö", "q=sn%C3%B6", town.streets)
    facebook = OutsideLogin.objects.create(name="Vår sida på Facebook", point=owned)
    facebook.known_by.add(kim, through_defaults={"since": dt.date(2024, 5, 1)})
    return town


def live_without_a_holding(town: Town) -> None:
    """What goes on, points at Kim as history does, and rests only since somebody else holds what it belongs to."""
    kim, user = town.kim, user_of(town.kim)
    paper = Paper(user, kim, town.streets)
    soon = clock.now() + dt.timedelta(days=3)
    timed = draft(paper, "Snart ute", owner=user, go_live_at=soon)
    timed.save_revision(user=user, approved_go_live_at=soon)
    reviewed = draft(paper, "Under granskning", owner=user)
    workflow = reviewed.get_workflow()
    assert workflow is not None
    workflow.start(reviewed, user)
    experiment(kim, town.streets, title="Vägen först").successors.add(kim, town.robin)
    Invitation.objects.create(survey=runs_a_survey(kim, about=kim, function=town.streets), person=kim)


def asks_for_a_signature(town: Town, conversation: Conversation) -> Draft:
    """Sam writes an answer there and has asked Kim to sign it too."""
    by = user_of(town.sam)
    conversations.add_note(conversation, "@Sam Åberg, svarar du?", by=user_of(town.robin))
    draft = drafts.save_draft(
        person=town.sam, kind="answer", text="Vi byter den.", conversation=conversation, function=town.schools
    )
    cosigning.ask(draft, town.kim, by=by)
    return draft


def runs_a_survey(person: Person, *, about: Person, function: Function) -> Survey:
    """A round that they hold together, and that is not finished."""
    now, form = clock.now(), SurveyForm.objects.get()
    return Survey.objects.create(
        leader=about, function=function, form=form, run_by=person, last_day=clock.today(), made_at=now
    )


def all_that_points(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Every row, as it stands, of every relation that a handover answers for; readers saw those that are public change twice."""
    covered = {name for one in holdings() for name in one.covers}
    return {
        name: [
            {column: value for column, value in row.items() if column != "changed_at"}
            for row in pointing_at(person, model, field).order_by("pk").values()
        ]
        for name, model, field in relations()
        if name in covered
    }


def prepared(town: Town, *, last_day: dt.date | None = None) -> Handover:
    """A handover of all that Kim holds to Robin, as the coordinator prepared it."""
    by = town.user(Role.COORDINATOR)
    day = last_day or clock.today()
    handover = services.prepare(town.kim, day, by=by)
    choices = {one.kind: {"*": town.robin.pk} for one in holdings() if one.received}
    choices["surveys"] = {"*": Person.objects.get(name="Siv Berg").pk}  # who may run them
    return services.choose(handover, choices, last_day=day, reason="Ny tjänst", by=by)


def siv() -> User:
    """The other coordinator, who reviews."""
    return user_of(Person.objects.get(name="Siv Berg"))


def done(town: Town, *, last_day: dt.date | None = None) -> Handover:
    """That handover, reviewed and done."""
    handover = prepared(town, last_day=last_day)
    return services.confirm(handover, plan_of(handover).mark, by=siv())
