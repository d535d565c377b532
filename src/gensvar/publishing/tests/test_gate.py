"""The gate: shows what was approved, and closes at once when any ground for it falls away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from gensvar.conversations import services as conversations
from gensvar.conversations.models import Contact, Conversation, Message
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.roles import Role
from gensvar.people.models import Person
from gensvar.publishing import gate, services
from gensvar.publishing.models import PublicExchange, PublicText
from gensvar.publishing.tests.scene import Scene, member, stage

pytestmark = pytest.mark.django_db


def test_an_approved_exchange_is_seen_with_function_and_time_but_without_the_writers_name() -> None:
    scene = stage()
    scene.publish()
    found = gate.find(scene.conversation.number)
    assert found is not None
    assert (found.question.text, found.question.name) == ("När plogas vår gata?", "")
    assert (found.answer.text, found.answer.name, found.answer.function) == (
        "I kväll.",
        "Kim Ek",
        "Gata & park",
    )
    assert found.took_working_days == 0
    assert found.slug == "sno-pa-storgatan"


def test_the_writers_name_is_shown_only_while_they_agree() -> None:
    scene = stage()
    scene.publish()
    scene.participant.show_name = True
    scene.participant.save()
    found = gate.find(scene.conversation.number)
    assert found is not None
    assert found.question.name == "Anna Lindqvist"


def test_of_two_who_answered_together_those_are_named_who_agreed() -> None:
    scene = stage()
    other = Person.objects.create(name="Sam Åberg", title="rektor", shown=True)
    Message.objects.filter(pk=scene.answer.pk).update(co_signer=other)
    exchange = scene.publish()
    both = gate.find(exchange.conversation.number)
    assert both is not None
    assert (both.answer.name, both.answer.title) == ("Kim Ek och Sam Åberg", "")
    assert gate.published_page(person=other.pk).exchanges == (both,)
    assert set(gate.authors()) == {scene.person, other}
    Person.objects.filter(pk=scene.person.pk).update(shown=False)
    one = gate.find(exchange.conversation.number)
    assert one is not None
    assert (one.answer.name, one.answer.title) == ("Sam Åberg", "rektor")
    assert gate.published_page(person=scene.person.pk).exchanges == ()
    Person.objects.filter(pk=other.pk).update(shown=False)
    none = gate.find(exchange.conversation.number)
    assert none is not None
    assert none.answer.name == ""


def test_a_colleague_who_is_not_shown_answers_as_the_function() -> None:
    scene = stage()
    scene.person.shown = False
    scene.person.save()
    scene.publish()
    found = gate.find(scene.conversation.number)
    assert found is not None
    assert (found.answer.name, found.answer.function) == ("", "Gata & park")


def _no(scene: Scene) -> None:
    Message.objects.filter(pk=scene.question.pk).update(may_publish=False)


def _protect(scene: Scene) -> None:
    scene.contact.protected = True
    scene.contact.save()


def _spam(scene: Scene) -> None:
    Conversation.objects.filter(pk=scene.conversation.pk).update(state="spam")


def _private(scene: Scene) -> None:
    Conversation.objects.filter(pk=scene.conversation.pk).update(visibility="private")


def _unapprove_answer(scene: Scene) -> None:
    services.unapprove(scene.answer.public_text, by=scene.editor)


def _unapprove_question(scene: Scene) -> None:
    services.unapprove(scene.question.public_text, by=scene.editor)


def _withdraw(scene: Scene) -> None:
    services.withdraw(scene.conversation.public_exchange, "fel person", by=scene.editor)


def _edit(scene: Scene) -> None:
    services.save_text(scene.answer.public_text, "Något annat", by=scene.editor)


def _become_note(scene: Scene) -> None:
    Message.objects.filter(pk=scene.answer.pk).update(direction="note")


def _become_automatic(scene: Scene) -> None:
    Message.objects.filter(pk=scene.answer.pk).update(author="automatic")


def _become_forward(scene: Scene) -> None:
    Message.objects.filter(pk=scene.answer.pk).update(marks=["forward"])


@pytest.mark.parametrize(
    "falls_away",
    [
        _no,
        _protect,
        _spam,
        _private,
        _unapprove_answer,
        _unapprove_question,
        _withdraw,
        _edit,
        _become_note,
        _become_automatic,
        _become_forward,
    ],
)
def test_the_gate_closes_at_once_when_a_ground_falls_away(falls_away: Callable[[Scene], None]) -> None:
    scene = stage()
    scene.publish()
    assert gate.find(scene.conversation.number) is not None
    for row in (scene.conversation, scene.question, scene.answer):
        row.refresh_from_db()
    falls_away(scene)
    assert gate.find(scene.conversation.number) is None
    assert gate.published_page().exchanges == ()
    assert gate.was_withdrawn(scene.conversation.number)


def test_what_answered_a_protected_identity_is_closed_beside_another_who_asked_the_same() -> None:
    scene, other = stage(question="Vad får jag i bidrag?"), stage()
    boss = member("chef@norrvik.example", Role.COORDINATOR)
    conversations.merge(other.conversation, scene.conversation, by=boss)
    exchange = scene.publish()
    for one in (other.contact, scene.contact):
        assert len(gate.published_page().exchanges) == len(gate.months()) == 1
        Contact.objects.filter(pk=one.pk).update(protected=True)
        assert gate.find(exchange.number) is None
        assert gate.published_page().exchanges == gate.months() == tuple(gate.authors()) == ()
        assert gate.newest_by_function(3) == {}
        assert gate.as_it_would_be(exchange) is None
        with pytest.raises(services.NotPublishable, match="skyddad identitet"):
            services.publish(exchange, by=scene.editor)
        Contact.objects.filter(pk=one.pk).update(protected=False)


def test_what_was_never_published_is_not_called_withdrawn() -> None:
    scene = stage()
    services.prepare(scene.conversation, by=scene.editor)
    assert not gate.was_withdrawn(scene.conversation.number)
    assert gate.find(scene.conversation.number) is None


def test_a_row_that_cannot_be_judged_is_kept_closed_and_the_others_stand(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = stage(), stage()
    good.publish()
    bad.publish()
    judge = gate._may_be_seen

    def broken(message: Message, conversation: Conversation) -> bool:
        if conversation.pk == bad.conversation.pk:
            raise RuntimeError("a row nobody foresaw")
        return judge(message, conversation)

    monkeypatch.setattr(gate, "_may_be_seen", broken)
    assert [one.number for one in gate.published_page().exchanges] == [good.conversation.number]
    assert "kept exchange" in caplog.text


def test_a_later_message_needs_its_own_yes_and_its_own_approval() -> None:
    scene = stage()
    exchange = scene.publish()
    later = Message.objects.create(
        conversation=scene.conversation,
        direction="in",
        author="resident",
        contact=scene.contact,
        channel="email",
        at=clock.now() + dt.timedelta(hours=1),
        text="Och i morgon?",
        may_publish=False,
    )
    services.prepare(scene.conversation, by=scene.editor)
    text = PublicText.objects.get(message=later)
    with pytest.raises(services.NotPublishable):
        services.approve(text, by=scene.editor)
    later.may_publish = True
    later.save()
    text = PublicText.objects.get(message=later)
    found = gate.find(exchange.number)
    assert found is not None
    assert len(found.words) == 2
    services.approve(text, by=scene.editor)
    found = gate.find(exchange.number)
    assert found is not None
    assert [word.text for word in found.words][-1] == "Och i morgon?"


def test_pages_follow_each_other_by_key_without_overlap(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for hours in range(7):
        with clock.moved(dt.timedelta(hours=hours)):
            stage().publish()
    with django_assert_num_queries(4):
        first = gate.published_page(size=3)
    second = gate.published_page(first.next, size=3)
    third = gate.published_page(second.next, size=3)
    numbers = [one.number for page in (first, second, third) for one in page.exchanges]
    assert len(numbers) == len(set(numbers)) == 7
    assert third.next is None


@pytest.mark.parametrize("role", [Role.ANSWERER, Role.REGISTRAR, Role.EXTERNAL, Role.ADMINISTRATOR])
def test_only_editors_and_coordinators_open_the_gate(role: Role) -> None:
    scene = stage()
    with pytest.raises(NotAllowed):
        services.prepare(scene.conversation, by=member("annan@norrvik.example", role))


def test_an_editor_of_another_function_cannot_publish_what_they_do_not_see() -> None:
    scene = stage()
    with pytest.raises(NotAllowed):
        services.prepare(scene.conversation, by=member("annan@norrvik.example", Role.EDITOR))


def test_withdrawing_keeps_the_text_and_asks_why() -> None:
    scene = stage()
    exchange = scene.publish()
    with pytest.raises(services.NotPublishable):
        services.withdraw(exchange, "  ", by=scene.editor)
    services.withdraw(exchange, "Skrivet om någon annan.", by=scene.editor)
    row = PublicExchange.objects.get(pk=exchange.pk)
    assert (row.state, row.withdrawn_reason) == ("withdrawn", "Skrivet om någon annan.")
    assert row.texts.count() == 2
