"""Kept pages follow the workshop at once: published, told of, decided, withdrawn; what is proposed takes no page away."""

from __future__ import annotations

import pytest

from gensvar.config.pages.tests.scene import Web
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.workshop import services
from gensvar.people.tests.factories import make_person
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_experiment_is_seen_at_once_and_what_is_proposed_takes_no_page_away(web: Web) -> None:
    town = scene.town()
    kim = make_person("Kim Ek", town.function)
    one = experiment(kim, town.function)
    own = f"/verkstad/{one.pk}-{one.slug}"
    for path in ("/verkstad", "/om", "/folj/alla.atom"):
        assert own not in web.get(path).text
    services.publish(one, by=town.staff)
    for path in ("/verkstad", "/folj/alla.atom"):
        assert own in web.get(path).text
    assert 'href="/verkstad"' in web.get("/om").text
    assert "Ingen: om den som" in web.get(own).text
    made = len(web.asked)
    experiment(kim, town.function, title="Något annat")
    for path in ("/verkstad", "/om", own, "/folj/alla.atom"):
        web.get(path)
    assert len(web.asked) == made, "what is proposed takes no page away"
    services.tell(one, "Tre minuter snabbare.", by=town.staff)
    for path in (own, "/folj/alla.atom"):
        assert "Tre minuter snabbare." in web.get(path).text
    services.save_successors(one, [town.person], by=town.staff)
    assert "Ingen: om den som" not in web.get(own).text
    services.decide(one, "failed", "Ingen åkte med.", by=town.staff)
    assert "Ingen åkte med." in web.get(own).text
    services.withdraw(one, "Fel", by=town.staff)
    assert web.get(own).status == 410
    for path in ("/verkstad", "/folj/alla.atom"):
        assert own not in web.get(path).text
