"""The screens of the workshop: from a plan to a decision by clicks, and what each mark says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse

from gensvar.core import clock
from gensvar.desk.tests.scene import Town, logged_in
from gensvar.learning.tests.experiments import experiment
from gensvar.learning.workshop import gate, services
from gensvar.learning.workshop.models import Experiment
from gensvar.people.models import Person
from gensvar.people.tests.factories import user_of

pytestmark = pytest.mark.django_db


def act(person: Person, one: Experiment, action: str, **fields: Any) -> HttpResponse:
    """Press a button of its screen."""
    return logged_in(person).post(  # type: ignore[return-value]
        f"/desk/verkstad/{one.pk}/", {"action": action, **fields}, follow=True
    )


def test_from_a_plan_to_a_decision_that_everybody_reads(town: Town) -> None:
    client = logged_in(town.kim)
    plan = {
        "title": "Bussen först",
        "tries": "Bilarna viker.",
        "why": "Bussen står still.",
        "known_by": "Vi mäter.",
        "function": town.streets.pk,
        "holder": town.kim.pk,
        "starts": clock.today().isoformat(),
        "decides": (clock.today() - dt.timedelta(days=1)).isoformat(),
        "language": "sv",
    }
    refused = client.post("/desk/verkstad/ny/", plan)
    assert "Dagen för beslutet kan inte ligga före den första dagen." in refused.content.decode()
    plan["decides"] = (clock.today() + dt.timedelta(days=9)).isoformat()
    answer = client.post("/desk/verkstad/ny/", plan)
    one = Experiment.objects.get()
    assert answer["Location"] == f"/desk/verkstad/{one.pk}/"
    page = client.get(f"/desk/verkstad/{one.pk}/").content.decode()
    assert "Det hänger på en person." in page
    assert 'value="publish"' not in page
    act(town.kim, one, "successors", persons=[town.robin.pk])
    assert list(one.successors.all()) == [town.robin]
    act(town.kim, one, "save", **{**plan, "title": "Bussen alltid först"})
    assert "Publicerat." in act(town.robin, one, "publish").content.decode()
    act(town.robin, one, "tell", **{"line-words": "Fyra minuter snabbare."})
    moved = (clock.today() + dt.timedelta(days=20)).isoformat()
    act(town.robin, one, "move", **{"move-decides": moved, "move-reason": "Vi vill se mer."})
    act(town.robin, one, "hand", **{"hand-holder": town.robin.pk})
    empty = act(town.robin, one, "decide", **{"end-verdict": "failed", "end-result": ""}).content.decode()
    assert 'role="alert"' in empty
    assert gate.page(decided=True).experiments == ()
    act(town.robin, one, "decide", **{"end-verdict": "failed", "end-result": "Bilarna körde om ändå."})
    shown = gate.find(one.pk)
    assert shown is not None
    assert shown.title == "Bussen alltid först"
    assert [line.kind for line in shown.lines] == ["decided", "handed", "moved", "learnt", "begun"]
    page = logged_in(town.robin).get(f"/desk/verkstad/{one.pk}/").content.decode()
    assert 'value="decide"' not in page
    listed = logged_in(town.kim).get("/desk/verkstad/?queue=decided").content.decode()
    assert "Det fungerade inte, och vi slutar" in listed
    act(town.robin, one, "withdraw", reason="Fel gata")
    assert gate.find(one.pk) is None


def test_the_list_marks_what_hangs_on_one_and_what_is_to_be_decided(
    town: Town, django_assert_num_queries: Any
) -> None:
    one = experiment(town.kim, town.streets)
    services.publish(one, by=user_of(town.robin))
    client = logged_in(town.robin)
    assert "hänger på en person" in client.get("/desk/verkstad/").content.decode()
    services.save_successors(one, [town.robin], by=user_of(town.robin))
    assert "hänger på en person" not in client.get("/desk/verkstad/").content.decode()
    assert one.title not in client.get("/desk/verkstad/?queue=decide").content.decode()
    with clock.moved(dt.timedelta(days=31)):
        page = logged_in(town.robin).get("/desk/verkstad/?queue=decide").content.decode()
    assert one.title in page
    assert "Att besluta (1)" in page
    client.get("/desk/verkstad/")
    for _ in range(2):
        with django_assert_num_queries(13):
            client.get("/desk/verkstad/")
        services.publish(experiment(town.kim, town.streets, title="Ett till"), by=user_of(town.robin))


def test_what_is_not_there_and_acts_that_are_none_are_missing(town: Town) -> None:
    one = experiment(town.kim, town.streets)
    assert logged_in(town.kim).get(f"/desk/verkstad/{one.pk + 1}/").status_code == 404
    assert act(town.kim, one, "delete").status_code == 404
    assert act(town.kim, one, "publish").status_code == 403
