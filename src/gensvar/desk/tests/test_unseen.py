"""Nothing goes to anybody, and nothing of anybody's goes out, that the writer's page did not show: also after a merge."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.conversations import services
from gensvar.conversations.models import Conversation, Message
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.tests.factories import user_of
from gensvar.routing.tests.scene import word_comes

pytestmark = pytest.mark.django_db

FIELD = re.compile(r'<input type="hidden" name="(seen|read|to|version|window|files_seen)" value="([^"]*)"')


@pytest.fixture
def kim(town: Town) -> Client:
    return logged_in(town.kim)


def at(conversation: Conversation) -> str:
    return f"/desk/inkorg/{conversation.number}/"


def send(client: Client, conversation: Conversation, page: str, kind: str) -> str:
    """Press send on that page; gives the one that comes."""
    form = dict(FIELD.findall(page[page.index('id="desk-composer"') :]))
    form |= {"kind": kind, "act": "send", "text": "Lampan byts i dag.", "recipient": "el@elverket.example"}
    return client.post(f"{at(conversation)}skriv/", form, follow=True).content.decode()


def sent(kind: str) -> set[str]:
    return set(Delivery.objects.filter(kind=kind).values_list("recipient", flat=True))


@pytest.mark.parametrize("begun_by_us", [False, True])
@pytest.mark.parametrize("into_another", [False, True])
@pytest.mark.parametrize("kind", ["answer", "forward"])
def test_after_a_merge_one_looks_again_before_anything_is_sent(
    town: Town, kim: Client, kind: str, *, into_another: bool, begun_by_us: bool
) -> None:
    """What came with the other conversation is older than the newest word that the page showed."""
    other = question(town.mailbox)
    if begun_by_us:  # then it holds no word of a person, and only who would be answered tells the two apart
        Message.objects.filter(conversation=other).update(direction="out", author="staff")
    mine = question(town.mailbox, "Lampan", sender="Bo Ek <bo@example.org>", text="Den är trasig.")
    page = kim.get(f"{at(mine)}?write={kind}").content.decode()
    services.merge(*((mine, other) if into_another else (other, mine)), by=user_of(town.robin))
    page = send(kim, mine, page, kind)
    assert sent(kind) == set()
    assert "Något nytt kom medan du skrev" in page
    assert "Lampan byts i dag.</textarea>" in page
    send(kim, mine, page, kind)
    everybody = {"anna@example.org", "bo@example.org"} if kind == "answer" else {"el@elverket.example"}
    assert sent(kind) == everybody


def test_what_came_while_one_wrote_is_forwarded_to_nobody_unread(town: Town, kim: Client) -> None:
    asked = question(town.mailbox)
    page = kim.get(f"{at(asked)}?write=forward").content.decode()
    token = asked.participants.get().token
    word_comes(town.mailbox, to=town.mailbox.address.replace("@", f"+{token}@"), text="Jag är sjuk.")
    page = send(kim, asked, page, "forward")
    assert sent("forward") == set()
    assert "Jag är sjuk." in page
    send(kim, asked, page, "forward")
    assert "Jag är sjuk." in Delivery.objects.get(kind="forward").text


def test_who_loses_sight_of_the_open_conversation_still_hears_what_is_new(town: Town, kim: Client) -> None:
    asked, other = question(town.mailbox), question(town.mailbox, "Lampan")
    services.pass_to(asked, town.schools, by=user_of(town.robin))
    seen = asked.messages.get().pk
    news = kim.get(f"/desk/inkorg/nytt/?queue=functions&version=0&open={asked.number}&seen={seen}").json()
    assert "inte längre bland dem som du får se" in news["newer"]
    assert other.number in news["rows"]
    assert asked.number not in news["rows"]


def test_of_two_colleagues_of_one_name_the_one_who_is_meant_is_asked(town: Town, kim: Client) -> None:
    asked = question(town.mailbox)
    town.sam.name, town.robin.name, town.robin.title = "Anna Berg", "Anna Berg", "redaktör"
    for one in (town.sam, town.robin):
        one.save()
    offered = kim.get("/desk/inkorg/kollegor/?q=ann").json()["people"]
    assert [one["name"] for one in offered] == ["Anna Berg, rektor", "Anna Berg, redaktör"]
    page = kim.get(f"{at(asked)}?write=note&ask={town.sam.pk}").content.decode()
    assert ">@Anna Berg, rektor </textarea>" in page
    by = user_of(town.kim)
    named = services.add_note(asked, "@Anna Berg, rektor vet du?", by=by)
    assert [one.person for one in named.mentions.all()] == [town.sam]
    both = services.add_note(asked, "@Anna Berg vet du?", by=by)
    assert {one.person for one in both.mentions.all()} == {town.sam, town.robin}
    assert not services.add_note(asked, "@Anna vet du?", by=by).mentions.exists()


def test_a_day_that_no_calendar_has_is_no_day(town: Town, kim: Client) -> None:
    said = {"until_day": "2027-02-30"}
    page = kim.post(f"{at(question(town.mailbox))}sov/", said, follow=True).content.decode()
    assert "Välj en dag efter i dag. Inget har ändrats." in page
