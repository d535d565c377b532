"""Search and suggestions through the gate: found by what everybody can read, and by nothing else."""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from pytest_django import DjangoAssertNumQueries

from gensvar.conversations import services as conversations
from gensvar.conversations.models import Contact, Conversation
from gensvar.core import clock
from gensvar.publishing import gate, index, indexing, services
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.tests.scene import Scene, stage

if TYPE_CHECKING:
    from tests.scenes import Scenes

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]


def numbers(words: str, **options: Any) -> list[str]:
    return [one.number for one in gate.search(words, **options).exchanges]


def suggested(text: str, limit: int = 3) -> list[str]:
    return [one.title for one in gate.suggest(text, limit)]


def published(title: str, question: str, answer: str) -> Scene:
    staged = stage(question=question, answer=answer)
    Conversation.objects.filter(pk=staged.conversation.pk).update(subject=title)
    staged.conversation.refresh_from_db()
    staged.publish()
    return staged


def a_town_of_answers() -> None:
    for title, question, answer in [
        (
            "När plogas Storgatan?",
            "Snön ligger kvar på Storgatan.",
            "Vi plogar när det kommit fem centimeter snö.",
        ),
        ("Öppettider på badhuset", "När har badhuset öppet i jul?", "Badhuset är öppet mellan helgerna."),
        ("Lyktstolpe trasig vid skolan", "Lampan vid skolan lyser inte.", "Lampan byts på tisdag."),
        ("Biblioteket på söndagar", "Kan biblioteket ha öppet på söndagar?", "Vi provar i vår."),
        ("Cykelväg till badplatsen", "När byggs cykelvägen till badplatsen?", "Cykelvägen byggs nästa år."),
    ]:
        published(title, question, answer)


@pytest.fixture
def answers(scenes: Scenes) -> Iterator[None]:
    with scenes.meet(a_town_of_answers):
        yield


# --- Search ----------------------------------------------------------------------------------------


def test_an_english_exchange_is_found_by_all_forms_of_its_words_and_a_swedish_one_as_before() -> None:
    there = published(
        "Meetings", "When are the meetings of our cities?", "We meet on Mondays in the library."
    )
    here = published("Parkering", "Var är parkeringen vid citybiblioteket?", "Vid cyklarna på Storgatan.")
    for asked in ("meeting", "city", "libraries", "meeting city"):
        assert numbers(asked) == [there.conversation.number], asked
    for asked in ("parkeringar", "citybibliotek", "cykel"):  # the last has another stem in the index
        assert numbers(asked) == [here.conversation.number], asked
    assert numbers("parker") == []


def test_a_public_exchange_is_found_by_its_words_in_any_form() -> None:
    staged = stage()
    staged.publish()
    for words in (
        "plogas",
        "plogar",
        "PLOGAR Storgatan",
        "storgatan",
        "kväll",
        "snö",
        "när plogas vår gata?",
    ):
        assert numbers(words) == [staged.conversation.number], words


def test_other_words_find_nothing() -> None:
    stage().publish()
    for words in ("kvall", "sno", "plogbil", "Anna", "Lindqvist", "", "?!", "   ", '"', "plogas katt"):
        assert numbers(words) == [], words


def test_what_is_not_published_is_not_found() -> None:
    staged = stage()
    exchange = services.prepare(staged.conversation, by=staged.editor)
    for text in exchange.texts.all():
        services.approve(text, by=staged.editor)
    assert numbers("plogas") == []


def test_what_was_masked_is_not_found() -> None:
    staged = stage(question="Ring mig på 070-174 06 35 eller anna@post.example om plogningen")
    staged.publish()
    assert numbers("plogningen") == [staged.conversation.number]
    assert numbers("anna") == numbers("post") == numbers("174") == []


def test_what_is_withdrawn_is_found_no_more_and_leaves_the_index() -> None:
    staged = stage()
    exchange = staged.publish()
    services.withdraw(exchange, "Önskan", by=staged.editor)
    assert numbers("plogas") == []
    assert rows() == 0
    assert suggested("När plogas vår gata?") == []


def test_publishing_that_is_undone_leaves_nothing_to_be_found() -> None:
    staged = stage()
    with transaction.atomic():
        staged.publish()
        assert rows() == 1
        transaction.set_rollback(True)
    assert rows() == 0


def test_a_word_that_was_hidden_since_cannot_be_guessed() -> None:
    staged = stage()
    more = conversations_word(staged, "Det gäller den lila soffan.")
    staged.publish()
    assert numbers("soffan") == [staged.conversation.number]
    conversations.set_may_publish(more, False)
    assert numbers("soffan") == []
    assert numbers("plogas") == [staged.conversation.number]
    assert suggested("Det gäller den lila soffan") == []


def test_a_protected_writer_is_found_no_more() -> None:
    staged = stage()
    staged.publish()
    Contact.objects.filter(pk=staged.contact.pk).update(protected=True)
    assert numbers("plogas") == []
    assert suggested("När plogas vår gata i kväll?") == []


def test_a_changed_headline_and_an_approval_taken_back_are_followed() -> None:
    staged = stage()
    exchange = staged.publish()
    services.save_title(exchange, "Vinterväghållning", by=staged.editor)
    assert numbers("vinterväghållning") == [exchange.number]
    assert numbers("storgatan") == []
    services.unapprove(exchange.texts.get(message=staged.answer), by=staged.editor)
    assert rows() == 0


def test_the_index_can_be_made_anew_and_a_migration_fills_it() -> None:
    staged = [stage() for _ in range(3)]
    for one in staged:
        one.publish()
    services.withdraw(
        PublicExchange.objects.get(number=staged[0].conversation.number), "Fel", by=staged[0].editor
    )
    for fill in (indexing.rebuild, by_migration):
        index.clear()
        assert numbers("plogas") == []
        fill()
        assert sorted(numbers("plogas")) == sorted(one.conversation.number for one in staged[1:])


def test_pages_turn_by_key_and_cost_the_same_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    expected = [stage().publish().number for _ in range(5)][::-1]
    first = gate.search("plogas", size=2)
    with django_assert_num_queries(4):
        second = gate.search("plogas", first.next, size=2)
    third = gate.search("plogas", second.next, size=2)
    pages = (first, second, third)
    assert [one.number for page in pages for one in page.exchanges] == expected
    assert third.next is None


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(some.text(max_size=200))
def test_no_text_breaks_search_or_suggestion(text: str) -> None:
    with transaction.atomic():
        gate.search(text)
        gate.suggest(text)


# --- Suggestions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Hej! Jag undrar när ni tänker ploga Storgatan, det ligger mycket snö kvar.",
            "När plogas Storgatan?",
        ),
        ("Vilka öppettider har badhuset under julen?", "Öppettider på badhuset"),
        ("badhuset öppet", "Öppettider på badhuset"),
        ("En trasig lampa vid skolan lyser inte på kvällarna", "Lyktstolpe trasig vid skolan"),
        ("Det skulle vara fint om biblioteket hade söndagsöppet på söndagar", "Biblioteket på söndagar"),
        ("Finns det planer på cykelvägen ut mot badplatsen?", "Cykelväg till badplatsen"),
    ],
)
@pytest.mark.usefixtures("answers")
def test_what_resembles_a_public_answer_is_suggested_first(text: str, title: str) -> None:
    assert suggested(text)[:1] == [title]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hej",
        "Hej, jag undrar när ni svarar på mina frågor och tack för hjälpen",
        "Min hund sprang bort i går och någon har kanske hittat honom, han är svart och lystrar till Sixten",
        "Bygglov för en altan på Åsgatan, vad kostar det och hur lång är handläggningstiden hos nämnden",
        "Katten",
        "2026 100 5",
    ],
)
@pytest.mark.usefixtures("answers")
def test_what_resembles_nothing_gets_no_suggestion(text: str) -> None:
    assert suggested(text) == []


def test_at_most_as_many_as_asked_for_are_suggested() -> None:
    for _ in range(5):
        stage().publish()
    assert len(suggested("När plogas Storgatan? Snön ligger kvar på vår gata")) == 3
    assert len(suggested("När plogas Storgatan? Snön ligger kvar på vår gata", limit=1)) == 1


def test_ten_thousand_characters_of_anything_cost_four_kinds_of_questions_and_no_long_time() -> None:
    a_town_of_answers()
    for text in (
        "å" * 10_000,
        "plogas " * 2_000,
        " ".join(f"ord{n}ett" for n in range(2_000)),
        "\0'\";--" * 2_000,
        "日本語" * 4_000,
    ):
        with connection.execute_wrapper(counted := Counted()):
            before = time.process_time()
            gate.suggest(text)
            assert time.process_time() - before < 2  # seconds of work; a hundredth of it is usual
        assert counted.statements <= 7, text[:20]


def test_a_suggestion_costs_the_same_queries_however_much_is_published(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for more in (2, 3):
        for _ in range(more):
            stage().publish()
        with django_assert_num_queries(7):
            assert suggested("När plogas Storgatan? Snön ligger kvar")


class Counted:
    """Counts statements."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, *args: Any) -> Any:
        self.statements += 1
        return execute(*args)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publishing_search")
        return int(cursor.fetchone()[0])


def by_migration() -> None:
    migration = importlib.import_module("gensvar.publishing.migrations.0002_search")
    migration.fill(apps, SimpleNamespace(connection=connection))


def conversations_word(staged: Scene, text: str) -> Any:
    """One more word of the resident, which may be shown."""
    first = staged.question
    return staged.conversation.messages.create(
        channel="email",
        at=clock.now(),
        direction=first.direction,
        author=first.author,
        contact=staged.contact,
        text=text,
        may_publish=True,
    )
