"""Whoever has a protected identity and answers at the private link of a letter that we wrote first is protected there, too."""

from __future__ import annotations

import pytest
from django.test import Client

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import services
from gensvar.conversations.models import Contact, ContactAddress, Conversation, Participant
from gensvar.core import clock
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_user
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db
HIDDEN = "hidden@example.se"


@pytest.mark.parametrize(("protected", "ended"), [(True, False), (True, True), (False, False)])
def test_an_answer_at_the_link_is_the_persons_own_and_not_the_stand_ins(protected: bool, ended: bool) -> None:
    town = scene.town()
    by = make_user(Role.COORDINATOR)
    place = ContactPoint.objects.create(
        channel="email",
        address="gata@norrvik.example",
        function=town.function,
        owner=town.person,
        state="live",
    )
    moa = Contact.objects.create(name="Moa Dold", protected=protected, created_at=clock.now())
    ContactAddress.objects.create(contact=moa, channel="email", address=HIDDEN)
    part = services.begin(
        place, address=HIDDEN, subject="Hej", function=town.function, person=town.person, by=by
    )
    assert not part.contact.protected
    if ended:
        Contact.objects.filter(pk=moa.pk).update(protected=False)
    scene.answer(town, part, "Hej!", kind="first", by=by)
    answer = Client().post(
        f"/samtal/{part.token}",
        {"form": scene.form_id(), "token": part.token, "website": "", "text": "Här är jag."},
    )
    assert answer.status_code == 303
    now = Participant.objects.get(pk=part.pk)
    begun = Conversation.objects.get(pk=part.conversation_id)
    assert (now.contact, begun.contact) == (moa, moa)
    assert begun.messages.get(direction="in").contact == moa
    assert (begun.contact_name == "") is (protected and not ended)
