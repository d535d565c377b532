"""What stays closed around a comment: its conversation to whoever only sent it, our answer where it answers another too."""

from __future__ import annotations

import pytest
from django.test import Client

from gensvar.conversations.models import Contact, Message, Participant
from gensvar.core import clock
from gensvar.publishing.comments import moderation
from gensvar.publishing.services import NotPublishable
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests import scene
from gensvar.square.tests.comments_scene import SANDBOX, page, shown

pytestmark = pytest.mark.django_db


def test_a_comment_sent_again_to_the_page_for_questions_gives_no_key_and_is_a_form_to_send() -> None:
    commented = stage.make()
    sent = stage.filled(commented, SANDBOX)
    Client().post(commented.form, sent)
    stage.work()
    again = Client().post("/skriv", sent)
    assert (again.status_code, SANDBOX in again.content.decode()) == (200, True)
    assert sent["form"] not in again.content.decode()


def test_an_answer_that_a_protected_identity_got_too_stands_below_no_comment() -> None:
    commented = stage.make()
    one = shown(commented)
    part = Participant.objects.get(conversation=one.message.conversation)
    said = scene.answer(commented.town, part, "Sanden kommer på fredag.")
    moderation.show_answer(one, said, said.text, by=commented.town.staff)
    assert said.text in page(commented)
    Message.objects.create(
        conversation=said.conversation,
        direction=Message.Direction.IN,
        author=Message.Author.RESIDENT,
        contact=Contact.objects.create(created_at=clock.now(), protected=True),
        at=clock.now(),
    )
    assert SANDBOX in page(commented)
    assert said.text not in page(commented)
    with pytest.raises(NotPublishable, match="skyddad identitet"):
        moderation.show_answer(one, said, said.text, by=commented.town.staff)
