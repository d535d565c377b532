"""Whoever types somebody's address is shown a key of their own: it opens what came by it, never what the address said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import Town, send_waiting
from gensvar.answers.tests.sink import Sink
from gensvar.answers.ways import way_to
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.contract.addresses import join_plus
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Attachment, Message, Participant
from gensvar.core import files
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing import gate
from gensvar.publishing import services as publishing
from gensvar.publishing.models import PublicExchange
from gensvar.routing.tests.scene import word_comes
from gensvar.square.tests.scene import form_id, participant

pytestmark = pytest.mark.django_db

ANNA = "anna@example.org"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def town(db: None, settings: Any) -> Iterator[Town]:
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
    return str(re.findall(r"/samtal/[a-z2-7]{36}", town.sink.to(ANNA)[-1].text)[-1])


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


def test_an_answer_by_another_way_than_the_typed_phone_once_the_address_has_spoken(
    client: Client, town: Town
) -> None:
    typed(client, answer_by="phone", phone="070-123 45 67")
    town.answer(Message.objects.get(), "Vi ringer.")
    said = anna_replies(town, "Mitt kodord är blåbär.")
    town.answer(said, "Tack för blåbär.")
    sent = list(Delivery.objects.filter(kind="answer").order_by("pk").values_list("channel", "recipient"))
    assert sent == [("phone", "070-123 45 67"), ("email", ANNA)]


def test_who_typed_and_wished_no_mail_gets_none_until_the_address_writes_itself(
    client: Client, town: Town
) -> None:
    part = participant(typed(client, answer_by="here").rpartition("/")[2])
    town.answer(Message.objects.get(), "Först här.")
    others = word_comes(town.place, sender="Bo <bo@example.org>").conversation
    conversations.merge(others, part.conversation, by=town.user())
    town.answer(Message.objects.latest("pk"), "Bara vid den mejlade länken.")
    said = word_comes(town.place, to=join_plus(town.place.address, part.token), sender=f"Anna <{ANNA}>")
    town.answer(said, "Nu med mejl.")
    sent = Delivery.objects.filter(kind="answer", participant=part).order_by("pk")
    assert list(sent.values_list("channel", flat=True)) == ["link", "link", "email"]
    page = seen(client, f"/samtal/{part.shown_token}")
    assert ("Först här." in page, "Bara vid" in page, "Nu med mejl." in page) == (True, False, False)


def test_what_is_said_to_another_address_that_answers_the_receipt_is_not_told_to_who_typed(
    client: Client, town: Town
) -> None:
    link = typed(client)
    send_waiting()
    reply_to = town.sink.to(ANNA)[0].reply_to
    said = word_comes(
        town.place, to=reply_to, sender="Anna <anna@arbetet.example>", text="Kodordet är blåbär."
    )
    town.answer(said, "Tack för blåbär.")
    assert "blåbär" not in seen(client, link)


def test_the_typed_key_is_no_reply_address_for_anybody_else(client: Client, town: Town) -> None:
    link = typed(client)
    token = link.rpartition("/")[2]
    begun = Message.objects.get().conversation
    came = word_comes(town.place, to=join_plus(town.place.address, token), sender="Mal <mal@example.net>")
    typed(client, token=token, email="mal@example.net")
    assert came.conversation_id != begun.pk
    assert [part.address for part in begun.participants.all()] == [ANNA]
    typed(client, token=token, text="Och en sak till.", phone="070-1", answer_by="phone")
    assert begun.participants.get().answer_by == "email"
    assert "Och en sak till." in seen(client, link)


def test_the_page_tells_that_there_is_more_and_mails_the_link_that_opens_it(
    client: Client, town: Town
) -> None:
    link = typed(client)
    assert "Mer har sagts" not in seen(client, link)
    assert client.post(f"{link}/mejla").status_code == 404
    hers = mailed_link(town)
    anna_replies(town, "Kodordet är blåbär.")
    assert "Mer har sagts" in seen(client, link)
    assert "Mer har sagts" not in seen(client, hers)
    for said in (
        client.post(f"{link}/mejla", follow=True) for _ in range(2)
    ):  # one was mailed an hour ago, or not
        assert said.status_code == 200
        assert "Länken är på väg" in said.content.decode()
        assert ANNA not in said.content.decode()
    send_waiting()
    assert len(town.sink.to(ANNA)) == 1
    Delivery.objects.update(created_at="2026-01-01T00:00Z")
    client.post(f"{link}/mejla")
    client.post(f"{link}/mejla")
    assert mailed_link(town) == hers
    (_, mail) = town.sink.to(ANNA)
    assert "blåbär" not in mail.data.decode()
    assert "Vem bor" not in mail.text
    assert client.post(f"{hers}/mejla").status_code == 404
    assert client.post(f"{link}/mejla", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 404


def test_who_typed_decides_nothing_of_what_came_by_mail(client: Client, town: Town) -> None:
    link = typed(client)
    said = anna_replies(town, "Kodordet är blåbär.")
    mine = Message.objects.earliest("pk")
    chosen = {"may_publish": [str(mine.pk), str(said.pk)], "show_name": "on"}
    assert client.post(f"{link}/val", chosen).status_code == 303
    assert dict(Message.objects.values_list("pk", "may_publish")) == {mine.pk: True, said.pk: None}
    assert not Participant.objects.get().show_name
    hers = mailed_link(town)
    client.post(f"{hers}/val", chosen)
    assert set(Message.objects.values_list("may_publish", flat=True)) == {True}
    assert Participant.objects.get().show_name
    client.post(f"{link}/val", {})
    assert dict(Message.objects.values_list("pk", "may_publish")) == {mine.pk: False, said.pk: True}
    assert Participant.objects.get().show_name


def test_a_file_that_came_by_mail_is_not_fetched_by_the_typed_key(client: Client, town: Town) -> None:
    link = typed(client)
    anna_replies(town, "Kodordet är blåbär.")
    kept = Attachment(filename="karta.png", content_type="image/png", size=len(PNG), sha256=files.keep(PNG))
    for kept.message in Message.objects.order_by("pk"):
        kept.pk = None
        kept.save()
    seen_at = {
        key: [client.get(f"{key}/fil/{one.pk}").status_code for one in Attachment.objects.order_by("pk")]
        for key in (link, mailed_link(town))
    }
    assert list(seen_at.values()) == [[200, 404], [200, 200]]


def test_who_typed_gives_a_name_to_what_came_by_the_typed_key_alone(client: Client, town: Town) -> None:
    typed(client, name="Anna Lind", show_name="on", may_publish="on")
    first = Message.objects.get()
    town.answer(first, "I kväll.")
    said = anna_replies(town, "Tack för blåbären.")
    town.answer(said, "Varsågod.")
    editor = user_of(make_person("Eva Editor", town.streets, roles=(Role.EDITOR,)))
    exchange = publishing.prepare(first.conversation, by=editor)
    for text in exchange.texts.all():
        publishing.approve(text, by=editor)

    def names() -> list[str]:
        found = gate.as_it_would_be(PublicExchange.objects.get())
        assert found is not None
        return [word.name for word in found.words if not word.ours]

    exchange.texts.filter(message__direction="in").update(shown_name="Anna Lind")
    assert names() == ["Anna Lind", ""]
    client.post(f"{mailed_link(town)}/val", {"may_publish": [first.pk, said.pk], "show_name": "on"})
    assert names() == ["Anna Lind", "Anna Lind"]


def test_an_upgrade_parts_the_keys_of_what_was_typed_before(client: Client, town: Town) -> None:
    """The old key was shown and mailed: it goes on opening what is sure to be who typed's, and a new one is mailed."""
    typed(client)
    first = Message.objects.get()
    town.answer(first, "Det säger vi inte.")
    said = anna_replies(town, "Kodordet är blåbär.")
    town.answer(said, "Tack för blåbär.")
    kept = Participant.objects.get()
    form = {"form": form_id(), "token": kept.token, "text": "Vid länken, vem vet av vem?", "website": ""}
    assert client.post(f"/samtal/{kept.token}", form).status_code == 303
    mailed = word_comes(town.place, sender="Bo <bo@example.org>").conversation.participants.get()
    Participant.objects.update(typed_key=None)
    Message.objects.update(shown_typed=None)
    upgrade = import_module("gensvar.conversations.migrations.0008_keys_apart").part
    upgrade(apps, None)
    old = seen(client, f"/samtal/{kept.token}")
    parts = Participant.objects.order_by("pk")
    assert [part.shown_token for part in parts] == [kept.token, mailed.token]
    assert [part.token == part.shown_token for part in parts] == [False, True]
    words = ("Vem bor på", "Det säger vi inte.", "Kodordet", "Tack för blåbär", "Vid länken")
    assert [word for word in words if word in old] == list(words[:2])
    assert all(word in seen(client, f"/samtal/{parts[0].token}") for word in words)
    again = word_comes(
        town.place, to=join_plus(town.place.address, kept.token), sender=f"Anna <{ANNA}>", text="Sent svar"
    )
    assert again.conversation_id == first.conversation_id
    assert "Sent svar" not in seen(client, f"/samtal/{kept.token}")
    Participant.objects.update(typed_key=None, answer_by="here")  # nothing was mailed: the key was only shown
    Message.objects.update(shown_typed=None)
    shown = Participant.objects.earliest("pk").token
    upgrade(apps, None)
    assert [word for word in words if word in seen(client, f"/samtal/{shown}")] == [*words[:2], words[4]]


def test_each_conversation_keeps_the_number_that_was_told_for_it(client: Client, town: Town) -> None:
    """A newer number was lost, and whoever first typed an address decided where its owner is called."""
    told = ["070-111 11 11", "070-222 22 22"]
    links = [typed(client, answer_by="phone", phone=one, text=f"Ring {one}") for one in told]
    wrote = [participant(link.rpartition("/")[2]) for link in links]
    assert wrote[0].contact == wrote[1].contact
    assert [way_to(one, one.conversation, None).recipient for one in wrote] == told
