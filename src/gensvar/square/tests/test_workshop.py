"""The workshop's public pages: what is tried and what came of it, for everybody, in three languages."""

from __future__ import annotations

import datetime as dt
import functools

import pytest
from django.test import Client

from gensvar.core import clock
from gensvar.learning.tests.experiments import TRIES, experiment
from gensvar.learning.workshop import gate, services
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db


def test_what_is_tried_and_what_came_of_it_stand_there_and_the_foot_leads_to_them(client: Client) -> None:
    town = scene.town()
    assert "/verkstad" not in client.get("/").content.decode()
    kim = make_person("Kim Ek", town.function)
    Person.objects.update(shown=False)
    one = experiment(kim, town.function, title="Bänk & <b>skugga</b>")
    services.publish(one, by=town.staff)
    assert 'href="/verkstad"' in client.get("/").content.decode()
    path = f"/verkstad/{one.pk}-{one.slug}"
    listed = client.get("/verkstad").content.decode()
    assert "Vi prövar" in listed
    assert f'href="{path}"' in listed
    page = client.get(path).content.decode()
    assert TRIES in page
    assert "Bänk &amp; &lt;b&gt;skugga&lt;/b&gt;" in page
    assert "Ingen: om den som håller i det slutar tar det slut." in page
    assert "Kim Ek" not in page, "who did not agree is not named"
    Person.objects.filter(pk=kim.pk).update(shown=True)
    services.save_successors(one, [Person.objects.get(user=town.staff)], by=town.staff)
    page = client.get(path).content.decode()
    assert "Kim Ek" in page
    assert "en kollega" in page
    services.decide(one, "failed", "Ingen satt där.", by=town.staff)
    page = client.get(path).content.decode()
    assert "Det fungerade inte, och vi slutar" in page
    assert "Ingen satt där." in page
    assert "Vi har bestämt" in client.get("/verkstad").content.decode()
    assert "It did not work, and we stop" in client.get(f"/en{path}").content.decode()
    assert client.get(f"/ar{path}").status_code == 200


def test_another_slug_leads_to_its_own_and_a_withdrawn_one_says_that_it_was_there(client: Client) -> None:
    town = scene.town()
    one = experiment(make_person("Kim Ek", town.function), town.function)
    assert client.get(f"/verkstad/{one.pk}").status_code == 404
    services.publish(one, by=town.staff)
    answer = client.get(f"/verkstad/{one.pk}-annat")
    assert (answer.status_code, answer["Location"]) == (301, f"/verkstad/{one.pk}-{one.slug}")
    assert f"/verkstad/{one.pk}-{one.slug}" in client.get("/sitemap-verkstad.xml").content.decode()
    services.withdraw(one, "Fel", by=town.staff)
    assert client.get(f"/verkstad/{one.pk}-{one.slug}").status_code == 410
    assert client.get(f"/verkstad/{one.pk + 9}-x").status_code == 404
    assert "/verkstad/" not in client.get("/sitemap-verkstad.xml").content.decode()


def test_many_decided_ones_stand_on_several_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "page", functools.partial(gate.page, size=2))
    town = scene.town()
    kim = make_person("Kim Ek", town.function)
    for number in range(4):
        one = experiment(kim, town.function, title=f"Försök {number}")
        with clock.moved(dt.timedelta(minutes=number)):
            services.publish(one, by=town.staff)
            services.decide(one, "kept", "Det gick.", by=town.staff)
    page = client.get("/verkstad")
    following = page.context["next"]
    assert following in page.content.decode().replace("&amp;", "&")
    rest = client.get(following).content.decode()
    assert rest.count('class="card"') == 2
    assert "Vi prövar" not in rest
