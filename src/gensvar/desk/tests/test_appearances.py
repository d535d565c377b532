"""The screens of appearances: one line from an empty form to the public page, put right and taken away again."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse

from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.people.models import Person
from gensvar.people.tests.factories import user_of
from gensvar.publishing.appearances import gate
from gensvar.publishing.appearances.models import Appearance
from gensvar.publishing.tests.appearances_scene import appearance

pytestmark = pytest.mark.django_db


def line(town: Town, **changes: Any) -> dict[str, Any]:
    """What Robin types."""
    found = {
        "kind": "interview",
        "person": town.robin.pk,
        "function": town.streets.pk,
        "day": clock.today().isoformat(),
        "place": "Norrvikskuriren",
        "link": "https://kuriren.example/1",
    }
    return {**found, **changes}


def act(by: Person, one: Appearance, action: str, **fields: Any) -> HttpResponse:
    """Press a button of its screen."""
    return logged_in(by).post(  # type: ignore[return-value]
        f"/desk/framtradanden/{one.pk}/", {"action": action, **fields}, follow=True
    )


def test_from_one_line_to_the_public_page_and_off_it_again(town: Town) -> None:
    Topic.objects.create(slug="sno", name="Snö")
    client = logged_in(town.robin)
    form = client.get("/desk/framtradanden/").context["form"]
    assert form["person"].value() == town.robin.pk, "oneself, unless somebody else is chosen"
    assert form["function"].value() == town.streets.pk
    refused = client.post("/desk/framtradanden/", line(town, link="kuriren", topic=["sno"])).content.decode()
    assert 'role="alert"' in refused
    assert 'value="sno" checked' in refused, "what was typed stays"
    assert not Appearance.objects.exists()
    answer = client.post("/desk/framtradanden/", line(town, topic=["sno"]), follow=True)
    assert answer.redirect_chain == [("/desk/framtradanden/", 302)]
    assert "Norrvikskuriren" in answer.content.decode()
    one = Appearance.objects.get()
    act(town.robin, one, "correct", **line(town, place="Norrvikstidningen"), reason="Fel tidning.")
    act(town.robin, one, "topics", topic=[])
    (shown,) = gate.page().appearances
    assert shown.told is not None
    assert (shown.told.place, len(shown.earlier), shown.topics) == ("Norrvikstidningen", 1, ())
    page = act(town.robin, one, "withdraw", reason="").content.decode()
    assert gate.public().exists()
    page = act(town.robin, one, "withdraw", reason="Det var en annan Robin.").content.decode()
    assert "Det var en annan Robin." in page
    assert 'value="withdraw"' not in page
    assert not gate.public().exists()


def test_a_correction_without_its_reason_changes_nothing_and_keeps_what_was_typed(town: Town) -> None:
    one = appearance(town.kim, town.streets, by=user_of(town.robin))
    page = act(town.robin, one, "correct", **line(town, place="Norrvikstidningen"), reason="")
    assert 'value="Norrvikstidningen"' in page.content.decode()
    assert not one.earlier.exists()


def test_the_list_is_read_by_key_and_asks_as_much_however_many(
    town: Town, django_assert_num_queries: Any
) -> None:
    client, by = logged_in(town.robin), user_of(town.robin)
    for number in range(51):
        appearance(town.kim, town.streets, by=by, place=f"Ställe {number:02}")
    page = client.get("/desk/framtradanden/")
    assert page.content.decode().count("desk-table-row") == 50
    assert "Ställe 00" not in page.content.decode()
    rest = client.get("/desk/framtradanden/", {"before": page.context["following"]}).content.decode()
    assert rest.count("desk-table-row") == 1
    assert "Ställe 00" in rest
    for _ in range(2):
        with django_assert_num_queries(
            18
        ):  # each choice is asked for twice, by the browser's rule for what must be chosen
            client.get("/desk/framtradanden/")
        appearance(town.kim, town.streets, by=by, place="Ett till", link=f"https://kuriren.example/{_}")


def test_who_may_not_publish_enters_nothing_and_what_is_not_there_is_missing(town: Town) -> None:
    one = appearance(town.kim, town.streets, by=user_of(town.robin))
    assert logged_in(town.kim).post("/desk/framtradanden/", line(town)).status_code == 403
    assert act(town.robin, one, "delete").status_code == 404
    assert logged_in(town.robin).get(f"/desk/framtradanden/{one.pk + 1}/").status_code == 404
    assert Appearance.objects.count() == 1
