"""Who only writes another's address above a mail reads nothing of theirs, and chooses nothing for them."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.apps import apps

from gensvar.conversations import queries, services
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.states import ImpossibleMove
from gensvar.conversations.tests.scene import Scene
from gensvar.core.models import User

pytestmark = pytest.mark.django_db
OURS = "mx.norrvik.example"
FAILED = f"Authentication-Results: {OURS}; dmarc=fail header.from=example.se"
TO_FIRST = "In-Reply-To: <first@example.se>"
ELSEWHERE = "Reply-To: eva@elsewhere.example"


def test_a_sender_whom_our_own_server_doubts_gets_into_nothing_by_a_reference(
    scene: Scene, conversation: Conversation, settings: Any
) -> None:
    settings.GENSVAR_MAIL_AUTHSERV_ID = OURS
    forged = scene.mail("Vad sade ni?", headers=(FAILED, TO_FIRST, ELSEWHERE))
    assert forged.conversation != conversation == forged.conversation.linked_from
    assert "doubted" in forged.marks
    assert forged.conversation.participants.get().address == "anna@example.se"  # not where they wished
    kims = scene.mail("Från en kollega?", sender=scene.kim.email, headers=(FAILED, TO_FIRST))
    assert (kims.direction, kims.conversation == conversation) == (Message.Direction.IN, False)
    (part,) = conversation.participants.all()
    by_key = scene.mail("Jag har nyckeln.", to=scene.reply_address(part), headers=(FAILED,))
    assert by_key.conversation == conversation
    said = Conversation.objects.order_by("pk").values_list("doubted", flat=True)
    assert [*said] == [True, True, True]
    scene.mail("Jag är det.", to=scene.reply_address(part))
    for _ in ("as it was written", "as an upgrade tells it from the words"):
        assert [*said.all()] == [False, True, True]
        Conversation.objects.update(doubted=False)
        importlib.import_module("gensvar.conversations.migrations.0011_doubted").mark(apps, None)


@pytest.mark.parametrize("believed", ["", "mx.other.example"])
def test_what_another_server_says_of_a_sender_is_not_believed(
    scene: Scene, conversation: Conversation, settings: Any, believed: str
) -> None:
    settings.GENSVAR_MAIL_AUTHSERV_ID = believed
    reply = scene.mail("Tack!", headers=(FAILED, TO_FIRST))
    assert (reply.conversation, reply.marks) == (conversation, [])


def test_a_merge_opens_nothing_to_the_address_that_a_forger_wished_the_answers_at(
    scene: Scene, conversation: Conversation, boss: User
) -> None:
    forged = scene.mail("Jag skrev förut, slå ihop det.", headers=(ELSEWHERE,)).conversation
    key_of_the_forger = forged.participants.get().token
    for one, other in ((forged, conversation), (conversation, forged)):
        with pytest.raises(ImpossibleMove, match="olika adresser"):
            services.merge(one, other, by=boss)
    participant = queries.participant_for_token(key_of_the_forger)
    assert participant is not None
    assert [one.conversation for one in queries.resident_thread(participant)] == [forged]
    services.link(forged, conversation, by=boss)
