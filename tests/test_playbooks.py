"""A municipality's set-up goes to another as one file: all of it, nobody in it, nothing taken away, and only what was looked at."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.utils import translation

from gensvar.config.playbooks import NOT_IN
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.conversations.models import Contact, ContactAddress, Conversation, Message, Participant
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry, Topic, User
from gensvar.core.playbooks import file, giving, services
from gensvar.core.playbooks.part import Kind, parts
from gensvar.core.roles import Role
from gensvar.desk.models import SavedView
from gensvar.desk.tests.scene import make_town, question
from gensvar.intake.models import Envelope
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing.positions.models import Position
from tests.databases import ROOT
from tests.leaver import town_with_a_leaver
from tests.playbook_town import (
    administrator,
    empty_town,
    exported,
    kinds,
    looked_at,
    set_up_town,
    taken,
    written,
)

EVERY_TABLE = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


# What is in it, and what is not


def test_every_table_stands_in_a_part_or_is_left_out_for_a_written_reason() -> None:
    times = {label: sum(label in part.covers for part in parts()) for label in EVERY_TABLE}
    assert [label for label, within in times.items() if within + (label in NOT_IN) != 1] == [], (
        "write a Part for it beside its room, or say in config.playbooks why no playbook holds it"
    )
    assert [label for label, reason in NOT_IN.items() if not reason.strip()] == []


def test_no_part_and_no_reason_is_about_a_table_or_a_column_that_is_gone() -> None:
    named = {label for part in parts() for label in part.covers} | NOT_IN.keys()
    of_one_database = {one for one in named if one.startswith("wagtailsearch.")}
    assert named - EVERY_TABLE.keys() - of_one_database == set()
    for part in parts():
        for column in part.left_out:
            label, _dot, name = column.rpartition(".")
            assert EVERY_TABLE[label]._meta.get_field(name)
    assert len({part.name for part in parts()}) == len(parts())


def test_every_column_of_a_part_is_in_the_file_or_left_out_for_a_written_reason() -> None:
    forgotten = []
    for part in parts():
        names = {one.name for one in part.shape}
        for label in part.covers:
            model = EVERY_TABLE[label]
            if not model._meta.auto_created:
                fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
                forgotten += [
                    f"{label}.{one.name}"
                    for one in fields
                    if not one.primary_key
                    and one.name not in names
                    and not part.left_out.get(f"{label}.{one.name}")
                ]
    assert forgotten == []


def test_every_part_and_field_stands_in_the_documentation() -> None:
    page = (ROOT / "docs/reference/playbook-format.md").read_text()
    names = {part.name for part in parts()} | {one.name for part in parts() for one in part.shape}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


@pytest.mark.django_db
def test_no_person_no_address_and_no_word_of_a_resident_is_in_the_file() -> None:
    town = town_with_a_leaver()
    person = make_person(
        "Zacharias Ödmark", town.streets, title="Översiktsplanerare", email="zo@norrvik.example"
    )
    Person.objects.filter(pk=person.pk).update(phone="070-174 06 05")
    question(town.mailbox, "Lyktan vid Kvarnen", sender="Ottilia Qvist <ottilia.qvist@example.org>")
    Participant.objects.update(phone="0920-174 06 11", postal_address="Kvarnvägen 7, 961 00 Boden")
    OutsideLogin.objects.create(name="Hemliga kontot", point=town.mailbox).known_by.add(person)
    ContactPoint.objects.update(settings={"host": "smtp.intern.example", "password": "sealed:hemligt-ord"})
    data = exported().decode()
    private = [
        *Person.objects.values_list("name", "title", "email", "phone"),
        *User.objects.values_list("email", "password", "first_name", "last_name"),
        *Contact.objects.values_list("name"),
        *Participant.objects.values_list("phone", "postal_address"),
        *ContactAddress.objects.values_list("address"),
        *Participant.objects.values_list("key"),
        *Conversation.objects.values_list("number", "subject", "contact_name", "preview"),
        *Message.objects.values_list("text", "sender_name", "sender_address", "message_id"),
        *Envelope.objects.values_list("mail_from", "message_id"),
        *OutsideLogin.objects.values_list("name"),
        *ContactPoint.objects.values_list("address", "web_address"),
        ("smtp.intern.example", "hemligt-ord"),
    ]
    texts = {str(one) for row in private for one in row if one}
    assert len(texts) > 40
    assert [one for one in sorted(texts) if one in data] == []


@pytest.mark.django_db
def test_two_files_of_one_town_are_the_same_bytes_on_any_day_of_the_year() -> None:
    set_up_town()
    first = exported()
    with clock.moved(dt.timedelta(days=1)):
        assert exported() == first


# What may be about a person in what is written freely


@pytest.mark.django_db
def test_what_looks_personal_is_left_out_with_its_field_unless_somebody_says_that_it_may_stand() -> None:
    administrator()
    Function.objects.create(slug="gata", name="Gatan", purpose="Ring Anna Lindqvist på 070-174 06 05.")
    Function.objects.create(slug="skola", name="Anna Lindqvist")
    made = giving.draft()
    found = {one.id: one.pieces for one in made.found}
    assert "070-174 06 05" in found["functions/gata/purpose"]
    assert {"functions/gata/purpose", "functions/skola/name"} <= set(found)
    functions = file.read(giving.give(made, [], by=None)).rows["functions"]
    assert [one["slug"] for one in functions] == ["gata"]
    assert "purpose" not in functions[0]
    kept = file.read(giving.give(made, ["functions/gata/purpose"], by=None)).rows["functions"]
    assert "Anna" in kept[0]["purpose"]


@pytest.mark.django_db
def test_what_is_left_out_leaves_the_others_text_as_it_is() -> None:
    by = administrator()
    Topic.objects.create(slug="sno", name="Snö", name_en="Snow")
    assert kinds(looked_at(written({"slug": "sno", "name": "Snö"}), by)) == {"topics/sno": Kind.SAME}


@pytest.mark.django_db
def test_names_of_colleagues_and_what_is_searched_for_are_looked_at_first() -> None:
    owner = make_person("Kim Glimminge")
    function = Function.objects.create(slug="gata", name="Gatan", purpose="Fråga glimminge om nycklarna.")
    SavedView.objects.create(
        owner=owner, shared_with=function, name="Bänkar", query="q=parkb%C3%A4nk", created_at=clock.now()
    )
    found = {one.id: one.pieces for one in giving.draft().found}
    assert "functions/gata/purpose" in found
    assert found["saved_views/gata/Bänkar/q"] == ("parkbänk",)


@pytest.mark.django_db
def test_what_names_a_row_that_is_left_out_stays_out_too() -> None:
    Function.objects.create(slug="skola", name="Anna Lindqvist")
    gata = Function.objects.create(slug="gata", name="Gatan")
    for function in Function.objects.all():
        ContactPoint.objects.create(name="Torget", channel="web", function=function, languages="sv")
    book = file.read(giving.give(giving.draft(), [], by=None))
    assert [one["function"] for one in book.rows["contact_points"]] == [gata.slug]


@pytest.mark.django_db
def test_a_file_that_nobody_could_take_in_is_not_given() -> None:
    Function.objects.create(slug="gata", name="Gatan", purpose="Städ\x07")
    with pytest.raises(giving.NotGiven, match=r"functions\.rows\[0\]\.purpose"):
        giving.give(giving.draft(), [], by=None)


@pytest.mark.django_db
def test_places_of_one_name_come_one_after_another_and_none_takes_the_place_of_another() -> None:
    by = administrator()
    Function.objects.create(slug="gata", name="Gatan")
    place = {"channel": "web", "name": "Torget", "function": "gata", "languages": "sv"}
    two, one, four = ({**place, "number": number, "hours": f"{number}"} for number in (2, 1, 4))
    alone = written(two, part="contact_points")
    with pytest.raises(services.NotTaken, match="needs number 1"):
        taken(alone, by)
    assert taken(written(two, one, part="contact_points"), by) == [
        "contact_points/web/Torget/1",
        "contact_points/web/Torget/2",
    ]
    assert list(ContactPoint.objects.order_by("pk").values_list("hours", flat=True)) == ["1", "2"]
    with pytest.raises(services.NotTaken, match="needs number 3"):
        taken(written(four, part="contact_points"), by)


@pytest.mark.django_db
def test_what_was_looked_through_is_what_is_written() -> None:
    made = giving.draft()
    giving.check(made, made.mark)
    Topic.objects.create(slug="sno", name="Snö")
    with pytest.raises(giving.Changed):
        giving.check(giving.draft(), made.mark)


# From one town to another


@pytest.mark.django_db
def test_an_empty_town_becomes_as_the_first_one_but_for_what_only_people_can_give_it() -> None:
    set_up_town()
    data = exported()
    empty_town()
    by = administrator()
    plan = looked_at(data, by)
    refused = {change.id: change.reason for _part, change in plan.changes if change.kind == Kind.CANNOT}
    assert set(refused) == {"saved_views/gata-park/Snö"}  # nobody holds the function yet
    taken(data, by)
    before, after = (json.loads(one)["parts"] for one in (data, exported()))
    for part in parts():
        if part.name not in {"positions", "saved_views"}:
            assert after[part.name] == before[part.name], part.name
    assert len(before["functions"]["rows"]) > 5
    assert len(before["contact_points"]["rows"]) > 5
    assert [after[name]["rows"] for name in ("positions", "saved_views")] == [[], []]
    assert (
        Position.objects.get().slug == before["positions"]["rows"][0]["slug"]
    )  # a draft, which is not given

    streets = Function.objects.get(slug="gata-park")
    make_person("Robin Lund", streets)
    assert taken(data, by) == ["saved_views/gata-park/Snö"]
    assert json.loads(exported())["parts"]["saved_views"] == before["saved_views"]


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing() -> None:
    set_up_town()
    data = exported()
    empty_town()
    by = administrator()
    taken(data, by)
    plan = looked_at(data, by)
    assert plan.offered == frozenset()
    assert set(kinds(plan).values()) == {Kind.SAME, Kind.CANNOT}
    with pytest.raises(services.NotTaken):
        services.take(services.bring(data, by=by), [], plan.mark, by=by)


@pytest.mark.django_db
def test_a_town_that_takes_in_its_own_file_has_nothing_to_take() -> None:
    set_up_town()
    plan = looked_at(exported(), administrator())
    assert set(kinds(plan).values()) == {Kind.SAME}


@pytest.mark.django_db
def test_what_stands_here_is_changed_only_where_somebody_ticks_it_and_nothing_goes_away() -> None:
    by = administrator()
    Topic.objects.create(slug="sno", name="Snö")
    Topic.objects.create(slug="bad", name="Bad")
    Topic.objects.create(slug="ved", name="Ved")
    file_ = written(
        {"slug": "sno", "name": "Vinter"},
        {"slug": "bad", "name": "Bad", "name_en": "Baths"},
        {"slug": "ny", "name": "Ny"},
    )
    plan = looked_at(file_, by)
    assert kinds(plan)["topics/sno"] == Kind.CHANGED
    (change,) = [one for _part, one in plan.changes if one.id == "topics/sno"]
    assert [(one.before, one.after) for one in change.differences] == [("Snö", "Vinter")]
    assert plan.proposed == {"topics/ny", "topics/bad"}  # new, and what fills what is empty here
    taken(file_, by, {"topics/ny"})
    assert sorted(Topic.objects.values_list("name", flat=True)) == ["Bad", "Ny", "Snö", "Ved"]
    taken(file_, by, {"topics/sno"})
    assert Topic.objects.get(slug="sno").name == "Vinter"


# Only what was looked at, whole or not at all


@pytest.mark.django_db
def test_what_changed_since_the_look_stops_it() -> None:
    by = administrator()
    data = written({"slug": "sno", "name": "Snö"})
    plan, came = looked_at(data, by), services.bring(data, by=by)
    Topic.objects.create(slug="sno", name="Is")
    with pytest.raises(services.NotTaken, match="changed since"):
        services.take(came, plan.proposed, plan.mark, by=by)
    assert Topic.objects.get().name == "Is"
    came.refresh_from_db()
    assert came.taken_at is None


@pytest.mark.django_db
def test_one_file_is_taken_once() -> None:
    by = administrator()
    data = written({"slug": "sno", "name": "Snö"})
    plan, came = looked_at(data, by), services.bring(data, by=by)
    services.take(came, plan.proposed, plan.mark, by=by)
    with pytest.raises(services.NotTaken, match="already"):
        services.take(came, plan.proposed, plan.mark, by=by)


@pytest.mark.django_db
def test_a_refusal_in_the_middle_leaves_nothing_behind() -> None:
    town = make_town()
    by = administrator()
    live = town.mailbox
    ContactPoint.objects.filter(pk=live.pk).update(notice="Gäller här.", archiving="E-arkivet")
    (ours,) = [
        one for one in json.loads(exported())["parts"]["contact_points"]["rows"] if one["name"] == live.name
    ]
    data = written({"slug": "sno", "name": "Snö"}, contact_points=[{**ours, "notice": ""}])
    plan = looked_at(data, by)
    with pytest.raises(services.NotTaken, match="could not be written"):
        services.take(services.bring(data, by=by), plan.offered, plan.mark, by=by)
    assert not Topic.objects.exists()
    live.refresh_from_db()
    assert live.notice == "Gäller här."
    assert not AuditEntry.objects.filter(action__in=["topics.saved", "playbooks.taken"]).exists()


@pytest.mark.django_db
def test_a_row_is_not_taken_without_the_new_row_that_it_names() -> None:
    set_up_town()
    data = exported()
    empty_town()
    by = administrator()
    plan = looked_at(data, by)
    with pytest.raises(services.NotTaken, match="needs"):
        taken(data, by, {"contact_points/email/Gata & park/1"})
    assert plan.offered >= {"contact_points/email/Gata & park/1", "functions/gata-park"}
    assert taken(data, by, {"contact_points/email/Gata & park/1", "functions/gata-park"})


@pytest.mark.django_db
def test_what_names_a_row_that_is_nowhere_cannot_be_taken() -> None:
    by = administrator()
    point = {"channel": "email", "name": "Brev", "number": 1, "function": "ingen", "languages": "sv"}
    plan = looked_at(written(point, part="contact_points"), by)
    (change,) = [one for _part, one in plan.changes]
    assert change.kind == Kind.CANNOT
    assert "ingen" in change.reason
    with pytest.raises(services.NotTaken):
        services.take(
            services.bring(written(point, part="contact_points"), by=by), [change.id], plan.mark, by=by
        )


@pytest.mark.django_db
@pytest.mark.parametrize("role", [one for one in Role if one != Role.ADMINISTRATOR])
def test_only_administrators_give_and_take(role: Role) -> None:
    user = user_of(make_person("Siv Berg", roles=(role,)))
    data = written({"slug": "sno", "name": "Snö"})
    came = services.bring(data, by=administrator())
    with pytest.raises(NotAllowed):
        giving.give(giving.draft(), [], by=user)
    with pytest.raises(NotAllowed):
        services.bring(data, by=user)
    with pytest.raises(NotAllowed):
        services.take(came, ["topics/sno"], looked_at(data, user).mark, by=user)


@pytest.mark.django_db
def test_what_was_done_is_written_down_and_the_file_is_kept() -> None:
    by = administrator()
    data = written({"slug": "sno", "name": "Snö"})
    taken(data, by)
    giving.give(giving.draft(), [], by=by)
    noted = AuditEntry.objects.filter(action__startswith="playbooks.").order_by("pk")
    assert [(one.action, one.user) for one in noted] == [
        ("playbooks.brought", by),
        ("playbooks.taken", by),
        ("playbooks.given", by),
    ]
    from gensvar.core.playbooks.models import Playbook

    kept = Playbook.objects.get()
    assert kept.read_raw() == data
    assert kept.done == [
        {"part": "topics", "id": "topics/sno", "label": "Snö", "kind": "new", "row": Topic.objects.get().pk}
    ]
