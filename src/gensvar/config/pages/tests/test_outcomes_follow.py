"""Kept pages follow outcomes at once: published, a further step, withdrawn, and what led to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from gensvar.config.pages.tests.scene import Web, exchange_address
from gensvar.conversations import services as conversations
from gensvar.learning import services as outcomes
from gensvar.learning import ties
from gensvar.publishing import services
from gensvar.publishing.tests.scene import stage

if TYPE_CHECKING:
    from gensvar.learning.tests.scene import Town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Iterator[Town]:
    from gensvar.answers.tests.sink import Sink
    from gensvar.learning.tests.scene import Town

    with Sink() as sink:
        yield Town(sink)


def test_an_outcome_is_seen_at_once_and_gone_at_once_from_every_page(web: Web, town: Town) -> None:
    staged = stage()
    exchange = staged.publish()
    outcome = town.outcome(town.wrote())
    ties.tie(outcome, staged.conversation, by=town.user(town.bo))
    own = f"/ni-sade-vi-gjorde/{outcome.pk}-{outcome.slug}"
    pages = ["/", "/en/", "/ni-sade-vi-gjorde", exchange_address(exchange), "/folj/alla.atom", "/om"]
    for path in pages:
        assert own not in web.get(path).text
        assert "/ni-sade-vi-gjorde" not in web.get(path).text or path == "/ni-sade-vi-gjorde"
    outcomes.publish(outcome, tell=False, by=town.editor)
    for path in (*pages[:-1], own):
        assert own in web.get(path).text, path
    assert 'href="/ni-sade-vi-gjorde"' in web.get("/om").text
    made = len(web.asked)
    for path in (*pages, own):
        web.get(path)
    town.step(outcome, "Ett nytt steg.")
    for path in (*pages, own):
        assert "Ett nytt steg." not in web.get(path).text
    assert len(web.asked) == made, "every one of them is kept, also while a step is written"
    town.goes_on(outcome, "Ett nytt steg.")
    assert "Ett nytt steg." in web.get(own).text
    assert "Ett nytt steg." in web.get("/").text
    outcomes.withdraw(outcome, "Fel", by=town.editor)
    for path in pages:
        assert own not in web.get(path).text, path
    assert web.get(own).status == 410


def test_a_tied_conversation_that_changes_its_standing_changes_the_outcomes_page(
    web: Web, town: Town
) -> None:
    private, staged = town.wrote(), stage()
    exchange = staged.publish()
    outcome = town.published(private)
    own = f"/ni-sade-vi-gjorde/{outcome.pk}-{outcome.slug}"
    assert "Ett samtal med oss, som inte visas." in web.get(own).text
    ties.tie(outcome, staged.conversation, by=town.user(town.bo))
    assert exchange_address(exchange) in web.get(own).text
    conversations.mark_spam(private, by=town.user())
    assert "som inte visas" not in web.get(own).text
    services.withdraw(exchange, "Fel", by=staged.editor)
    assert exchange_address(exchange) not in web.get(own).text
