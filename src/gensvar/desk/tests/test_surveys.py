"""The screens of the surveys: from a new round to a published result by clicks, and what stands there at each stage."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse

from gensvar.core import clock
from gensvar.desk.tests.scene import logged_in
from gensvar.learning.surveys import services
from gensvar.learning.surveys.models import Survey, SurveyForm
from gensvar.learning.tests.leading import ANSWERS, House, answer
from gensvar.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


def act(person: Person, survey: Survey, action: str, query: str = "", **fields: Any) -> HttpResponse:
    """Press a button of its screen."""
    return logged_in(person).post(  # type: ignore[return-value]
        f"/desk/ledarskap/{survey.pk}/{query}", {"action": action, **fields}, follow=True
    )


def every_text_is_decided(house: House, survey: Survey) -> None:
    """One is kept back and the others are released; what is written at another text stays in its field."""
    kept, *others = survey.texts.all()
    fields = {f"shown-{one.pk}": one.words.replace("Ali Berg", "[namn]") for one in (kept, *others)}
    fields[f"shown-{others[-1].pk}"] += " [skrivs än]"
    reason = {f"reason-{kept.pk}": "Går att känna igen"}
    page = act(house.rut, survey, "keep_back", f"?text={kept.pk}", **fields, **reason).content.decode()
    assert " [skrivs än]</textarea>" in page
    fields[f"shown-{others[-1].pk}"] = fields[f"shown-{others[-1].pk}"].removesuffix(" [skrivs än]")
    fields |= {f"shown-{number}": "" for number in range(1000)}  # as of hundreds who wrote
    for text in others:
        page = act(house.rut, survey, "release", f"?text={text.pk}", **fields).content.decode()
        assert "Texten är släppt." in page


def test_from_a_new_round_to_a_result_that_everybody_reads(house: House) -> None:
    client = logged_in(house.rut)
    day = clock.today() + dt.timedelta(days=3)
    form = SurveyForm.objects.get()
    new = {"leader": house.ulla.pk, "function": house.office.pk, "form": form.pk, "last_day": day.isoformat()}
    assert "Ulla Norr har inte Information" in client.post("/desk/ledarskap/ny/", new).content.decode()
    client.post("/desk/ledarskap/ny/", {**new, "function": house.function.pk})
    survey = Survey.objects.get()
    page = client.get(f"/desk/ledarskap/{survey.pk}/").content.decode()
    assert "6 personer får ett mejl" in page
    four = [one.pk for one in house.led[:4]]
    draft: dict[str, Any] = {"form": form.pk, "last_day": day.isoformat(), "persons": four}
    assert "Kryssa i minst 5" in act(house.rut, survey, "save", **draft).content.decode()
    assert "Minst 5 måste frågas" in act(house.rut, survey, "open", **draft).content.decode()
    draft["persons"] = [*four, house.led[4].pk]
    later = draft["last_day"] = (day + dt.timedelta(days=1)).isoformat()
    page = act(
        house.rut, survey, "open", **draft
    ).content.decode()  # ticked and never saved: nobody is asked yet
    assert "inget mejl har skickats än" in page
    assert "5 personer får ett mejl" in page
    assert "Den är öppen." in act(house.rut, survey, "open", **draft).content.decode()
    for person, given in zip(house.led[:4], ANSWERS, strict=False):
        answer(survey, person, given)
    assert "1 påminnelse går iväg." in act(house.rut, survey, "remind").content.decode()
    page = act(house.rut, survey, "close").content.decode()
    assert "påminnelsen:" in page
    assert "Inget öppnades." in page
    assert "Färre än 5 har svarat" in page
    assert "har inte svarat" in page
    assert "Ge den mer tid" in page
    act(house.rut, survey, "prolong", **{"more-last_day": later})
    answer(survey, house.led[4], ANSWERS[4])
    page = act(house.rut, survey, "close").content.decode()
    assert "svaren är öppnade" in page
    assert "har svarat</span>" not in page, "who answered is forgotten"
    assert "påminnelsen:" not in page, "whoever got one had not answered"
    assert "Ta först ställning till varje text." in act(house.rut, survey, "publish").content.decode()
    every_text_is_decided(house, survey)
    assert "Publicerat." in act(house.rut, survey, "publish").content.decode()
    listed = client.get("/desk/ledarskap/?queue=published").content.decode()
    assert "5 av 5 har svarat" in listed
    act(house.rut, survey, "withdraw", **{"away-reason": "Fel"})
    survey.refresh_from_db()
    assert survey.state == Survey.State.WITHDRAWN


def test_whoever_it_is_about_opens_nothing_of_it_and_does_not_find_it_in_the_list(house: House) -> None:
    survey = house.opened()
    assert logged_in(house.ulla).get(f"/desk/ledarskap/{survey.pk}/").status_code == 403
    assert act(house.ulla, survey, "close").status_code == 403
    assert "Gata" not in logged_in(house.ulla).get("/desk/ledarskap/").content.decode().partition("<h1")[2]
    assert "Ulla Norr" in logged_in(house.rut).get("/desk/ledarskap/").content.decode()


def test_one_that_never_gets_enough_is_ended_with_a_reason(house: House) -> None:
    survey = house.closed(*ANSWERS[:2])
    assert 'role="alert"' in act(house.rut, survey, "end", **{"end-reason": ""}).content.decode()
    page = act(house.rut, survey, "end", **{"end-reason": "Halva gruppen har slutat"}).content.decode()
    assert "Halva gruppen har slutat" in page
    assert "2 av 6 har svarat" in page


def test_the_list_asks_the_same_however_many_rounds_there_are(
    house: House, django_assert_num_queries: Any
) -> None:
    client = logged_in(house.rut)
    client.get("/desk/ledarskap/")
    house.opened()
    with django_assert_num_queries(14):
        client.get("/desk/ledarskap/")
    survey = Survey.objects.get()
    for number in range(3):
        services.prepare(house.led[number], house.function, survey.form, survey.last_day, by=house.by)
    with django_assert_num_queries(14):
        client.get("/desk/ledarskap/")


def test_a_form_is_changed_until_it_is_asked_and_continued_from_afterwards(house: House) -> None:
    client = logged_in(house.rut)
    first = SurveyForm.objects.get()
    client.post(f"/desk/ledarskap/fragor/{first.pk}/", {"action": "continue"})
    form = SurveyForm.objects.get(continues=first)
    page = client.get(f"/desk/ledarskap/fragor/{form.pk}/").content.decode()
    assert "Jag vet vart vi är på väg" in page
    key = first.questions.all()[0].key
    rows = [
        {"key": key, "words": "Jag vet vart vi ska.", "kind": "scale", "same": "on"},
        {"key": key, "words": "Något annat.", "kind": "text"},
        {"key": "", "words": "", "kind": "scale", "same": "on"},
    ]
    fields = {f"q-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
    manage = {"q-TOTAL_FORMS": "3", "q-INITIAL_FORMS": "0"}
    wrong = {"title": "", **manage, **fields, "q-0-kind": "x", "q-1-kind": "x"}
    page = client.post(f"/desk/ledarskap/fragor/{form.pk}/", wrong).content.decode()
    assert page.count("Inget är sparat än") == 1, "of all its questions together"
    saved = client.post(
        f"/desk/ledarskap/fragor/{form.pk}/",
        {"title": "Kort", "title_en": "", **manage, **fields},
        follow=True,
    )
    assert "Frågorna är sparade." in saved.content.decode()
    assert [one.words for one in form.questions.all()] == ["Jag vet vart vi ska.", "Något annat."]
    assert form.questions.all()[0].key == key
    assert form.questions.all()[1].key != key
    house.opened()
    page = client.get(f"/desk/ledarskap/fragor/{first.pk}/").content.decode()
    assert "så det står kvar som det är" in page
    assert "Spara frågorna" not in page
    refused = client.post(
        f"/desk/ledarskap/fragor/{first.pk}/", {"title": "Annat", "title_en": "", **manage, **fields}
    )
    assert "Någon har blivit frågad" in refused.content.decode()
    assert client.get(f"/desk/ledarskap/fragor/{form.pk + 9}/").status_code == 404


def test_what_is_not_there_and_acts_that_are_none_are_missing(house: House) -> None:
    survey = house.opened()
    assert logged_in(house.rut).get(f"/desk/ledarskap/{survey.pk + 9}/").status_code == 404
    assert act(house.rut, survey, "read").status_code == 404
    assert act(house.rut, survey, "release", "?text=1", **{"shown-1": "x"}).status_code == 404
