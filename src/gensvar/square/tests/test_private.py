"""The private link: it opens one conversation to one person, and nothing else to anybody."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import services
from gensvar.conversations.models import Attachment, Conversation, Message, Participant
from gensvar.core import clock, runner, tokens
from gensvar.core.models import Event
from gensvar.intake import services as intake
from gensvar.intake.models import Envelope
from gensvar.square import writing
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town() -> scene.Town:
    return scene.town()


def address(participant: Participant, rest: str = "") -> str:
    return f"/samtal/{participant.token}{rest}"


def test_the_page_shows_the_last_answer_what_happens_next_and_who_answers(
    client: Client, town: scene.Town
) -> None:
    anna = scene.written(client)
    before = client.get(address(anna)).content.decode()
    assert "Nu är det vår tur" in before
    assert "Du får svar senast <strong>" in before
    assert "Gata &amp; park svarar." in before
    assert anna.conversation.number in before
    Conversation.objects.update(due_at=None)
    with clock.moved(dt.timedelta(days=30)):
        assert "Du får svar senast" not in client.get(address(anna)).content.decode()
    scene.answer(town, anna, "I kväll, se https://norrvik.example/plog")
    after = client.get(address(anna)).content.decode()
    assert "Vi har svarat" in after
    assert "svarar." not in after  # nobody is about to
    assert "Senaste svaret" in after
    assert "Kim Ek, Gata &amp; park" in after
    assert 'href="https://norrvik.example/plog"' in after
    assert after.index("I kväll") < after.index("Det som har sagts")


def test_nobody_keeps_or_learns_the_address(client: Client) -> None:
    response = client.get(address(scene.written(client)))
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not response.cookies


def test_what_stood_beside_the_link_in_a_letter_does_not_close_it(client: Client) -> None:
    anna = scene.written(client)
    beside_it = (".", "/", ",", ")", "%20", "%3E", "%0D%0A", "%E2%80%9D", "%C2%A0", ">).")
    for beside, language in product(beside_it, ("", "/en", "/ar")):
        response = client.get(f"{language}{address(anna)}{beside}")
        assert (response.status_code, response.headers["Location"]) == (302, language + address(anna))
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "page", ["kommentar/bekrafta", "kommentar/overklaga", "folj/brev", "folj/brev/bekrafta"]
)
def test_no_key_of_any_letter_is_closed_by_a_full_stop(client: Client, page: str) -> None:
    response = client.get(f"/{page}/{'a' * 36}.")
    assert (response.status_code, response.headers["Location"]) == (302, f"/{page}/{'a' * 36}")


@pytest.mark.parametrize("token", ["x", "a" * 36, "A" * 36, "a" * 80, "2026-000001"])
def test_a_key_that_opens_nothing_gets_the_page_for_what_is_not_there(client: Client, token: str) -> None:
    for rest in ("", "/fil/1"):
        response = client.get(f"/samtal/{token}{rest}")
        assert response.status_code == 404
        assert "Här finns ingenting" in response.content.decode()
    assert client.post(f"/samtal/{token}", {"text": "x"}).status_code == 404
    assert client.post(f"/samtal/{token}/val").status_code == 404


def test_a_key_for_another_purpose_or_of_another_secret_opens_nothing(client: Client) -> None:
    anna = scene.written(client)
    assert client.get(f"/samtal/{tokens.make('bounce', anna.key)}").status_code == 404
    changed = anna.token[:-1] + ("a" if anna.token[-1] != "a" else "b")
    assert client.get(f"/samtal/{changed}").status_code == 404


def test_what_is_written_at_the_link_joins_the_conversation(client: Client) -> None:
    anna = scene.written(client)
    form = {"form": scene.form_id(), "token": anna.token, "text": "Och trottoaren?", "website": ""}
    response = client.post(address(anna), form)
    assert response.status_code == 303
    assert response.headers["Location"] == address(anna, "?ny=svar")
    envelope = Envelope.objects.order_by("-pk")[0]
    assert envelope.source == Envelope.Source.LINK
    message = Message.objects.get(envelope=envelope)
    assert message.conversation_id == anna.conversation_id
    assert message.contact_id == anna.contact_id
    assert "Och trottoaren?" in client.get(address(anna)).content.decode()
    assert Conversation.objects.count() == 1

    ContactPoint.objects.update(state=ContactPoint.State.CLOSED)
    assert scene.write(client).status_code != 303, "a closed form takes nothing new"
    again = form | {"form": scene.form_id(), "text": "Och cykelbanan?"}
    assert client.post(address(anna), again).status_code == 303, "and what goes on goes on"
    assert Message.objects.filter(conversation=anna.conversation_id).count() == 3


def test_a_reply_that_is_kept_is_never_said_not_to_be_sent_though_the_database_is_lost_right_after(
    client: Client,
) -> None:
    anna = scene.written(client)
    form = {"form": scene.form_id(), "token": anna.token, "text": "Och trottoaren?", "website": ""}
    kept: list[str] = []

    def lost_after_the_commit(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if kept and sql.startswith("SELECT") and "conversations_message" in sql and "envelope_id" in sql:
            raise OperationalError("the database does not answer")
        if sql.startswith("INSERT INTO intake_envelope"):
            kept.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lost_after_the_commit):
        response = client.post(address(anna), form)
    assert kept
    assert (response.status_code, response.headers["Location"]) == (303, address(anna, "?ny=snart"))
    assert "Och trottoaren?" in client.get(address(anna)).content.decode()


@pytest.mark.parametrize(
    ("came", "title"),
    [
        ("1", "Vi har fått det du skrev: Ditt samtal"),
        ("svar", "Vi har fått det du skrev: Ditt samtal"),
        ("redan", "Vi hade redan de här orden: Ditt samtal"),
        ("val", "Dina val är sparade. Ditt samtal"),
        ("", "Ditt samtal"),
    ],
)
def test_whoever_listens_hears_first_that_it_came_and_the_reading_begins_there(
    client: Client, came: str, title: str
) -> None:
    anna = scene.written(client)
    page = client.get(address(anna, f"?ny={came}")).content.decode()
    assert f"<title>{title} {anna.conversation.number}" in page
    assert ('role="status" tabindex="-1" autofocus>' in page) is bool(came)


def test_an_empty_reply_is_shown_again_and_keeps_the_thread(client: Client) -> None:
    anna = scene.written(client)
    response = client.post(
        address(anna), {"form": scene.form_id(), "token": anna.token, "text": " ", "website": ""}
    )
    assert response.status_code == 422
    assert "Inte skickat än" in response.content.decode()
    assert "När plogas vår gata?" in response.content.decode()


def test_a_reply_carries_the_key_of_its_own_page_or_goes_nowhere(client: Client) -> None:
    anna, bo = scene.written(client), scene.written(client, text="Bos fråga")
    form = {"form": scene.form_id(), "token": bo.token, "text": "In i en annans samtal", "website": ""}
    assert client.post(address(anna), form).status_code == 404
    assert Envelope.objects.count() == 2


def test_an_older_browser_that_hides_its_origin_is_believed_where_the_address_is_the_key(
    client: Client,
) -> None:
    anna = scene.written(client)
    form = {"form": scene.form_id(), "token": anna.token, "text": "Hej igen", "website": ""}
    assert client.post(address(anna), form, headers={"origin": "null"}).status_code == 303
    form["form"] = scene.form_id()
    sent = client.post(address(anna), form, headers={"origin": "https://elak.example"})
    assert sent.status_code == 422


def test_nobody_sees_notes_or_another_persons_words(client: Client, town: scene.Town) -> None:
    anna = scene.written(
        client, text="Annas hemlighet", files=SimpleUploadedFile("anna.png", b"anna", "image/png")
    )
    bo = scene.written(client, text="Bos fråga", name="Bo")
    services.add_note(anna.conversation, "Intern viskning", by=town.staff)
    Participant.objects.filter(pk=bo.pk).update(conversation=anna.conversation)
    Message.objects.filter(contact=bo.contact).update(conversation=anna.conversation)
    scene.answer(town, anna, "Svar till Anna", to=[anna])
    for_bo = client.get(address(bo)).content.decode()
    assert "Bos fråga" in for_bo
    for words in ("Annas hemlighet", "Intern viskning", "Svar till Anna", "anna.png"):
        assert words not in for_bo
    for_anna = client.get(address(anna)).content.decode()
    assert "Svar till Anna" in for_anna
    assert "Intern viskning" not in for_anna
    assert "Bos fråga" not in for_anna
    file = Attachment.objects.get()
    assert client.get(address(anna, f"/fil/{file.pk}")).content == b"anna"
    assert client.get(address(bo, f"/fil/{file.pk}")).status_code == 404


def test_a_file_is_saved_and_never_run(client: Client) -> None:
    anna = scene.written(
        client, files=SimpleUploadedFile("<b>år 2026.txt", b"<script>1</script>", "text/html")
    )
    file = Attachment.objects.get()
    response = client.get(address(anna, f"/fil/{file.pk}"))
    assert response.content == b"<script>1</script>"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


def test_choices_are_made_word_by_word_and_can_be_taken_back(client: Client) -> None:
    anna = scene.written(client, name="Anna")
    client.post(address(anna), {"form": scene.form_id(), "token": anna.token, "text": "Mer", "website": ""})
    first, second = Message.objects.order_by("pk")
    response = client.post(address(anna, "/val"), {"may_publish": [str(second.pk)], "show_name": "on"})
    assert response.status_code == 303
    first.refresh_from_db()
    second.refresh_from_db()
    anna.refresh_from_db()
    assert (bool(first.may_publish), second.may_publish, anna.show_name) == (False, True, True)
    assert (
        f'value="{second.pk}" id="publish-{second.pk}" checked' in client.get(address(anna)).content.decode()
    )
    client.post(address(anna, "/val"), {})
    second.refresh_from_db()
    anna.refresh_from_db()
    assert (second.may_publish, anna.show_name) == (False, False)


@pytest.mark.usefixtures("one_span")
def test_a_yes_is_taken_so_often_from_one_network_and_a_no_always(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each change is told to a hub and empties kept pages; one link would do that to all, for ever."""
    monkeypatch.setattr("gensvar.square.private.OFTEN", 1)
    anna = scene.written(client, name="Anna")
    message = Message.objects.get()
    yes = {"may_publish": [str(message.pk)]}
    client.post(address(anna, "/val"), {**yes, "show_name": "on"})
    response = client.post(address(anna, "/val"), yes)
    assert response.headers["Location"].endswith("?ny=val")
    response = client.post(address(anna, "/val"), {"show_name": "on"})
    message.refresh_from_db()
    anna.refresh_from_db()
    assert (message.may_publish, anna.show_name) == (False, False), "the no is taken and the yes is not"
    assert "tio minuter" in client.get(response.headers["Location"]).content.decode()


def test_a_choice_for_somebody_elses_word_changes_nothing(client: Client, town: scene.Town) -> None:
    anna, bo = scene.written(client), scene.written(client, text="Bos fråga")
    ours = scene.answer(town, anna)
    theirs = Message.objects.get(contact=bo.contact)
    client.post(address(anna, "/val"), {"may_publish": [str(theirs.pk), str(ours.pk), "x'"]})
    assert not Message.objects.filter(may_publish=True).exists()


def test_choices_are_saved_all_or_none(client: Client) -> None:
    anna = scene.written(client)
    message = Message.objects.get(contact=anna.contact, direction="in")

    def lost_on_the_way(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('UPDATE "conversations_participant"'):
            raise OperationalError("the database does not answer")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lost_on_the_way), pytest.raises(OperationalError):
        client.post(address(anna, "/val"), {"may_publish": [str(message.pk)], "show_name": "on"})
    message.refresh_from_db()
    assert not message.may_publish


def test_another_website_cannot_choose_for_somebody(client: Client) -> None:
    anna = scene.written(client)
    message = Message.objects.get()
    response = client.post(
        address(anna, "/val"), {"may_publish": [str(message.pk)]}, headers={"sec-fetch-site": "cross-site"}
    )
    assert response.status_code == 404
    assert not Message.objects.filter(may_publish=True).exists()


def test_an_answer_that_can_still_be_taken_back_is_not_shown_yet(client: Client, town: scene.Town) -> None:
    anna = scene.written(client)
    message = scene.answer(town, anna, "Oj, fel svar")
    now = clock.now()
    Delivery.objects.create(
        kind=Delivery.Kind.ANSWER,
        message=message,
        conversation=anna.conversation,
        channel="web",
        message_identifier="a@norrvik.example",
        created_at=now,
        send_after=now + dt.timedelta(seconds=10),
        raw=b"",
        raw_sha256="",
        raw_size=0,
    )
    page = client.get(address(anna)).content.decode()
    assert "Oj, fel svar" not in page
    assert "Vi har svarat" not in page
    with clock.moved(dt.timedelta(seconds=11)):
        assert "Oj, fel svar" in client.get(address(anna)).content.decode()


def test_a_closed_conversation_and_a_late_one_say_so(client: Client, town: scene.Town) -> None:
    anna = scene.written(client)
    services.mark_spam(Conversation.objects.get(), by=town.staff)
    assert "Du får svar senast" not in client.get(address(anna)).content.decode()
    services.not_spam(Conversation.objects.get(), by=town.staff)
    Conversation.objects.update(due_at=clock.now() - dt.timedelta(days=1))
    assert "Vi är ledsna över att du får vänta" in client.get(address(anna)).content.decode()
    scene.answer(town, anna)
    services.close(Conversation.objects.get(), by=town.staff)
    assert "Samtalet är avslutat" in client.get(address(anna)).content.decode()


def test_words_that_could_not_be_read_at_once_have_a_page_to_come_back_to(
    client: Client, town: scene.Town
) -> None:
    raw = b'Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nHej\r\n--x--\r\n'
    received = intake.receive(raw, contact_point=town.form, source=Envelope.Source.FORM)
    link = f"/skriv/mottaget/{tokens.make(writing.KEPT, f'{received.envelope_id:020x}')}"
    page = client.get(link)
    assert page.status_code == 200
    assert "Vi har fått det du skrev" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    again = client.get(f"{link}?ny=redan").content.decode()
    assert f'href="{link}?ny=redan"' in again
    assert f'<a href="http://testserver{link}">' in again
    assert runner.run_event(received.event_ids[0])
    for query, came in (("", "1"), ("?ny=redan", "redan"), ("?ny=annat", "1")):
        there = client.get(link + query).headers["Location"]
        assert there.startswith("/samtal/")
        assert there.endswith(f"?ny={came}")
    assert (
        client.get(
            f"/skriv/mottaget/{tokens.make('conversation', f'{received.envelope_id:020x}')}"
        ).status_code
        == 404
    )


def test_while_one_form_is_being_read_others_are_only_kept_and_the_worker_reads_them(
    client: Client, town: scene.Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile: list[HttpResponse] = []
    read_at_once = runner.run_event

    def read(event_id: int) -> bool:
        if not meanwhile:
            meanwhile.append(scene.write(Client(), text="Vattnet är brunt"))
        return read_at_once(event_id)

    monkeypatch.setattr(runner, "run_event", read)
    assert scene.write(client, text="Lyktan är trasig").headers["Location"].startswith("/samtal/")
    link = meanwhile[0].headers["Location"]
    assert link.startswith("/skriv/mottaget/")
    assert "Vi har fått det du skrev" in client.get(link).content.decode()
    while runner.run_batch(Event.Lane.DATABASE):
        pass  # the worker, who need not wait for anybody's head start
    page = client.get(link, follow=True).content.decode()
    assert "Vattnet är brunt" in page
    assert "Lyktan" not in page


def test_a_word_that_could_not_be_read_is_in_a_persons_hands(client: Client, town: scene.Town) -> None:
    received = intake.receive(b"what is this", contact_point=town.form, source=Envelope.Source.FORM)
    runner.run_event(received.event_ids[0])
    assert Envelope.objects.get().state == Envelope.State.FAILED
    link = f"/skriv/mottaget/{tokens.make(writing.KEPT, f'{received.envelope_id:020x}')}"
    assert "en människa tittar på det" in client.get(link).content.decode()


def test_the_page_speaks_the_readers_language(client: Client) -> None:
    anna = scene.written(client)
    assert "It is our turn" in client.get(f"/en{address(anna)}").content.decode()
