"""A colleague's question in a note: a queue of one's own leads to it, and it leaves by a word or by a button."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from gensvar.conversations import services
from gensvar.conversations.models import Conversation
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.models import Person, Tenure
from gensvar.people.tests.factories import user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(town: Town) -> Conversation:
    """Sam is in another function, and sees the conversation only since Kim asks."""
    found = question(town.mailbox)
    services.add_note(found, f"Vet skolan det, @{town.sam.name}?", by=user_of(town.kim))
    return found


def number_beside(client: Client) -> str:
    """The number beside the queue on any page of the inbox."""
    page = client.get("/desk/inkorg/?queue=closed").content.decode()
    found = re.search(r"Frågor till mig.*?(\d+)", page, re.DOTALL)
    assert found is not None
    return found[1]


def test_it_stands_in_a_queue_of_ones_own_and_over_the_conversation_with_a_way_to_the_note(
    town: Town, asked: Conversation
) -> None:
    sam = logged_in(town.sam)
    assert number_beside(sam) == "1"
    first = sam.get("/desk/inkorg/").content.decode()  # where one lands after log-in
    assert "Bra gjort" not in first
    assert '<a id="besides-asked" href="/desk/inkorg/?queue=asked">Frågor till mig: 1</a>' in first
    assert asked.number in sam.get("/desk/inkorg/?queue=asked").content.decode()
    page = sam.get(f"/desk/inkorg/{asked.number}/?queue=asked").content.decode()
    assert f"{town.kim.name} vänder sig till dig i en anteckning." in page
    note = asked.messages.get(direction="note")
    assert f"word={note.pk}#word-{note.pk}" in page
    assert (
        "vänder sig till dig" not in logged_in(town.kim).get(f"/desk/inkorg/{asked.number}/").content.decode()
    )


def test_whom_a_note_names_and_who_cannot_open_it_is_not_called_asked(
    town: Town, asked: Conversation
) -> None:
    kim, where = logged_in(town.kim), f"/desk/inkorg/{asked.number}/"
    assert "Tillfrågade: Sam Åberg" in kim.get(where).content.decode()
    user_of(town.sam).groups.clear()
    page = kim.get(where).content.decode()
    assert "Tillfrågade" not in page
    assert "kan inte öppna det här: Sam Åberg. Säg det till dem på annat sätt." in page
    Tenure.objects.filter(person=town.sam).delete()
    assert "kan inte öppna det här: Sam Åberg" in kim.get(where).content.decode(), "who logs in is here"
    Person.objects.filter(pk=town.sam.pk).update(active=False)
    page = kim.get(where).content.decode()
    assert "kan inte öppna det här" not in page
    assert "Namngivna, och inte kvar här: Sam Åberg" in page


def test_the_button_takes_it_from_the_queue_and_the_conversation_stays_open_to_them(
    town: Town, asked: Conversation
) -> None:
    sam = logged_in(town.sam)
    said = sam.post(f"/desk/inkorg/{asked.number}/klar-med/?queue=asked", follow=True).content.decode()
    assert "Klart. Frågan står inte längre bland dina." in said
    assert "vänder sig till dig" not in said
    assert number_beside(sam) == "0"
    assert "Inget väntar på dig. Bra gjort." in sam.get("/desk/inkorg/").content.decode()
    assert "Ingen kollega väntar på svar från dig." in sam.get("/desk/inkorg/?queue=asked").content.decode()


def test_a_note_in_reply_takes_it_from_the_queue(town: Town, asked: Conversation) -> None:
    sam = logged_in(town.sam)
    sam.post(f"/desk/inkorg/{asked.number}/skriv/", {"kind": "note", "act": "send", "text": "Ja."})
    assert number_beside(sam) == "0"
