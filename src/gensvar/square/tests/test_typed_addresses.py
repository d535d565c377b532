"""Anybody can type any address in a form: no merge leads whoever typed it to the words of whom it belongs to."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import services
from gensvar.conversations.models import Participant
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.routing.tests.scene import word_comes
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db

ANNA = "anna@example.org"


@pytest.fixture
def town() -> scene.Town:
    return scene.town()


@pytest.fixture
def staff(town: scene.Town) -> User:
    """Who may merge."""
    town.staff.groups.add(Group.objects.get(name=Role.COORDINATOR))
    return User.objects.get(pk=town.staff.pk)


def shown(client: Client, token: str) -> str:
    return client.get(f"/samtal/{token}").content.decode()


def typed(client: Client, text: str, email: str = ANNA) -> Participant:
    return scene.written(client, email=email, text=text, answer_by="email")


@pytest.mark.parametrize("into_hers", [True, False])
def test_two_who_typed_one_address_read_their_own_after_a_merge_and_the_address_reads_both(
    client: Client, town: scene.Town, staff: User, into_hers: bool
) -> None:
    anna, stranger = typed(client, "Min hemlighet"), typed(client, "Jag vill veta mer")
    scene.answer(town, anna, "Svar ett")
    scene.answer(town, stranger, "Svar två")
    pair = (stranger, anna) if into_hers else (anna, stranger)
    services.merge(pair[0].conversation, pair[1].conversation, by=staff)
    scene.answer(town, pair[1], "Svar till båda")
    words = ("Min hemlighet", "Svar ett", "Jag vill veta mer", "Svar två", "Svar till båda")
    for part, own in ((anna, words[:2]), (stranger, words[2:4])):
        page = shown(client, part.shown_token)
        assert [text for text in words if text in page] == list(own)
        hers = shown(client, part.token)
        assert all(text in hers for text in words)


def test_what_came_by_mail_is_merged_with_what_was_typed_and_read_by_the_address_alone(
    client: Client, town: scene.Town, staff: User
) -> None:
    place = make_contact_point(town.function, address="gata@norrvik.example")
    mailed = word_comes(place, sender=f"Anna <{ANNA}>", text="Min hemlighet").conversation
    response = scene.write(client, email=ANNA, text="Jag vill veta mer", answer_by="email")
    stranger = Participant.objects.order_by("pk").last()
    assert stranger is not None
    services.merge(stranger.conversation, mailed, by=staff)
    assert response.headers["Location"] == f"/samtal/{stranger.shown_token}?ny=1"
    assert "Min hemlighet" not in shown(client, stranger.shown_token)
    for key in (stranger.token, mailed.participants.get().token):
        assert all(text in shown(client, key) for text in ("Min hemlighet", "Jag vill veta mer"))


def test_a_form_that_was_read_late_leads_to_the_typed_key_also_after_a_merge(
    client: Client, town: scene.Town, staff: User
) -> None:
    from gensvar.core import tokens
    from gensvar.square.writing import KEPT

    place = make_contact_point(town.function, address="gata@norrvik.example")
    mailed = word_comes(place, sender=f"Anna <{ANNA}>", text="Min hemlighet").conversation
    stranger = typed(client, "Jag vill veta mer")
    envelope = stranger.conversation.messages.get().envelope_id
    services.merge(stranger.conversation, mailed, by=staff)
    to = client.get(f"/skriv/mottaget/{tokens.make(KEPT, f'{envelope:020x}')}").headers["Location"]
    assert to == f"/samtal/{stranger.shown_token}?ny=1"


def test_what_came_by_mail_is_merged_also_where_more_was_written_at_its_private_link(
    client: Client, town: scene.Town, staff: User
) -> None:
    place = make_contact_point(town.function, address="gata@norrvik.example")
    first, second = (
        word_comes(place, sender=f"Anna <{ANNA}>", subject=text, text=text).conversation
        for text in ("Gatan är hal", "Lampan är trasig")
    )
    link = first.participants.get()
    form = {"form": scene.form_id(), "token": link.token, "text": "Nu har någon ramlat", "website": ""}
    assert client.post(f"/samtal/{link.token}", form).status_code == 303
    services.merge(first, second, by=staff)
    for part in (link, second.participants.get()):
        page = shown(client, part.token)
        assert all(text in page for text in ("Gatan är hal", "Lampan är trasig", "Nu har någon ramlat"))


def test_another_address_keeps_its_own_key_in_what_is_merged(client: Client, staff: User) -> None:
    anna, bo = typed(client, "Min hemlighet"), typed(client, "Bos fråga", email="bo@example.org")
    services.merge(bo.conversation, anna.conversation, by=staff)
    for part, own, other in ((bo, "Bos fråga", "Min hemlighet"), (anna, "Min hemlighet", "Bos fråga")):
        for page in (shown(client, part.token), shown(client, part.shown_token)):
            assert (own in page, other in page) == (True, False)
