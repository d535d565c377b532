"""Kept pages follow the surveys at once: published, a text taken back, withdrawn; what goes on in a round takes no page away."""

from __future__ import annotations

import pytest

from gensvar.config.pages.tests.scene import Web
from gensvar.learning.surveys import checking, services
from gensvar.learning.tests.leading import ANSWERS, House, answer
from gensvar.people.tests.factories import make_person
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_result_is_seen_at_once_and_what_goes_on_before_takes_no_page_away(web: Web) -> None:
    scene.town()
    house = House()
    make_person("Någon Annan")
    pages = ("/hur-vi-leder", "/om", "/folj/alla.atom")
    for path in pages:
        assert "Ulla Norr" not in web.get(path).text
    made = len(web.asked)
    survey = house.opened()
    for person, given in zip(house.led, ANSWERS, strict=False):
        answer(survey, person, given)
    services.close(survey, by=house.by)
    for text in survey.texts.all():
        checking.release(text, checking.proposed(text, checking.names_in(survey)), by=house.by)
    for path in pages:
        web.get(path)
    assert len(web.asked) == made, "asking, answering and checking take no page away"
    services.publish(survey, by=house.by)
    for path in ("/hur-vi-leder", "/folj/alla.atom"):
        assert "Ulla Norr" in web.get(path).text
    assert 'href="/hur-vi-leder"' in web.get("/om").text
    survey.refresh_from_db()
    own = f"/hur-vi-leder/{survey.slug}"
    assert "Öppenheten." in web.get(own).text
    made = len(web.asked)
    web.get(own)
    assert len(web.asked) == made, "it is kept"
    checking.keep_back(survey.texts.get(words="Öppenheten."), "Går att känna igen", by=house.by)
    assert "Öppenheten." not in web.get(own).text
    services.withdraw(survey, "Fel", by=house.by)
    assert web.get(own).status == 410
    for path in ("/hur-vi-leder", "/folj/alla.atom"):
        assert "Ulla Norr" not in web.get(path).text
