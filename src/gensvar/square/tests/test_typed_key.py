"""Whoever types somebody's address is shown a key of their own: it opens what came by it, never what the address said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gensvar.answers.tests.scene import Town, send_waiting
from gensvar.answers.tests.sink import Sink
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Message
from gensvar.routing.tests.scene import word_comes
from gensvar.square.tests.scene import form_id

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

ANNA = "anna@example.org"


@pytest.fixture
def town(db: None, settings: SettingsWrapper) -> Iterator[Town]:
    """A town with a form that acknowledges, whose mail goes to a server of this test, at once."""
    with Sink() as sink:
        settings.GENSVAR_MAIL_OUT, settings.GENSVAR_UNDO_SECONDS = sink.url, 0
        town = Town(sink)
        make_contact_point(town.streets, channel="web", address="skriv", acknowledges=True)
        yield town


def typed(client: Client, **fields: str) -> str:
    """Fill in the form with Anna's address; the page that is shown for it."""
    filled = {"form": form_id(), "website": "", "text": "Vem bor på Storgatan 1?", "answer_by": "email"}
    response = client.post("/skriv", filled | {"email": ANNA} | fields)
    assert response.status_code == 303
    return response.headers["Location"].partition("?")[0]


def seen(client: Client, link: str) -> str:
    return client.get(link).content.decode()


def mailed_link(town: Town) -> str:
    """The private link in the newest mail to Anna."""
    send_waiting()
    return re.findall(r"/samtal/[a-z2-7]{36}", town.sink.to(ANNA)[-1].text)[-1]


def anna_replies(town: Town, text: str) -> Message:
    """She answers the newest mail to her, by mail."""
    send_waiting()
    return word_comes(town.place, to=town.sink.to(ANNA)[-1].reply_to, sender=f"Anna <{ANNA}>", text=text)


def test_who_typed_an_address_does_not_read_what_its_owner_answers_by_mail(
    client: Client, town: Town
) -> None:
    link = typed(client)
    first = Message.objects.get()
    town.answer(first, "Det säger vi inte.")
    said = anna_replies(town, "Jag skrev inte det, men mitt kodord är blåbär.")
    assert said.conversation_id == first.conversation_id
    town.answer(said, "Tack, vi skriver till blåbär.")
    page = seen(client, link)
    assert "Vem bor på Storgatan 1?" in page
    assert "Det säger vi inte." in page
    assert "blåbär" not in page
    hers = mailed_link(town)
    assert hers != link
    for words in ("Vem bor på Storgatan 1?", "Det säger vi inte.", "mitt kodord är", "vi skriver till"):
        assert words in seen(client, hers)
