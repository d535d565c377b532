"""Saved views: kept under a name, opened by link, changed by their maker alone, shared with a function, never a free address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from django.test import Client

from gensvar.core.roles import Role
from gensvar.desk import saved
from gensvar.desk.models import SavedView
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.tests.factories import make_person, user_of

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def keep(client: Client, name: str = "Snö", share: str = "", **place: str) -> str:
    """Save a view by the form; gives the page that one lands on."""
    data = {"name": name, "share": share, **(place or {"q": "snöröjning"})}
    return client.post("/desk/vyer/", data, follow=True).content.decode()


def column(client: Client, address: str = "/desk/inkorg/") -> str:
    page = client.get(address).content.decode()
    found = re.search(r'<nav class="desk-queues".*?</nav>', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_a_search_is_kept_under_a_name_and_opened_by_its_link(town: Town) -> None:
    asked = question(town.mailbox)
    kim = logged_in(town.kim)
    assert "Sparade vyer" not in column(kim)
    page = keep(kim, "Snö på gator")
    assert "Vyn står under dina köer" in page
    shown = column(kim)
    assert "Sparade vyer" in shown
    link = re.search(r'href="([^"]+)" id="view-', shown)
    assert link is not None
    opened = kim.get(link[1].replace("&amp;", "&")).content.decode()
    assert asked.number in opened
    assert '<h2 id="desk-list-title" class="desk-list-title">Snö på gator</h2>' in opened
    assert 'aria-current="page"' in column(kim, link[1].replace("&amp;", "&"))
    assert "Spara vyn" not in opened


def test_only_what_narrows_the_list_can_be_saved(town: Town) -> None:
    kim = logged_in(town.kim)
    assert "Spara vyn" not in kim.get("/desk/inkorg/?queue=late").content.decode()
    assert "Spara vyn" in kim.get("/desk/inkorg/?queue=late&channel=email").content.decode()
    assert "Sök eller filtrera först" in keep(kim, queue="late")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"q": " snö & is ", "queue": "mine"}, "q=sn%C3%B6+%26+is"),
        (
            {"queue": "late", "channel": "email", "before": "1-1", "view": "queues"},
            "queue=late&channel=email",
        ),
        ({"q": "snö", "function": "finns-inte", "channel": "duva"}, "q=sn%C3%B6"),
        ({"q": "snö", "next": "https://example.org/", "url": "//example.org"}, "q=sn%C3%B6"),
        ({"queue": "<script>", "channel": "email"}, "channel=email"),
        ({"q": "a\x00b"}, "q=ab"),
        ({"q": "ö" * 500}, "q=" + quote("ö" * 200)),
    ],
)
def test_nothing_but_known_parameters_is_kept(town: Town, given: dict[str, str], kept: str) -> None:
    keep(logged_in(town.kim), **given)
    assert SavedView.objects.get().query == kept


def test_even_a_row_that_somebody_has_tampered_with_leads_only_into_the_inbox(town: Town) -> None:
    keep(logged_in(town.kim))
    SavedView.objects.update(query="https://example.org/?q=javascript:alert(1)&queue=//x")
    assert saved.place_of(SavedView.objects.get()).url == "/desk/inkorg/"
    assert "example.org" not in column(logged_in(town.kim))


def test_a_view_is_renamed_and_removed(town: Town) -> None:
    kim = logged_in(town.kim)
    keep(kim)
    view = SavedView.objects.get()
    at = f"/desk/vyer/{view.pk}/"
    page = kim.post(at, {"act": "save", "name": "  Is \n och\tsnö\x00 "}, follow=True).content.decode()
    assert 'value="Is och snö"' in page
    assert kim.get(at)["Location"].startswith("/desk/inkorg/?q=")
    assert "Ge vyn ett namn" in kim.post(at, {"act": "save", "name": " "}, follow=True).content.decode()
    assert SavedView.objects.get().name == "Is och snö"
    assert "är borttagen" in kim.post(at, {"act": "remove"}, follow=True).content.decode()
    assert not SavedView.objects.exists()


def test_two_of_one_name_or_too_many_are_refused_in_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = logged_in(town.kim)
    keep(kim, "Snö")
    assert "Du har redan en vy som heter" in keep(kim, "snÖ".replace("Ö", "ö"), q="is")
    keep(logged_in(town.sam), "Snö")
    assert SavedView.objects.count() == 2
    monkeypatch.setattr(saved, "MOST", 1)
    assert "Du har redan 1 vyer" in keep(kim, "Halka")


def test_what_is_shared_with_a_function_its_people_see_and_only_the_maker_changes(town: Town) -> None:
    kim, robin, sam = logged_in(town.kim), logged_in(town.robin), logged_in(town.sam)
    keep(kim, "Gatornas snö", share=town.streets.slug)
    view = SavedView.objects.get()
    assert "Gatornas snö" in column(robin)
    assert "Kim Ek" in column(robin)
    assert "Gatornas snö" not in column(sam)
    at = f"/desk/vyer/{view.pk}/"
    for other in (robin, sam):
        assert other.get(at).status_code == 404
        assert other.post(at, {"act": "remove"}).status_code == 404
        assert other.post(at, {"act": "save", "name": "Tagen"}).status_code == 404
    assert "Från kollegor" in robin.get("/desk/vyer/").content.decode()
    kim.post(at, {"act": "save", "name": "Gatornas snö", "share": ""})
    assert "Gatornas snö" not in column(robin)
    assert "Gatornas snö" in column(kim)


def test_nobody_shares_with_a_function_that_they_do_not_hold(town: Town) -> None:
    kim = logged_in(town.kim)
    assert "en funktion som du har" in keep(kim, share=town.schools.slug)
    assert not SavedView.objects.exists()
    keep(kim)
    kim.post(f"/desk/vyer/{SavedView.objects.get().pk}/", {"name": "Snö", "share": town.schools.slug})
    assert SavedView.objects.get().shared_with is None


def test_a_shared_view_shows_nobody_more_than_they_may_see(town: Town) -> None:
    lamp = question(town.school_mailbox, "Lampan på skolan", text="Det är mörkt")
    keep(logged_in(town.robin), "Mörkt", share=town.streets.slug, q="mörkt")
    assert lamp.number not in logged_in(town.kim).get("/desk/inkorg/?q=mörkt").content.decode()


def test_external_people_see_and_share_only_their_own(town: Town) -> None:
    keep(logged_in(town.kim), "Gatornas snö", share=town.streets.slug)
    external = logged_in(town.by_role[Role.EXTERNAL])
    assert "Gatornas snö" not in column(external)
    assert "Gatornas snö" not in external.get("/desk/vyer/").content.decode()
    assert "en funktion som du har" in keep(external, "Min", share=town.streets.slug)
    assert "Vem som ser den" not in external.get("/desk/inkorg/?q=snö").content.decode()
    keep(external, "Min")
    assert "Min" in column(external)
    assert "Min" not in column(logged_in(town.kim)).replace("Mina", "")


def test_who_leaves_a_function_sees_its_views_no_longer(town: Town) -> None:
    keep(logged_in(town.kim), "Gatornas snö", share=town.streets.slug)
    town.robin.tenures.filter(function=town.streets).update(ends="2020-01-01", starts="2019-01-01")
    assert "Gatornas snö" not in column(logged_in(town.robin))


def test_a_log_in_without_a_person_has_no_views(town: Town) -> None:
    person = make_person("Ingen Alls", roles=(Role.COORDINATOR,))
    user = user_of(person)
    person.user = None
    person.save()
    client = Client()
    client.force_login(user)
    assert "Spara vyn" not in client.get("/desk/inkorg/?q=snö").content.decode()
    assert client.get("/desk/vyer/").status_code == 403


def test_saved_views_cost_the_inbox_one_question_however_many_they_are(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    robin = logged_in(town.robin)
    question(town.mailbox)
    address = "/desk/inkorg/?queue=functions"
    robin.get(address)
    with django_assert_max_num_queries(25) as taken:
        robin.get(address)
    assert len([q for q in taken.captured_queries if 'FROM "desk_savedview"' in q["sql"]]) == 1
    cost = len(taken)
    for number in range(5):
        keep(robin, f"Egen {number}", q=f"ord {number}")
        keep(logged_in(town.kim), f"Kims {number}", share=town.streets.slug)
        keep(logged_in(town.sam), f"Sams {number}", share=town.schools.slug)
    with django_assert_max_num_queries(cost):
        assert column(robin, address).count('id="view-') == 15


def test_search_words_that_are_saved_stand_in_no_log(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    from gensvar.core.models import AuditEntry

    caplog.set_level("DEBUG", logger="gensvar")
    keep(logged_in(town.kim), q="hemligtord")
    assert "hemligtord" not in caplog.text
    assert not AuditEntry.objects.filter(details__icontains="hemligtord").exists()
