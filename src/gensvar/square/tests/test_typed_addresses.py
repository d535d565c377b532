"""Anybody can type any address in a form: no merge leads whoever typed it to the words of whom it belongs to."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import services
from gensvar.conversations.models import Participant
from gensvar.conversations.states import ImpossibleMove
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


def shown(client: Client, part: Participant) -> str:
    return client.get(f"/samtal/{part.token}").content.decode()


def test_two_conversations_of_an_address_that_was_typed_are_linked_not_merged(
    client: Client, staff: User
) -> None:
    anna, stranger = (
        scene.written(client, email=ANNA, text=text, answer_by="email")
        for text in ("Min hemlighet", "Jag vill veta mer")
    )
    for one, other in ((stranger, anna), (anna, stranger)):
        with pytest.raises(ImpossibleMove, match="kan vem som helst skriva in vilken adress"):
            services.merge(one.conversation, other.conversation, by=staff)
    services.link(stranger.conversation, anna.conversation, by=staff)  # as the refusal advises
    assert "Min hemlighet" not in shown(client, stranger)


def test_what_came_by_mail_is_not_merged_with_what_was_typed_in_its_name(
    client: Client, town: scene.Town, staff: User
) -> None:
    place = make_contact_point(town.function, address="gata@norrvik.example")
    mailed = word_comes(place, sender=f"Anna <{ANNA}>", text="Min hemlighet").conversation
    stranger = scene.written(client, email=ANNA, text="Jag vill veta mer", answer_by="email")
    for one, other in ((stranger.conversation, mailed), (mailed, stranger.conversation)):
        with pytest.raises(ImpossibleMove):
            services.merge(one, other, by=staff)
    assert "Min hemlighet" not in shown(client, stranger)


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
        page = shown(client, part)
        assert all(text in page for text in ("Gatan är hal", "Lampan är trasig", "Nu har någon ramlat"))


def test_another_address_keeps_its_own_key_in_what_is_merged(client: Client, staff: User) -> None:
    anna = scene.written(client, email=ANNA, text="Min hemlighet", answer_by="email")
    bo = scene.written(client, email="bo@example.org", text="Bos fråga", answer_by="email")
    services.merge(bo.conversation, anna.conversation, by=staff)
    assert ("Bos fråga" in shown(client, bo), "Min hemlighet" in shown(client, bo)) == (True, False)
    assert ("Bos fråga" in shown(client, anna), "Min hemlighet" in shown(client, anna)) == (False, True)
