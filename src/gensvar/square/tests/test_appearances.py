"""Where we spoke, for everybody: month by month, the function first, and nobody named who did not agree."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person
from gensvar.publishing.appearances import services
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db


def test_what_was_said_elsewhere_stands_there_and_the_foot_leads_to_it(client: Client) -> None:
    town = scene.town()
    Topic.objects.create(slug="sno", name="Snö", name_en="Snow")
    for path in ("/", "/roster", "/vi-svarar"):
        assert "/framtradanden" not in client.get(path).content.decode()
    assert "Här står inget än." in client.get("/framtradanden").content.decode()
    kim = make_person("Kim Ek", town.function)
    Person.objects.update(shown=False)
    one = appearance(kim, town.function, "sno", by=town.staff, place="Radio & <b>Norrvik</b>")
    for path in ("/", "/roster", "/vi-svarar"):
        assert 'href="/framtradanden"' in client.get(path).content.decode()
    page = client.get("/framtradanden").content.decode()
    assert "Radio &amp; &lt;b&gt;Norrvik&lt;/b&gt;" in page
    assert str(town.function) in page.replace("&amp;", "&")
    assert "Kim Ek" not in page, "who did not agree is not named"
    assert 'href="/amne/sno"' in page
    Person.objects.filter(pk=kim.pk).update(shown=True)
    assert "Kim Ek" in client.get("/framtradanden").content.decode()
    services.correct(one, facts(kim, town.function, link="https://radio.example/1"), "Fel.", by=town.staff)
    page = client.get("/framtradanden").content.decode()
    assert 'href="https://radio.example/1"' in page
    assert "Rättat" in page
    assert "Radio &amp;" in page, "what stood there before"
    assert "Interview" in client.get("/en/framtradanden").content.decode()
    assert client.get("/ar/framtradanden").status_code == 200
    services.withdraw(one, "Hemlig orsak", by=town.staff)
    page = client.get("/framtradanden").content.decode()
    assert "drogs tillbaka" in page
    for gone in ("Hemlig orsak", "Kim Ek", "radio.example", "Radio &amp;"):
        assert gone not in page
    assert "/framtradanden" in client.get("/sitemap-sidor.xml").content.decode()
    assert client.get("/framtradanden/").status_code == 301


def test_many_stand_on_several_pages(client: Client) -> None:
    town = scene.town()
    kim = make_person("Kim Ek", town.function)
    for number in range(52):
        day = clock.today() - dt.timedelta(days=number)
        appearance(kim, town.function, by=town.staff, place=f"Ställe {number:02}", day=day)
    page = client.get("/framtradanden")
    following = page.context["next"]
    assert following in page.content.decode().replace("&amp;", "&")
    rest = client.get(following).content.decode()
    assert rest.count("spoke__one") == 2
    assert "Ställe 51" in rest
    assert client.get("/framtradanden?fore=x").content.decode().count("spoke__one") == 50
