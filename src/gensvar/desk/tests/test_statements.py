"""The statement, the counters and what the municipality says of itself, edited in the desk."""

from __future__ import annotations

import pytest

from gensvar.contactpoints.municipality.models import Office, OfficeDay, Provider
from gensvar.core import clock
from gensvar.core.models import AuditEntry
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.publishing.accessibility.models import Failure, StatementVersion

pytestmark = pytest.mark.django_db


def test_a_failure_is_noted_and_the_statement_published_anew(town: Town) -> None:
    client = logged_in(town.by_role[Role.COORDINATOR])
    given = {
        "criterion": "2.4.7",
        "what": "Fokus syns dåligt.",
        "reason": "mending",
        "found_on": "2026-11-20",
    }
    page = client.post("/desk/tillganglighet/brist/ny/", given | {"criterion": "fel"}).content.decode()
    assert "Ett nummer som 1.1.1." in page
    client.post("/desk/tillganglighet/brist/ny/", given)
    assert Failure.objects.get(criterion="2.4.7").what == "Fokus syns dåligt."
    assert "skiljer sig från det som alla ser" in client.get("/desk/tillganglighet/").content.decode()
    page = client.post(
        "/desk/tillganglighet/", {"act": "publish", "note": "Ny brist"}, follow=True
    ).content.decode()
    assert "Version 2 är publicerad." in page
    assert StatementVersion.objects.first().note == "Ny brist"  # type: ignore[union-attr]
    assert AuditEntry.objects.filter(action="accessibility.published").exists()


def test_the_statement_itself_is_changed_and_what_cannot_be_is_refused(town: Town) -> None:
    client = logged_in(town.by_role[Role.COORDINATOR])
    form = client.get("/desk/tillganglighet/").context["form"]
    given = {name: value for name, value in form.initial.items() if value is not None}
    given |= {"act": "save", "body": "Norrviks kommun", "conformity": "full", "contact": town.schools.pk}
    assert client.post("/desk/tillganglighet/", given).status_code == 302
    page = client.post("/desk/tillganglighet/", {"act": "publish"}).content.decode()
    assert "så länge en känd brist står öppen" in page
    assert StatementVersion.objects.count() == 1


def test_a_counter_gets_its_week_and_a_day_that_differs(town: Town) -> None:
    client = logged_in(town.by_role[Role.ADMINISTRATOR])
    given = {
        "act": "save",
        "name": "Receptionen",
        "function": town.office.pk,
        "address": "Torget 1",
        "monday": "8-16",
        "place": 1,
    }
    page = client.post("/desk/besok/nytt/", given | {"monday": "hela dagen"}).content.decode()
    assert "Skriv tider som 8–16" in page
    client.post("/desk/besok/nytt/", given)
    office = Office.objects.get()
    assert office.monday == "08:00–16:00"
    at = f"/desk/besok/{office.pk}/"
    client.post(at, {"act": "day", "date": clock.today().isoformat(), "name": "Städdag", "hours": ""})
    client.post(at, {"act": "day", "date": clock.today().isoformat(), "name": "Städdag", "hours": "9-10"})
    day = OfficeDay.objects.get()
    assert day.hours == "09:00–10:00"
    assert "Städdag" in client.get(at).content.decode()
    client.post(at, {"act": "remove", "day": day.pk})
    assert "Städdag" not in client.get(at).content.decode()
    assert OfficeDay.objects.count() == 1


def test_what_the_municipality_says_is_kept_in_every_wording(town: Town) -> None:
    client = logged_in(town.by_role[Role.COORDINATOR])
    for name in ("Norrviks kommun", "Norrviks stad"):
        assert client.post("/desk/om-kommunen/", {"legal_name": name}).status_code == 302
    assert list(Provider.objects.order_by("pk").values_list("legal_name", flat=True)) == [
        "Norrviks kommun",
        "Norrviks stad",
    ]
