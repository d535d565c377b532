"""Before the gate: what staff see there is what the public gets, with its pictures, and nobody else sees it sooner."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import unescape
from typing import Final

import pytest
from django.test import Client
from PIL import Image

from gensvar.conversations.models import Attachment, Contact, Conversation, Message, Participant
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, question, question_with_photograph
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person
from gensvar.publishing.models import PublicExchange, PublicPicture, PublicText

pytestmark = pytest.mark.django_db

PICTURE: Final = re.compile(r'<img [^>]*src="([^"]+bild[^"]+)" alt="([^"]*)" width="(\d+)" height="(\d+)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody reads on a page, and each picture there: its bytes, what stands instead of it, its width and height."""

    text: str
    pictures: list[tuple[bytes, str, str, str]]


def before_the_gate(town: Town) -> Conversation:
    """A mail with a picture and its answer, each word approved, and its writer's name may be shown."""
    asked = question_with_photograph(
        town.mailbox, "Lampan vid torget är trasig.\n\nNär byter ni den? <b>Snart</b> & gärna."
    )
    Participant.objects.filter(conversation=asked).update(show_name=True)
    Person.objects.filter(pk=town.robin.pk).update(shown=True, title="vägmästare")
    robin, at = logged_in(town.robin), f"/desk/inkorg/{asked.number}/"
    robin.post(f"{at}skriv/", {"kind": "answer", "text": "Vi byter den i dag.", "act": "send"})
    robin.post(f"{at}publicera/", {"action": "prepare"})
    first, second = PublicText.objects.filter(exchange__conversation=asked).order_by("message_id")
    attachment = Attachment.objects.get(message=first.message)
    words = {"word": first.pk, "attachment": attachment.pk, "alternative": 'En "trasig" lampa & en stolpe'}
    robin.post(f"{at}publicera/", {"action": "picture"} | words)
    for word in (first, second):
        robin.post(f"{at}publicera/", {"action": "approve", "word": word.pk, "text": word.text})
    return asked


def seen(client: Client, page: str) -> Seen:
    """What stands on this part of a page, in the order in which it is read, without any space."""
    pictures = [
        (client.get(source).content, unescape(instead), width, height)
        for source, instead, width, height in PICTURE.findall(page)
    ]
    return Seen(re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", page))), pictures)


def words_of(page: str, ending: str) -> str:
    """The words of an exchange: from its headline until `ending`, without the square's headings and the desk's captions."""
    begins = page.index("<article")
    part = page[begins : page.index(ending, begins)]
    return re.sub(
        r'<p class="over">.*?</p>|<h2.*?</h2>|<figcaption.*?</figcaption>', "", part, flags=re.DOTALL
    )


def test_the_preview_is_what_the_public_gets_in_words_names_dates_and_pictures(town: Town) -> None:
    asked = before_the_gate(town)
    robin, at = logged_in(town.robin), f"/desk/inkorg/{asked.number}/publicera/"
    preview = seen(robin, words_of(robin.get(at).content.decode(), "</article>"))
    robin.post(at, {"action": "publish"})
    exchange = PublicExchange.objects.get(conversation=asked)
    everybody = Client()
    page = everybody.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    public = seen(everybody, words_of(page, '<p class="facts'))
    assert preview == public
    assert "BoEk" in preview.text
    assert "RobinÖst,vägmästare" in preview.text
    ((data, instead, *_size),) = preview.pictures
    assert instead == 'En "trasig" lampa & en stolpe'
    assert b"HemligKamera" not in data
    assert Image.open(io.BytesIO(data)).size == (80, 60)
    Message.objects.filter(pk=exchange.texts.latest("message").message_id).update(marks=["forward"])
    assert "Vi byter den i dag." not in robin.get(at).content.decode(), "it went to somebody outside"
    Contact.objects.update(protected=True)
    page = robin.get(at).content.decode()
    assert "Inget av det här är offentligt" in page
    assert "skrev här har skyddad identitet" in page


def test_a_picture_before_the_gate_is_seen_by_who_may_publish_that_conversation_and_kept_nowhere(
    town: Town,
) -> None:
    asked, other = before_the_gate(town), question(town.mailbox)
    shown = PublicPicture.objects.get()
    address = f"/desk/inkorg/{asked.number}/publicera/bild/{shown.sha256}/"
    response = logged_in(town.robin).get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    elsewhere = make_person("Lo Berg", town.schools, roles=(Role.EDITOR,), email="lo@norrvik.example")
    assert logged_in(elsewhere).get(address).status_code == 404
    assert logged_in(town.kim).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert Client().get(f"/fragor/bild/{shown.sha256}").status_code == 404, "nothing is public yet"
    robin = logged_in(town.robin)
    assert robin.get(address.replace(asked.number, other.number)).status_code == 404
    assert robin.get(address.replace(shown.sha256, shown.attachment.sha256)).status_code == 404
