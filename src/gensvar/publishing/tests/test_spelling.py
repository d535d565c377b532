"""“Did you mean”: a spelling that finds something, in words of public texts, and little work whatever is asked."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from gensvar.conversations import services as conversations
from gensvar.publishing import entries, services, spelling
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.positions_scene import stand
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import Scene, stage

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]

ASKED = "När kommer snöröjningen till Storgatan i kväll? Öppnar biblioteket ändå?"
ANSWERED = "Snöröjningen börjar klockan tre."


def published(**words: str) -> Scene:
    staged = stage(**({"question": ASKED, "answer": ANSWERED} | words))
    staged.publish()
    return staged


SLIPS: Final = [
    ("biblitoeket", "biblioteket"),  # two letters changed places
    ("bibliotket", "biblioteket"),  # one is missing
    ("biblioteeket", "biblioteket"),  # one is too many
    ("bibljoteket", "biblioteket"),  # one is another
    ("oppnar", "öppnar"),
    ("snorojningen", "snöröjningen"),  # both dots are missing
    ("Snorojning!", "snöröjningen"),
    ("snö röjning", "snöröjningen"),  # written apart
    ("storgatan bibliotket", "storgatan biblioteket"),
    ("snorojning vid bibliotket", "snöröjningen vid biblioteket"),
]


def test_a_slip_leads_to_the_word_as_it_is_written_in_what_is_found() -> None:
    published()
    for asked, meant in SLIPS:
        assert spelling.proposal(asked, 0, "sv") == meant, asked
        assert entries.search(asked).entries == (), asked
        assert len(entries.search(meant).entries) == 1, asked


def test_where_nothing_near_stands_anywhere_nothing_is_proposed() -> None:
    published()
    for asked in ("", "kamel", "klxckxn", "sno", "till", "12345", "storgatan kamel", "?!", "\0'\";--"):
        assert spelling.proposal(asked, 0, "sv") == "", asked


def test_words_of_posts_and_positions_are_proposed_too() -> None:
    paper = Paper.make()
    posts.publish(draft(paper, "Traktorerna"), by=paper.editor)
    stand(paper, text="Hästarna drar plogen.")
    assert spelling.proposal("traktroerna", 0, "sv") == "traktorerna"
    assert spelling.proposal("hastarna", 0, "sv") == "hästarna"


def test_a_word_that_is_not_public_is_never_proposed() -> None:
    staged = stage(question="Det gäller den lila soffan på Storgatan.")
    assert spelling.proposal("sofffan", 0, "sv") == "", "not published yet"
    staged.publish()
    assert spelling.proposal("sofffan", 0, "sv") == "soffan"
    conversations.set_may_publish(staged.question, False)
    assert spelling.proposal("sofffan", 0, "sv") == "", "still in the index, but the gate says no"
    other = published()
    services.withdraw(other.conversation.public_exchange, "Fel", by=other.editor)
    assert spelling.proposal("snorojningen", 0, "sv") == ""


def test_what_some_texts_hold_is_doubted_only_where_many_more_are_written_otherwise() -> None:
    published(question="Snöröjnigen på Storgatan?")
    for _ in range(9):
        published(question="Snöröjningen, tack.")
    assert spelling.proposal("snöröjnigen", 1, "sv") == "snöröjningen"
    assert spelling.proposal("snöröjningen", 10, "sv") == ""


def test_rings_and_dots_are_letters_of_their_own_and_one_slip_is_one() -> None:
    found = spelling.forms("snorojning")
    assert found["snöröjning"] == 0
    assert found["snorojningen"[:-1]] == 1
    assert "snorojning" not in found
    assert "snröjnning" not in found
    assert set(spelling.forms("ثلوج")) == {"لثوج", "ثولج", "ثلجو", "لوج", "ثوج", "ثلج", "ثلو"}


@pytest.mark.parametrize(
    "asked",
    [
        "å" * 10_000,
        "a" * spelling.LONGEST,
        "oaoaoaoaoaoaoaoaoaoaoaoa " * 20,
        " ".join(f"snoro{'abcdefghijklmnop'[n]}ning" for n in range(16)),
        "\0'\";--\\" * 2_000,
        "日本語" * 4_000,
    ],
)
def test_whatever_is_asked_costs_a_bounded_number_of_statements_and_forms(asked: str) -> None:
    published()
    looked_up: list[int] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        looked_up.append(len(params) and len(str(params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        spelling.proposal(asked, 0, "sv")
    assert len(looked_up) <= 60
    assert max(looked_up, default=0) < 100_000
    assert len(spelling.forms("a" * spelling.LONGEST)) < 2_000


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(some.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    with transaction.atomic():
        spelling.proposal(text, 0, "sv")
