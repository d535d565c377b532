"""What the municipality does is followed like everything else: where it spoke, what it tries, how it leads; by feed, topic and letter."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.answers.tests.sink import Sink
from gensvar.core import clock, runner
from gensvar.core.models import Event, Topic
from gensvar.learning.surveys import checking
from gensvar.learning.surveys import services as surveys
from gensvar.learning.surveys.models import Survey
from gensvar.learning.tests.experiments import TRIES, experiment
from gensvar.learning.tests.leading import ANSWERS, House, answer
from gensvar.learning.workshop import services as workshop
from gensvar.learning.workshop.models import Experiment
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_function, make_person
from gensvar.publishing import entries, following
from gensvar.publishing.appearances import services as appearances
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.square.tests import letters_scene, scene
from gensvar.square.tests.scene import Town
from gensvar.square.tests.test_feeds import read

pytestmark = pytest.mark.django_db

XML = ["atom", "rss"]


@pytest.fixture
def streets() -> Town:
    """A function with an editor, and a word of the vocabulary."""
    Topic.objects.create(slug="sno", name="Snö", name_en="Snow")
    return scene.town()


def tried(town: Town, **changes: Any) -> Experiment:
    """Something that everybody sees tried, about snow."""
    one = experiment(town.person, town.function, **changes)
    workshop.save_topics(one, ["sno"], by=town.staff)
    workshop.publish(one, by=town.staff)
    return one


def streams_of(town: Town) -> list[str]:
    return ["alla", "amne/sno", f"funktion/{town.function.slug}", f"person/{town.person.pk}-kim-ek"]


def told() -> tuple[list[str], list[str], list[int]]:
    """The streams of the newest announcement, which is then forgotten."""
    event = Event.objects.filter(fact="entry_changed").latest("pk")
    fact = event.payload
    Event.objects.filter(fact="entry_changed").delete()
    return fact["functions"], fact["topics"], fact["persons"]


@pytest.mark.parametrize("form", XML)
def test_where_we_spoke_stands_in_every_feed_it_belongs_to_and_a_correction_keeps_its_name(
    client: Client, streets: Town, form: str
) -> None:
    one = appearance(
        streets.person,
        streets.function,
        "sno",
        by=streets.staff,
        place="Radio <b>& Norrvik\x0b",
        link="https://radio.example/?a=1&b=2",
    )
    first = [read(client, f"/folj/{stream}.{form}").entries[0] for stream in streams_of(streets)]
    assert {entry.title for entry in first} == {"Intervju: Radio <b>& Norrvik"}
    assert {entry.author for entry in first} == {"Kim Ek"}
    whole = first[0].content[0].value if form == "atom" else first[0].summary
    assert "https://radio.example/?a=1&amp;b=2" in whole
    assert "Rättat" not in whole
    assert f" {one.day.year}: " in whole, "it is read later"
    page = client.get(first[0].link.partition("#")[0]).content.decode()
    assert f'id="nr-{one.pk}"' in page
    with clock.moved(dt.timedelta(hours=1)):
        right = facts(streets.person, streets.function, place="Radio Söder")
        appearances.correct(one, right, "Fel radio.", by=streets.staff)
    second = read(client, f"/folj/alla.{form}").entries[0]
    assert (second.id, second.published) == (first[0].id, first[0].published)
    assert second.updated > first[0].updated
    assert second.title == "Intervju: Radio Söder"
    assert "Fel radio." in (second.content[0].value if form == "atom" else second.summary)
    Person.objects.filter(pk=streets.person.pk).update(shown=False)
    assert "Kim Ek" not in client.get(f"/folj/alla.{form}").content.decode()
    assert client.get(f"/folj/person/{streets.person.pk}-kim-ek.{form}").status_code == 404
    appearances.withdraw(one, "Fel", by=streets.staff)
    for stream in streams_of(streets)[:3]:
        assert read(client, f"/folj/{stream}.{form}").entries == []


def test_what_is_entered_long_after_its_day_stands_at_its_day_and_is_nobodys_news(
    client: Client, streets: Town
) -> None:
    tried(streets)
    long_ago = clock.today() - dt.timedelta(days=400)
    old = appearance(streets.person, streets.function, "sno", by=streets.staff, day=long_ago)
    lately = clock.today() - dt.timedelta(days=20)
    new = appearance(streets.person, streets.function, "sno", by=streets.staff, day=lately)
    assert new.told_at == new.entered_at
    assert old.told_at == clock.begins(long_ago) + dt.timedelta(hours=12)
    titles = [entry.link for entry in read(client, "/folj/alla.atom").entries]
    assert [f"#nr-{old.pk}" in link for link in titles] == [False, False, True]


def test_each_line_of_an_experiment_is_news_of_its_own(client: Client, streets: Town) -> None:
    one = tried(streets, title="Buss & <b>bil</b>")
    ids: dict[str, set[str]] = {}
    for form in XML:
        first = [read(client, f"/folj/{stream}.{form}").entries[0] for stream in streams_of(streets)]
        assert {entry.title for entry in first} == {"Buss & <b>bil</b>"}
        assert first[0].author == "Kim Ek"
        assert first[0].link.endswith(f"/verkstad/{one.pk}-{one.slug}")
        whole = first[0].content[0].value if form == "atom" else first[0].summary
        for words in (TRIES, "Bussen står still varje morgon.", "Vi mäter restiden före och efter."):
            assert words in whole
        ids[form] = {first[0].id}
    acts: list[Callable[[], None]] = [
        lambda: workshop.tell(one, "Tre minuter.", by=streets.staff),
        lambda: workshop.move(one, clock.today() + dt.timedelta(days=60), "Vintern.", by=streets.staff),
        lambda: workshop.hand_over(one, make_person("Ann Ö", streets.function), by=streets.staff),
        lambda: workshop.decide(one, "failed", "Ingen åkte med.", by=streets.staff),
    ]
    said = ["Tre minuter.", "Vintern.", "Ann Ö", "Ingen åkte med."]
    for place, (act, words) in enumerate(zip(acts, said, strict=True)):
        with clock.moved(dt.timedelta(minutes=place + 1)):
            act()
        for form in XML:
            (entry,) = read(client, f"/folj/alla.{form}").entries
            ids[form].add(entry.id)
            assert words in (entry.content[0].value if form == "atom" else entry.summary)
    assert [len(ids[form]) for form in XML] == [5, 5]
    for form in XML:
        assert "Det fungerade inte, och vi slutar" in client.get(f"/folj/alla.{form}").content.decode()
    workshop.withdraw(one, "Fel", by=streets.staff)
    for stream, form in itertools.product(("alla", "amne/sno", f"funktion/{streets.function.slug}"), XML):
        assert read(client, f"/folj/{stream}.{form}").entries == []


def test_a_result_is_told_when_it_is_public_without_a_figure_a_text_or_a_name_unasked(client: Client) -> None:
    house = House()
    survey = house.opened()
    for person, given in zip(house.led, ANSWERS, strict=False):
        answer(survey, person, given)
    surveys.close(survey, by=house.by)
    for text in survey.texts.all():
        checking.release(text, checking.proposed(text, checking.names_in(survey)), by=house.by)
    assert read(client, "/folj/alla.atom").entries == []
    surveys.publish(survey, by=house.by)
    ids: dict[str, set[str]] = {form: set() for form in XML}
    for stream, form in itertools.product(("alla", f"funktion/{house.function.slug}"), XML):
        (entry,) = read(client, f"/folj/{stream}.{form}").entries
        ids[form].add(entry.id)
        assert entry.title == f"Hur Ulla Norr leder, {survey.last_day.year}"
        assert entry.author == "Gata & park"
        assert entry.link.endswith(f"/hur-vi-leder/{Survey.objects.get().slug}")
        assert "5 av de 6 som frågades svarade utan namn." in str(entry)
        assert "Öppenheten" not in str(entry)
    own = client.get(f"/hur-vi-leder/{Survey.objects.get().slug}").content.decode()
    assert f'href="/folj#funktion-{house.function.slug}"' in own
    whose = f"/folj/person/{house.ulla.pk}-ulla-norr"
    for form in XML:
        assert read(client, f"{whose}.{form}").entries == [], "whoever is led wrote it"
    assert whose not in client.get("/folj").content.decode()
    Person.objects.filter(pk=house.ulla.pk).update(shown=False)
    for form in XML:
        page = client.get(f"/folj/alla.{form}").content.decode()
        assert "Ulla" not in page
        assert f"Hur Gata &amp; park leds, {survey.last_day.year}" in page
    checking.keep_back(survey.texts.get(words="Öppenheten."), "Går att känna igen", by=house.by)
    assert ids == {form: {read(client, f"/folj/alla.{form}").entries[0].id} for form in XML}
    surveys.withdraw(survey, "Fel", by=house.by)
    assert [read(client, f"/folj/alla.{form}").entries for form in XML] == [[], []]
    surveys.publish(survey, by=house.by)
    again = {form: {read(client, f"/folj/alla.{form}").entries[0].id} for form in XML}
    assert again == ids, "the same as before"


def test_json_and_other_languages_tell_the_same(client: Client, streets: Town) -> None:
    tried(streets)
    with clock.moved(dt.timedelta(minutes=1)):
        appearance(streets.person, streets.function, by=streets.staff, day=dt.date(2026, 11, 2))
    spoke, begun = client.get("/en/folj/alla.json").json()["items"]
    assert (spoke["title"], spoke["content_text"]) == ("Interview: Norrvikskuriren", "2 November 2026")
    key = spoke["id"].rpartition("/")[2]
    assert spoke["url"].endswith(f"/en/framtradanden?fore=2026-11-02~{int(key) + 1}#nr-{key}")
    assert (begun["language"], begun["content_text"]) == ("sv", f"Shown in public: {TRIES}")
    assert len(read(client, "/ar/folj/alla.atom").entries) == 2


def test_a_topic_shows_them_among_all_else_and_is_found_by_search_engines(
    client: Client, streets: Town
) -> None:
    assert "sno" not in client.get("/amne").content.decode()
    assert "/amne/sno<" not in client.get("/sitemap-sidor.xml").content.decode()
    one = tried(streets)
    spoke = appearance(streets.person, streets.function, "sno", by=streets.staff)
    page = client.get("/amne/sno").content.decode()
    assert page.count('class="card"') == 2
    assert f'href="/verkstad/{one.pk}-{one.slug}"' in page
    assert f"#nr-{spoke.pk}" in page
    own = client.get(f"/verkstad/{one.pk}-{one.slug}").content.decode()
    for name in ("amne-sno", f"funktion-{streets.function.slug}"):
        assert f'href="/folj#{name}"' in own
        assert f'id="{name}"' in client.get("/folj").content.decode()
    for words in ("Verkstaden", "Där vi har talat", "Norrvikskuriren"):
        assert words in page.partition("<main")[2].partition("</main")[0]
    assert 'href="/amne/sno"' in client.get("/amne").content.decode()
    assert "/amne/sno<" in client.get("/sitemap-sidor.xml").content.decode()
    assert f"/folj/person/{streets.person.pk}-kim-ek.atom" in client.get("/folj").content.decode()
    workshop.withdraw(one, "Fel", by=streets.staff)
    appearances.withdraw(spoke, "Fel", by=streets.staff)
    assert 'class="card"' not in client.get("/amne/sno").content.decode()
    assert "sno" not in client.get("/amne").content.decode()
    for path in ("/", "/nytt"):
        assert "Norrvikskuriren" not in client.get(path).content.decode()


def test_hubs_are_told_of_every_feed_that_each_change_touches(streets: Town) -> None:
    one = appearance(streets.person, streets.function, "sno", by=streets.staff)
    kim, own = streets.person.pk, [streets.function.slug]
    assert told() == (own, ["sno"], [kim])
    school = make_function("Skola")
    ann = make_person("Ann Ö", school)
    appearances.correct(one, facts(ann, school), "Det var Ann.", by=streets.staff)
    assert told() == (sorted([*own, school.slug]), ["sno"], sorted([kim, ann.pk])), "the old and the new"
    appearances.save_topics(one, [], by=streets.staff)
    assert told() == ([school.slug], ["sno"], [ann.pk])
    appearances.withdraw(one, "Fel", by=streets.staff)
    assert told() == ([school.slug], [], [ann.pk])
    tries = experiment(streets.person, streets.function)
    workshop.save_topics(tries, ["sno"], by=streets.staff)
    assert not Event.objects.filter(fact="entry_changed").exists(), "nothing of it is public"
    acts: list[Callable[[], None]] = [
        lambda: workshop.publish(tries, by=streets.staff),
        lambda: workshop.tell(tries, "Nytt.", by=streets.staff),
        lambda: workshop.decide(tries, "kept", "Det gick.", by=streets.staff),
        lambda: workshop.withdraw(tries, "Fel", by=streets.staff),
        lambda: workshop.publish(tries, by=streets.staff),
        lambda: workshop.save_topics(tries, [], by=streets.staff),
    ]
    for act in acts:
        act()
        assert Event.objects.filter(fact="entry_changed").count() == 1
        assert told() == (own, ["sno"], [kim])
    house = House(make_function("Lokalvård"), make_function("Kansliet"))
    survey = house.published()
    assert told() == ([house.function.slug], [], [])
    surveys.withdraw(survey, "Fel", by=house.by)
    assert told() == ([house.function.slug], [], [])


def test_subscribers_get_each_once_in_their_language_and_nothing_withdrawn(
    client: Client, streets: Town, sink: Sink
) -> None:
    letters_scene.follow(client, sink, language="en")
    with clock.moved(dt.timedelta(minutes=5)):
        one = tried(streets)
        appearance(streets.person, streets.function, by=streets.staff)
        gone = appearance(streets.person, streets.function, by=streets.staff, place="Ingenting")
        appearances.withdraw(gone, "Fel", by=streets.staff)
        appearance(streets.person, streets.function, by=streets.staff, day=dt.date(2025, 1, 2))
        survey = House(make_function("Lokalvård"), make_function("Kansliet")).published()
        for _minute in range(2):
            letters_scene.work()
    (mail,) = sink.to(letters_scene.MAYA)
    assert str(mail.mail["Subject"]).startswith("3 new entries")
    for words in (
        TRIES,
        "Shown in public",
        "Interview: Norrvikskuriren",
        "Kim Ek, Streets and parks",
        f"How Ulla Norr leads, {survey.last_day.year}",
        "5 of the 6 who were asked answered without their names.",
        f"/en/verkstad/{one.pk}-{one.slug}",
        f"/en/hur-vi-leder/{survey.slug}",
    ):
        assert words in mail.text
    assert "Ingenting" not in mail.text
    assert "Öppenheten" not in mail.text
    with clock.moved(dt.timedelta(minutes=9)):
        workshop.decide(one, "failed", "Ingen åkte med.", by=streets.staff)
        for _minute in range(2):
            letters_scene.work()
    last = sink.to(letters_scene.MAYA)[1]
    assert "It did not work, and we stop: Ingen åkte med." in last.text
    html = last.mail.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert 'It did not work, and we stop: <span lang="sv">Ingen åkte med.</span>' in html
    assert len(sink.to(letters_scene.MAYA)) == 2


def test_what_is_corrected_or_withdrawn_before_its_letter_goes_is_told_as_it_is_now(
    client: Client, streets: Town, sink: Sink
) -> None:
    letters_scene.follow(client, sink)
    sink.greylists = True
    with clock.moved(dt.timedelta(minutes=5)):
        wrong = appearance(streets.person, streets.function, by=streets.staff, place="Fel tidning")
        gone = tried(streets)
        letters_scene.work()
        assert Delivery.objects.get(letter__asks=False).state == Delivery.State.DELAYED
    with clock.moved(dt.timedelta(minutes=6)):
        right = facts(streets.person, streets.function, place="Rätt tidning")
        appearances.correct(wrong, right, "Fel tidning stod här.", by=streets.staff)
        workshop.withdraw(gone, "Fel", by=streets.staff)
    sink.greylists = False
    with clock.moved(dt.timedelta(minutes=30)):
        runner.run_waiting()
        assert sink.to(letters_scene.MAYA) == []
        letters_scene.work()
    (mail,) = sink.to(letters_scene.MAYA)
    assert mail.mail["Subject"] == "Intervju: Rätt tidning"
    assert "Fel tidning" not in mail.text
    assert TRIES not in mail.text
    with clock.moved(dt.timedelta(minutes=35)):
        appearances.correct(wrong, facts(streets.person, streets.function), "En gång till.", by=streets.staff)
        letters_scene.work()
    assert len(sink.to(letters_scene.MAYA)) == 1, "a correction of what was told writes no new letter"


def test_nothing_is_passed_over_or_told_twice_from_page_to_page(streets: Town) -> None:
    house = House(make_function("Lokalvård"), make_function("Kansliet"))
    for minute in range(3):
        with clock.moved(dt.timedelta(minutes=minute)):
            tried(streets, title=f"Försök {minute}")
            appearance(streets.person, streets.function, by=streets.staff, place=f"Ställe {minute}")
    house.published()
    seen: list[entries.Key] = []
    before = None
    while True:
        page = entries.page("sv", before, 2)
        seen += [one.key for one in page.entries]
        before = page.next
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)
    assert all(entries.is_shown(kind, place) for _at, kind, place in seen)


def test_every_kind_has_a_number_of_its_own() -> None:
    numbers = [one.number for one in entries.further()]
    taken = [entries.EXCHANGE, entries.POST, entries.POSITION, *following.KINDS]
    assert len({*numbers, *taken}) == len(numbers) + len(taken)
