"""What is given out names every word of a conversation, and costs a fixed number of queries however many there are."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from gensvar.answers import drafts, services
from gensvar.answers.tests.scene import Town
from gensvar.answers.tests.sink import Sink
from gensvar.config import export
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Contact, Conversation, Message
from gensvar.core import runner
from gensvar.core.models import User
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

On 20 Nov 2026 at 08:00, Kim Ek <kim@norrvik.example> wrote:
> Plogen kommer.

Den kommer inte.

--\x20
\xc3\x85sa Ek
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
    (act,) = (one for one in export.acts() if one["action"] == "conversation.note")
    (row,) = export.conversations()
    assert (act["by"], act["number"]) == (User.objects.get().email, row["number"])
    word, note = row.pop("messages")
    assert row == {
        "number": Conversation.objects.get().number,
        "subject": "Plogen",
        "state": "open",
        "visibility": "private",
        "contact_point": point.address,
        "function": function.name,
        "writer_addresses": ["asa@example.com"],
        "protected": False,
    }
    assert word.pop("attachments") == [
        {"filename": "väg.png", "size": len(PICTURE), "sha256": hashlib.sha256(PICTURE).hexdigest()}
    ]
    assert word == {
        "direction": "in",
        "author_kind": "resident",
        "from": "asa@example.com",
        "from_name": "Åsa Ek",
        "to": ["kontakt@norrvik.example"],
        "sent_at": "2026-11-23T09:00:00+00:00",
        "subject": "Plogen",
        "body": "On 20 Nov 2026 at 08:00, Kim Ek <kim@norrvik.example> wrote:\n> Plogen kommer.\n"
        "Den kommer inte.\n-- \nÅsa Ek",  # what was folded away stands where it stood
        "message_id": "plogen-1@example.com",
    }
    assert (note["direction"], note["author_kind"], note["body"]) == ("note", "staff", "Ring Kim.")


@pytest.mark.django_db
def test_what_we_said_is_given_out_with_to_whom_it_went_under_which_id_and_its_files(settings: Any) -> None:
    settings.GENSVAR_UNDO_SECONDS = 0
    with Sink() as sink:
        settings.GENSVAR_MAIL_OUT = sink.url
        town = Town(sink)
        draft = town.draft(town.asks(), "Vi plogar i natt.\n\nHälsningar")
        drafts.add_file(draft, "väg och plats.pdf", "application/pdf", b"%PDF-1.4")
        services.send_answer(draft, by=town.user())
        runner.run_waiting()
        (sent,) = sink.to("anna@example.org")
    conversation = Conversation.objects.get()
    conversations.close(conversation, by=town.user())
    (row,) = export.conversations()
    _, answer = row.pop("messages")
    assert row == {
        "number": conversation.number,
        "subject": "Snöröjning på Storgatan",
        "state": "closed",
        "visibility": "private",
        "contact_point": "gata@norrvik.example",
        "function": "Gata & park",
        "writer_addresses": ["anna@example.org"],
        "protected": False,
    }
    assert answer == {
        "direction": "out",
        "author_kind": "staff",
        "from": "gata@norrvik.example",
        "from_name": "Kim Ek",
        "to": ["anna@example.org"],
        "sent_at": conversation.messages.get(direction="out").at.isoformat(),
        "subject": "Re: Snöröjning på Storgatan",
        "body": "Vi plogar i natt.\n\nHälsningar",
        "message_id": sent.message_id,
        "attachments": [
            {"filename": "väg och plats.pdf", "size": 8, "sha256": hashlib.sha256(b"%PDF-1.4").hexdigest()}
        ],
    }
    token = conversation.participants.get().token
    Message.objects.update(quoted=f"Hela samtalet: https://norrvik.example/samtal/{token}")
    assert token in str(list(export.conversations()))
    handed_out = str(list(export.conversations(keys=False)))
    assert token not in handed_out
    assert "Vi plogar i natt." in handed_out
    Message.objects.filter(direction="in").update(kind="bounce", text="Okänd.\n\nReceived: by x\n\nNyckeln")
    assert "Nyckeln" in str(list(export.conversations()))
    assert "Nyckeln" not in str(list(export.conversations(keys=False)))


@pytest.mark.django_db(transaction=True)
def test_many_cost_no_more_queries_than_one(django_assert_num_queries: Any) -> None:
    point = make_contact_point(make_function())
    for number in range(6):
        bring(number, point)
    around = 3 if connection.vendor == "postgresql" else 2  # begins and ends what is of one moment
    # Conversations, messages, attachments, addresses; and that there are no more.
    with django_assert_num_queries(5 + around):
        assert len(list(export.conversations())) == 6


@pytest.mark.django_db(transaction=True)
def test_what_is_merged_while_it_is_given_out_is_neither_missing_nor_there_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "CHUNK", 1)
    point = make_contact_point(make_function())
    for number in (1, 2):
        bring(number, point)
    given_out = export.conversations()
    rows = [next(given_out)]

    def merge() -> None:  # by somebody else, who need not wait for us
        first, second = Conversation.objects.order_by("pk")
        conversations.merge(second, first, by=make_user(Role.COORDINATOR))
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(merge).result()
    rows += given_out
    assert [one["message_id"] for row in rows for one in row["messages"]] == [
        "plogen-1@example.com",
        "plogen-2@example.com",
    ]
    assert [len(row["messages"]) for row in export.conversations()] == [2, 0]


@pytest.mark.django_db
def test_whoever_writes_from_two_addresses_is_found_by_either_until_it_is_taken_back() -> None:
    point, by = make_contact_point(make_function()), make_user(Role.COORDINATOR)
    bring(1, point)
    begun = Conversation.objects.get()
    said = conversations.also_writes_from(begun, "asa@work.example", "Hon skrev det.", by=by)
    conversations.also_writes_from(begun, "ek@example.net", "Det också.", by=by)
    Contact.objects.filter(addresses__address="ek@example.net").update(protected=True)
    assert addresses() == [["asa@example.com", "asa@work.example"]]
    Contact.objects.filter(addresses__address="asa@example.com").update(protected=True)
    assert [row["protected"] for row in export.conversations()] == [True]
    assert addresses() == [["asa@example.com"]]
    Contact.objects.update(protected=False)
    assert addresses() == [["asa@example.com", "asa@work.example", "ek@example.net"]]
    conversations.not_also_writes_from(begun, said.pk, by=by)
    assert addresses() == [["asa@example.com", "ek@example.net"]]


def addresses() -> list[list[str]]:
    return [row["writer_addresses"] for row in export.conversations()]
