"""Who answers: many, by name, only those who agreed, and what passed the gate."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.people.models import Function, Person, Tenure
from gensvar.publishing import services
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.tests.scene import stage
from gensvar.square import answering

pytestmark = pytest.mark.django_db


def test_only_those_stand_there_who_agreed_and_hold_the_function_today(client: Client) -> None:
    function = Function.objects.create(slug="bad", name="Bad", name_en="Swimming")
    Function.objects.create(slug="gammal", name="Det gamla kontoret", active=False)
    start, yesterday = dt.date(2020, 1, 1), clock.today() - dt.timedelta(days=1)
    those: list[tuple[str, dict[str, Any], dt.date | None]] = [
        ("Bo Berg", {"shown": True, "title": "badmästare"}, None),
        ("Ola Dold", {"shown": False}, None),
        ("Ulla Ute", {"shown": True}, yesterday),
        ("Nils Nere", {"shown": True, "active": False}, None),
    ]
    for name, fields, ends in those:
        person = Person.objects.create(name=name, **fields)
        Tenure.objects.create(person=person, function=function, starts=start, ends=ends)
    page = client.get("/vi-svarar").content.decode()
    assert "<strong>Bo Berg</strong>, badmästare" in page
    for absent in ("Ola Dold", "Ulla Ute", "Nils Nere", "gamla kontoret"):
        assert absent not in page
    assert "Swimming" in client.get("/en/vi-svarar").content.decode()


def test_the_newest_answers_of_each_function_come_through_the_gate() -> None:
    first, second = stage(), stage()
    exchange = first.publish()
    second.publish()
    third = stage()
    third.publish()
    PublicExchange.objects.filter(conversation=third.conversation).update(function=first.function)
    newest = {one.function.pk: one.newest for one in answering.who_answers()}
    assert [one.number for one in newest[first.function.pk]] == [
        third.conversation.number,
        first.conversation.number,
    ]
    assert len(newest[second.function.pk]) == 1
    services.withdraw(exchange, "Fel", by=first.editor)
    newest = {one.function.pk: one.newest for one in answering.who_answers()}
    assert [one.number for one in newest[first.function.pk]] == [third.conversation.number]


def test_what_is_asked_most_is_told_from_what_is_public_alone() -> None:
    snow = Topic.objects.create(slug="sno", name="Snö")
    light = Topic.objects.create(slug="ljus", name="Ljus")
    first, second, hidden = stage(), stage(), stage()
    for staged in (first, second, hidden):
        staged.conversation.topics.add(light)
        staged.publish()
    second.conversation.public_exchange.topics.add(snow)
    PublicExchange.objects.update(function=first.function)
    hidden.contact.protected = True
    hidden.contact.save()
    topics = {one.function.pk: one.topics for one in answering.who_answers()}
    assert topics[first.function.pk] == ("Ljus", "Snö")
    services.withdraw(second.conversation.public_exchange, "Fel", by=second.editor)
    topics = {one.function.pk: one.topics for one in answering.who_answers()}
    assert topics[first.function.pk] == ("Ljus",)
