"""Files and HTML of strangers: saved and never run, shown only as what we made ourselves, and only to who may see them."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from gensvar.conversations.models import Attachment, Contact, Message
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.desk.files import harmless
from gensvar.desk.pictures import NotAPicture, thumbnail
from gensvar.desk.tests.scene import (
    Town,
    envelope_that_failed,
    logged_in,
    make_town,
    picture,
    question,
    question_with_files,
    question_with_photograph,
)
from gensvar.intake.models import Envelope
from gensvar.publishing.tests.posts_scene import photograph
from gensvar.publishing.tests.scene import member
from gensvar.routing.tests.scene import fresh, word_comes


@pytest.mark.django_db
def test_a_file_is_saved_under_a_bare_name_and_never_run() -> None:
    town = make_town()
    asked = question_with_files(town.mailbox)
    client = logged_in(town.kim)
    for attachment in Attachment.objects.filter(message__conversation=asked, role="attachment"):
        answer = client.get(f"/desk/fil/{attachment.pk}/")
        assert answer["Content-Disposition"].startswith("attachment")
        assert "/" not in answer["Content-Disposition"].replace("attachment; ", "")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
    bluff = Attachment.objects.get(message__conversation=asked, filename="bluff.png")
    assert client.get(f"/desk/fil/{bluff.pk}/liten/").status_code == 404
    real = Attachment.objects.get(message__conversation=asked, filename="lampa.png")
    small = client.get(f"/desk/fil/{real.pk}/liten/")
    assert small["Content-Type"] == "image/webp"
    assert max(Image.open(io.BytesIO(small.content)).size) == 480


@pytest.mark.django_db
def test_html_is_shown_without_powers_and_remote_pictures_only_when_asked_for() -> None:
    town = make_town()
    word = Message.objects.get(conversation=question_with_files(town.mailbox))
    client = logged_in(town.kim)
    page = client.get(f"/desk/ord/{word.pk}/")
    assert "script" not in page.content.decode()
    assert ' src="https://example.org' not in page.content.decode()
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "https:" not in policy
    asked_for = client.get(f"/desk/ord/{word.pk}/?pictures=1")
    assert ' src="https://example.org/spy.gif"' in asked_for.content.decode()
    assert "https:" in asked_for["Content-Security-Policy"]


MORE = "Meddelandet är längre än det som visas här. Allt är sparat."


def had_as_it_came(raw: bytes, town: Town) -> Message:
    """The word of a mail of which more is kept than shown: its page says so, and where one has it as it came."""
    asked = fresh(word_comes(town.mailbox, raw=raw).conversation)
    word = Message.objects.get(conversation=asked)
    assert "sista ordet" not in word.text + word.html
    client, address = logged_in(town.kim), f"/desk/ord/{word.pk}/som-mottaget/"
    page = client.get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert MORE in page
    assert f'href="{address}" download' in page
    answer = client.get(address)
    assert b"".join(answer.content.splitlines()) == b"".join(raw.splitlines())
    assert f'filename="{asked.number}-{word.pk}.eml"' in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(action="message.download", target_id=str(word.pk)).exists()
    return word


@pytest.mark.django_db
def test_a_word_longer_than_what_is_shown_says_so_and_can_be_had_as_it_came() -> None:
    had_as_it_came(with_a_long_page(), make_town())


@pytest.mark.django_db
def test_a_word_of_more_parts_than_are_shown_says_so_to_all_and_is_had_by_whom_it_may() -> None:
    town = make_town()
    word = had_as_it_came(with_many_parts(), town)
    asked, address = word.conversation, f"/desk/ord/{word.pk}/som-mottaget/"
    outsiders = logged_in(town.by_role[Role.EXTERNAL]).get(f"/desk/inkorg/{asked.number}/").content.decode()
    assert MORE in outsiders
    assert address not in outsiders
    participant = asked.participants.get()
    assert MORE in Client().get(reverse("square:conversation", args=[participant.token])).content.decode()
    Contact.objects.update(protected=True)
    assert logged_in(town.kim).get(address).status_code == 404
    assert address not in logged_in(town.kim).get(f"/desk/inkorg/{asked.number}/").content.decode()


@pytest.mark.django_db
def test_a_word_that_is_shown_whole_says_nothing_of_more() -> None:
    town = make_town()
    asked = question_with_files(town.mailbox)
    assert (
        "längre än det som visas"
        not in logged_in(town.kim).get(f"/desk/inkorg/{asked.number}/").content.decode()
    )


def with_a_long_page() -> bytes:
    """A mail in HTML whose last words stand behind the first million characters."""
    mail = letter()
    mail.set_content(f"<p>Hej!</p>{'<p>Snön ligger kvar.</p>' * 50_000}<p>sista ordet</p>", subtype="html")
    return mail.as_bytes()


def with_many_parts() -> bytes:
    """A mail of 600 parts."""
    mail = letter()
    mail.set_content("Hej!\n")
    mail.make_mixed()
    for number in range(600):
        part = EmailMessage()
        part.set_content("sista ordet" if number == 599 else f"Del {number}.\n")
        mail.attach(part)
    return mail.as_bytes()


def letter() -> EmailMessage:
    """A mail without a text."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Bo Ek <bo@example.org>", "gata@norrvik.example", "Långt brev"
    mail["Message-ID"], mail["Date"] = "<long@example.org>", "Mon, 23 Nov 2026 10:00:00 +0100"
    return mail


@pytest.mark.django_db
def test_a_mail_under_the_message_id_of_another_says_so() -> None:
    town = make_town()
    client = logged_in(town.kim)
    first, second = (question_with_photograph(town.mailbox, text) for text in ("Se bilden.", "Se den nya."))
    said = "Ett annat mejl kom före det under samma Message-ID; båda är sparade"
    assert said not in client.get(f"/desk/inkorg/{first.number}/").content.decode()
    assert said in client.get(f"/desk/inkorg/{second.number}/").content.decode()


@pytest.mark.django_db
def test_what_could_not_be_read_is_shown_saved_and_read_again() -> None:
    town = make_town()
    question(town.mailbox)  # Anna's, of whom nothing is protected yet
    envelope = envelope_that_failed(town.mailbox)
    client = logged_in(town.by_role[Role.COORDINATOR])
    assert "No header at all." in client.get("/desk/kuvert/").content.decode()
    raw = client.get(f"/desk/kuvert/{envelope.pk}/ratext/")
    assert raw.content == b"\x00\x01 not a mail"
    assert raw["Content-Disposition"].startswith("attachment")
    assert raw["Content-Type"] == "text/plain; charset=utf-8"
    Contact.objects.update(protected=True)
    registrar = logged_in(town.by_role[Role.REGISTRAR])
    assert registrar.get(f"/desk/kuvert/{envelope.pk}/ratext/").content == raw.content
    Envelope.objects.filter(pk=envelope.pk).update(raw=b"Cc: Anna@example.org", mail_from="ANNA@example.org")
    for reader in (client, registrar):
        assert "anna@" not in reader.get("/desk/kuvert/").content.decode().lower()
    refused = registrar.get(f"/desk/kuvert/{envelope.pk}/ratext/", follow=True).content.decode()
    assert "Fråga en samordnare." in refused
    assert b"Anna@example.org" in client.get(f"/desk/kuvert/{envelope.pk}/ratext/").content
    client.post(f"/desk/kuvert/{envelope.pk}/igen/")
    envelope.refresh_from_db()
    assert envelope.state == "received"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\brev.doc", "brev.doc"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("", "fil"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_file_name_without_tricks(given: str, kept: str) -> None:
    from django.utils import translation

    with translation.override("sv"):
        assert harmless(given) == kept


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a", picture()[:200], b"%PDF-1.4"])
def test_what_is_no_picture_is_not_shown(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        thumbnail(data)


@pytest.mark.django_db
def test_the_picture_library_is_open_to_those_who_write_posts_and_to_nobody_else(client: Client) -> None:
    image = photograph()
    address = image.file.url
    assert client.get(address).status_code == 404
    client.force_login(member("registrator@norrvik.example", Role.REGISTRAR))
    assert client.get(address).status_code == 404
    client.force_login(member("skribent@norrvik.example", Role.ANSWERER))
    response = client.get(address)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    for other in ("/media/../secret-key", "/media/images/..%2f..%2fsecret-key.png", "/media/documents/a.pdf"):
        assert client.get(other).status_code == 404
