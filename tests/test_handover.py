"""Handover: reviewed by somebody else, all or nothing, once whoever presses at once, and undone within a week."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from gensvar.answers import drafts
from gensvar.answers.models import Draft, OtherWording
from gensvar.answers.tests.test_races import at_once
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.conversations import counts
from gensvar.conversations.models import Conversation, Mention
from gensvar.core import clock, files
from gensvar.core.access import NotAllowed
from gensvar.core.roles import Role
from gensvar.desk.models import SavedView
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.handover import document, services
from gensvar.people.handover.holding import holdings
from gensvar.people.handover.models import Handover, HandoverItem
from gensvar.people.handover.plan import Plan, plan_of
from gensvar.people.handover.services import NotReady
from gensvar.people.handover.states import ImpossibleMove, State
from gensvar.people.models import Tenure
from gensvar.people.queries import could_speak_on, holders_of
from gensvar.people.services import begin_tenure
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.publishing.posts.models import Byline
from gensvar.publishing.posts.services import publish
from gensvar.publishing.tests.posts_scene import Paper, draft
from tests.leaver import all_that_points, done, prepared, siv, town_with_a_leaver
from tests.scenes import Scenes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def town(scenes: Scenes) -> Iterator[Town]:
    with scenes.meet(town_with_a_leaver) as town:
        yield town


def test_who_prepared_it_does_not_review_it_alone_where_another_could(town: Town) -> None:
    handover = prepared(town)
    mark = plan_of(handover).mark
    with pytest.raises(NotReady, match="Somebody else"):
        services.confirm(handover, mark, by=town.user(Role.COORDINATOR))
    assert Handover.objects.get().state == State.PREPARED
    found = services.confirm(handover, mark, by=town.user(Role.COORDINATOR), alone_because="Siv är sjuk")
    assert found.alone_because == "Siv är sjuk"


@pytest.mark.parametrize("role", [Role.ANSWERER, Role.EDITOR, Role.REGISTRAR, Role.EXTERNAL])
def test_only_coordinators_and_administrators_hand_over(town: Town, role: Role) -> None:
    handover = prepared(town)
    by = town.user(role)
    with pytest.raises(NotAllowed):
        services.prepare(town.sam, clock.today(), by=by)
    for act in (
        lambda: services.confirm(handover, plan_of(handover).mark, by=by),
        lambda: services.drop(handover, by=by),
        lambda: services.choose(handover, {}, last_day=clock.today(), reason="", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_nobody_hands_over_what_they_hold_themselves(town: Town) -> None:
    with pytest.raises(NotAllowed, match="Somebody else"):
        services.prepare(town.by_role[Role.COORDINATOR], clock.today(), by=town.user(Role.COORDINATOR))


def test_what_was_reviewed_is_what_is_done(town: Town) -> None:
    handover = prepared(town)
    mark = plan_of(handover).mark
    drafts.save_draft(
        person=town.kim,
        kind="note",
        text="Nytt",
        conversation=Conversation.objects.first(),
        function=town.streets,
    )
    with pytest.raises(NotReady, match="Something has changed"):
        services.confirm(handover, mark, by=siv())
    assert not HandoverItem.objects.exists()


def test_another_last_day_than_the_reviewed_one_is_another_plan(town: Town) -> None:
    handover = prepared(town)
    mark = plan_of(handover).mark
    later = handover.last_day + dt.timedelta(days=30)
    services.choose(handover, {}, last_day=later, reason="", by=town.user(Role.COORDINATOR))
    with pytest.raises(NotReady, match="Something has changed"):
        services.confirm(handover, mark, by=siv())
    assert not HandoverItem.objects.exists()


def test_nothing_moves_where_one_thing_has_nobody_to_take_it_over(town: Town) -> None:
    handover = prepared(town)
    alone = make_function("Simhallen")
    Tenure.objects.create(person=town.kim, function=alone, starts=dt.date(2020, 1, 1))
    handover = services.choose(
        handover, {}, last_day=clock.today(), reason="", by=town.user(Role.COORDINATOR)
    )
    plan = plan_of(handover)
    assert not plan.ready
    with pytest.raises(NotReady, match="nobody who takes it over"):
        services.confirm(handover, plan.mark, by=siv())
    assert not HandoverItem.objects.exists()
    assert Tenure.objects.get(function=alone, person=town.kim).ends is None


def test_a_function_never_stands_empty(town: Town) -> None:
    alone = make_function("Simhallen")
    Tenure.objects.create(person=town.kim, function=alone, starts=dt.date(2020, 1, 1))
    done(town)
    assert list(holders_of(alone).exclude(pk=town.kim.pk)) == [town.robin]
    assert Tenure.objects.get(function=alone, person=town.robin).starts == clock.today()
    assert Tenure.objects.filter(function=town.streets, person=town.robin).count() == 1  # held it before


def test_a_role_that_nobody_else_has_stops_it(town: Town) -> None:
    administrator = town.by_role[Role.ADMINISTRATOR]
    handover = services.prepare(administrator, clock.today(), by=siv())
    assert any("Administrat" in one for one in plan_of(handover).obstacles)
    with pytest.raises(NotReady):
        services.confirm(handover, plan_of(handover).mark, by=town.user(Role.COORDINATOR))


def test_conversations_are_counted_and_seen_by_who_takes_over(town: Town) -> None:
    done(town)
    assert counts.differences() == {}
    assert set(Conversation.objects.values_list("assignee", flat=True)) <= {town.robin.pk, None}
    asked = Mention.objects.filter(person=town.kim)
    assert {one.seen_at is None for one in asked} == {False}  # who was asked stays written
    assert {one.seen_at is None for one in Mention.objects.filter(person=town.robin)} == {True}


def test_where_both_wrote_a_draft_both_texts_are_kept(town: Town) -> None:
    draft = Draft.objects.get(person=town.kim, kind="answer")
    own = drafts.save_draft(
        person=town.robin,
        kind="answer",
        text="Robins ord",
        conversation=draft.conversation,
        function=town.streets,
    )
    handover = done(town)
    assert Draft.objects.get(pk=own.pk).text == "Robins ord"
    assert OtherWording.objects.get(draft=own).text == "Hej!"
    services.undo(handover, by=siv())
    assert Draft.objects.get(pk=draft.pk).text == "Hej!"
    assert not OtherWording.objects.exists()


def test_a_first_word_begun_since_is_not_written_over_where_the_older_one_would_come_back(town: Town) -> None:
    old = Draft.objects.get(person=town.kim, kind="first")
    handover = done(town)
    new = drafts.save_draft(person=town.kim, kind="first", text="Ett nytt brev")
    assert services.undo(handover, by=siv())["stayed"] == 1
    drafts.save_draft(person=town.kim, kind="first", text="Ett nytt brev, längre", version=new.version)
    kept = Draft.objects.filter(conversation=None).values_list("pk", "person", "text")
    assert sorted(kept) == [(old.pk, town.robin.pk, "Hej!"), (new.pk, town.kim.pk, "Ett nytt brev, längre")]


def test_the_deputy_who_becomes_the_owner_is_no_deputy_of_themselves(town: Town) -> None:
    place = ContactPoint.objects.get(owner=town.kim)
    handover = done(town)
    place.refresh_from_db()
    assert (place.owner, place.deputy) == (town.robin, None)
    services.undo(handover, by=siv())
    place.refresh_from_db()
    assert (place.owner, place.deputy) == (town.kim, town.robin)


def test_a_view_of_a_name_that_the_other_has_keeps_both(town: Town) -> None:
    view = SavedView.objects.get(owner=town.kim)
    SavedView.objects.create(owner=town.robin, name="snö", query="q=is", created_at=clock.now())
    handover = done(town)
    assert SavedView.objects.filter(owner=town.robin).count() == 2
    services.undo(handover, by=siv())
    view.refresh_from_db()
    assert (view.owner, view.name) == (town.kim, "Snö")


def test_a_week_undoes_it_and_no_longer(town: Town) -> None:
    handover = done(town)
    with clock.moved(dt.timedelta(days=7)), pytest.raises(ImpossibleMove, match="week"):
        services.undo(handover, by=siv())
    with clock.moved(dt.timedelta(days=6, hours=23)):
        assert services.undo(handover, by=siv())["stayed"] == 0
        days = (clock.today(), clock.today() - dt.timedelta(days=1))
        today, before = (
            [one.function for one in could_speak_on(day) if one.person == town.kim] for day in days
        )
        assert (town.streets in today, before) == (True, []), "the days in between stay as they were"
    with pytest.raises(ImpossibleMove, match="already"):
        services.undo(handover, by=siv())


def test_what_has_changed_since_stays_and_is_said(town: Town) -> None:
    handover = done(town)
    place = ContactPoint.objects.filter(owner=town.robin).earliest("pk")
    ContactPoint.objects.filter(owner=town.robin).update(owner=None)
    counted = services.undo(handover, by=siv())
    assert counted["stayed"] == 1
    stayed = handover.items.get(state=HandoverItem.State.STAYED)
    assert (stayed.kind, stayed.label) == ("owned", str(place))


def test_a_function_that_was_given_back_by_hand_stays_so_and_stops_nothing(town: Town) -> None:
    today, day = clock.today(), dt.timedelta(days=1)
    Tenure.objects.filter(person=town.robin, function=town.streets).delete()
    handover = done(town, last_day=today - day)
    received = Tenure.objects.get(person=town.robin, function=town.streets)
    for starts, ends, stayed, held_by_the_receiver in (
        (today, None, 1, today),
        (today, today + 9 * day, 1, None),  # the function would stand empty after it
        (today + 9 * day, None, 0, today),
    ):
        with transaction.atomic():
            given = begin_tenure(town.kim, town.streets, starts, by=None, ends=ends)
            assert services.undo(handover, by=siv())["stayed"] == stayed
            held = Tenure.objects.filter(person=town.kim, function=town.streets).order_by("starts")
            assert held.last() == given
            assert [one.ends for one in held] == [given.starts - day, ends]
            received.refresh_from_db()
            assert received.ends == held_by_the_receiver
            transaction.set_rollback(True)


def test_a_log_in_outside_stays_open_until_it_is_changed_before_a_witness(town: Town) -> None:
    handover = done(town)
    item = handover.items.get(open=True)
    login = OutsideLogin.objects.get()
    assert set(login.known_by.all()) == {town.kim, town.robin}
    assert "2024-05-01" in item.label
    known = login.knowings.get(person=town.robin)
    assert (known.since, known.told_by) == (clock.today(), town.kim)
    for day, seen_by in ((clock.today() + dt.timedelta(days=1), town.robin), (clock.today(), town.kim)):
        with pytest.raises(NotReady):
            services.witness(item, day, seen_by, by=siv())
    services.witness(item, clock.today(), town.robin, by=siv())
    with pytest.raises(ImpossibleMove):
        services.witness(item, clock.today(), town.robin, by=siv())
    login.refresh_from_db()
    assert (list(login.known_by.all()), login.changed_on, login.witness) == (
        [town.robin],
        clock.today(),
        town.robin,
    )


@pytest.fixture
def planned(town: Town) -> Plan:
    return plan_of(prepared(town))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.sets(st.sampled_from([one.kind for one in holdings()]), min_size=1))
def test_undoing_what_was_given_leaves_everything_as_it_was(
    kinds: set[str], town: Town, planned: Plan
) -> None:
    """So one plan serves all of them."""
    by, before = siv(), all_that_points(town.kim)
    occasion = services.Occasion(town.kim, clock.today(), by)
    parts = [part for part in planned.parts if part.holding.kind in kinds]
    moved = [
        (part.holding, key, kept)
        for part in parts
        for key, kept in part.holding.give(
            occasion, [services.Giving(line.held.key, line.to) for line in part.lines]
        ).items()
    ]
    assert all(holding.take_back(occasion, key, kept) for holding, key, kept in moved)
    assert all_that_points(town.kim) == before
    assert counts.differences() == {}


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_move_it_once() -> None:
    town = town_with_a_leaver()
    handover = prepared(town)
    mark, users = plan_of(handover).mark, [siv(), town.user(Role.ADMINISTRATOR)]
    results = at_once(*[lambda by=by: services.confirm(handover, mark, by=by) for by in users])
    assert sorted(type(one).__name__ for one in results) == ["Handover", "ImpossibleMove"]
    assert HandoverItem.objects.filter(kind="login").count() == 1
    results = at_once(*[lambda by=by: services.undo(handover, by=by) for by in users])
    assert sorted(type(one).__name__ for one in results) == ["ImpossibleMove", "dict"]


@pytest.mark.django_db(transaction=True)
def test_two_handovers_to_each_other_never_wait_in_a_circle() -> None:
    town = town_with_a_leaver()
    other = services.prepare(town.robin, clock.today(), by=town.user(Role.COORDINATOR))
    lena = make_person("Lena Ny", town.streets, town.schools, roles=(Role.EDITOR,))
    choices = {one.kind: {"*": lena.pk} for one in holdings() if one.received}
    other = services.choose(other, choices, last_day=clock.today(), reason="", by=town.user(Role.COORDINATOR))
    both = [prepared(town), other]
    marks = [plan_of(one).mark for one in both]
    results = at_once(
        *[
            lambda one=one, mark=mark: services.confirm(one, mark, by=siv())
            for one, mark in zip(both, marks, strict=True)
        ]
    )
    assert all(isinstance(one, Handover | NotReady) for one in results), results
    assert any(isinstance(one, Handover) for one in results)


def read(pdf: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(pdf))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def test_the_document_is_tagged_archivable_and_tells_what_was_done(town: Town) -> None:
    long = "Torg.vag@" * 6
    OutsideLogin.objects.create(name=long, point=OutsideLogin.objects.get().point).known_by.add(town.kim)
    handover = done(town)
    kept = document.document_of(handover, "sv")
    reader, text = read(files.read(kept.sha256))
    root: Any = reader.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], "/StructTreeRoot" in root) == (True, "sv", True)
    assert [long in one for one in (text, "".join(text.split()))] == [False, True]  # breaks within its column
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfaid:part>2<" in metadata
    assert "pdfuaid:part>1<" in metadata
    for said in ("Kim Ek", "Robin Öst", "Ny tjänst", "Gata & park", "Facebook"):
        assert said in text
    assert document.document_of(handover, "sv") == kept
    assert document.document_of(handover, "en") != kept
    services.witness(handover.items.get(label__contains="Torg"), clock.today(), town.robin, by=siv())
    changed = read(files.read(document.document_of(handover, "sv").sha256))[1]
    assert (text.count("inte än"), changed.count("inte än")) == (2, 1)


def test_words_of_strangers_are_no_markup_and_no_letter_breaks_the_document(town: Town) -> None:
    SavedView.objects.filter(owner=town.kim).update(name='#read("/etc/passwd") *x* $y$ 雪 \u202e')
    text = "".join(read(document.make(done(town), "sv"))[1].split())
    assert '#read("/etc/passwd")*x*$y$[U+96EA][U+202E]' in text


def test_the_document_needs_a_handover_that_moved_something(town: Town) -> None:
    with pytest.raises(ValueError, match="once it is done"):
        document.document_of(prepared(town), "sv")


def test_who_has_left_is_shown_the_door_after_the_last_day(town: Town) -> None:
    done(town)
    assert user_of(town.kim).has_access
    with clock.moved(dt.timedelta(days=1)):
        assert not user_of(town.kim).has_access


def test_what_the_leaver_signs_and_nobody_has_seen_is_said_whoever_owns_it(town: Town) -> None:
    robin = user_of(town.robin)
    paper = Paper(robin, town.kim, town.streets)
    soon = clock.now() + dt.timedelta(days=3)
    draft(paper, "Ishallen")
    draft(Paper(robin, town.robin, town.streets), "Robins eget")
    publish(draft(paper, "Redan sagt"), by=robin)
    timed = draft(paper, "Vinterväghållningen", go_live_at=soon)
    timed.save_revision(user=robin, approved_go_live_at=soon)
    timed.bylines = [Byline(person=town.robin, function=town.streets)]
    timed.save_revision(user=robin)  # a newer draft, while the time stands for the older wording
    said = [one for one in plan_of(prepared(town)).remarks if "Robin Öst" in one]
    assert [one[1:].partition("”")[0] for one in said] == ["Vinterväghållningen", "Ishallen"]
    assert all("Kim Ek" in one for one in said)
    assert "it is held then" in said[0], "its time is after the last day"
    page = logged_in(town.by_role[Role.COORDINATOR]).get(f"/desk/overlamningar/{Handover.objects.get().pk}/")
    assert "Vinterväghållningen" in page.content.decode()
    given = done(town)
    assert all("Ishallen" in " ".join(given.remarks[language]) for language in ("sv", "en"))
    for language, heading in (("sv", "Det som står kvar som det är"), ("en", "What stays as it is")):
        _reader, text = read(document.make(given, language))
        assert heading in text
        assert "Vinterväghållningen" in text
