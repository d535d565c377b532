"""The accessibility statement and its form, the contact page, and the notices: all of it from rows that the municipality edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.html import escape

from gensvar.contactpoints.municipality import hours, queries
from gensvar.contactpoints.municipality import services as municipality
from gensvar.contactpoints.municipality.models import Office, OfficeDay, Provider
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.intake.models import Envelope
from gensvar.people.models import Function
from gensvar.people.tests.factories import make_function, make_person
from gensvar.publishing.about.models import WordAbout
from gensvar.publishing.accessibility import services
from gensvar.publishing.accessibility.models import Failure, Statement, StatementVersion
from gensvar.publishing.tests.scene import member
from gensvar.routing.models import SpecialDay
from gensvar.square.tests import scene
from gensvar.square.tests.comments_scene import work

pytestmark = pytest.mark.django_db


def counter(function: Function, **fields: Any) -> Office:
    """A counter that is open on weekdays."""
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "08:00–12:00, 13:00–16:00")
    given = {"name": "Medborgarkontoret", "address": "Torget 1\n999 99 Norrvik", "friday": "8-15", **week}
    return Office.objects.create(function=function, **{**given, **fields})


def say_who(by: User) -> Provider:
    """The municipality says who it is."""
    return Provider.objects.create(
        legal_name="Norrviks kommun",
        organisation_number="212000-9999",
        postal_address="Norrviks kommun\n999 99 Norrvik",
        phone="0999-10 00 00",
        email="kommun@norrvik.example",
        officer="Dataskyddsombudet",
        officer_email="dso@norrvik.example",
        legal_basis="Uppgift av allmänt intresse.",
        retention="Enligt beslut KS 2026-12.",
        saved_by=by,
        saved_at=clock.now(),
    )


@pytest.fixture
def editor() -> User:
    return member("rut@norrvik.example", Role.COORDINATOR)


def tell(client: Client, **fields: Any) -> Any:
    data = {
        "form": scene.form_id(),
        "website": "",
        "text": "Knappen läses inte upp.",
        "place": "",
        "email": "",
    }
    return client.post("/tillganglighet/beratta", data | fields)


def test_the_statement_says_what_does_not_work_why_and_since_when(client: Client) -> None:
    page = client.get("/tillganglighet").content.decode()
    assert "WCAG 3.1.2, EN 301 549 9.3.1.2" in page
    assert "Utanför lagen (9 och 10 §§)" in page
    assert "23 november 2026" in page
    assert 'href="https://www.digg.se/tdosanmalan"' in page
    assert "Swedish, English or Arabic" in client.get("/en/tillganglighet").content.decode()
    assert StatementVersion.objects.count() == 1


def test_the_statement_that_came_with_gensvar_is_kept_true_until_a_town_has_its_own(editor: User) -> None:
    upgrade = import_module("gensvar.publishing.migrations.0028_the_statement_on_languages")
    kept = StatementVersion.objects.get()
    old = [one | upgrade.BEFORE if one["criterion"] == "3.1.2" else one for one in kept.content["failures"]]
    StatementVersion.objects.update(content=kept.content | {"failures": old})
    failure = Failure.objects.filter(criterion="3.1.2")
    failure.update(**upgrade.BEFORE | {"what_en": "Our own words."})
    upgrade.say_what_is_so(apps, None)
    assert failure.get().what_en == "Our own words."
    for towns_own, versions in ((editor, 1), (None, 2)):
        failure.update(**upgrade.BEFORE)
        StatementVersion.objects.update(published_by=towns_own)
        upgrade.say_what_is_so(apps, None)
        assert failure.get().what == upgrade.NOW["what"]
        assert StatementVersion.objects.count() == versions
    newest, first = StatementVersion.objects.all()
    assert (newest.content, first.content["failures"]) == (kept.content, old)


def test_a_new_version_is_shown_at_once_and_the_earlier_one_is_kept(client: Client, editor: User) -> None:
    made = Failure(criterion="2.4.7", what="Fokus syns dåligt i menyn.", found_on=clock.today())
    services.save_failure(made, by=editor)
    assert "Fokus syns dåligt" not in client.get("/tillganglighet").content.decode()
    assert services.unpublished()
    services.publish("Ny brist i menyn", by=editor)
    page = client.get("/tillganglighet").content.decode()
    assert "Fokus syns dåligt" in page
    assert 'href="/tillganglighet/version/1"' in page
    old = client.get("/tillganglighet/version/1").content.decode()
    assert "Fokus syns dåligt" not in old
    assert "tidigare version" in old
    made.mended_on = clock.today()
    services.save_failure(made, by=editor)
    services.publish("Mendad", by=editor)
    assert "Rättat det senaste året" in client.get("/tillganglighet").content.decode()
    assert client.get("/tillganglighet/version/9").status_code == 404
    assert StatementVersion.objects.count() == 3


def test_a_statement_that_contradicts_itself_is_not_published(editor: User) -> None:
    Statement.objects.update(conformity="full")
    with pytest.raises(ValidationError):
        services.publish("", by=editor)
    with pytest.raises(ValidationError):
        services.save_failure(
            Failure(criterion="1.2.5", what="x", reason="burden", found_on=clock.today()), by=editor
        )
    Failure.objects.update(mended_on=clock.today())
    services.publish("", by=editor)


def test_what_is_told_without_a_name_becomes_a_conversation_with_those_who_are_set(client: Client) -> None:
    scene.town()
    web = make_function("Webb")
    make_person("Mo Webb", web)
    Statement.objects.update(contact=web)
    assert 'value="/fragor"' in client.get("/tillganglighet/beratta?sida=/fragor").content.decode()
    answer = tell(client, place="/fragor")
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    work()
    found = Conversation.objects.get()
    assert found.number in page
    assert found.function == web
    assert found.subject == "Knappen läses inte upp."
    about = WordAbout.objects.get()
    assert (about.why, about.on_kind, about.on_key) == ("access", "page", "/fragor")
    assert Message.objects.filter(conversation=found, direction="in").get().place == "/fragor"
    assert b"Knappen" in Envelope.objects.get().read_raw()


NOT_A_PUBLIC_PAGE: Final = [
    "/samtal/{token}",
    "/en/samtal/{token}",
    "https://evil.example/fragor",
    "//evil.example",
    "/sam%74al/{token}",
    "javascript:alert(1)",
    "/folj/brev/{token}",
    "/desk/",
    "/samtal/{token}/",
    "x" * 300,
]


def test_no_private_address_and_no_other_site_gets_into_the_form(client: Client) -> None:
    scene.town()
    token = scene.written(client).token
    for given in NOT_A_PUBLIC_PAGE:
        page = client.get("/tillganglighet/beratta", {"sida": given.format(token=token)}).content.decode()
        assert token not in page, given
        assert 'name="place" value=' not in page, given
        assert "evil.example" not in page, given


def test_pages_name_themselves_to_the_form_but_private_ones_do_not(client: Client) -> None:
    scene.town()
    token = scene.written(client).token
    assert 'href="/tillganglighet/beratta?sida=/fragor"' in client.get("/fragor").content.decode()
    for private in (f"/samtal/{token}", f"/samtal/{token}x", f"/samtal/{token}/", f"/x/{token}"):
        assert "beratta?sida=" not in client.get(private).content.decode()
    answer = tell(client, place=f"http://testserver/samtal/{token}")
    assert answer.status_code == 422
    assert "privat adress" in answer.content.decode()


def test_the_form_takes_nothing_that_it_does_not_ask_for(client: Client) -> None:
    scene.town()
    assert tell(client, token="x").status_code == 400
    assert tell(client, text=" ").status_code == 422
    assert tell(client, website="spam").status_code == 422
    assert not Envelope.objects.exists()


def test_the_contact_page_names_every_way_with_hours_and_the_days_that_differ(
    client: Client, editor: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    town = scene.town()
    say_who(editor)
    office = counter(town.function)
    weekday = next(
        day for day in (clock.today() + dt.timedelta(days=n) for n in range(1, 8)) if day.weekday() < 5
    )
    SpecialDay.objects.filter(date__gte=clock.today()).delete()
    SpecialDay.objects.create(date=weekday, name="Norrviksdagen")
    closed = weekday + dt.timedelta(days=7)
    municipality.save_day(OfficeDay(office=office, date=closed, name="Städdag", hours="9-11"), by=editor)
    with django_assert_max_num_queries(10):
        page = client.get("/kontakt").content.decode()
    assert "999 99 Norrvik" in page
    assert "Måndag–torsdag: 08.00–12.00, 13.00–16.00" in page
    assert "Lördag–söndag: stängt" in page
    assert "(Norrviksdagen): stängt" in page
    assert "(Städdag): 09.00–11.00" in page
    assert 'href="tel:0999100000"' in page
    assert "https://schema.org/Monday" in page
    municipality.take_back_day(OfficeDay.objects.get(), by=editor)
    assert "Städdag" not in client.get("/kontakt").content.decode()
    Office.objects.update(closed_on=clock.today())
    assert "Medborgarkontoret" not in client.get("/kontakt").content.decode()


@pytest.mark.parametrize("said", ["8-7", "8–12, 11–13", "25-26", "alla dagar", "8-9,9-10,10-11,11-12,12-13"])
def test_hours_that_cannot_be_are_refused(said: str) -> None:
    with pytest.raises(ValidationError):
        hours.spans(said)


def test_hours_are_read_as_people_write_them() -> None:
    assert hours.normal("8-12; 13.30 – 16") == "08:00–12:00, 13:30–16:00"
    assert hours.normal("") == ""


def test_what_the_municipality_says_of_itself_stands_in_the_notices_and_is_kept_when_it_changes(
    client: Client, editor: User
) -> None:
    assert client.get("/personuppgifter").status_code == 200
    said = say_who(editor)
    page = client.get("/personuppgifter").content.decode()
    for words in ("Norrviks kommun", "dso@", "Uppgift av allmänt intresse.", "KS 2026-12", "imy.se"):
        assert words in page
    assert '<p dir="auto" lang="sv">Uppgift av' in client.get("/en/personuppgifter").content.decode()
    about = client.get("/om").content.decode()
    assert "212000-9999" in about
    assert escape("Hets mot folkgrupp") in about
    said.retention = "Enligt beslut KS 2027-1."
    municipality.save_provider(said, by=editor)
    assert Provider.objects.count() == 2
    assert queries.provider().retention == "Enligt beslut KS 2027-1."
    assert "KS 2027-1" in client.get("/personuppgifter").content.decode()
