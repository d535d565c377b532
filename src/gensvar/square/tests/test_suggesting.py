"""Public answers shown to those who are writing the same question: kindly, quietly, never in the way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from gensvar.intake.models import Envelope
from gensvar.publishing import services
from gensvar.publishing.tests.scene import Scene, stage
from gensvar.square import suggesting
from gensvar.square.models import Knocks
from gensvar.square.tests import scene

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]

LIKE = "Hej, när plogas Storgatan? Snön ligger kvar på vår gata."
LEAD = "Kanske finns svaret redan"


@pytest.fixture
def staged() -> Scene:
    one = stage()
    one.publish()
    return one


def asked(client: Client, text: str = LIKE, **more: Any) -> Any:
    body = urlencode({"text": text, "shown": "", **more})
    kind = "application/x-www-form-urlencoded"
    return client.post("/skriv/liknande", body, content_type=kind, headers={"sec-fetch-site": "same-origin"})


def test_a_like_public_answer_is_shown_with_question_function_and_date(client: Client, staged: Scene) -> None:
    response = asked(client)
    piece = response.content.decode()
    assert response.status_code == 200
    assert LEAD in piece
    assert (
        f'href="/fragor/{staged.conversation.number}-sno-pa-storgatan" target="_blank" rel="noopener noreferrer"'
        in piece
    )
    assert "Snö på Storgatan" in piece
    assert "öppnas i en ny flik" in piece
    assert "Gata &amp; park · <time" in piece
    assert f'name="shown" form="suggesting" value="{staged.conversation.number}"' in piece
    assert "<html" not in piece


def test_what_stands_there_already_is_not_said_again(client: Client, staged: Scene) -> None:
    assert asked(client, shown=staged.conversation.number).status_code == 204
    assert asked(client, "Min hund är borta").status_code == 204
    gone = asked(client, "Min hund är borta", shown=staged.conversation.number)
    assert gone.status_code == 200
    assert LEAD not in gone.content.decode()


def test_the_answer_that_one_asks_about_is_not_suggested(client: Client, staged: Scene) -> None:
    assert asked(client, about=staged.conversation.number).status_code == 204


def test_what_is_withdrawn_is_suggested_no_more(client: Client, staged: Scene) -> None:
    services.withdraw(staged.conversation.public_exchange, "Fel", by=staged.editor)
    assert asked(client).status_code == 204


def test_the_words_are_not_kept_and_nobody_may_keep_the_answer(
    client: Client, staged: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    response = asked(client, LIKE + " Hemligaord")
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert not Envelope.objects.exists()
    assert "Hemligaord" not in str(list(Knocks.objects.values()))
    own = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not [record for record in own if "Hemligaord" in record.getMessage()]


@pytest.mark.usefixtures("one_span")
def test_only_a_page_of_ours_may_ask_only_by_post_and_only_so_much(
    client: Client, staged: Scene, settings: Any
) -> None:
    assert client.get("/skriv/liknande", {"text": LIKE}).status_code == 405
    other = client.post("/skriv/liknande", {"text": LIKE}, headers={"sec-fetch-site": "cross-site"})
    assert (other.status_code, other.content) == (403, b"")
    assert asked(client, "å" * suggesting.LARGEST).status_code == 413
    settings.GENSVAR_FORM_LIMIT = 0
    assert asked(client).status_code == 429
    settings.GENSVAR_FORM_LIMIT = 1
    assert asked(client).status_code == 200
    scene.town()
    assert scene.write(client).status_code == 303  # asking takes nothing from what one may send


def test_the_form_stands_and_sends_whatever_goes_wrong_with_suggestions(
    client: Client, staged: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("Hemligaord")

    scene.town()
    monkeypatch.setattr("gensvar.publishing.gate.suggest", broken)
    assert asked(client).status_code == 204
    assert client.post("/skriv", {"text": LIKE}).status_code == 200
    assert scene.write(client, text=LIKE).status_code == 303
    assert "could be suggested: RuntimeError" in caplog.text
    assert "Hemligaord" not in caplog.text
    with scene.database_away():
        none = asked(client)
    assert (none.status_code, none["Retry-After"], none["Cache-Control"]) == (503, "30", "no-store")


def test_without_script_they_stand_beside_what_must_be_mended_and_on_the_page_of_thanks(
    client: Client, staged: Scene
) -> None:
    scene.town()
    assert LEAD not in client.get("/skriv").content.decode()
    assert LEAD in client.post("/skriv", {"text": LIKE}).content.decode()  # from the front page
    slip = scene.write(client, text=LIKE, answer_by="email", email="")
    assert slip.status_code == 422
    assert LEAD in slip.content.decode()
    sent = scene.write(client, text=LIKE)
    thanks = client.get(sent.headers["Location"]).content.decode()
    assert LEAD in thanks
    later = client.get(sent.headers["Location"].partition("?")[0]).content.decode()
    assert LEAD not in later


def test_asking_costs_the_same_queries_however_much_is_published(
    client: Client, staged: Scene, django_assert_num_queries: Callable[[int], Any]
) -> None:
    asked(client)
    for _ in range(2):
        with django_assert_num_queries(8):
            assert asked(client).status_code == 200
        for _ in range(4):
            stage().publish()
