"""Each part of a playbook gives way to what stands here: places wait for an address, words stay one's own, one holds it together."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from gensvar.contactpoints import services as places
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.municipality.models import Provider
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.playbooks.part import Kind
from gensvar.core.playbooks.shape import Items
from gensvar.core.roles import Role
from gensvar.learning.surveys.models import Survey, SurveyForm
from gensvar.people.models import Function, Tenure
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing.comments.models import ModerationGround
from gensvar.publishing.positions import gate
from gensvar.publishing.positions import services as positions
from gensvar.publishing.positions.models import Position
from gensvar.publishing.services import NotPublishable
from tests.playbook_town import (
    NOTICE,
    administrator,
    empty_town,
    exported,
    kinds,
    looked_at,
    set_up_town,
    taken,
    written,
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.django_db
def test_a_place_that_came_has_no_address_and_opens_only_with_all_that_a_place_needs() -> None:
    set_up_town()
    data = exported()
    empty_town()
    taken(data, administrator())
    place = ContactPoint.objects.get(channel="email", name="Gata & park")
    assert (place.state, place.address, place.owner, place.notice) == ("draft", "", None, NOTICE)
    place.state = ContactPoint.State.LIVE
    with pytest.raises(ValidationError) as lacking:
        places.save_contact_point(place, by=None)
    assert set(lacking.value.message_dict) == {"address"}
    with pytest.raises(ValidationError, match="address"):
        places.close_contact_point(place, by=None)
    place.state, place.address = ContactPoint.State.LIVE, "gata@soderby.example"
    with pytest.raises(ValidationError) as lacking:
        places.save_contact_point(place, by=None)
    assert set(lacking.value.message_dict) == {"owner", "deputy"}


@pytest.mark.django_db
def test_a_place_that_stands_here_stays_with_its_function_and_open() -> None:
    set_up_town()
    data = exported()
    by = administrator()
    place = ContactPoint.objects.get(channel="email", name="Gata & park")
    ContactPoint.objects.filter(pk=place.pk).update(function=Function.objects.get(slug="skola"), hours="8–16")
    assert taken(data, by) == ["contact_points/email/Gata & park/1"]
    place.refresh_from_db()
    assert (place.function.slug, place.hours, place.state) == ("skola", "", "live")


@pytest.mark.django_db
def test_who_holds_it_together_here_goes_on_doing_so() -> None:
    by = administrator()
    Function.objects.create(slug="kansli", name="Kansliet", coordinates=True)
    data = written({"slug": "info", "name": "Information", "coordinates": True}, part="functions")
    taken(data, by)
    assert Function.objects.get(coordinates=True).slug == "kansli"
    assert kinds(looked_at(data, by)) == {"functions/info": Kind.SAME}


@pytest.mark.django_db
def test_a_function_that_rests_is_not_woken_and_a_word_that_became_another_stays_so() -> None:
    by = administrator()
    Function.objects.create(slug="gata", name="Gatan", active=False)
    snow = Topic.objects.create(slug="sno", name="Snö")
    Topic.objects.create(slug="is", name="Is", merged_into=snow)
    plan = looked_at(
        written({"slug": "is", "name": "Halka"}, functions=[{"slug": "gata", "name": "Gator"}]), by
    )
    assert set(kinds(plan).values()) == {Kind.CANNOT}


@pytest.mark.django_db
def test_a_position_comes_as_a_headline_without_a_word_of_the_others_stand() -> None:
    set_up_town()
    data = exported()
    assert b"skolv\xc3\xa4gar f\xc3\xb6rst" not in data  # the words; the headline is "Först skolvägarna"
    empty_town()
    by = administrator()
    taken(data, by)
    position = Position.objects.get()
    draft = positions.draft_of(position)
    assert draft is not None
    assert (draft.title, draft.text, draft.person.user) == ("Först skolvägarna", "", by)
    assert gate.find(position.slug) is None
    editor = make_person("Siv Berg", position.function, roles=(Role.EDITOR,))
    with pytest.raises(NotPublishable, match="headline"):
        positions.decide(draft, by=user_of(editor))
    own = positions.Written("Först gångvägarna", "Vi plogar gångvägar först.", editor, position.function)
    mended = positions.write(position, own, by=user_of(editor), seen=draft.written_at)
    positions.decide(mended, by=user_of(editor))
    assert gate.find(position.slug) is not None
    assert kinds(looked_at(data, by))[f"positions/{position.slug}"] == Kind.SAME


@pytest.mark.django_db
def test_a_position_that_does_not_stand_any_more_is_not_given() -> None:
    kim = set_up_town()
    position = Position.objects.get()
    positions.withdraw(position, "Det gäller inte.", person=kim, function=position.function, by=user_of(kim))
    assert json.loads(exported())["parts"]["positions"]["rows"] == []


@pytest.mark.django_db
def test_a_new_wording_of_a_ground_ends_the_old_one_and_decisions_keep_theirs() -> None:
    by = administrator()
    old = ModerationGround.objects.order_by("pk").first()
    assert old is not None
    data = written({"slug": old.slug, "name": "Ny lydelse"}, part="moderation_grounds")
    taken(data, by)
    old.refresh_from_db()
    new = ModerationGround.on(clock.today()).get(slug=old.slug)
    assert (new.name, new.rule, new.since) == ("Ny lydelse", old.rule, clock.today())
    assert old.until == clock.today() - dt.timedelta(days=1)
    other = written({"slug": old.slug, "name": "Ännu en"}, part="moderation_grounds")
    assert set(kinds(looked_at(other, by)).values()) == {Kind.CANNOT}


@pytest.mark.django_db
def test_the_notice_changes_and_who_the_municipality_is_does_not() -> None:
    by = administrator()
    Provider.objects.create(legal_name="Söderby kommun", legal_basis="Gammal grund.", saved_at=clock.now())
    taken(written({"legal_basis": "Uppgift av allmänt intresse."}, part="privacy_notice"), by)
    newest = Provider.objects.order_by("-pk")[0]
    assert (newest.legal_name, newest.legal_basis) == ("Söderby kommun", "Uppgift av allmänt intresse.")
    assert Provider.objects.count() == 2


@pytest.mark.django_db
def test_holidays_are_in_no_file_since_every_town_has_them() -> None:
    set_up_town()
    days = json.loads(exported())["parts"]["special_days"]["rows"]
    assert [one["name"] for one in days] == ["Klämdag"]


@pytest.mark.django_db
def test_a_setting_of_the_environment_is_told_and_not_written(settings: Any) -> None:
    data = exported()
    settings.GENSVAR_COMMENTS = "off"
    plan = looked_at(data, administrator())
    (change,) = [one for _part, one in plan.changes if one.id == "settings/GENSVAR_COMMENTS"]
    assert change.kind == Kind.CANNOT
    assert "GENSVAR_COMMENTS=" in change.reason


@pytest.mark.django_db
def test_a_view_becomes_that_of_somebody_who_holds_the_function() -> None:
    by = administrator()
    streets = Function.objects.create(slug="gata", name="Gatan")
    outsider = make_person(
        "Axel Ä", streets, roles=(Role.EXTERNAL,), kind=Tenure.Kind.EXTERNAL, until=clock.today()
    )
    view = {"shared_with": "gata", "name": "Snö", "q": "snö"}
    assert set(kinds(looked_at(written(view, part="saved_views"), by)).values()) == {Kind.CANNOT}
    assert outsider.saved_views.count() == 0
    bo = make_person("Bo Ek", streets)
    taken(written(view, part="saved_views"), by)
    assert [(one.name, one.shared_with) for one in bo.saved_views.all()] == [("Snö", streets)]
    wide = {"shared_with": "gata", "name": "Allt", "queue": "mine"}
    assert set(kinds(looked_at(written(wide, part="saved_views"), by)).values()) == {Kind.CANNOT}


def test_rows_within_a_row_are_read_in_their_order() -> None:
    from gensvar.core.playbooks.shape import Flag, Text, Unreadable

    questions = Items(name="questions", of=(Text(name="text", longest=20, needed=True), Flag(name="must")))
    assert questions.read([{"text": "B", "must": True}, {"text": "A"}]) == [
        {"text": "B", "must": True},
        {"text": "A"},
    ]
    assert questions.texts([{"text": "B"}]) == ["B"]
    for wrong in ({}, [{"must": True}], [{"text": "B", "colour": "red"}], [1]):
        with pytest.raises(Unreadable):
            questions.read(wrong)


@pytest.mark.django_db
def test_the_questions_of_a_survey_travel_and_what_was_asked_here_is_never_changed() -> None:
    by = administrator()
    ours = SurveyForm.objects.order_by("pk")[0]
    data = exported()
    assert set(kinds(looked_at(data, by)).values()) <= {Kind.SAME, Kind.CANNOT}
    key = ours.questions.all()[0].key
    row = {
        "title": ours.title,
        "questions": [
            {"key": key, "kind": "scale", "words": "Jag vågar säga ifrån."},
            {"key": "nytt", "kind": "text", "words": "Vad mer?"},
        ],
    }
    new = {"title": "Efter mötet", "questions": [{"key": "ny", "kind": "scale", "words": "Jag blev hörd."}]}
    leader = make_person("Bo Ek", Function.objects.create(slug="gata", name="Gatan"))
    asked = Survey.objects.create(
        leader=leader,
        function=Function.objects.get(slug="gata"),
        form=ours,
        run_by=leader,
        last_day=clock.today(),
        made_at=clock.now(),
        state=Survey.State.OPEN,
    )
    taken(written(row, new, part="survey_forms"), by)
    asked.form.refresh_from_db()
    assert asked.form.questions.count() > 2, "what was asked stays"
    continued = SurveyForm.objects.get(continues=ours)
    assert [(one.key, one.words) for one in continued.questions.all()] == [
        (key, "Jag vågar säga ifrån."),
        ("nytt", "Vad mer?"),
    ]
    made = SurveyForm.objects.get(title="Efter mötet")
    assert [one.words for one in made.questions.all()] == ["Jag blev hörd."]
    assert set(kinds(looked_at(written(row, new, part="survey_forms"), by)).values()) == {Kind.SAME}
