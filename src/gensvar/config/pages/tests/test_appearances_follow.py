"""Kept pages follow appearances at once: entered, corrected, withdrawn, and when a person no longer agrees to be named."""

from __future__ import annotations

import pytest

from gensvar.config.pages.tests.scene import Web
from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person
from gensvar.publishing.appearances import services
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_appearance_is_seen_at_once_and_no_longer_when_it_is_withdrawn(web: Web) -> None:
    town = scene.town()
    kim = make_person("Kim Ek", town.function)
    Person.objects.filter(pk=kim.pk).update(shown=True)
    path = "/framtradanden"
    places = (path, "/folj/alla.atom", "/amne/sno")
    Topic.objects.create(slug="sno", name="Snö")
    for address in places:
        assert "Norrvikskuriren" not in web.get(address).text
    assert f'href="{path}"' not in web.get("/om").text
    one = appearance(kim, town.function, "sno", by=town.staff)
    for address in places:
        assert "Norrvikskuriren" in web.get(address).text
        assert "Kim Ek" in web.get(address).text
    assert f'href="{path}"' in web.get("/om").text
    made = len(web.asked)
    for address in (*places, "/om"):
        web.get(address)
    assert len(web.asked) == made, "what is kept is not made again"
    services.correct(one, facts(kim, town.function, place="Radio Norrvik"), "Fel.", by=town.staff)
    for address in places:
        assert "Radio Norrvik" in web.get(address).text
    Person.objects.filter(pk=kim.pk).update(shown=False)
    for address in places:
        assert "Kim Ek" not in web.get(address).text
    services.withdraw(one, "Fel", by=town.staff)
    for address in places:
        assert "Radio Norrvik" not in web.get(address).text
    assert f'href="{path}"' not in web.get("/om").text
