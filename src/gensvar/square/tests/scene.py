"""A town with a form to write in, and a resident who fills it in; for the square's tests."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import services
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person, Tenure
from gensvar.publishing import services as publishing
from gensvar.publishing.models import PublicExchange
from gensvar.square import guards


@dataclass(frozen=True, slots=True)
class Town:
    """One function that answers, one person in it, one open form."""

    function: Function
    person: Person
    staff: User
    form: ContactPoint


def town() -> Town:
    """Make the rows."""
    function = Function.objects.create(slug="gata-park", name="Gata & park", name_en="Streets and parks")
    staff = User.objects.create_user("kim@norrvik.example", None)
    staff.groups.set(Group.objects.filter(name__in=[Role.EDITOR]))
    person = Person.objects.create(user=staff, name="Kim Ek", title="gatuingenjör", shown=True)
    Tenure.objects.create(person=person, function=function, starts=dt.date(2020, 1, 1))
    form = ContactPoint.objects.create(
        channel="web",
        address="skriv",
        name="Skriv här",
        function=function,
        owner=person,
        state="live",
        hours="Dygnet runt",
    )
    return Town(function, person, staff, form)


def form_id(seconds_ago: int = 30) -> str:
    """The id of a form that was opened a while ago."""
    with clock.moved(dt.timedelta(seconds=-seconds_ago)):
        return guards.new_form_id()


def filled(**fields: Any) -> dict[str, Any]:
    """A form as a resident who wants the answer only here fills it in."""
    return {"form": form_id(), "website": "", "text": "När plogas vår gata?", "answer_by": "here", **fields}


def write(client: Client, **fields: Any) -> HttpResponse:
    """Fill in the form and send it."""
    return client.post("/skriv", filled(**fields))  # type: ignore[return-value]


def written(client: Client, **fields: Any) -> Participant:
    """Write, and be who wrote."""
    response = write(client, **fields)
    assert response.status_code == 303, re.findall(r"<li>(.*?)</li>", response.content.decode())[:4]
    token = response.headers["Location"].removeprefix("/samtal/").partition("?")[0]
    return participant(token)


def participant(token: str) -> Participant:
    """Whom the token belongs to."""
    return next(
        one
        for one in Participant.objects.select_related("conversation", "contact")
        if token in {one.token, one.shown_token}
    )


def answer(town: Town, whom: Participant, text: str = "I kväll.", **changes: Any) -> Message:
    """An answer that everybody who wrote in the conversation may see."""
    conversation = Conversation.objects.get(pk=whom.conversation_id)
    return services.record_outgoing(
        conversation,
        **{
            "person": town.person,
            "function": town.function,
            "text": text,
            "subject": conversation.subject,
            "files": [],
            "by": town.staff,
            "kind": "answer",
            **changes,
        },
    )


def published(town: Town, whom: Participant) -> PublicExchange:
    """The conversation as staff would show it: every text approved."""
    exchange = publishing.prepare(Conversation.objects.get(pk=whom.conversation_id), by=town.staff)
    for text in exchange.texts.all():
        publishing.approve(text, by=town.staff)
    exchange = PublicExchange.objects.get(pk=exchange.pk)
    publishing.publish(exchange, by=town.staff)
    return exchange


@contextmanager
def database_away() -> Iterator[None]:
    """Every statement fails, as when the server has gone."""
    from django.db import OperationalError, connection

    def refuse(*_: Any) -> None:
        raise OperationalError("the database does not answer")

    with connection.execute_wrapper(refuse):
        yield
