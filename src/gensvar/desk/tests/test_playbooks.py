"""Playbooks on the screen: another's file is shown before it does anything, ours is looked through before it leaves."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gensvar.core.models import AuditEntry, Topic
from gensvar.core.playbooks import file, services
from gensvar.core.playbooks.models import Playbook
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.models import Function

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LIST = "/desk/spelbocker/"


@pytest.fixture
def alva(town: Town) -> Client:
    return logged_in(town.by_role[Role.ADMINISTRATOR])


def book(*topics: dict[str, Any], **parts: list[Any]) -> bytes:
    return file.write("Söderby", {"topics": list(topics), **parts})


def bring(client: Client, data: bytes) -> str:
    """Bring a file; gives the address of its preview."""
    answer = client.post(LIST, {"file": SimpleUploadedFile("spelbok.json", data)})
    assert answer.status_code == 302
    return answer["Location"]


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def mark_in(page: str) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def ticked(page: str) -> list[str]:
    return re.findall(r'name="take" value="([^"]+)" checked', page)


def take(client: Client, address: str, page: str, *chosen: str) -> str:
    data = {"mark": mark_in(page), "take": list(chosen)}
    return client.post(address, data, follow=True).content.decode()


def test_the_whole_way_of_a_file_that_came(alva: Client) -> None:
    ours = Topic.objects.create(slug="sno", name="Snö")
    listens = {"key": "lyssnar", "kind": "scale", "words": "Min chef lyssnar."}
    form = {
        "title": "Hur leds du?",
        "questions": [listens, {**listens, "key": "ser", "words": "Jag blir sedd."}],
    }
    rows = ({"slug": "sno", "name": "Vinter"}, {"slug": "bad", "name": "Bad"})
    address = bring(alva, book(*rows, survey_forms=[form]))
    page = page_of(alva, address)
    assert not Topic.objects.filter(slug="bad").exists()
    assert ticked(page) == ["topics/bad", "survey_forms/Hur leds du?"]
    assert "lyssnar · scale · Min chef lyssnar.; ser · scale · Jag blir sedd." in page
    assert 'value="topics/sno"' in page
    assert "Vinter" in page
    assert "Söderby" in page
    done = take(alva, address, page, "topics/bad", "topics/sno")
    made = Topic.objects.get(slug="bad")
    ours.refresh_from_db()
    assert ours.name == "Vinter"
    assert f'href="/desk/amnen/{made.pk}/"' in done
    assert AuditEntry.objects.filter(action="playbooks.taken").count() == 1
    assert "Söderby" in page_of(alva, LIST)


def test_a_file_that_cannot_be_read_says_where_and_changes_nothing(alva: Client) -> None:
    for data, said in (
        (b"", ""),
        (b"{}", "format"),
        (json.dumps({"format": file.FORMAT, "version": 9}).encode(), "version"),
        (book({"slug": "sno", "name": 7}), "parts.topics.rows[0].name"),
        (b" " * (file.LARGEST + 10), ""),
    ):
        page = alva.post(LIST, {"file": SimpleUploadedFile("x.json", data)}).content.decode()
        assert 'role="alert"' in page
        assert said in page
    assert 'role="alert"' in alva.post(LIST).content.decode()
    assert not Playbook.objects.exists()


def test_words_of_a_stranger_stay_words(alva: Client) -> None:
    evil = '<script>alert("x")</script>'
    address = bring(alva, book({"slug": "x", "name": evil}))
    page = page_of(alva, address)
    assert evil not in page
    assert "&lt;script&gt;" in page
    assert evil not in take(alva, address, page, "topics/x")
    assert Topic.objects.get().name == evil


def test_what_changed_meanwhile_is_shown_anew_with_what_was_ticked(alva: Client) -> None:
    address = bring(alva, book({"slug": "sno", "name": "Vinter"}, {"slug": "bad", "name": "Bad"}))
    page = page_of(alva, address)
    Topic.objects.create(slug="sno", name="Snö")
    again = take(alva, address, page, "topics/sno", "topics/bad")
    assert Topic.objects.get().name == "Snö"
    assert set(ticked(again)) == {"topics/bad", "topics/sno"}
    assert mark_in(again) != mark_in(page)
    take(alva, address, again, "topics/bad")
    assert set(Topic.objects.values_list("name", flat=True)) == {"Snö", "Bad"}


def test_a_file_of_more_rows_than_a_form_may_have_fields_is_taken_in_whole(
    alva: Client, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
    Topic.objects.create(slug="sno", name="Snö")
    many = [{"slug": f"amne-{number}", "name": f"Ämne {number}"} for number in range(501)]
    functions = [{"slug": "bad", "name": "Bad och sim"}]
    address = bring(alva, book({"slug": "sno", "name": "Vinter"}, *many, functions=functions))
    page = page_of(alva, address)
    assert 'name="take_all" value="topics/new" checked' in page
    assert ticked(page) == ["functions/bad"]
    assert 'name="take" value="topics/sno">' in page
    alva.post(address, {"mark": mark_in(page), "take": ticked(page), "take_all": ["topics/new"]})
    assert Topic.objects.filter(slug__startswith="amne-").count() == 501
    assert Function.objects.filter(slug="bad").exists()
    assert Topic.objects.get(slug="sno").name == "Snö"


def test_what_is_ticked_together_stays_so_where_something_changed_meanwhile(alva: Client) -> None:
    many = [{"slug": f"amne-{number}", "name": f"Ämne {number}"} for number in range(501)]
    address = bring(alva, book(*many))
    page = page_of(alva, address)
    Topic.objects.create(slug="amne-7", name="Sjunde")
    again = alva.post(address, {"mark": mark_in(page), "take_all": ["topics/new"]}).content.decode()
    assert not Topic.objects.filter(slug="amne-8").exists()
    assert 'name="take_all" value="topics/new" checked' in again


def test_two_functions_that_hold_it_together_are_told_of_before_anything_is_taken(alva: Client) -> None:
    Function.objects.update(coordinates=False)
    both = [
        {"slug": slug, "name": name, "coordinates": True} for slug, name in (("ena", "Ena"), ("tva", "Två"))
    ]
    address = bring(alva, book(functions=both))
    page = page_of(alva, address)
    assert ticked(page) == ["functions/ena"]
    assert "Bara en funktion kan hålla ihop" in page
    take(alva, address, page, "functions/ena")
    assert Function.objects.get(coordinates=True).slug == "ena"


def test_what_is_done_is_not_done_twice(alva: Client) -> None:
    address = bring(alva, book({"slug": "bad", "name": "Bad"}))
    page = page_of(alva, address)
    take(alva, address, page, "topics/bad")
    Topic.objects.all().delete()
    take(alva, address, page, "topics/bad")
    assert not Topic.objects.exists()


def test_a_link_leads_only_where_one_may_go(town: Town, alva: Client) -> None:
    row = {"slug": "skolvagar", "title": "Skolvägar", "function": town.streets.slug, "topics": []}
    address = bring(alva, book(positions=[row]))
    done = take(alva, address, page_of(alva, address), "positions/skolvagar")
    assert "Skolvägar" in done
    assert "/desk/standpunkter/" not in done  # administrators publish nothing


def test_ours_is_downloaded_without_what_nobody_ticked(town: Town, alva: Client) -> None:
    Function.objects.filter(pk=town.streets.pk).update(purpose="Ring Kim Ek på 070-174 06 05.")
    found = f"functions/{town.streets.slug}/purpose"
    page = page_of(alva, LIST)
    assert f'value="{found}"' in page
    assert "070-174 06 05" in page
    bare = alva.post(f"{LIST}var-egen/", {"mark": mark_in(page)})
    assert bare["Content-Disposition"].startswith("attachment")
    assert bare["Content-Type"] == "application/json"
    assert b"070-174" not in bare.content
    whole = alva.post(f"{LIST}var-egen/", {"mark": mark_in(page), "keep": [found]})
    assert b"070-174" in whole.content
    assert file.read(whole.content).sealed
    noted = AuditEntry.objects.filter(action="playbooks.given").order_by("pk")
    assert [one.details["found"] - one.details["left_out"] for one in noted] == [0, 1]


def test_a_download_of_what_was_not_looked_at_is_refused(alva: Client) -> None:
    page = page_of(alva, LIST)
    Topic.objects.create(slug="sno", name="Snö")
    assert alva.post(f"{LIST}var-egen/", {"mark": mark_in(page)})["Location"] == LIST
    assert not AuditEntry.objects.filter(action="playbooks.given").exists()
    assert alva.get(f"{LIST}var-egen/").status_code == 405


def test_the_list_asks_as_much_for_many_as_for_one(
    town: Town, alva: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by = town.user(Role.ADMINISTRATOR)
    services.bring(book(), by=by)
    page_of(alva, LIST)
    with django_assert_num_queries(25):
        page_of(alva, LIST)
    for _number in range(5):
        services.bring(book(), by=by)
        Function.objects.create(slug=f"f{_number}", name="Funktion")
    with django_assert_num_queries(25):
        page_of(alva, LIST)


def test_a_preview_asks_as_much_for_many_rows_as_for_one(
    alva: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def of(count: int) -> str:
        slugs = [f"f{number}" for number in range(count)]
        named = [{"slug": one, "name": one} for one in slugs]
        places = [
            {"channel": "email", "name": one, "number": 1, "function": one, "languages": "sv"}
            for one in slugs
        ]
        stands = [{"slug": one, "title": one, "function": one, "topics": [one]} for one in slugs]
        return bring(
            alva,
            book(*named, functions=named, contact_points=places, positions=stands, moderation_grounds=named),
        )

    one, many = of(1), of(15)
    page_of(alva, one)
    for address in (one, many):
        with django_assert_num_queries(38):
            page_of(alva, address)
