"""Files and HTML of strangers: saved and never run, shown only as what we made ourselves, and only to who may see them."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from PIL import Image

from gensvar.conversations.models import Attachment, Message
from gensvar.core.roles import Role
from gensvar.desk.files import harmless
from gensvar.desk.pictures import NotAPicture, thumbnail
from gensvar.desk.tests.scene import envelope_that_failed, logged_in, make_town, picture, question_with_files
from gensvar.publishing.tests.posts_scene import photograph
from gensvar.publishing.tests.scene import member


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


@pytest.mark.django_db
def test_what_could_not_be_read_is_shown_saved_and_read_again() -> None:
    town = make_town()
    envelope = envelope_that_failed(town.mailbox)
    client = logged_in(town.by_role[Role.COORDINATOR])
    assert "No header at all." in client.get("/desk/kuvert/").content.decode()
    raw = client.get(f"/desk/kuvert/{envelope.pk}/ratext/")
    assert raw.content == b"\x00\x01 not a mail"
    assert raw["Content-Disposition"].startswith("attachment")
    assert raw["Content-Type"] == "text/plain; charset=utf-8"
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
