"""What is given out names every word of a conversation, and costs a fixed number of queries however many there are."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from gensvar.config import export
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation
from gensvar.core import runner
from gensvar.core.roles import Role
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.people.tests.factories import make_function, make_user

PICTURE = b"\x89PNG not really"
MAIL = b"""From: =?utf-8?q?=C3=85sa_Ek?= <asa@example.com>
To: kontakt@norrvik.example
Subject: Plogen
Message-ID: <plogen-%d@example.com>
Date: Mon, 23 Nov 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Den kommer inte.
--b
Content-Type: image/png
Content-Disposition: attachment; filename="v\xc3\xa4g.png"
Content-Transfer-Encoding: base64

iVBORyBub3QgcmVhbGx5
--b--
"""


def bring(number: int, point: Any) -> None:
    receive(MAIL % number, contact_point=point, source=Envelope.Source.SMTP, recipient=point.address)
    runner.run_waiting(network=False)


@pytest.mark.django_db(transaction=True)
def test_a_conversation_is_given_out_with_all_of_its_words() -> None:
    function = make_function()
    point = make_contact_point(function)
    bring(1, point)
    conversations.add_note(Conversation.objects.get(), "Ring Kim.", by=make_user(Role.COORDINATOR))
    (row,) = export.conversations()
    word, note = row.pop("messages")
    assert row == {
        "number": Conversation.objects.get().number,
        "subject": "Plogen",
        "state": "open",
        "visibility": "private",
        "contact_point": point.address,
        "function": function.name,
    }
    attachments = word.pop("attachments")
    assert {"size": 15, "sha256": hashlib.sha256(b"\x89PNG not really").hexdigest()}.items() <= attachments[
        0
    ].items()
    assert word == {
        "direction": "in",
        "author_kind": "resident",
        "from": "asa@example.com",
        "from_name": "Åsa Ek",
        "to": ["kontakt@norrvik.example"],
        "sent_at": "2026-11-23T09:00:00+00:00",
        "subject": "Plogen",
        "body": "Den kommer inte.",
        "message_id": "plogen-1@example.com",
    }
    assert (note["direction"], note["author_kind"], note["body"]) == ("note", "staff", "Ring Kim.")


@pytest.mark.django_db(transaction=True)
def test_many_cost_no_more_queries_than_one(django_assert_num_queries: Any) -> None:
    point = make_contact_point(make_function())
    for number in range(6):
        bring(number, point)
    with django_assert_num_queries(4):  # conversations, messages, attachments; and that there are no more
        assert len(list(export.conversations())) == 6
