"""The gate for outcomes: what passes, what never does, and that whatever cannot be judged stays closed."""

from __future__ import annotations

from typing import Any

import pytest

from gensvar.core.models import Topic
from gensvar.learning import gate, services, ties
from gensvar.learning.models import Outcome
from gensvar.learning.tests.scene import DONE, SAID, Town, later
from gensvar.people.models import Person
from gensvar.publishing import entries, finding
from gensvar.publishing import gate as exchanges
from gensvar.publishing import services as publishing
from gensvar.publishing.entries import Narrowing
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage
from gensvar.publishing.values import joined

pytestmark = pytest.mark.django_db


def shown() -> list[str]:
    return [one.title for one in gate.page().outcomes]


def test_nothing_passes_before_it_is_published_and_after_it_is_withdrawn(town: Town) -> None:
    outcome = town.outcome()
    step = outcome.steps.get()

    def anywhere() -> list[object]:
        found: list[Any] = [
            *gate.page().outcomes,
            gate.find(outcome.pk, "sv"),
            gate.find_short(outcome.pk),
            *gate.search(exchanges.sought("lyktor")),
            *gate.authors(),
            *entries.page("sv").entries,
        ]
        return [one for one in found if one is not None] + ([True] if gate.is_shown(step.pk) else [])

    assert anywhere() == []
    assert not gate.was_shown(outcome.pk)
    services.publish(outcome, tell=False, by=town.editor)
    assert len(anywhere()) == 7
    services.withdraw(outcome, "Fel", by=town.editor)
    assert anywhere() == []
    assert gate.was_shown(outcome.pk)


def test_a_step_that_waits_is_nobodys_business(town: Town) -> None:
    outcome = town.published()
    waiting = town.step(outcome, "Hemliga planer om bron.")
    found = gate.find(outcome.pk, "sv")
    assert found is not None
    assert [one.words for one in found.steps] == [DONE]
    assert not gate.is_shown(waiting.pk)
    assert gate.search(exchanges.sought("bron")) == ()
    preview = gate.as_it_would_be(outcome, "sv")
    assert preview is not None
    assert [one.words for one in preview.steps] == ["Hemliga planer om bron.", DONE]


@pytest.mark.parametrize(
    "broken",
    [{"newest": None}, {"changed_at": None}, {"published_at": None}, {"state": "proposed"}, {"state": "x"}],
)
def test_a_row_that_lacks_something_stays_closed(town: Town, broken: dict[str, Any]) -> None:
    outcome = town.published()
    Outcome.objects.filter(pk=outcome.pk).update(**broken)
    assert shown() == []
    assert gate.find(outcome.pk, "sv") is None
    assert not gate.is_shown(outcome.steps.get().pk)


def test_what_cannot_be_judged_hides_itself_and_nothing_else(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.published(title="Den hela")
    broken = town.published(title="Den trasiga")
    judged = gate._pass

    def fails(row: Outcome) -> Any:
        if row.pk == broken.pk:
            raise ValueError(row.pk)
        return judged(row)

    monkeypatch.setattr(gate, "_pass", fails)
    assert shown() == ["Den hela"]
    assert gate.find(broken.pk, "sv") is None


def test_who_did_not_agree_is_not_named(town: Town) -> None:
    outcome = town.published()
    Person.objects.filter(pk=town.kim.pk).update(shown=False)
    found = gate.find(outcome.pk, "sv")
    assert found is not None
    assert (found.newest.name, found.newest.title, found.newest.function) == ("", "", "Gata & park")
    assert gate.page(person=town.kim.pk).outcomes == ()


def test_what_led_to_it_is_linked_through_its_own_gate_or_only_counted(town: Town) -> None:
    public, private = stage(), town.wrote()
    exchange = public.publish()
    outcome = town.outcome(private)
    coordinator = town.user(town.bo)
    ties.tie(outcome, public.conversation, by=coordinator)
    services.publish(outcome, tell=False, by=town.editor)
    found = gate.find(outcome.pk, "sv")
    assert found is not None
    assert [one.number for one in found.exchanges] == [exchange.number]
    assert found.others == 1
    assert private.subject not in str(found)
    assert [one.title for one in gate.of_exchange(exchange.number)] == ["Ljusare gångväg"]
    publishing.withdraw(exchange, "Fel", by=public.editor)
    found = gate.find(outcome.pk, "sv")
    assert found is not None
    assert (found.exchanges, found.others) == ((), 2)
    ties.untie(outcome, private, by=town.user())
    found = gate.find(outcome.pk, "sv")
    assert found is not None
    assert found.others == 1


def test_a_post_is_shown_while_it_is_live(town: Town) -> None:
    paper = Paper.make()
    post = draft(paper, "Om ljuset")
    outcome = town.published()
    ties.tie_post(outcome, post, by=town.user())

    def linked() -> list[str]:
        found = gate.find(outcome.pk, "sv")
        assert found is not None
        return [one.title for one in found.posts]

    assert linked() == []
    posts.publish(post, by=paper.editor)
    assert linked() == ["Om ljuset"]
    assert [one.key for one in gate.of_post(post.pk)] == [outcome.pk]
    ties.untie_post(outcome, post, by=town.user())
    assert linked() == []
    assert gate.of_post(post.pk) == ()


@pytest.mark.parametrize("words", ["lyktorna", "lykta stationer", "gångvägar", "MÖRKA"])
def test_search_finds_other_forms_of_the_words_in_all_that_is_public(town: Town, words: str) -> None:
    town.published()
    assert [one.title for one in gate.search(exchanges.sought(words))] == ["Ljusare gångväg"]


def test_search_finds_older_steps_and_obeys_the_letters_å_ä_ö(town: Town) -> None:
    outcome = town.published(status="planned", words="Vi planerar lyktor vid vägen.")
    town.goes_on(outcome, "Nu är det klart.")
    assert len(gate.search(exchanges.sought("planer"))) == 1
    assert gate.search(exchanges.sought("vagen")) == ()
    assert gate.search(exchanges.sought("kamel lyktor")) == ()
    assert gate.search(exchanges.sought("% _ ' \\")) == ()


def test_a_hint_in_the_index_alone_finds_nothing(town: Town) -> None:
    town.published()
    finding.keep(gate.NUMBER, Outcome.objects.get().pk, ("kamel",))
    assert gate.search(exchanges.sought("kamel")) == ()


def test_the_list_turns_by_key_and_passes_nothing_over(town: Town) -> None:
    for number in range(5):
        with later(Outcome(), number):
            town.published(title=f"Nummer {number}")
    seen: list[str] = []
    before = None
    while True:
        page = gate.page(before, 2)
        seen += [one.title for one in page.outcomes]
        before = page.next
        if before is None:
            break
    assert seen == [f"Nummer {number}" for number in (4, 3, 2, 1, 0)]


def test_in_the_list_of_everything_it_stands_once_by_its_newest_step(town: Town) -> None:
    topic = Topic.objects.create(slug="ljus", name="Ljus")
    first = town.published(title="Den första")
    first.topics.add(topic)
    with later(first):
        town.published(title="Den andra")
    with later(first, 2):
        newest = town.goes_on(first)
    found = entries.page("sv").entries
    assert [joined(one.further.title_parts) for one in found if one.further] == ["Den första", "Den andra"]
    assert (found[0].kind, found[0].place, found[0].at) == (3, newest.pk, newest.published_at)
    assert entries.is_shown(3, newest.pk)
    assert not entries.is_shown(99, newest.pk)
    for which, many in (
        (Narrowing(topic="ljus"), 1),
        (Narrowing(function=town.streets.slug), 2),
        (Narrowing(person=town.kim.pk), 2),
        (Narrowing(person=town.bo.pk), 0),
    ):
        assert len(entries.page("sv", which=which).entries) == many
    assert topic in entries.topics()
    assert town.kim in entries.authors()


def test_exchanges_posts_and_outcomes_turn_their_pages_together(town: Town) -> None:
    paper = Paper.make()
    for hour in range(2):
        with later(Outcome(), hour):
            stage().publish()
            posts.publish(draft(paper, f"Inlägg {hour}"), by=paper.editor)
            town.published(title=f"Nummer {hour}")
    seen: list[entries.Key] = []
    before = None
    while True:
        page = entries.page("sv", before, 2)
        seen += [one.key for one in page.entries]
        before = page.next
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 6
    assert seen == sorted(seen, reverse=True)


def test_text_of_a_stranger_shape_is_kept_as_text(town: Town) -> None:
    outcome = town.published(
        said="<script>alert(1)</script> {{ 7|add:7 }} '; DROP TABLE", words=f"{SAID}\x0b"
    )
    found = gate.find(outcome.pk, "sv")
    assert found is not None
    assert found.said.startswith("<script>")
