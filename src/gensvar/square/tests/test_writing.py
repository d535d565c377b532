"""Writing to the municipality: what is kept, what is shown again, and what nobody gets to see."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import encode_multipart

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Attachment, Conversation, Message
from gensvar.core import clock, files
from gensvar.intake.models import Envelope
from gensvar.square import limits
from gensvar.square.forms import LONGEST_TEXT, MOST_FILES
from gensvar.square.models import Knocks
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


@pytest.fixture(autouse=True)
def town() -> scene.Town:
    return scene.town()


def picture(name: str = "gatan.png", data: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/png")


def test_a_word_becomes_a_conversation_and_its_writer_gets_a_private_link(client: Client) -> None:
    response = scene.write(client, text="När plogas vår gata?", name="Anna Lindqvist", place="Storgatan 3")
    assert response.status_code == 303
    assert not response.cookies
    token = response.headers["Location"].removeprefix("/samtal/").partition("?")[0]
    page = client.get(response.headers["Location"])
    assert page.status_code == 200
    assert "Tack. Vi har fått det du skrev." in page.content.decode()
    assert "När plogas vår gata?" in page.content.decode()
    assert "Var det är: Storgatan 3" in page.content.decode()
    participant = scene.participant(token)
    assert participant.contact.name == "Anna Lindqvist"
    message = Message.objects.get()
    assert message.may_publish is not True
    assert not participant.show_name


def test_the_whole_body_is_the_envelope_as_it_came(client: Client) -> None:
    body = encode_multipart("gräns-x".encode().hex(), scene.filled(text="Hej", files=picture()))
    kind = f"multipart/form-data; boundary={'gräns-x'.encode().hex()}"
    assert client.generic("POST", "/skriv", body, content_type=kind).status_code == 303
    envelope = Envelope.objects.get()
    assert envelope.read_raw() == f"Content-Type: {kind}\r\n\r\n".encode() + body
    assert envelope.source == Envelope.Source.FORM
    assert envelope.state == Envelope.State.READ


def test_a_picture_comes_along_byte_for_byte(client: Client) -> None:
    scene.written(client, files=[picture(), picture("två.png", PNG + b"2")])
    kept = list(Attachment.objects.order_by("pk"))
    assert [one.filename for one in kept] == ["gatan.png", "två.png"]
    assert files.read(kept[0].sha256) == PNG
    assert kept[1].sha256 == hashlib.sha256(PNG + b"2").hexdigest()


def test_wishes_are_kept_and_all_are_off_until_chosen(client: Client) -> None:
    quiet = scene.written(client)
    assert (quiet.answer_by, quiet.show_name, quiet.address) == ("here", False, "")
    chosen = scene.written(
        client, answer_by="email", email="Anna@Post.Example", may_publish="on", show_name="on", name="Anna"
    )
    assert chosen.answer_by == "email"
    assert chosen.address.lower() == "anna@post.example"
    assert chosen.show_name
    assert Message.objects.get(conversation=chosen.conversation).may_publish is True


def test_words_from_the_front_page_open_the_form_and_send_nothing(client: Client) -> None:
    response = client.post("/skriv", {"text": "Lamporna <b>&amp; jag"})
    assert response.status_code == 200
    assert "Lamporna &lt;b&gt;&amp;amp; jag</textarea>" in response.content.decode()
    assert not Envelope.objects.exists()


def test_what_was_begun_in_a_field_that_is_not_seen_any_more_stops_nobody(client: Client) -> None:
    scene.written(client, email="anna@", phone="0" * 99)  # the answer is wanted only here
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": ""}, "Några ord räcker"),
        ({"text": " \n\t "}, "Några ord räcker"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "50000"),
        ({"answer_by": "email"}, "Skriv mejladressen"),
        ({"answer_by": "email", "email": "anna@"}, "namn@exempel.se"),
        ({"answer_by": "phone"}, "Skriv numret"),
        ({"answer_by": "letter"}, "Skriv vart brevet ska gå"),
        ({"answer_by": "pigeon"}, "pigeon"),
        ({"name": "Anna\r\nBcc: alla@norrvik.example"}, "en rad"),
        ({"email": "anna@post.example\nCc: b@post.example", "answer_by": "email"}, "en rad"),
        ({"place": "Storgatan\x00 3"}, ""),
    ],
)
def test_what_does_not_hold_is_shown_again_with_the_words_still_there(
    client: Client, changes: dict[str, Any], sentence: str
) -> None:
    response = client.post("/skriv", scene.filled(**{"text": "Mina egna ord", **changes}))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Inte skickat än" in page
    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert ("Mina egna ord" in page) == ("text" not in changes)
    assert not Envelope.objects.exists()


def test_errors_lead_to_their_fields(client: Client) -> None:
    page = client.post("/skriv", scene.filled(text="", answer_by="phone")).content.decode()
    assert 'href="#id_text"' in page
    assert 'href="#id_phone"' in page
    assert 'id="id_phone_error"' in page


@pytest.mark.parametrize("name", ["virus.exe", "sida.html", "bild.svg", "utan-slut", "makro.docm", "tom.png"])
def test_a_file_of_a_kind_that_we_do_not_take_or_of_which_nothing_came_is_named(
    client: Client, name: str
) -> None:
    response = client.post("/skriv", scene.filled(files=picture(name, b"" if name == "tom.png" else b"x")))
    assert response.status_code == 422
    assert name in response.content.decode()
    assert "välj dina bilder eller filer en gång till" in response.content.decode()
    assert not Envelope.objects.exists()


def test_too_many_files_are_refused(client: Client) -> None:
    many = [picture(f"{n}.png", PNG + bytes([n])) for n in range(MOST_FILES + 1)]
    response = client.post("/skriv", scene.filled(files=many))
    assert response.status_code == 422
    assert "Högst 10 filer" in response.content.decode()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "..\\..\\boot.png", "/etc/shadow.png", 'a"; x=.png', "нога\u202egnp.png"]
)
def test_a_file_name_is_never_a_path(client: Client, name: str) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="'
        + name.replace('"', "%22").encode()
        + b'"\r\n'
        b"Content-Type: image/png\r\n\r\n" + PNG + b"\r\n" + encode_multipart("x", scene.filled())
    )
    response = client.generic("POST", "/skriv", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 303
    kept = Attachment.objects.get()
    assert "/" not in kept.filename
    assert "\\" not in kept.filename
    assert ".." not in kept.filename
    assert files.read(kept.sha256) == PNG


@pytest.mark.parametrize(
    "nasty",
    [
        "'; DROP TABLE intake_envelope;--",
        "{{ 7|add:7 }}{% debug %}",
        "<script>alert(1)</script>",
        "\u202e\u2066x",
    ],
)
def test_every_field_is_text_whatever_it_holds(client: Client, nasty: str) -> None:
    participant = scene.written(
        client,
        text=f"Hej {nasty}",
        name=nasty,
        place=nasty,
        email="a@post.example",
        phone=nasty,
        postal_address=nasty,
        about=nasty,
        language=nasty,
    )
    page = client.get(f"/samtal/{participant.token}").content.decode()
    assert "<script>" not in page
    assert "14" not in page.split("<main")[1].partition("Hej ")[2][:40]
    assert Message.objects.get().text.startswith("Hej")


def test_a_question_about_a_public_answer_says_so(client: Client, town: scene.Town) -> None:
    bo = scene.written(client, may_publish="on")
    scene.answer(town, bo)
    exchange = scene.published(town, bo)
    page = client.get("/skriv", {"om": exchange.number}).content.decode()
    assert f'name="about" value="{exchange.number}"' in page
    assert f'name="subject" value="Om: {exchange.title}"' in page
    asked = scene.written(client, about=exchange.number, subject=f"Om: {exchange.title}")
    assert asked.conversation.subject == f"Om: {exchange.title}"
    assert 'name="about"' not in client.get("/skriv", {"om": "2026-999999'<"}).content.decode()


def test_the_language_of_the_page_is_the_language_of_the_conversation(client: Client) -> None:
    page = client.get("/en/skriv").content.decode()
    assert 'name="language" value="en"' in page
    response = client.post("/en/skriv", scene.filled(language="en"))
    assert response.headers["Location"].startswith("/en/samtal/")
    assert Conversation.objects.get().language == "en"


# --- Who may send --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "http://testserver"}, True),
        ({}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "https://elak.example"}, False),
        ({"origin": "null"}, False),
    ],
)
def test_a_form_of_another_website_is_shown_and_not_sent(
    client: Client, headers: dict[str, str], sent: bool
) -> None:
    response = client.post("/skriv", scene.filled(), headers=headers)
    assert (response.status_code == 303) == sent
    assert Envelope.objects.exists() == sent
    if not sent:
        assert "från en annan webbplats" in response.content.decode()
        assert "När plogas vår gata?" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"form": "påhittat.1:x"}, "gäller inte längre"),
        ({"form": ""}, "gäller inte längre"),
        ({"website": "https://spam.example"}, "Ett fält som ska vara tomt"),
    ],
)
def test_a_machine_is_asked_to_send_again_and_its_words_stay(
    client: Client, changes: dict[str, str], sentence: str
) -> None:
    response = client.post("/skriv", scene.filled(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "När plogas vår gata?" in page
    assert "spam.example" not in page
    assert not Envelope.objects.exists()


@pytest.mark.usefixtures("one_span")
def test_one_network_may_not_drown_the_others(client: Client, settings: Any) -> None:
    settings.GENSVAR_FORM_LIMIT = 2
    for n in range(2):
        assert scene.write(client, text=f"Nummer {n}").status_code == 303
    response = scene.write(client, text="Nummer tre")
    assert response.status_code == 429
    assert "Nummer tre" in response.content.decode()
    assert Envelope.objects.count() == 2
    assert client.post("/skriv", scene.filled(), REMOTE_ADDR="192.0.2.7").status_code == 303
    with clock.moved(limits.SPAN):
        assert scene.write(client).status_code == 303
        assert Knocks.objects.count() == 1


def test_who_wrote_stands_nowhere_in_what_counts_them(client: Client) -> None:
    client.post("/skriv", scene.filled(), REMOTE_ADDR="192.0.2.7")
    assert "192.0.2.7" not in str(list(Knocks.objects.values()))


# --- When it does not go through at once ---------------------------------------------------------


def test_a_form_that_is_too_large_is_said_so_and_keeps_the_words(client: Client, settings: Any) -> None:
    settings.GENSVAR_LARGEST_WORD = 20_000
    response = client.post(
        "/skriv", scene.filled(text="Mina egna ord", files=picture(data=PNG * 40), name="Anna")
    )
    page = response.content.decode()
    assert response.status_code == 413
    assert "Mina egna ord" in page
    assert 'value="Anna"' in page
    assert "Det blev för mycket" in page
    assert not Envelope.objects.exists()


def test_when_nothing_can_be_kept_it_is_said_and_the_words_stay(client: Client) -> None:
    form = scene.filled(text="Mina egna ord")
    with scene.database_away():
        response = client.post("/skriv", form)
    assert response.status_code == 503
    assert "ingenting skickades" in response.content.decode()
    assert "Mina egna ord" in response.content.decode()


def test_a_closed_form_says_where_else_to_go(client: Client, town: scene.Town) -> None:
    ContactPoint.objects.create(
        channel="email", address="kommun@norrvik.example", name="Mejla", function=town.function, state="live"
    )
    ContactPoint.objects.filter(pk=town.form.pk).update(state="closed")
    response = client.post("/skriv", scene.filled(text="Mina egna ord"))
    page = response.content.decode()
    assert response.status_code == 503
    assert "Formuläret är stängt" in page
    assert "mailto:kommun@norrvik.example" in page
    assert "Mina egna ord" in page


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'--x\r\nContent-Disposition: form-data; name="form"\r\n\r\n', "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=x"),
        (b"skr\xff\xfe", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"text=%FF%FE&form=x", "application/x-www-form-urlencoded"),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
        (b"\x00" * 300, "application/x-www-form-urlencoded; charset=utf-7"),
    ],
)
def test_a_broken_form_gets_a_kind_page_and_leaves_nothing(client: Client, body: bytes, kind: str) -> None:
    response = client.generic("POST", "/skriv", body, content_type=kind)
    assert response.status_code in {200, 400, 422}
    assert "Norrvik" in response.content.decode()
    assert not Envelope.objects.exists()
