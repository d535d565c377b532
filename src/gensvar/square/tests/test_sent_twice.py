"""What is sent twice is there once: two clicks, a form that was refused and gone back to, and what looks alike but is not."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import encode_multipart

from gensvar.conversations.models import Conversation
from gensvar.core import clock, runner
from gensvar.intake.models import Envelope
from gensvar.square.models import Submission
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town() -> scene.Town:
    return scene.town()


def test_the_same_click_twice_is_one_word_though_the_browser_draws_another_boundary(client: Client) -> None:
    form = scene.filled(text="En gång räcker")
    locations = set()
    for boundary in ("first", "second"):
        body = encode_multipart(boundary, form)
        response = client.generic(
            "POST", "/skriv", body, content_type=f"multipart/form-data; boundary={boundary}"
        )
        assert response.status_code == 303
        locations.add(response.headers["Location"])
    assert len(locations) == 1
    assert Envelope.objects.count() == Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_word() -> None:
    form = scene.filled(text="En gång räcker")
    together = threading.Barrier(4)
    locations = []

    def click(boundary: str) -> None:
        body = encode_multipart(boundary, form | {"name": boundary})
        together.wait()
        kind = f"multipart/form-data; boundary={boundary}"
        locations.append(Client().generic("POST", "/skriv", body, content_type=kind).headers.get("Location"))
        connection.close()

    clicks = [threading.Thread(target=click, args=[f"b{n}"]) for n in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    runner.run_waiting()  # what came in while another form of this process was looked at is read by the worker
    assert Envelope.objects.count() == Conversation.objects.count() == 1
    assert None not in locations


def test_the_same_words_from_a_form_that_was_refused_before_are_one_whatever_stands_beside_them(
    client: Client,
) -> None:
    form = scene.filled(text="En gång räcker", answer_by="email")
    assert client.post("/skriv", form).status_code == 422
    first = client.post(
        "/skriv", form | {"email": "anna@post.example", "files": SimpleUploadedFile("gatan.png", b"\x89PNG")}
    )
    there = first.headers["Location"].removesuffix("?ny=1")
    for back in (form | {"answer_by": "here"}, form | {"email": "anna@post.example"}):
        again = client.post("/skriv", back)
        assert (again.status_code, again.headers["Location"]) == (303, f"{there}?ny=redan")
    assert "Vi hade redan de här orden" in client.get(again.headers["Location"]).content.decode()
    assert Envelope.objects.count() == Conversation.objects.count() == 1
    assert client.post("/skriv", back | {"text": "En gång räcker inte"}).status_code == 303
    another = {"files": SimpleUploadedFile("backen.png", b"\x89PNG2")}
    for _ in ("a picture that was not there before is kept", "and once, too"):
        another["files"].seek(0)
        assert client.post("/skriv", back | another).status_code == 303
    assert Envelope.objects.count() == Conversation.objects.count() == 3


def test_the_same_words_from_two_people_are_two(client: Client) -> None:
    scene.written(client, text="Plogen glömde oss")
    scene.written(client, text="Plogen glömde oss")
    assert Conversation.objects.count() == 2


def test_what_remembers_double_clicks_is_forgotten_when_the_form_has_expired(client: Client) -> None:
    scene.written(client)
    first = set(Submission.objects.values_list("pk", flat=True))
    with clock.moved(dt.timedelta(days=4)):
        scene.written(client)
        second = set(Submission.objects.values_list("pk", flat=True))
        assert len(second) == len(first)
        assert not second & first
        assert Envelope.objects.count() == 2


def test_a_form_left_open_overnight_keeps_its_words_and_gets_a_fresh_id(client: Client) -> None:
    old = scene.form_id(seconds_ago=25 * 3600)
    for _ in ("sent", "and sent once more from the page that the browser went back to"):
        page = client.post("/skriv", scene.filled(form=old)).content.decode()
        assert "mer än 24 timmar" in page
        assert "När plogas vår gata?" in page
        assert old not in page
        newer = re.search(r'name="form" value="([^"]+)"', page)
        assert newer
        scene.written(client, form=newer[1])
    assert Envelope.objects.count() == 1


def test_what_another_website_sent_leads_nobody_who_knows_its_form_to_what_is_sent_then(
    client: Client,
) -> None:
    known = scene.filled()
    page = client.post("/skriv", known, headers={"Sec-Fetch-Site": "cross-site"}).content.decode()
    newer = re.search(r'name="form" value="([^"]+)"', page)
    assert newer
    scene.written(client, form=newer[1])
    scene.written(client, **known)
    assert Conversation.objects.count() == 2
